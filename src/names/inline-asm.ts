/**
 * What `asm!` is given: its template, and its operands with the register or the name that each stands in.
 *
 * Input: the macro's call. Output: the node's content. The instructions are not read here, only put together; where a part of the
 * template is no literal (a macro of one's own), its text stands there. Clobbers and options, but `noreturn` and `att_syntax`, are left out.
 */
import type { MacroCall } from "../syntax/ast.ts";
import type { AsmOperand, BodyArena, Expr } from "../syntax/ast-body.ts";
import { lowerExprIn } from "../syntax/body.ts";
import { literalOf } from "../syntax/literals.ts";
import { argumentRanges } from "./argument-ranges.ts";

type Asm = Omit<Expr & { readonly k: "asm" }, "id" | "span" | "attrs">;

/** The node of a call of one of the assembly macros. */
export function inlineAsm(macro: string, call: MacroCall, arena: BodyArena): Asm {
  const templates: string[] = [];
  const operands: AsmOperand[] = [];
  const options = new Set<string>();
  let position = 0;
  for (const { start, end } of argumentRanges(call)) {
    const text = call.source.text.slice(start, end).trim();
    const found = operandHead.exec(text);
    const mode = found?.[2];
    if (found === null || mode === undefined) {
      const chosen = /^options\s*\(([\w\s,]*)\)$/.exec(text)?.[1];
      if (chosen !== undefined) for (const one of chosen.match(/\w+/g) ?? []) options.add(one);
      else if (!/^clobber_abi\b/.test(text)) templates.push(templateText(text));
      continue;
    }
    const register = /^\(\s*"(.*)"\s*\)$/.exec(found[3] ?? "")?.[1] ?? null;
    const label = register === null ? (found[1] ?? String(position)) : null;
    if (register === null && found[1] === undefined) position += 1;
    const from = call.source.text.indexOf(text, start) + found[0].length;
    const arrow = call.source.text.slice(from, end).indexOf("=>");
    const value = lowerExprIn(call.source, from, arrow < 0 ? end : from + arrow, arena);
    const inout = arrow < 0 ? "inout" : "in";
    const known = mode === "lateout" ? "out" : mode === "inout" || mode === "inlateout" ? inout : mode;
    if (value !== null && value.expr.k !== "underscore")
      operands.push({ mode: known as AsmOperand["mode"], register, label, value: value.expr });
    if (arrow < 0) continue;
    const result = lowerExprIn(call.source, from + arrow + 2, end, arena);
    if (result !== null && result.expr.k !== "underscore")
      operands.push({ mode: "out", register, label, value: result.expr });
  }
  return {
    k: "asm",
    template: templates.join("\n"),
    operands,
    diverges: options.has("noreturn"),
    attSyntax: options.has("att_syntax"),
    naked: macro === "naked_asm",
  };
}

const operandHead: RegExp =
  /^(?:(?:r#)?(\w+)\s*=\s*)?(inlateout|lateout|inout|in|out|sym|const|label)\b\s*(\(\s*(?:\w+|"[^"()]*")\s*\))?/;

/** A literal's value, or that of literals in a `concat!`; anything else as it is written. */
function templateText(text: string): string {
  const literal = literalOf(text);
  if (literal?.k === "str") return literal.value;
  const parts = /^(?:\w+\s*::\s*)*concat\s*!\s*\(([\s\S]*)\)$/.exec(text)?.[1];
  const literals = parts?.match(/"(?:[^"\\]|\\[\s\S])*"/g) ?? [];
  if (literals.length === 0) return text;
  return literals.map((one) => templateText(one)).join("");
}
