/**
 * Rust text cut into raw tokens by offset: the small lexer under `lexer.ts` (token trees of macros) and `normalise.ts`.
 *
 * Comments are skipped save doc comments, which are attributes to macros. Never fails: a string that does not end reaches
 * to the end of the text, an unknown character is punctuation. Source: the Rust Reference, "Tokens" and "Comments".
 */
import type { Edition } from "./ast.ts";

export interface RawToken {
  readonly k: "ident" | "lifetime" | "literal" | "punct" | "open" | "close" | "outer-doc" | "inner-doc";
  readonly start: number;
  readonly end: number;
}

/** The raw tokens of [start, end) of a text. `edition` decides whether `c"…"` is one literal. */
export function scan(text: string, start: number, end: number, edition: Edition): RawToken[] {
  const tokens: RawToken[] = [];
  let at = start;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (
      code === 32 ||
      (code >= 9 && code <= 13) ||
      code === 0x85 ||
      code === 0x200e ||
      code === 0x200f ||
      code === 0xfeff
    ) {
      at += 1;
      continue;
    }
    if (code === 47 /* / */) {
      const comment = commentAt(text, at, end);
      if (comment !== null) {
        if (comment.doc !== null) tokens.push({ k: comment.doc, start: at, end: comment.end });
        at = comment.end;
        continue;
      }
    }
    const token = tokenAt(text, at, end, code, edition);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function tokenAt(text: string, at: number, limit: number, code: number, edition: Edition): RawToken {
  const make = (k: RawToken["k"], end: number): RawToken => ({
    k,
    start: at,
    end: Math.max(at + 1, Math.min(end, limit)),
  });
  if (code === 34 /* " */) return make("literal", withSuffix(text, quotedEnd(text, at + 1, 34, limit)));
  if (code === 39 /* ' */) return quote(text, at, limit, make);
  if (code >= 48 && code <= 57) return make("literal", numberEnd(text, at));
  if (code === 40 || code === 91 || code === 123) return make("open", at + 1);
  if (code === 41 || code === 93 || code === 125) return make("close", at + 1);
  if (isNameStart(text, at)) {
    const prefixed = prefixedLiteral(text, at, limit, edition);
    if (prefixed >= 0) return make("literal", withSuffix(text, prefixed));
    if (code === 114 && text[at + 1] === "#" && isNameStart(text, at + 2)) return make("ident", nameEnd(text, at + 2));
    return make("ident", nameEnd(text, at));
  }
  return make("punct", at + (code >= 0xd800 && code < 0xdc00 ? 2 : 1));
}

const nameStart = /[\p{XID_Start}_]/u;
const nameContinue = /[\p{XID_Continue}]/u;

function isNameStart(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
  const point = text.codePointAt(at);
  return point !== undefined && nameStart.test(String.fromCodePoint(point));
}

/** Where the identifier that starts here ends. */
function nameEnd(text: string, start: number): number {
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
function quotedEnd(text: string, start: number, close: number, limit: number): number {
  for (let at = start; at < limit; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 92) at += 1;
    else if (code === close) return at + 1;
  }
  return limit;
}

/** `b"…"`, `r#"…"#`, `br"…"`, `c"…"`, `b'…'`: where it ends; -1 where no such literal stands. */
function prefixedLiteral(text: string, at: number, limit: number, edition: Edition): number {
  const prefix = /(?:br|cr|b|c|r)(?=#*["'])/y;
  prefix.lastIndex = at;
  const found = prefix.exec(text)?.[0];
  if (found === undefined) return -1;
  if (found.startsWith("c") && (edition === "2015" || edition === "2018")) return -1;
  let from = at + found.length;
  if (found === "b" && text[from] === "'") return quotedEnd(text, from + 1, 39, limit);
  if (!found.endsWith("r")) return text[from] === '"' ? quotedEnd(text, from + 1, 34, limit) : -1;
  let hashes = 0;
  while (text[from] === "#") {
    hashes += 1;
    from += 1;
  }
  if (text[from] !== '"') return -1;
  const close = text.indexOf(`"${"#".repeat(hashes)}`, from + 1);
  return close < 0 ? limit : close + 1 + hashes;
}

function withSuffix(text: string, end: number): number {
  return isNameStart(text, end) ? nameEnd(text, end) : end;
}

function numberEnd(text: string, start: number): number {
  const number =
    /0[xob][0-9a-fA-F_]+(?:[iu](?:8|16|32|64|128|size))?|[0-9][0-9_]*(?:\.(?![.\p{XID_Start}_])[0-9_]*)?(?:[eE][+-]?[0-9_]+)?/uy;
  number.lastIndex = start;
  const found = number.exec(text)?.[0].length ?? 1;
  return nameEnd(text, start + found);
}

/** A lifetime or a character. */
function quote(text: string, at: number, limit: number, make: (k: RawToken["k"], end: number) => RawToken): RawToken {
  if (text[at + 1] === "\\") return make("literal", withSuffix(text, quotedEnd(text, at + 1, 39, limit)));
  const point = text.codePointAt(at + 1) ?? 0;
  const width = point > 0xffff ? 2 : 1;
  if (text[at + 1 + width] === "'" && text[at + 1] !== "'") return make("literal", withSuffix(text, at + 2 + width));
  if (isNameStart(text, at + 1)) return make("lifetime", nameEnd(text, at + 1));
  return make("punct", at + 1);
}

function commentAt(
  text: string,
  at: number,
  limit: number,
): { readonly end: number; readonly doc: "outer-doc" | "inner-doc" | null } | null {
  const second = text[at + 1];
  if (second === "/") {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 || newline > limit ? limit : newline;
    if (text[at + 2] === "!") return { end, doc: "inner-doc" };
    return { end, doc: text[at + 2] === "/" && text[at + 3] !== "/" ? "outer-doc" : null };
  }
  if (second !== "*") return null;
  let level = 0;
  let end = at;
  while (end < limit) {
    if (text[end] === "/" && text[end + 1] === "*") {
      level += 1;
      end += 2;
    } else if (text[end] === "*" && text[end + 1] === "/") {
      level -= 1;
      end += 2;
      if (level === 0) break;
    } else end += 1;
  }
  if (text[at + 2] === "!") return { end, doc: "inner-doc" };
  return { end, doc: text[at + 2] === "*" && text[at + 3] !== "*" && text[at + 3] !== "/" ? "outer-doc" : null };
}
