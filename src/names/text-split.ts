/**
 * Text cut at separators that stand outside brackets, strings and comments: for attribute arguments and lists in macros.
 */
import { scan } from "../syntax/scan.ts";

/** The parts of a text between separators of one character, blanks trimmed; a last empty part is left out. */
export function splitTopLevel(text: string, separator: string): string[] {
  const parts: string[] = [];
  let level = 0;
  let from = 0;
  for (const token of scan(text, 0, text.length, "2021")) {
    if (token.k === "open") level += 1;
    else if (token.k === "close") level -= 1;
    else if (level === 0 && token.end === token.start + 1 && text[token.start] === separator) {
      parts.push(text.slice(from, token.start).trim());
      from = token.end;
    }
  }
  const last = text.slice(from).trim();
  if (last !== "") parts.push(last);
  return parts;
}
