/**
 * Matching of a macro's arguments against one rule.
 *
 * Input: matchers and flat tokens. Output: what each name is bound to, or null. Repetitions are greedy and give back where the
 * rest does not match; steps are bounded.
 */
import type { Edition, TokenTree } from "../syntax/ast.ts";
import { exprEnd, itemEnd, startsExpr, statementEnd, visibilityEnd } from "./fragment-exprs.ts";
import { type Cursor, isName, isReserved, pathEnd, patternEnd, typeEnd } from "./fragment-types.ts";
import type { Matcher } from "./macro-rules.ts";
import { type Flat, operatorLength, treesOf } from "./tokens.ts";

export type Binding =
  | { readonly k: "leaf"; readonly kind: string; readonly trees: readonly TokenTree[] }
  | { readonly k: "list"; readonly items: readonly Bindings[] };
export interface Bindings {
  get(name: string): Binding | undefined;
}
type BindingMap = Map<string, Binding>;

export interface MatchBudget {
  steps: number;
}

interface State {
  readonly edition: Edition;
  readonly budget: MatchBudget;
}
/** Bindings of a rule on these arguments (flat, since every rule of a macro sees the same); null where it does not match or the budget is spent. */
export function matchRule(
  matcher: readonly Matcher[],
  flat: readonly Flat[],
  edition: Edition,
  budget: MatchBudget,
): Bindings | null {
  const bound: BindingMap = new Map();
  const end = matchFrom({ edition, budget }, matcher, 0, { flat, depth: 0 }, 0, flat.length, bound);
  return end < 0 ? null : bound;
}

/**
 * Matches matchers[index..] on [at, end), which must be used up: its end, -1 where they do not match. `bound` is filled, and is of no use where
 * they do not match.
 */
function matchFrom(
  s: State,
  matchers: readonly Matcher[],
  index: number,
  c: Cursor,
  start: number,
  end: number,
  bound: BindingMap,
): number {
  let at = start;
  for (let m = index; m < matchers.length; m += 1) {
    const matcher = matchers[m];
    if (matcher === undefined || s.budget.steps-- <= 0) return -1;
    if (matcher.k === "repeat") {
      const to = matchRepeat(s, matchers, m, c, at, end, bound);
      const other = to < 0 ? withoutOwnSeparator(matcher) : null;
      return other === null ? to : matchRepeat(s, matchers.with(m, other), m, c, at, end, bound);
    }
    at = matchOne(s, matcher, c, at, end, bound);
    if (at < 0) return -1;
  }
  return at === end ? at : -1;
}

function matchOne(
  s: State,
  matcher: Exclude<Matcher, { k: "repeat" }>,
  c: Cursor,
  at: number,
  end: number,
  bound: BindingMap,
): number {
  const token = c.flat[at];
  switch (matcher.k) {
    case "token":
      return at < end && sameToken(token, matcher.token) ? at + 1 : -1;
    case "group": {
      if (at >= end || token?.k !== "open" || token.text !== matcher.delimiter) return -1;
      return matchFrom(s, matcher.inner, 0, c, at + 1, token.end - 1, bound) < 0 ? -1 : token.end;
    }
    case "fragment": {
      const to = fragmentEnd(c, matcher.kind, at, end, s.edition);
      if (to < 0 || to > end) return -1;
      bound.set(matcher.name, leafOf(matcher, c, at, to));
      return to;
    }
    default:
      return matcher satisfies never;
  }
}

function leafOf(matcher: Matcher & { readonly k: "fragment" }, c: Cursor, at: number, to: number): Binding {
  return { k: "leaf", kind: matcher.kind, trees: treesOf(c.flat, at, to) };
}

/** `$($name:ident $(,)?),+`: a round may leave what it could take for itself to be the separator. */
function withoutOwnSeparator(matcher: Matcher & { readonly k: "repeat" }): Matcher | null {
  const { inner, separator } = matcher;
  const last = inner.at(-1);
  if (inner.length < 2 || last?.k !== "repeat" || last.op !== "?" || last.inner.length !== separator.length)
    return null;
  const isSeparator = last.inner.every((one, at) => one.k === "token" && one.token.text === separator[at]?.text);
  return isSeparator ? { ...matcher, inner: inner.slice(0, -1) } : null;
}

function matchRepeat(
  s: State,
  matchers: readonly Matcher[],
  index: number,
  c: Cursor,
  start: number,
  end: number,
  bound: BindingMap,
): number {
  const matcher = matchers[index];
  if (matcher?.k !== "repeat") return -1;
  const rounds: Round[] = [];
  let at = start;
  while (matcher.op !== "?" || rounds.length === 0) {
    if (s.budget.steps-- <= 0) return -1;
    const from = rounds.length === 0 ? at : separatorEnd(matcher.separator, c, at, end);
    const round = from < 0 ? null : matchRound(s, matcher, c, from, end);
    if (round === null || round.end === at) break;
    rounds.push(round);
    at = round.end;
  }
  const least = matcher.op === "+" ? 1 : 0;
  for (let count = rounds.length; count >= least; count -= 1) {
    const rest: BindingMap = new Map();
    const from = count === 0 ? start : (rounds[count - 1]?.end ?? start);
    const to = matchFrom(s, matchers, index + 1, c, from, end, rest);
    if (to < 0) {
      if (s.budget.steps <= 0) return -1;
      continue;
    }
    for (const [name, value] of rest) bound.set(name, value);
    const items = rounds.slice(0, count).map((round) => round.bound);
    for (const name of matcher.names) bound.set(name, { k: "list", items });
    return to;
  }
  return -1;
}

/** One round of a repetition. */
interface Round {
  readonly end: number;
  readonly bound: Bindings;
}

const nothing: Bindings = { get: () => undefined };

function matchRound(s: State, matcher: Matcher & { k: "repeat" }, c: Cursor, start: number, end: number): Round | null {
  const [only] = matcher.inner;
  if (matcher.inner.length === 1 && only?.k === "fragment") {
    if (s.budget.steps-- <= 0) return null;
    const to = fragmentEnd(c, only.kind, start, end, s.edition);
    return to < 0 || to > end ? null : { end: to, bound: new Single(only.name, leafOf(only, c, start, to)) };
  }
  const bound: BindingMap = new Map();
  const to = matchPrefix(s, matcher.inner, c, start, end, bound);
  return to < 0 ? null : { end: to, bound: matcher.names.length === 0 ? nothing : bound };
}

/** The most frequent bindings by far: `$($x:tt)*` makes one for each token. */
class Single implements Bindings {
  readonly name: string;
  readonly binding: Binding;
  constructor(name: string, binding: Binding) {
    this.name = name;
    this.binding = binding;
  }
  get(name: string): Binding | undefined {
    return name === this.name ? this.binding : undefined;
  }
}

/** Matches all matchers from `start` as far as they reach: the end, or -1. */
function matchPrefix(
  s: State,
  matchers: readonly Matcher[],
  c: Cursor,
  start: number,
  end: number,
  bound: BindingMap,
): number {
  let at = start;
  for (const matcher of matchers) {
    if (s.budget.steps-- <= 0) return -1;
    if (matcher.k === "repeat") {
      const rounds: Bindings[] = [];
      while (matcher.op !== "?" || rounds.length === 0) {
        const from = rounds.length === 0 ? at : separatorEnd(matcher.separator, c, at, end);
        const round = from < 0 ? null : matchRound(s, matcher, c, from, end);
        if (round === null || round.end === at || s.budget.steps <= 0) break;
        rounds.push(round.bound);
        at = round.end;
      }
      if (matcher.op === "+" && rounds.length === 0) return -1;
      for (const name of matcher.names) bound.set(name, { k: "list", items: rounds });
      continue;
    }
    at = matchOne(s, matcher, c, at, end, bound);
    if (at < 0) return -1;
  }
  return at;
}

function separatorEnd(
  separator: readonly { readonly text: string; readonly k: string }[],
  c: Cursor,
  start: number,
  end: number,
): number {
  let at = start;
  for (const token of separator) {
    if (at >= end || !sameToken(c.flat[at], token)) return -1;
    at += 1;
  }
  return at;
}

function sameToken(flat: Flat | undefined, token: { readonly text: string; readonly k: string }): boolean {
  if (flat === undefined) return false;
  if (flat.k === "group" && flat.tree?.k === "group" && flat.tree.trees.length === 1) {
    const [only] = flat.tree.trees;
    return only !== undefined && only.k === token.k && only.k !== "group" && only.text === token.text;
  }
  return flat.k === token.k && flat.text === token.text;
}

/** Index behind the fragment that starts at `at`; -1 for none. */
function fragmentEnd(c: Cursor, kind: string, at: number, end: number, edition: Edition): number {
  const token = c.flat[at];
  if (kind === "vis") return at >= end ? at : visibilityEnd(c, at);
  if (at >= end || token === undefined) return -1;
  const group = token.k === "group" && token.tree?.k === "group" ? token.tree : null;
  switch (kind) {
    case "ident":
      return token.k === "ident" && token.text !== "_" ? at + 1 : -1;
    case "lifetime":
      return token.k === "lifetime" ? at + 1 : -1;
    case "tt":
      return token.k === "close" ? -1 : token.k === "punct" ? at + operatorLength(c.flat, at) : token.end;
    case "literal":
      if (group !== null)
        return group.trees.every((tree) => tree.k === "literal" || (tree.k === "punct" && tree.text === "-"))
          ? token.end
          : -1;
      if (token.k === "punct" && token.text === "-") return c.flat[at + 1]?.k === "literal" ? at + 2 : -1;
      return token.k === "literal" || (token.k === "ident" && (token.text === "true" || token.text === "false"))
        ? at + 1
        : -1;
    case "block":
      return token.k === "open" && token.text === "{"
        ? token.end
        : group !== null && group.fragment !== "type"
          ? token.end
          : -1;
    case "expr":
      return beginsExpr(c, at, edition === "2024") ? exprEnd(c, at) : -1;
    case "expr_2021":
      return beginsExpr(c, at, false) ? exprEnd(c, at) : -1;
    case "stmt":
      return statementEnd(c, at);
    case "pat":
      return patternEnd(c, at, edition === "2021" || edition === "2024");
    case "pat_param":
      return patternEnd(c, at, false);
    case "ty":
      return typeEnd(c, at);
    case "path":
      return pathEnd(c, at, "type");
    case "meta":
      return metaEnd(c, at, end);
    case "item":
      return itemEnd(c, at);
    default:
      return -1;
  }
}

/** A condition's `let` is no expression to a fragment; `_` and `const { .. }` are since 2024. */
function beginsExpr(c: Cursor, at: number, since2024: boolean): boolean {
  const token = c.flat[at];
  const word = token?.k === "ident" ? token.text : "";
  return word !== "let" && (since2024 || (word !== "_" && word !== "const")) && startsExpr(c, at);
}

/** `path`, `path(..)`, `path = expr`, `unsafe(..)`. */
function metaEnd(c: Cursor, start: number, end: number): number {
  const first = c.flat[start];
  if (first?.k === "group") return first.end;
  const single = first?.k === "ident" && isReserved(first.text) && !isName(c, start);
  const at = single ? start + 1 : pathEnd(c, start, "mod");
  if (at < 0 || at >= end) return at;
  const token = c.flat[at];
  if (token?.k === "open") return token.end;
  return token?.k === "punct" && token.text === "=" ? exprEnd(c, at + 1) : at;
}
