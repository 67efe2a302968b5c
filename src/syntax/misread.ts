/**
 * Rust that the grammar reads as something else without an error, rewritten before it is parsed, without moving a character.
 *
 * Input: a text and its edition. Output: a text of the same length. `break <T as Trait>::f()`, `break |x| x` and `break [1, 2]` are operations on a `break` without a
 * value to the grammar: such a `break` with its label becomes a `return`, and who lowers it reads in the text as it was that it is none. `pin! { … } (&mut f).await`
 * is a call of what the macro gives: a macro in braces that stands for a statement gets its `;`. Either needs a blank to write on; what has none stays, and so
 * does `break || x`, which the lowering reads.
 */
import type { Edition } from "./ast.ts";
import { type RawToken, scan } from "./scan.ts";

/** Where one of them may be: what makes the scan worth it. */
const breaks: RegExp = /\bbreak\s+(?:'\w+\s*)?[<|[]/;
const macros: RegExp = /!\s*\{/;
const behindBraces: RegExp = /\}\s[(&*\-[|<\s]/;
const opens: ReadonlySet<string> = new Set(["<", "|", "["]);
/** What may stand before a statement, and what the grammar takes for a further operand behind one. */
const before: ReadonlySet<string> = new Set([";", "{", "}", "]"]);
const behind: ReadonlySet<string> = new Set(["(", "&", "*", "-", "[", "|", "<"]);

/** The text as it is meant; the same string where there is nothing of the kind. */
export function asMeant(text: string, edition: Edition): string {
  const hasMacros = macros.test(text) && behindBraces.test(text);
  if (!hasMacros && !breaks.test(text)) return text;
  const tokens = scan(text, 0, text.length, edition).filter(({ k }) => k !== "outer-doc" && k !== "inner-doc");
  const chars = [...tokens.keys()].flatMap((at) => breakAt(text, tokens, at) ?? macroAt(text, tokens, at) ?? []);
  let made = text;
  for (const { start, with: now } of chars) made = made.slice(0, start) + now + made.slice(start + now.length);
  return made;
}

interface Edit {
  readonly start: number;
  readonly with: string;
}

function breakAt(text: string, tokens: readonly RawToken[], at: number): Edit | null {
  const token = tokens[at];
  if (token?.k !== "ident" || text.slice(token.start, token.end) !== "break") return null;
  const next = tokens[at + 1];
  const label = next !== undefined && text[next.start] === "'" ? next : undefined;
  const value = label === undefined ? next : tokens[at + 2];
  if (value === undefined || !opens.has(text[value.start] ?? "") || text[value.start + 1] === "|") return null;
  if (!/\s/.test(text[token.end] ?? "")) return null;
  const end = label?.end ?? token.end + 1;
  return { start: token.start, with: `return${text.slice(token.end + 1, end).replace(/\S/g, " ")}` };
}

/** At the `!` of a statement that is a macro in braces. */
function macroAt(text: string, tokens: readonly RawToken[], at: number): Edit | null {
  const char = (index: number): string => text[tokens[index]?.start ?? text.length] ?? "";
  if (char(at) !== "!" || char(at + 1) !== "{" || tokens[at - 1]?.k !== "ident") return null;
  let first = at - 1;
  while (char(first - 1) === ":" && char(first - 2) === ":" && tokens[first - 3]?.k === "ident") first -= 3;
  if (first > 0 && !before.has(char(first - 1))) return null;
  let level = 0;
  let close = at + 1;
  for (; close < tokens.length; close += 1) {
    const k = tokens[close]?.k;
    if (k === "open") level += 1;
    else if (k === "close") level -= 1;
    if (level === 0) break;
  }
  const end = tokens[close]?.end ?? text.length;
  return behind.has(char(close + 1)) && /\s/.test(text[end] ?? "") ? { start: end, with: ";" } : null;
}
