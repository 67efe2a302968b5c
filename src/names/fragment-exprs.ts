/**
 * How many tokens an expression, a statement or an item takes; see fragment-types.ts.
 *
 * Precedence does not matter for where an expression ends, so none is looked at.
 */
import {
  after,
  type Cursor,
  deeper,
  genericArgsEnd,
  isColons,
  isName,
  isOpen,
  isPunct,
  isReserved,
  isWord,
  pathEnd,
  patternEnd,
  skipFor,
  typeEnd,
} from "./fragment-types.ts";
import { operatorAt } from "./tokens.ts";

const fail = -1;
const binary: ReadonlySet<string> = new Set(
  "+ - * / % ^ & | && || << >> == != < > <= >= = += -= *= /= %= ^= &= |= <<= >>=".split(" "),
);
const ranges: ReadonlySet<string> = new Set(["..", "..=", "..."]);

/** An expression; `struct` says whether `Path { .. }` may stand there. */
export function exprEnd(c: Cursor, start: number, struct = true): number {
  return deeper(c, () => {
    let at = ranges.has(operatorAt(c.flat, start)) ? start : operandEnd(c, start, struct);
    while (at >= 0) {
      const operator = operatorAt(c.flat, at);
      if (ranges.has(operator)) {
        const behind = at + operator.length;
        const end = startsExpr(c, behind, struct) ? operandEnd(c, behind, struct) : behind;
        at = end < 0 ? behind : end;
      } else if (binary.has(operator)) at = operandEnd(c, at + operator.length, struct);
      else if (isWord(c, at, "as")) at = typeEnd(c, at + 1, false);
      else return at;
    }
    return fail;
  });
}

/** May an expression begin here, as rustc decides it for `$x:expr`? */
export function startsExpr(c: Cursor, at: number, struct = true): boolean {
  const token = c.flat[at];
  if (token === undefined || token.k === "close") return false;
  if (token.k === "open") return struct || token.text !== "{";
  if (token.k === "ident") return !isReserved(token.text) || beginners.has(token.text);
  if (token.k === "punct") {
    const operator = operatorAt(c.flat, at);
    return ["!", "-", "*", "|", "||", "&", "&&", "..", "...", "..=", "<", "<<", "::", "#"].includes(operator);
  }
  return true;
}

const beginners: ReadonlySet<string> = new Set(
  "async do box break const continue false for gen if let loop match move return true try unsafe while yield static _".split(
    " ",
  ),
);

function operandEnd(c: Cursor, start: number, struct: boolean): number {
  return deeper(c, () => {
    let at = start;
    for (;;) {
      if (isPunct(c, at, "#") && isOpen(c, at + 1, "[")) at = after(c, at + 1);
      else if (isPunct(c, at, "!") || isPunct(c, at, "-") || isPunct(c, at, "*")) at += 1;
      else if (isPunct(c, at, "&")) {
        at += 1;
        if (
          isWord(c, at, "raw") &&
          (isWord(c, at + 1, "const") || (isWord(c, at + 1, "mut") && !isPunct(c, at + 2, ".")))
        )
          at += 2;
        else if (isWord(c, at, "mut")) at += 1;
      } else break;
    }
    if (ranges.has(operatorAt(c.flat, at))) return exprEnd(c, at, struct);
    const end = primaryEnd(c, at, struct);
    return end < 0 ? fail : postfixEnd(c, end);
  });
}

function postfixEnd(c: Cursor, start: number): number {
  let at = start;
  for (;;) {
    if (isPunct(c, at, "?") || isOpen(c, at, "(") || isOpen(c, at, "[")) at = after(c, at);
    else if (isPunct(c, at, ".") && !ranges.has(operatorAt(c.flat, at))) {
      const token = c.flat[at + 1];
      if (token?.k !== "ident" && token?.k !== "literal" && token?.k !== "group") return fail;
      at += 2;
      if (isColons(c, at) && isPunct(c, at + 2, "<")) at = genericArgsEnd(c, at + 2);
      if (at < 0) return fail;
    } else return at;
  }
}

function primaryEnd(c: Cursor, start: number, struct: boolean): number {
  const token = c.flat[start];
  if (token === undefined) return fail;
  switch (token.k) {
    case "literal":
      return start + 1;
    case "group":
      return isColons(c, start + 1) || isOpen(c, start + 1, "{") || isPunct(c, start + 1, "!")
        ? pathExprEnd(c, start, struct)
        : start + 1;
    case "open":
      return after(c, start);
    case "lifetime":
      return isPunct(c, start + 1, ":") ? wordExprEnd(c, start + 2, struct) : fail;
    case "punct":
      if (isPunct(c, start, "|")) return closureEnd(c, start, struct);
      return isPunct(c, start, "<") || isColons(c, start) ? pathExprEnd(c, start, struct) : fail;
    case "ident":
      return wordExprEnd(c, start, struct);
    default:
      return fail;
  }
}

function wordExprEnd(c: Cursor, start: number, struct: boolean): number {
  const word = c.flat[start]?.k === "ident" ? (c.flat[start]?.text ?? "") : "";
  switch (word) {
    case "if":
      return ifEnd(c, start);
    case "match":
    case "while": {
      const at = exprEnd(c, start + 1, false);
      return at >= 0 && isOpen(c, at, "{") ? after(c, at) : fail;
    }
    case "loop":
      return isOpen(c, start + 1, "{") ? after(c, start + 1) : fail;
    case "for": {
      if (isPunct(c, start + 1, "<")) {
        const behind = skipFor(c, start);
        return behind < 0 ? fail : wordExprEnd(c, behind, struct);
      }
      let at = patternEnd(c, start + 1, true);
      if (at < 0 || !isWord(c, at, "in")) return fail;
      at = exprEnd(c, at + 1, false);
      return at >= 0 && isOpen(c, at, "{") ? after(c, at) : fail;
    }
    case "let": {
      const at = patternEnd(c, start + 1, true);
      return at >= 0 && isPunct(c, at, "=") ? operandEnd(c, at + 1, false) : fail;
    }
    case "return":
    case "break":
    case "continue":
    case "yield":
    case "become": {
      const at = c.flat[start + 1]?.k === "lifetime" && word !== "return" ? start + 2 : start + 1;
      const end = startsExpr(c, at, struct) ? exprEnd(c, at, struct) : at;
      return end < 0 ? at : end;
    }
    case "unsafe":
    case "try":
    case "const":
      if (isOpen(c, start + 1, "{")) return after(c, start + 1);
      if (word === "const" && startsClosure(c, start + 1)) return closureEnd(c, start + 1, struct);
      return word === "try" ? pathExprEnd(c, start, struct) : fail;
    case "async":
    case "gen":
    case "move":
    case "static": {
      let at = start + 1;
      if (isWord(c, at, "move")) at += 1;
      if (isOpen(c, at, "{") && word !== "static") return after(c, at);
      if (startsClosure(c, at)) return closureEnd(c, at, struct);
      return word === "async" || word === "gen" ? pathExprEnd(c, start, struct) : fail;
    }
    case "_":
    case "true":
    case "false":
      return start + 1;
    case "":
      return isPunct(c, start, "|") ? closureEnd(c, start, struct) : isOpen(c, start, "{") ? after(c, start) : fail;
    default:
      return isReserved(word) ? fail : pathExprEnd(c, start, struct);
  }
}

function ifEnd(c: Cursor, start: number): number {
  let at = exprEnd(c, start + 1, false);
  if (at < 0 || !isOpen(c, at, "{")) return fail;
  at = after(c, at);
  if (!isWord(c, at, "else")) return at;
  if (isOpen(c, at + 1, "{")) return after(c, at + 1);
  const chained = at + 1;
  return isWord(c, chained, "if") ? deeper(c, () => ifEnd(c, chained)) : fail;
}

function startsClosure(c: Cursor, at: number): boolean {
  if (isWord(c, at, "async") || isWord(c, at, "move")) return startsClosure(c, at + 1);
  return isPunct(c, at, "|");
}

function closureEnd(c: Cursor, start: number, struct: boolean): number {
  let at = start;
  while (isWord(c, at, "async") || isWord(c, at, "move")) at += 1;
  at += 1;
  while (!isPunct(c, at, "|")) {
    while (isPunct(c, at, "#") && isOpen(c, at + 1, "[")) at = after(c, at + 1);
    at = patternEnd(c, at, false);
    if (at >= 0 && isPunct(c, at, ":")) at = typeEnd(c, at + 1);
    if (at < 0) return fail;
    if (isPunct(c, at, ",")) at += 1;
    else if (!isPunct(c, at, "|")) return fail;
  }
  at += 1;
  if (operatorAt(c.flat, at) === "->") {
    at = typeEnd(c, at + 2, false);
    return at >= 0 && isOpen(c, at, "{") ? after(c, at) : fail;
  }
  return exprEnd(c, at, struct);
}

function pathExprEnd(c: Cursor, start: number, struct: boolean): number {
  const at = pathEnd(c, start, "expr");
  if (at < 0) return fail;
  if (isPunct(c, at, "!") && operatorAt(c.flat, at) === "!" && c.flat[at + 1]?.k === "open") return after(c, at + 1);
  return struct && isOpen(c, at, "{") ? after(c, at) : at;
}

/** A statement without its `;`. */
export function statementEnd(c: Cursor, start: number): number {
  // The empty statement: what ends one before it is no part of that.
  if (isPunct(c, start, ";")) return start + 1;
  const at = skipAttributes(c, start);
  if (isWord(c, at, "let")) {
    let end = patternEnd(c, at + 1, true);
    if (end >= 0 && isPunct(c, end, ":")) end = typeEnd(c, end + 1);
    if (end < 0 || !isPunct(c, end, "=")) return end;
    end = exprEnd(c, end + 1);
    return end >= 0 && isWord(c, end, "else") && isOpen(c, end + 1, "{") ? after(c, end + 1) : end;
  }
  const item = itemEnd(c, start);
  return item >= 0 ? item : exprEnd(c, at);
}

/** The index behind outer attributes, if any stand here. */
export function skipAttributes(c: Cursor, start: number): number {
  let at = start;
  while (isPunct(c, at, "#") && isOpen(c, at + 1, "[")) at = after(c, at + 1);
  return at;
}

/** `pub`, `pub(crate)`, `pub(in a::b)`, `crate`, or nothing. `pub (A)` of a tuple field is `pub` alone. */
export function visibilityEnd(c: Cursor, start: number): number {
  if (isWord(c, start, "crate") && !isColons(c, start + 1)) return start + 1;
  if (!isWord(c, start, "pub")) return start;
  if (!isOpen(c, start + 1, "(")) return start + 1;
  const word = c.flat[start + 2]?.text ?? "";
  const single = c.flat[start + 3]?.k === "close";
  const restricted = word === "in" || (single && (word === "crate" || word === "self" || word === "super"));
  return restricted ? after(c, start + 1) : start + 1;
}

/** An item with its attributes. */
export function itemEnd(c: Cursor, start: number): number {
  if (c.flat[start]?.k === "group") return fail;
  let at = visibilityEnd(c, skipAttributes(c, start));
  const named = isName(c, at + 1) || isWord(c, at + 1, "_");
  switch (c.flat[at]?.k === "ident" ? c.flat[at]?.text : "") {
    case "use":
      return seek(c, at, ";");
    case "type":
      return isName(c, at + 1) ? seek(c, at, ";") : fail;
    case "struct":
    case "trait":
    case "enum":
    case "mod":
      return isName(c, at + 1) ? seek(c, at, "{;") : fail;
    case "union":
    case "auto":
      return named ? seek(c, at, "{;") : fail;
    case "impl":
      return seek(c, at, "{");
    case "static":
      return named || (isWord(c, at + 1, "mut") && isName(c, at + 2)) ? seek(c, at, ";") : fail;
    case "macro_rules":
      return isPunct(c, at + 1, "!") && isName(c, at + 2) && c.flat[at + 3]?.k === "open"
        ? optionalSemicolon(c, at + 3)
        : fail;
    case "macro":
      return isName(c, at + 1) ? seek(c, at, "{") : fail;
    default:
      break;
  }
  if (
    isWord(c, at, "const") &&
    (named || (isWord(c, at + 1, "mut") && isName(c, at + 2))) &&
    !isWord(c, at + 1, "async")
  )
    if (isPunct(c, at + 2, ":") || isPunct(c, at + 2, "=")) return seek(c, at, ";");
  const from = at;
  while (["const", "async", "unsafe", "safe", "extern", "default", "gen"].some((word) => isWord(c, at, word))) {
    if (isWord(c, at, "extern") && isWord(c, at + 1, "crate")) return seek(c, at, ";");
    if (isWord(c, at, "extern") && c.flat[at + 1]?.k === "literal") at += 1;
    at += 1;
    if (isOpen(c, at, "{") && (isWord(c, at - 1, "extern") || isWord(c, at - 2, "extern"))) return after(c, at);
  }
  if (isWord(c, at, "fn") && isName(c, at + 1)) return seek(c, at, "{;");
  if (at > from && (isWord(c, at, "trait") || isWord(c, at, "impl") || isWord(c, at, "mod"))) return seek(c, at, "{;");
  return macroItemEnd(c, at);
}

/** `path! { .. }` or `path!(..);`. */
function macroItemEnd(c: Cursor, start: number): number {
  const at = isName(c, start) || isColons(c, start) ? pathEnd(c, start, "mod") : fail;
  if (at < 0 || !isPunct(c, at, "!") || c.flat[at + 1]?.k !== "open") return fail;
  if (isOpen(c, at + 1, "{")) return after(c, at + 1);
  return isPunct(c, after(c, at + 1), ";") ? after(c, at + 1) + 1 : fail;
}

function optionalSemicolon(c: Cursor, group: number): number {
  const end = after(c, group);
  return !isOpen(c, group, "{") && isPunct(c, end, ";") ? end + 1 : end;
}

/** Behind the first `{}` or `;`, as `stops` allows; groups on the way are skipped. */
function seek(c: Cursor, start: number, stops: string): number {
  for (let at = start; at < c.flat.length; at = after(c, at)) {
    const token = c.flat[at];
    if (token === undefined || token.k === "close") return fail;
    if (stops.includes("{") && isOpen(c, at, "{")) return after(c, at);
    if (stops.includes(";") && isPunct(c, at, ";")) return at + 1;
  }
  return fail;
}
