/**
 * Which inline assembly goes on to its end, and nowhere else: there is no call to follow in it.
 *
 * Input: the assembly of a body as MIR has it, and the instructions that rules/registrars.json lists as such. Every instruction must be one of
 * them, or jump ahead to a numbered label of its own; what names a function, and any that is not listed, may lead anywhere. A naked function
 * must leave the return address where it is. What it reads from memory that others have, a loop around it may
 * wait for: only the stack and what belongs to the thread are read.
 */
import type { SystemCallRules } from "../model/registrars.ts";
import { type Asm, instructionsOf } from "./asm-system-calls.ts";

/** Does nothing but these instructions run, and nothing that others write matter to it? */
export function staysInside(asm: Asm, rules: SystemCallRules): boolean {
  const { plain } = rules;
  if (plain === undefined) return false;
  if (asm.inputs.some(({ operand }) => operand.k === "const" && operand.value.k === "fn")) return false;
  const lines = instructionsOf(asm.template.toLowerCase()).filter((line) => line !== "" && !line.startsWith("#"));
  const known = new Set(plain.instructions);
  const jumps = new Set(plain.jumps);
  const returns = (line: string): boolean => asm.naked && plain.returns.includes(line);
  if (asm.naked && lines.some((line) => mentions(line, plain.returnAddress))) return false;
  return lines.every((line) => {
    const [mnemonic = ""] = line.split(" ");
    if (jumps.has(mnemonic)) return /(?:^|[\s,])\d+f$/.test(line);
    if (/[[(]/.test(line) && !mentions(line, plain.ownMemory)) return false;
    return returns(line) || (isKnown(known, mnemonic) && !mentions(line, plain.programCounter));
  });
}

/** In the syntax of AT&T, the size of the operands may end the name. */
function isKnown(known: ReadonlySet<string>, mnemonic: string): boolean {
  return known.has(mnemonic) || known.has(mnemonic.replace(/[bwlq]$/, ""));
}

function mentions(line: string, words: readonly string[]): boolean {
  return line.split(/[^\w.]+/).some((word) => words.includes(word));
}
