/**
 * Just enough of Rust's lexical grammar to read a build script's text: comments, string literals, balanced brackets.
 *
 * Positions stay valid: comments are blanked, not removed. Never throws; an unclosed literal or bracket runs to the end.
 */

export interface StringLiteral {
  readonly start: number;
  readonly end: number;
  /** Simple escapes resolved. */
  readonly value: string;
}

/** The text with comments replaced by spaces. */
export function blankComments(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (const token of scan(text)) {
    if (token.k !== "comment") continue;
    parts.push(text.slice(from, token.start), text.slice(token.start, token.end).replace(/[^\n]/gu, " "));
    from = token.end;
  }
  return parts.join("") + text.slice(from);
}

const literalsOf = new Map<string, readonly StringLiteral[]>();

/** The string literals of a text, in order. */
export function stringLiterals(text: string): readonly StringLiteral[] {
  const before = literalsOf.get(text);
  if (before !== undefined) return before;
  const literals: StringLiteral[] = [];
  for (const token of scan(text)) {
    if (token.k !== "string") continue;
    const raw = /^b?c?r(#*)"/u.exec(text.slice(token.start, token.start + 300));
    const written = text.slice(token.start, token.end);
    const value =
      raw === null
        ? unescape(written.replace(/^[bc]?"|"$/gu, ""))
        : written.slice(raw[0].length, -1 - (raw[1]?.length ?? 0));
    literals.push({ start: token.start, end: token.end, value });
  }
  // One script is asked about many times in a row; the next one takes its place.
  literalsOf.clear();
  literalsOf.set(text, literals);
  return literals;
}

/** The position of the bracket that closes the one at `open`; `limit` (or the text's end) where there is none. */
export function matchingBrace(text: string, open: number, limit: number = text.length): number {
  let level = 0;
  for (const at of codePositions(text, open, limit)) {
    const char = text[at] ?? "";
    if ("([{".includes(char)) level += 1;
    else if (")]}".includes(char)) {
      level -= 1;
      if (level === 0) return at;
    }
  }
  return Math.min(limit, text.length);
}

/** For each string literal, by its start, the positions of the curly braces around it, innermost first. */
export function bracesAround(text: string): ReadonlyMap<number, readonly number[]> {
  return bracesAt(
    text,
    stringLiterals(text).map((literal) => literal.start),
  );
}

/** The same for places of the text, from front to back. */
export function bracesAt(text: string, places: readonly number[]): ReadonlyMap<number, readonly number[]> {
  const around = new Map<number, readonly number[]>();
  const open: number[] = [];
  let next = 0;
  for (const position of codePositions(text, 0, (places.at(-1) ?? 0) + 1)) {
    for (let place = places[next]; place !== undefined && place <= position; place = places[next]) {
      around.set(place, open.slice(-maxBraceDepth).reverse());
      next += 1;
    }
    if (text[position] === "{") open.push(position);
    else if (text[position] === "}") open.pop();
  }
  for (const place of places.slice(next)) around.set(place, open.slice(-maxBraceDepth).reverse());
  return around;
}

const maxBraceDepth = 50;

/** Splits at a separator outside of brackets and strings. */
export function splitTopLevel(text: string, separator: string): string[] {
  const parts: string[] = [];
  let from = 0;
  let at = 0;
  while (at < text.length) {
    const char = text[at] ?? "";
    if ("([{".includes(char)) at = matchingBrace(text, at) + 1;
    else if (char === '"') at = endOfString(text, at);
    else {
      if (char === separator) {
        parts.push(text.slice(from, at));
        from = at + 1;
      }
      at += 1;
    }
  }
  if (text.slice(from).trim() !== "") parts.push(text.slice(from));
  return parts;
}

/** The positions of a range that lie in no literal and no comment. */
function* codePositions(text: string, from: number, to: number): Generator<number> {
  let at = from;
  const end = Math.min(to, text.length);
  for (const token of scan(text, from)) {
    for (; at < Math.min(token.start, end); at += 1) yield at;
    at = Math.max(at, token.end);
    if (at >= end) return;
  }
  for (; at < end; at += 1) yield at;
}

type Lexeme = { readonly k: "comment" | "string" | "char"; readonly start: number; readonly end: number };

function* scan(text: string, from: number = 0): Generator<Lexeme> {
  const interesting = /\/\/|\/\*|\b[bc]?r#*"|\b[bc]"|"|b?'/gu;
  interesting.lastIndex = from;
  for (let match = interesting.exec(text); match !== null; match = interesting.exec(text)) {
    const start = match.index;
    const found = match[0];
    let end: number;
    let k: Lexeme["k"] = "string";
    if (found === "//") {
      end = text.indexOf("\n", start);
      k = "comment";
    } else if (found === "/*") {
      end = endOfComment(text, start);
      k = "comment";
    } else if (found.endsWith("'")) {
      const literal = /b?'(?:\\(?:x[0-9a-fA-F]{2}|u\{[^}]*\}|.)|[^\\'\n])'/suy;
      literal.lastIndex = start;
      const char = literal.exec(text);
      // Otherwise a lifetime.
      if (char === null) continue;
      end = start + char[0].length;
      k = "char";
    } else if (/r#*"$/u.test(found)) {
      const close = `"${"#".repeat(found.split("#").length - 1)}`;
      const at = text.indexOf(close, start + found.length);
      end = at < 0 ? -1 : at + close.length;
    } else end = endOfString(text, start + found.length - 1);
    if (end < 0) end = text.length;
    yield { k, start, end };
    interesting.lastIndex = end;
  }
}

function endOfComment(text: string, start: number): number {
  let level = 0;
  const mark = /\/\*|\*\//gu;
  mark.lastIndex = start;
  for (let match = mark.exec(text); match !== null; match = mark.exec(text)) {
    level += match[0] === "/*" ? 1 : -1;
    if (level === 0) return match.index + 2;
  }
  return -1;
}

/** `start` is the opening quote. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function unescape(text: string): string {
  return text.replace(/\\(\r?\n\s*|.)/gsu, (_, escaped: string) => {
    if (/^\r?\n/u.test(escaped)) return "";
    return escaped === "n" ? "\n" : escaped === "t" ? "\t" : escaped;
  });
}
