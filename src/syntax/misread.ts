/**
 * Rust that the grammar reads as something else without an error, rewritten before it is parsed, without moving a character.
 *
 * Input: a text and its edition. Output: a text of the same length. `break <T as Trait>::f()`, `break |x| x` and `break [1, 2]` are operations on a `break` without a
 * value to the grammar: such a `break` with its label becomes a `return`, and who lowers it reads in the text as it was that it is none. `pin! { … } (&mut f).await`
 * is a call of what the macro gives: a macro in braces that stands for a statement gets its `;`. Either needs a blank to write on; what has none stays, and so
 * does `break || x`, which the lowering reads.
 */
import type { Edition } from "./ast.ts";
import { applied, type Edit, pathStart, type View, viewOf } from "./token-edits.ts";

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
  const view = viewOf(text, edition);
  return applied(
    text,
    [...view.tokens.keys()].flatMap((at) => breakAt(view, at) ?? macroAt(view, at) ?? []),
  );
}

function breakAt({ text, tokens, word }: View, at: number): Edit | null {
  const token = tokens[at];
  if (token?.k !== "ident" || word(at) !== "break") return null;
  const label = word(at + 1).startsWith("'") ? tokens[at + 1] : undefined;
  const value = label === undefined ? tokens[at + 1] : tokens[at + 2];
  if (value === undefined || !opens.has(text[value.start] ?? "") || text[value.start + 1] === "|") return null;
  if (!/\s/.test(text[token.end] ?? "")) return null;
  const end = label?.end ?? token.end + 1;
  return { start: token.start, end, with: `return${text.slice(token.end + 1, end).replace(/\S/g, " ")}` };
}

/** At the `!` of a statement that is a macro in braces. */
function macroAt(view: View, at: number): Edit | null {
  const { text, tokens, word } = view;
  if (word(at) !== "!" || word(at + 1) !== "{" || tokens[at - 1]?.k !== "ident") return null;
  const first = pathStart(view, at - 1);
  if (first > 0 && !before.has(word(first - 1))) return null;
  const close = view.closeOf(at + 1);
  const end = tokens[close]?.end ?? text.length;
  return behind.has(word(close + 1)) && /\s/.test(text[end] ?? "") ? { start: end, end: end + 1, with: ";" } : null;
}
