/**
 * Whether a path among tokens stands where a type does: what is written before it, outwards through the groups around it.
 *
 * Answers by tokens alone, for texts that the grammar does not know. In doubt it says no: a name in an expression is left as it is. Ends: each
 * step goes back in the text, at most a few hundred tokens.
 */
import type { RawToken } from "./scan.ts";

/** The tokens of a text; `word` is empty outside of it. */
export interface Tokens {
  readonly tokens: readonly RawToken[];
  word(at: number): string;
}

const reach = 600;

/** Does a type begin at the token? */
export function beginsType(view: Tokens, at: number): boolean {
  let first = at;
  for (let steps = 0; steps < reach && first >= 0; steps += 1) {
    const before = view.word(first - 1);
    if (before === "&" || before === "dyn" || before === "impl" || before.startsWith("'")) first -= 1;
    else if (before === "mut" || (before === "const" && view.word(first - 2) === "*"))
      first -= view.word(first - 2) === "*" ? 2 : 1;
    else break;
  }
  const before = view.word(first - 1);
  if (before === "as" || before === "for") return true;
  if (before === ">" && view.word(first - 2) === "-") return true;
  if (before === ":" && view.word(first - 2) !== ":") return isAnnotated(view, first - 2);
  if (before === "=") return isAlias(view, first - 1);
  if (before === "<" || (before === "," && inArguments(view, first - 1)))
    return before === "," || isAttached(view, first - 1);
  const open = before === "(" || before === "[" ? first - 1 : before === "," ? openBefore(view, first - 1) : -1;
  if (view.word(open) === "[") return beginsType(view, open);
  if (view.word(open) === "(") return holdsTypes(view, open);
  return false;
}

/** `A<` and `A::<`, with nothing between: no comparison. */
function isAttached(view: Tokens, angle: number): boolean {
  const [before, own] = [view.tokens[angle - 1], view.tokens[angle]];
  const named = before?.k === "ident" || view.word(angle - 1) === ":";
  return named && before?.end === own?.start;
}

/** The comma at `at` stands between generic arguments: back to an `<` in the same group. */
function inArguments(view: Tokens, at: number): boolean {
  let groups = 0;
  let angles = 0;
  for (let index = at - 1; index >= 0 && index > at - reach; index -= 1) {
    const { k } = view.tokens[index] ?? { k: "punct" };
    const word = view.word(index);
    if (k === "close") groups += 1;
    else if (k === "open") groups -= 1;
    if (groups < 0 || word === ";") return false;
    if (groups > 0) continue;
    if (word === ">" && view.word(index - 1) !== "-" && view.word(index - 1) !== "=") angles += 1;
    else if (word === "<" && angles > 0) angles -= 1;
    else if (word === "<") return isAttached(view, index);
  }
  return false;
}

/** `fn(A, B)`, `Fn(A)`, `struct S(A)`, a tuple of types. */
function holdsTypes(view: Tokens, open: number): boolean {
  const before = view.word(open - 1);
  if (/^(fn|Fn|FnMut|FnOnce)$/.test(before)) return true;
  if (view.tokens[open - 1]?.k === "ident" && !/^(as|for|mut|const|dyn|impl|in|return|match|if)$/.test(before))
    return view.word(open - 2) === "struct";
  return beginsType(view, open);
}

/** What stands before the colon at `end + 1` is a pattern of `let`, a parameter, a field or an item: not a field of a value. */
function isAnnotated(view: Tokens, end: number): boolean {
  if (view.tokens[end]?.k !== "ident") return view.tokens[end]?.k === "close";
  const before = view.word(end - 1);
  if (/^(let|mut|const|static|\|)$/.test(before)) return true;
  const open = openBefore(view, end);
  return view.word(open) === "(" || (view.word(open) === "{" && isDeclaration(view, open));
}

/** The brace holds fields of a struct, a union or a variant. */
function isDeclaration(view: Tokens, open: number): boolean {
  for (let at = open - 1; at >= 0 && at > open - reach; at -= 1) {
    const word = view.word(at);
    if (word === "struct" || word === "union") return true;
    if (word === "}" || word === ";" || word === "=" || word === ")") return false;
    if (word === "{" || word === ",") {
      const outer = word === "{" ? at : openBefore(view, at);
      return view.word(outer) === "{" && heads(view, outer, "enum");
    }
  }
  return false;
}

/** The brace belongs to an item of this keyword. */
function heads(view: Tokens, open: number, keyword: string): boolean {
  for (let at = open - 1; at >= 0 && at > open - reach; at -= 1) {
    const word = view.word(at);
    if (word === keyword) return true;
    if (word === "}" || word === ";" || word === "{") return false;
  }
  return false;
}

/** `type A<T> =`. */
function isAlias(view: Tokens, equals: number): boolean {
  for (let at = equals - 1; at >= 0 && at > equals - reach; at -= 1) {
    const word = view.word(at);
    if (word === "type") return true;
    if (word === "}" || word === ";" || word === "{" || word === "=") return false;
  }
  return false;
}

/** The bracket around a token; -1 where none is near. */
function openBefore(view: Tokens, at: number): number {
  let level = 0;
  for (let index = at - 1; index >= 0 && index > at - reach; index -= 1) {
    const k = view.tokens[index]?.k;
    if (k === "close") level += 1;
    else if (k === "open") {
      if (level === 0) return index;
      level -= 1;
    }
  }
  return -1;
}
