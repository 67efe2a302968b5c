/**
 * `break <T as Trait>::f()`, `break |x| x` and `break [1, 2]`: the grammar reads what begins with an operator's character as an operation on a
 * `break` without a value, often without an error.
 *
 * Input: a text and its edition. Output: a text of the same length in which such a `break` with its label is a `return`; who lowers it reads in the text as it
 * was that it is none. A `break` without a blank behind it stays: `return` is longer than it. `break || x`
 * stays, too: the lowering reads it.
 */
import type { Edition } from "./ast.ts";
import { scan } from "./scan.ts";

/** Where such a `break` may be: what makes the scan worth it. */
const maybe: RegExp = /\bbreak\s+(?:'\w+\s*)?[<|[]/;
const opens: ReadonlySet<string> = new Set(["<", "|", "["]);

/** The text with those breaks as returns; the same string where there is none. */
export function breaksAsReturns(text: string, edition: Edition): string {
  if (!maybe.test(text)) return text;
  const tokens = scan(text, 0, text.length, edition);
  let made = text;
  for (const [at, token] of tokens.entries()) {
    if (token.k !== "ident" || text.slice(token.start, token.end) !== "break") continue;
    const next = tokens[at + 1];
    const label = next !== undefined && text[next.start] === "'" ? next : undefined;
    const value = label === undefined ? next : tokens[at + 2];
    if (value === undefined || !opens.has(text[value.start] ?? "") || text[value.start + 1] === "|") continue;
    if (!/\s/.test(text[token.end] ?? "")) continue;
    const behind = label?.end ?? token.end + 1;
    const blanks = text.slice(token.end + 1, behind).replace(/\S/g, " ");
    made = `${made.slice(0, token.start)}return${blanks}${made.slice(behind)}`;
  }
  return made;
}
