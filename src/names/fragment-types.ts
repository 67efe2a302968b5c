/**
 * How many tokens a path, a type or a pattern takes: the part of rustc's parser that macro matching needs, without a tree.
 *
 * Input: flat tokens and where to start. Output: the index behind the fragment, or -1 where none stands. Groups are
 * skipped whole; depth is bounded, below `maxDepth` nothing is recognised.
 */
import { type Flat, operatorAt } from "./tokens.ts";

export interface Cursor {
  readonly flat: readonly Flat[];
  depth: number;
}

const maxDepth = 200;
const fail = -1;

/** The reserved words of every edition but those that a path may begin with. */
const reserved: ReadonlySet<string> = new Set(
  "as break const continue else enum extern false fn for if impl in let loop match mod move mut pub ref return static struct trait true type unsafe use where while _".split(
    " ",
  ),
);

/** Is it a word of the language that names nothing? */
export function isReserved(text: string): boolean {
  return reserved.has(text);
}

/** Runs a parser one level deeper; fails below the limit. */
export function deeper(c: Cursor, parse: () => number): number {
  if (c.depth >= maxDepth) return fail;
  c.depth += 1;
  const end = parse();
  c.depth -= 1;
  return end;
}

/** Whether this sign stands at the index. */
export function isPunct(c: Cursor, at: number, text: string): boolean {
  const token = c.flat[at];
  return token?.k === "punct" && token.text === text;
}

/** Whether this word stands at the index, keywords included. */
export function isWord(c: Cursor, at: number, text: string): boolean {
  const token = c.flat[at];
  return token?.k === "ident" && token.text === text;
}

/** Whether a group of this delimiter begins at the index. */
export function isOpen(c: Cursor, at: number, delimiter: string): boolean {
  const token = c.flat[at];
  return token?.k === "open" && token.text === delimiter;
}

/** Whether an identifier that is no keyword stands at the index. */
export function isName(c: Cursor, at: number): boolean {
  const token = c.flat[at];
  return token?.k === "ident" && !reserved.has(token.text);
}

/** Index behind the tree at `at`. */
export function after(c: Cursor, at: number): number {
  return c.flat[at]?.end ?? at + 1;
}

/** Whether `::` stands at the index. */
export function isColons(c: Cursor, at: number): boolean {
  return isPunct(c, at, ":") && c.flat[at]?.joint === true && isPunct(c, at + 1, ":");
}

function isArrow(c: Cursor, at: number): boolean {
  return operatorAt(c.flat, at) === "->";
}

export type PathStyle = "type" | "expr" | "mod";

/** `a::b`, `::a`, `<T as U>::c`, `Vec<T>`, `Fn(A) -> B`; generic arguments need `::` in expressions. */
export function pathEnd(c: Cursor, start: number, style: PathStyle): number {
  return deeper(c, () => {
    let at = start;
    if (c.flat[at]?.k === "group") {
      at = after(c, at);
      return isColons(c, at) ? segmentsEnd(c, at + 2, style) : at;
    }
    if (isPunct(c, at, "<")) {
      at = typeEnd(c, at + 1);
      if (at < 0) return fail;
      if (isWord(c, at, "as")) at = pathEnd(c, at + 1, "type");
      if (at < 0 || !isPunct(c, at, ">") || !isColons(c, at + 1)) return fail;
      return segmentsEnd(c, at + 3, style);
    }
    return segmentsEnd(c, isColons(c, at) ? at + 2 : at, style);
  });
}

function segmentsEnd(c: Cursor, start: number, style: PathStyle): number {
  let at = start;
  for (;;) {
    if (!isName(c, at) && c.flat[at]?.k !== "group") return fail;
    at += 1;
    if (style === "type") {
      const args = isColons(c, at) && (isPunct(c, at + 2, "<") || isOpen(c, at + 2, "(")) ? at + 2 : at;
      if (isPunct(c, args, "<") && !(args === at && operatorAt(c.flat, at) === "<=")) at = genericArgsEnd(c, args);
      else if (isOpen(c, args, "(")) at = returnEnd(c, after(c, args));
    } else if (style === "expr" && isColons(c, at) && isPunct(c, at + 2, "<")) at = genericArgsEnd(c, at + 2);
    if (at < 0) return fail;
    if (!isColons(c, at)) return at;
    const next = c.flat[at + 2];
    if (
      next === undefined ||
      (next.k !== "ident" && next.k !== "group") ||
      (next.k === "ident" && reserved.has(next.text))
    )
      return at;
    at += 2;
  }
}

/** From `<` to behind the matching `>`. */
export function genericArgsEnd(c: Cursor, start: number): number {
  return deeper(c, () => {
    let at = start + 1;
    for (;;) {
      if (isPunct(c, at, ">")) return at + 1;
      at = genericArgEnd(c, at);
      if (at < 0) return fail;
      if (isPunct(c, at, ",")) at += 1;
      else if (!isPunct(c, at, ">")) return fail;
    }
  });
}

function genericArgEnd(c: Cursor, start: number): number {
  const token = c.flat[start];
  if (token === undefined) return fail;
  if (token.k === "lifetime") return start + 1;
  if (token.k === "literal" || isOpen(c, start, "{") || isWord(c, start, "true") || isWord(c, start, "false"))
    return after(c, start);
  if (isPunct(c, start, "-") && c.flat[start + 1]?.k === "literal") return start + 2;
  const at = typeEnd(c, start);
  if (at < 0) return fail;
  if (isPunct(c, at, "=")) return genericArgEnd(c, at + 1);
  if (isPunct(c, at, ":") && !isColons(c, at)) return boundsEnd(c, at + 1);
  return at;
}

function returnEnd(c: Cursor, at: number): number {
  return isArrow(c, at) ? typeEnd(c, at + 2, false) : at;
}

/** `A + 'b + ?Sized + for<'x> Fn(&'x u8)`; may be empty. */
export function boundsEnd(c: Cursor, start: number): number {
  let at = start;
  for (;;) {
    const end = boundEnd(c, at);
    if (end < 0) return at;
    at = end;
    if (!isPunct(c, at, "+") || operatorAt(c.flat, at) === "+=") return at;
    at += 1;
  }
}

function boundEnd(c: Cursor, start: number): number {
  let at = start;
  const token = c.flat[at];
  if (token === undefined) return fail;
  if (token.k === "lifetime" || token.k === "group" || isOpen(c, at, "(")) return after(c, at);
  if (isWord(c, at, "use") && isPunct(c, at + 1, "<")) return genericArgsEnd(c, at + 1);
  if (isPunct(c, at, "?")) at += 1;
  if (isPunct(c, at, "~")) at += 1;
  if (isWord(c, at, "const") || isWord(c, at, "async")) at += 1;
  at = skipFor(c, at);
  return at < 0 ? fail : pathEnd(c, at, "type");
}

/** Behind `for<'a>`, if it stands there. */
export function skipFor(c: Cursor, at: number): number {
  return isWord(c, at, "for") && isPunct(c, at + 1, "<") ? genericArgsEnd(c, at + 1) : at;
}

/** A type; `plus` allows `A + B` behind a path. */
export function typeEnd(c: Cursor, start: number, plus = true): number {
  return deeper(c, () => {
    const token = c.flat[start];
    if (token === undefined) return fail;
    const at = skipFor(c, start);
    if (at < 0) return fail;
    switch (token.k) {
      case "group":
        return isColons(c, start + 1) ? pathEnd(c, start, "type") : start + 1;
      case "open":
        return token.text === "{" ? fail : plus ? moreBounds(c, after(c, start)) : after(c, start);
      case "lifetime":
        return plus ? boundsEnd(c, start) : fail;
      case "punct":
        return punctTypeEnd(c, start);
      case "ident":
        return wordTypeEnd(c, at, plus);
      default:
        return fail;
    }
  });
}

function moreBounds(c: Cursor, at: number): number {
  return isPunct(c, at, "+") && operatorAt(c.flat, at) === "+" ? boundsEnd(c, at + 1) : at;
}

function punctTypeEnd(c: Cursor, start: number): number {
  if (isPunct(c, start, "!")) return start + 1;
  if (isPunct(c, start, "&")) {
    let at = start + 1;
    if (c.flat[at]?.k === "lifetime") at += 1;
    if (isWord(c, at, "mut")) at += 1;
    return typeEnd(c, at, false);
  }
  if (isPunct(c, start, "*"))
    return isWord(c, start + 1, "const") || isWord(c, start + 1, "mut") ? typeEnd(c, start + 2, false) : fail;
  if (isPunct(c, start, "?")) return boundsEnd(c, start);
  if (isPunct(c, start, "<") || isColons(c, start)) return pathEnd(c, start, "type");
  return fail;
}

function wordTypeEnd(c: Cursor, start: number, plus: boolean): number {
  if (isWord(c, start, "_")) return start + 1;
  if (isWord(c, start, "impl")) return boundsEnd(c, start + 1);
  if (isWord(c, start, "dyn") && !isColons(c, start + 1) && startsBound(c, start + 1)) return boundsEnd(c, start + 1);
  if (isWord(c, start, "fn") || isWord(c, start, "unsafe") || isWord(c, start, "extern")) {
    let at = start;
    if (isWord(c, at, "unsafe")) at += 1;
    if (isWord(c, at, "extern")) at += c.flat[at + 1]?.k === "literal" ? 2 : 1;
    return isWord(c, at, "fn") && isOpen(c, at + 1, "(") ? returnEnd(c, after(c, at + 1)) : fail;
  }
  const at = pathEnd(c, start, "type");
  if (at < 0) return fail;
  if (isPunct(c, at, "!") && c.flat[at + 1]?.k === "open") return after(c, at + 1);
  return plus ? moreBounds(c, at) : at;
}

function startsBound(c: Cursor, at: number): boolean {
  const token = c.flat[at];
  if (token === undefined) return false;
  return (
    token.k === "lifetime" ||
    isPunct(c, at, "?") ||
    isPunct(c, at, "<") ||
    isOpen(c, at, "(") ||
    isName(c, at) ||
    isWord(c, at, "for")
  );
}

/** A pattern; with `alternatives` also `A | B`. */
export function patternEnd(c: Cursor, start: number, alternatives: boolean): number {
  return deeper(c, () => {
    let at = start;
    if (alternatives && operatorAt(c.flat, at) === "|") at += 1;
    at = onePatternEnd(c, at);
    while (alternatives && at >= 0 && operatorAt(c.flat, at) === "|") at = onePatternEnd(c, at + 1);
    return at;
  });
}

function onePatternEnd(c: Cursor, start: number): number {
  const token = c.flat[start];
  if (token === undefined) return fail;
  switch (token.k) {
    case "group":
      return rangeEnd(c, start + 1);
    case "open":
      return token.text === "{" ? fail : after(c, start);
    case "literal":
      return rangeEnd(c, start + 1);
    case "punct":
      return punctPatternEnd(c, start);
    case "ident":
      return wordPatternEnd(c, start);
    default:
      return fail;
  }
}

function punctPatternEnd(c: Cursor, start: number): number {
  const operator = operatorAt(c.flat, start);
  if (operator === "..=" || operator === "..." || operator === "..") {
    const end = boundaryEnd(c, start + operator.length);
    return end < 0 ? start + operator.length : end;
  }
  if (isPunct(c, start, "-")) return c.flat[start + 1]?.k === "literal" ? rangeEnd(c, start + 2) : fail;
  if (isPunct(c, start, "&"))
    return deeper(c, () =>
      onePatternEnd(c, isWord(c, start + 1, "mut") && !isName(c, start + 2) ? start + 2 : start + 1),
    );
  if (isPunct(c, start, "<") || isColons(c, start)) return pathPatternEnd(c, start);
  return fail;
}

function wordPatternEnd(c: Cursor, start: number): number {
  if (isWord(c, start, "_")) return start + 1;
  if (isWord(c, start, "true") || isWord(c, start, "false")) return start + 1;
  if (isWord(c, start, "const") && isOpen(c, start + 1, "{")) return after(c, start + 1);
  if (isWord(c, start, "box")) return deeper(c, () => onePatternEnd(c, start + 1));
  let at = start;
  if (isWord(c, at, "ref")) at += 1;
  if (isWord(c, at, "mut")) at += 1;
  if (at > start) return c.flat[at]?.k === "ident" || c.flat[at]?.k === "group" ? subPatternEnd(c, at + 1) : fail;
  if (!isName(c, at)) return fail;
  if (isPunct(c, at + 1, "@")) return subPatternEnd(c, at + 1);
  return pathPatternEnd(c, at);
}

function subPatternEnd(c: Cursor, at: number): number {
  return isPunct(c, at, "@") ? deeper(c, () => onePatternEnd(c, at + 1)) : at;
}

function pathPatternEnd(c: Cursor, start: number): number {
  const at = pathEnd(c, start, "expr");
  if (at < 0) return fail;
  if (isOpen(c, at, "(") || isOpen(c, at, "{")) return after(c, at);
  if (isPunct(c, at, "!") && c.flat[at + 1]?.k === "open") return after(c, at + 1);
  return rangeEnd(c, at);
}

/** Behind `..=b`, `..` or nothing. */
function rangeEnd(c: Cursor, at: number): number {
  const operator = operatorAt(c.flat, at);
  if (operator !== "..=" && operator !== "..." && operator !== "..") return at;
  const end = boundaryEnd(c, at + operator.length);
  return end < 0 ? (operator === ".." ? at + 2 : fail) : end;
}

function boundaryEnd(c: Cursor, start: number): number {
  const at = isPunct(c, start, "-") ? start + 1 : start;
  const token = c.flat[at];
  if (token?.k === "literal" || token?.k === "group") return at + 1;
  if (isWord(c, at, "const") && isOpen(c, at + 1, "{")) return after(c, at + 1);
  return isName(c, at) || isPunct(c, at, "<") || isColons(c, at) ? pathEnd(c, at, "expr") : fail;
}
