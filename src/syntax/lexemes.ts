/**
 * Where the single lexemes of Rust end: names, numbers, strings, characters, comments. Under `scan.ts` and `outline.ts`.
 *
 * Never fails: what does not end reaches to the limit. Source: the Rust Reference, "Tokens" and "Comments".
 */
import type { Edition } from "./ast.ts";

const nameStart = /[\p{XID_Start}_]/u;
const nameContinue = /[\p{XID_Continue}]/u;

/** Whether an identifier can start here. */
export function isNameStart(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
  const point = text.codePointAt(at);
  return point !== undefined && nameStart.test(String.fromCodePoint(point));
}

/** Where the identifier that starts here ends. */
export function nameEnd(text: string, start: number): number {
  let at = start;
  for (;;) {
    const code = text.charCodeAt(at);
    if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || (code >= 48 && code <= 57)) at += 1;
    else if (code >= 128) {
      const point = text.codePointAt(at) ?? 0;
      if (!nameContinue.test(String.fromCodePoint(point))) return at;
      at += point > 0xffff ? 2 : 1;
    } else return at;
  }
}

/** Behind the closing quote; escapes are stepped over. */
export function quotedEnd(text: string, start: number, close: number, limit: number): number {
  for (let at = start; at < limit; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 92) at += 1;
    else if (code === close) return at + 1;
  }
  return limit;
}

/** Behind `b"…"`, `r#"…"#`, `br"…"`, `c"…"`, `b'…'`, without a suffix; -1 where no such literal stands. */
export function prefixedLiteral(text: string, at: number, limit: number, edition: Edition): number {
  const first = text.charCodeAt(at);
  if (first !== 98 /* b */ && first !== 99 /* c */ && first !== 114 /* r */) return -1;
  const raw = first === 114 || text.charCodeAt(at + 1) === 114;
  let from = first !== 114 && raw ? at + 2 : at + 1;
  if (first === 99 && (edition === "2015" || edition === "2018")) return -1;
  if (!raw) {
    const quote = text.charCodeAt(from);
    return quote === 34 || (first === 98 && quote === 39) ? quotedEnd(text, from + 1, quote, limit) : -1;
  }
  const hashesAt = from;
  while (text.charCodeAt(from) === 35 /* # */) from += 1;
  if (text.charCodeAt(from) !== 34) return -1;
  const hashes = from - hashesAt;
  const close = text.indexOf(hashes === 0 ? '"' : `"${"#".repeat(hashes)}`, from + 1);
  return close < 0 ? limit : close + 1 + hashes;
}

/** Behind the suffix of a literal that ends here. */
export function withSuffix(text: string, end: number): number {
  return isNameStart(text, end) ? nameEnd(text, end) : end;
}

const number: RegExp =
  /0[xob][0-9a-fA-F_]+(?:[iu](?:8|16|32|64|128|size))?|[0-9][0-9_]*(?:\.(?![.\p{XID_Start}_])[0-9_]*)?(?:[eE][+-]?[0-9_]+)?/uy;

/** Behind the number that starts here, its suffix included. */
export function numberEnd(text: string, start: number): number {
  number.lastIndex = start;
  const found = number.exec(text)?.[0].length ?? 1;
  return nameEnd(text, start + found);
}

/** Behind the comment that starts here, limit at most; block comments nest. */
export function commentEnd(text: string, at: number, limit: number): number {
  if (text.charCodeAt(at + 1) === 47) {
    const newline = text.indexOf("\n", at);
    return newline < 0 || newline > limit ? limit : newline;
  }
  let level = 0;
  let end = at;
  while (end < limit) {
    const code = text.charCodeAt(end);
    const next = text.charCodeAt(end + 1);
    if (code === 47 && next === 42) {
      level += 1;
      end += 2;
    } else if (code === 42 && next === 47) {
      level -= 1;
      end += 2;
      if (level === 0) break;
    } else end += 1;
  }
  return end;
}

/** The character or lifetime that a quote begins; a quote that begins neither is punctuation. */
export function quoteAt(
  text: string,
  at: number,
  limit: number,
): { readonly k: "literal" | "lifetime" | "punct"; readonly end: number } {
  if (text.charCodeAt(at + 1) === 92)
    return { k: "literal", end: withSuffix(text, quotedEnd(text, at + 1, 39, limit)) };
  const point = text.codePointAt(at + 1) ?? 0;
  const width = point > 0xffff ? 2 : 1;
  if (text.charCodeAt(at + 1 + width) === 39 && point !== 39)
    return { k: "literal", end: withSuffix(text, at + 2 + width) };
  return isNameStart(text, at + 1) ? { k: "lifetime", end: nameEnd(text, at + 1) } : { k: "punct", end: at + 1 };
}
