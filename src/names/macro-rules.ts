/**
 * The rules of a `macro_rules!` (or `macro`) as matchers and transcribers.
 *
 * Input: token trees of the rules. Output: compiled rules; what is malformed gives no rule, and the macro then matches nothing.
 * Source: the Rust Reference, "Macros By Example".
 */
import { exact } from "../base/exact.ts";
import type { Token, TokenGroup, TokenTree } from "../syntax/ast.ts";
import { type Metavar, namesOfMetavar, readMetavar } from "./macro-metavars.ts";

export type Repeat = "*" | "+" | "?";
export type Matcher =
  | { readonly k: "token"; readonly token: Token }
  | { readonly k: "group"; readonly delimiter: TokenGroup["delimiter"]; readonly inner: readonly Matcher[] }
  | { readonly k: "fragment"; readonly name: string; readonly kind: string }
  | {
      readonly k: "repeat";
      readonly inner: readonly Matcher[];
      readonly separator: readonly Token[];
      readonly op: Repeat;
      readonly names: readonly string[];
    };

export type Template =
  | { readonly k: "token"; readonly token: Token }
  | { readonly k: "group"; readonly group: TokenGroup; readonly inner: readonly Template[] }
  | { readonly k: "var"; readonly name: string; readonly token: Token }
  | { readonly k: "crate"; readonly token: Token }
  | { readonly k: "metavar"; readonly metavar: Metavar; readonly token: Token }
  | {
      readonly k: "repeat";
      readonly inner: readonly Template[];
      readonly separator: readonly Token[];
      readonly op: Repeat;
      readonly names: readonly string[];
    };

export interface Rule {
  readonly matcher: readonly Matcher[];
  readonly template: readonly Template[];
}

const maxDepth = 100;

/** The rules in the token trees of a definition's body; `simple` for `macro x(..) {..}`, whose one rule has no arrow. */
export function compileRules(trees: readonly TokenTree[], form: "macro_rules" | "macro"): Rule[] {
  const rules: Rule[] = [];
  for (let at = 0; at < trees.length; ) {
    const left = trees[at];
    if (left?.k !== "group") {
      at += 1;
      continue;
    }
    const arrow = isPunct(trees[at + 1], "=") && isPunct(trees[at + 2], ">");
    const right = trees[arrow ? at + 3 : at + 1];
    if (right?.k !== "group" || (!arrow && form === "macro_rules")) break;
    const matcher = matchers(left.trees, 0);
    const names = new Set(namesOf(matcher));
    rules.push({ matcher, template: templates(right.trees, names, 0) });
    at += arrow ? 4 : 2;
  }
  return rules;
}

function matchers(trees: readonly TokenTree[], depth: number): readonly Matcher[] {
  const out: Matcher[] = [];
  if (depth > maxDepth) return out;
  for (let at = 0; at < trees.length; at += 1) {
    const tree = trees[at];
    if (tree === undefined) break;
    if (isDocComment(tree, trees[at + 1], trees[at + 2])) {
      at += isPunct(trees[at + 1], "!") ? 2 : 1;
      continue;
    }
    if (tree.k === "group") {
      out.push({ k: "group", delimiter: tree.delimiter, inner: matchers(tree.trees, depth + 1) });
      continue;
    }
    if (!isPunct(tree, "$")) {
      out.push({ k: "token", token: tree });
      continue;
    }
    const next = trees[at + 1];
    if (next?.k === "group" && next.delimiter === "(") {
      const found = repetition(trees, at + 2);
      const inner = matchers(next.trees, depth + 1);
      if (found !== null) {
        out.push({ k: "repeat", inner, separator: found.separator, op: found.op, names: exact(namesOf(inner)) });
        at = found.end - 1;
        continue;
      }
    } else if (next?.k === "ident" && isPunct(trees[at + 2], ":")) {
      const kind = trees[at + 3];
      if (kind?.k === "ident") {
        out.push({ k: "fragment", name: bareName(next.text), kind: kind.text });
        at += 3;
        continue;
      }
    }
    out.push({ k: "token", token: tree });
  }
  return exact(out);
}

/** `/// …` in a matcher, which rustc passes over. */
function isDocComment(tree: TokenTree, next: TokenTree | undefined, last: TokenTree | undefined): boolean {
  if (!isPunct(tree, "#")) return false;
  const group = isPunct(next, "!") ? last : next;
  return group?.k === "group" && group.trees.some((one) => one.k === "literal" && one.doc === true);
}

/** Separator and operator behind `$( .. )`; null where there is none. */
function repetition(
  trees: readonly TokenTree[],
  start: number,
): { readonly separator: readonly Token[]; readonly op: Repeat; readonly end: number } | null {
  const separator: Token[] = [];
  for (let at = start; at < Math.min(start + 4, trees.length); at += 1) {
    const tree = trees[at];
    if (tree === undefined || tree.k === "group") return null;
    // `$(..)?*`, `$(..)+*`: the first sign separates. Otherwise the first sign is the operator.
    if (tree.k === "punct" && "*+?".includes(tree.text)) {
      const next = trees[at + 1];
      const separates =
        separator.length === 0 && tree.text !== "?" && next?.k === "punct" && "*+".includes(next.text) && tree.joint;
      if (!separates) return { separator, op: tree.text as Repeat, end: at + 1 };
    }
    separator.push(tree);
  }
  return null;
}

function templates(trees: readonly TokenTree[], names: ReadonlySet<string>, depth: number): readonly Template[] {
  const out: Template[] = [];
  if (depth > maxDepth) return out;
  for (let at = 0; at < trees.length; at += 1) {
    const tree = trees[at];
    if (tree === undefined) break;
    if (tree.k === "group") {
      out.push({ k: "group", group: tree, inner: templates(tree.trees, names, depth + 1) });
      continue;
    }
    const next = trees[at + 1];
    if (!isPunct(tree, "$") || next === undefined) {
      out.push({ k: "token", token: tree });
      continue;
    }
    if (next.k === "group" && next.delimiter === "(") {
      const found = repetition(trees, at + 2);
      const inner = templates(next.trees, names, depth + 1);
      if (found !== null) {
        out.push({ k: "repeat", inner, separator: found.separator, op: found.op, names: exact(usedNames(inner)) });
        at = found.end - 1;
        continue;
      }
    } else if (next.k === "group" && next.delimiter === "{") {
      const metavar = readMetavar(next.trees);
      if (metavar !== null) {
        out.push({ k: "metavar", metavar, token: tree });
        at += 1;
        continue;
      }
    } else if (next.k === "ident") {
      const name = bareName(next.text);
      if (next.text === "crate") out.push({ k: "crate", token: next });
      else if (names.has(name)) out.push({ k: "var", name, token: next });
      else out.push({ k: "token", token: tree }, { k: "token", token: next });
      at += 1;
      continue;
    } else if (isPunct(next, "$")) {
      out.push({ k: "token", token: next as Token });
      at += 1;
      continue;
    }
    out.push({ k: "token", token: tree });
  }
  return exact(out);
}

function namesOf(list: readonly Matcher[]): string[] {
  return list.flatMap((one) =>
    one.k === "fragment" ? [one.name] : one.k === "group" || one.k === "repeat" ? namesOf(one.inner) : [],
  );
}

function usedNames(list: readonly Template[]): string[] {
  return list.flatMap((one) => {
    if (one.k === "var") return [one.name];
    if (one.k === "metavar") return namesOfMetavar(one.metavar);
    return one.k === "group" || one.k === "repeat" ? usedNames(one.inner) : [];
  });
}

function bareName(text: string): string {
  return text.startsWith("r#") ? text.slice(2) : text;
}

function isPunct(tree: TokenTree | undefined, text: string): boolean {
  return tree?.k === "punct" && tree.text === text;
}
