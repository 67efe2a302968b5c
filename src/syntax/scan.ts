/**
 * Rust text cut into raw tokens by offset: the small lexer under `lexer.ts` (token trees of macros) and `normalise.ts`.
 *
 * Comments are skipped save doc comments, which are attributes to macros. Never fails: a string that does not end reaches
 * to the end of the text, an unknown character is punctuation. Source: the Rust Reference, "Tokens" and "Comments".
 */
import type { Edition } from "./ast.ts";
import {
  commentEnd,
  isNameStart,
  nameEnd,
  numberEnd,
  prefixedLiteral,
  quoteAt,
  quotedEnd,
  withSuffix,
} from "./lexemes.ts";

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
    const next = tokenAt(text, at, end, code, edition);
    tokens.push(next);
    at = next.end;
  }
  return tokens;
}

function tokenAt(text: string, at: number, limit: number, code: number, edition: Edition): RawToken {
  if (code === 34 /* " */) return token("literal", at, withSuffix(text, quotedEnd(text, at + 1, 34, limit)), limit);
  if (code === 39 /* ' */) {
    const { k, end } = quoteAt(text, at, limit);
    return token(k, at, end, limit);
  }
  if (code >= 48 && code <= 57) return token("literal", at, numberEnd(text, at), limit);
  if (code === 40 || code === 91 || code === 123) return token("open", at, at + 1, limit);
  if (code === 41 || code === 93 || code === 125) return token("close", at, at + 1, limit);
  if (isNameStart(text, at)) {
    const prefixed = prefixedLiteral(text, at, limit, edition);
    if (prefixed >= 0) return token("literal", at, withSuffix(text, prefixed), limit);
    const raw = code === 114 && text.charCodeAt(at + 1) === 35 && isNameStart(text, at + 2);
    return token("ident", at, nameEnd(text, raw ? at + 2 : at), limit);
  }
  return token("punct", at, at + (code >= 0xd800 && code < 0xdc00 ? 2 : 1), limit);
}

function token(k: RawToken["k"], start: number, end: number, limit: number): RawToken {
  return { k, start, end: Math.max(start + 1, Math.min(end, limit)) };
}

function commentAt(
  text: string,
  at: number,
  limit: number,
): { readonly end: number; readonly doc: "outer-doc" | "inner-doc" | null } | null {
  const second = text[at + 1];
  if (second !== "/" && second !== "*") return null;
  const end = commentEnd(text, at, limit);
  const third = text[at + 2];
  if (third === "!") return { end, doc: "inner-doc" };
  const fourth = text[at + 3];
  const outer = third === second && fourth !== second && (second === "/" || fourth !== "/");
  return { end, doc: outer ? "outer-doc" : null };
}
