/**
 * Where the arguments of a macro call stand: cut at the commas that no bracket encloses, as the built-in macros cut them.
 *
 * Texts only: what an argument means is not looked at, and an empty one (a trailing comma) is none.
 */
import type { MacroCall } from "../syntax/ast.ts";
import { scan } from "../syntax/scan.ts";

/** The ranges of a call's arguments, cut at its commas, each from its first token to its last: a comment beside it is no part of it. */
export function argumentRanges(call: MacroCall): { readonly start: number; readonly end: number }[] {
  const ranges: { start: number; end: number }[] = [];
  const { text, edition } = call.source;
  let level = 0;
  /** Open `<` of generic arguments, which only `::` or the beginning of an argument introduces. */
  let angles = 0;
  let before = "";
  let first: number | null = null;
  let last = 0;
  const put = (): void => {
    if (first !== null) ranges.push({ start: first, end: last });
    first = null;
  };
  for (const token of scan(text, call.start, call.end, edition)) {
    const written = token.k === "punct" ? text[token.start] : "";
    if (token.k === "open") level += 1;
    else if (token.k === "close") level -= 1;
    else if (level === 0 && written === "<" && (angles > 0 || before === "::" || first === null)) angles += 1;
    else if (level === 0 && written === ">" && angles > 0 && before !== "-" && before !== "=") angles -= 1;
    if (level === 0 && angles === 0 && written === ",") put();
    else {
      first ??= token.start;
      last = token.end;
    }
    before = written === ":" && before === ":" ? "::" : (written ?? "");
  }
  put();
  return ranges;
}
