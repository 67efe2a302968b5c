/**
 * The system calls that inline assembly makes: which operand stands in which of the kernel's registers where the instruction runs.
 *
 * Input: the assembly of a body as MIR has it, and what rules/registrars.json says of the architecture. Output: for each such
 * instruction what it is given, the number first; null where that cannot be told. Only moves are understood; any other instruction
 * makes the registers that it names unknown, and jumps are not followed.
 */
import { compareSpans } from "../base/span.ts";
import { type Bodies, bodyId } from "../calls/bodies.ts";
import type { OpenEnd } from "../calls/flow-model.ts";
import { naturalLoops } from "../calls/loops.ts";
import type { BodyKey, Operand, Terminator } from "../calls/mir.ts";
import { factsOf } from "../calls/mir-facts.ts";
import type { SystemCallRules } from "../model/registrars.ts";
import type { Ty } from "../types/ty.ts";

export type Asm = Terminator & { readonly k: "asm" };

/** The number and the arguments of each system call, in the order of the instructions; `ty` is the type of numbers that the template names. */
export function systemCallsIn(asm: Asm, rules: SystemCallRules, ty: Ty): (Operand | null)[][] {
  const nameOf = registerNames(rules);
  const held = new Map<string, Operand>();
  if (asm.naked) {
    for (const [index, [name = ""]] of rules.parameters.entries())
      held.set(name, { k: "copy", place: { local: index + 1, proj: [] } });
  }
  const labels = new Map<string, Operand>();
  for (const { register, label, operand } of asm.inputs) {
    if (register !== null) held.set(nameOf(register) ?? register, operand);
    if (label !== null) labels.set(label, operand);
  }
  const valueOf = (text: string): Operand | null => {
    const label = /^\{(\w+)(?::\w+)?\}$/.exec(text)?.[1];
    if (label !== undefined) return labels.get(label) ?? null;
    const number = /^[#$]?(0[xX][0-9a-fA-F]+|\d+)$/.exec(text)?.[1];
    if (number !== undefined) return { k: "const", value: { k: "int", value: String(Number(number)), ty } };
    const register = nameOf(text);
    return register === null ? null : (held.get(register) ?? null);
  };
  const found: (Operand | null)[][] = [];
  const given = [rules.number, ...rules.arguments];
  for (const line of instructionsOf(asm.template)) {
    if (rules.instructions.some((one) => line === one || line.startsWith(`${one} `))) {
      found.push(given.map(([name = ""]) => held.get(name) ?? null));
      for (const [name = ""] of [rules.number, ...rules.arguments.slice(0, 1)]) held.delete(name);
      continue;
    }
    const [mnemonic = "", ...operands] = line.split(/\s*,\s*|\s+/);
    const [to, from] = asm.attSyntax ? [operands[1], operands[0]] : operands;
    const target = to === undefined ? null : nameOf(to);
    const value = target !== null && from !== undefined && operands.length === 2 && moves.test(mnemonic);
    const moved = value ? valueOf(from) : null;
    if (value || !keepsAll.test(mnemonic)) {
      for (const one of value ? [to ?? ""] : operands) held.delete(nameOf(one) ?? "");
      if (target !== null && moved !== null) held.set(target, moved);
    }
  }
  return found;
}

/**
 * Is what is not known of an operand just what these instructions, read as a call, write there themselves (`inout("rax") n`)? Before they run
 * for the first time it is not there; where they may run again it is.
 */
export function isOwnResult({ bodies, body, block, term }: AsmCall, { why, body: at, span }: OpenEnd): boolean {
  if (why !== "opaque" || term.callee.k !== "unresolved" || term.callee.reason !== "inline-asm") return false;
  if (bodyId(at) !== bodyId(body) || compareSpans(span, term.span) !== 0) return false;
  const mir = bodies.mir(body);
  return mir !== null && !naturalLoops(factsOf(mir)).some((blocks) => blocks.has(block));
}

interface AsmCall {
  readonly bodies: Bodies;
  readonly body: BodyKey;
  readonly block: number;
  readonly term: Terminator & { readonly k: "call" };
}

/** May a text make a system call: does the instruction stand in it? */
export function systemCallPattern(rules: SystemCallRules): RegExp {
  return new RegExp(`\\b(?:${rules.instructions.map((one) => one.split(" ")[0]).join("|")})\\b`);
}

const moves: RegExp = /^(?:mov[lqz]?|movabsq?|li|mv|move|lr|lgr|lghi)$/;
const keepsAll: RegExp = /^(?:push[lq]?|cmp[lq]?|test[lq]?|nop)$/;

/** One name for each register that the kernel looks at, whatever it is called where. */
function registerNames({ number, arguments: args, parameters }: SystemCallRules): (name: string) => string | null {
  const names = new Map<string, string>();
  for (const aliases of [number, ...args, ...parameters]) for (const one of aliases) names.set(one, aliases[0] ?? one);
  return (name) => names.get(name.replace(/^[%$]/, "").toLowerCase()) ?? null;
}

/** Instructions one by one, without labels and comments; operands of the template that have no name get their position. */
export function instructionsOf(template: string): string[] {
  let position = 0;
  return template
    .replace(/\/\*(?:[\s\S]*?\*\/|[\s\S]*$)|\/\/[^\n]*/g, " ")
    .replace(/\{(?=[:}])/g, () => `{${position++}`)
    .split(/[\n;]/)
    .map((line) =>
      line
        .replace(/^\s*(?:[\w.$]+:\s*)+/, "")
        .trim()
        .replace(/\s+/g, " "),
    );
}
