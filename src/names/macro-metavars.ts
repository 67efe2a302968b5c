/**
 * Metavariable expressions in a macro's template: `${count($x)}`, `${index()}`, `${len()}`, `${ignore($x)}`, `${concat(a, $x)}`.
 *
 * Reads what stands in the braces, and says which token it becomes in a round of repetitions; null where it cannot be one. Source: RFC 3086, and
 * rustc's unstable `macro_metavar_expr`, which std's own macros are written with.
 */
import type { Token, TokenTree } from "../syntax/ast.ts";
import type { Binding, Bindings } from "./macro-match.ts";

export type Metavar =
  | { readonly k: "ignore"; readonly name: string }
  /** Rounds of a repetition, of those inside of it too; `depth`: without that many of the innermost. */
  | { readonly k: "count"; readonly name: string; readonly depth: number }
  /** Number, and count, of rounds of the repetition around; `depth`: of that many outwards. */
  | { readonly k: "index" | "len"; readonly depth: number }
  | { readonly k: "concat"; readonly parts: readonly { readonly name: string | null; readonly text: string }[] };

/** A repetition that is being written: which round of how many. */
export interface Round {
  readonly round: number;
  readonly rounds: number;
}

/** What stands between the braces; null where it is no such expression. */
export function readMetavar(trees: readonly TokenTree[]): Metavar | null {
  const [name, group, more] = trees;
  if (name?.k !== "ident" || group?.k !== "group" || group.delimiter !== "(" || more !== undefined) return null;
  const args = argumentsOf(group.trees);
  const [first, second] = args;
  switch (name.text) {
    case "ignore":
      return first?.name === undefined || first.name === null ? null : { k: "ignore", name: first.name };
    case "count":
      if (first === undefined || first.name === null) return null;
      return { k: "count", name: first.name, depth: depthOf(second?.text) };
    case "index":
    case "len":
      return { k: name.text, depth: depthOf(first?.text) };
    case "concat":
      return args.length < 2 ? null : { k: "concat", parts: args };
    default:
      return null;
  }
}

/** The names whose repetitions it stands in. */
export function namesOfMetavar(metavar: Metavar): readonly string[] {
  switch (metavar.k) {
    case "ignore":
    case "count":
      return [metavar.name];
    case "concat":
      return metavar.parts.flatMap(({ name }) => (name === null ? [] : [name]));
    case "index":
    case "len":
      return [];
    default:
      return metavar satisfies never;
  }
}

/** Its token's kind and text, "" for none; `around`: the repetitions, innermost last. */
export function valueOfMetavar(
  metavar: Metavar,
  bound: Bindings,
  around: readonly Round[],
): { readonly k: Token["k"]; readonly text: string } | null {
  const number = (value: number | undefined): { k: "literal"; text: string } | null =>
    value === undefined ? null : { k: "literal", text: String(value) };
  switch (metavar.k) {
    case "ignore":
      return { k: "punct", text: "" };
    case "count": {
      const binding = bound.get(metavar.name);
      return binding?.k === "list"
        ? number(countOf(binding, metavar.name, levels(binding, metavar.name) - metavar.depth))
        : null;
    }
    case "index":
      return number(around.at(-1 - metavar.depth)?.round);
    case "len":
      return number(around.at(-1 - metavar.depth)?.rounds);
    case "concat": {
      const texts = metavar.parts.map(({ name, text }) => (name === null ? text : textOf(bound.get(name))));
      return texts.includes(null) ? null : { k: "ident", text: texts.join("") };
    }
    default:
      return metavar satisfies never;
  }
}

/** How many repetitions are in each other below a list. */
function levels(list: Binding & { readonly k: "list" }, name: string): number {
  const inner = list.items[0]?.get(name);
  return inner?.k === "list" ? 1 + levels(inner, name) : 1;
}

function countOf(list: Binding & { readonly k: "list" }, name: string, down: number): number {
  if (down <= 1) return list.items.length;
  let sum = 0;
  for (const item of list.items) {
    const inner = item.get(name);
    sum += inner?.k === "list" ? countOf(inner, name, down - 1) : 1;
  }
  return sum;
}

function textOf(binding: Binding | undefined): string | null {
  const [tree, more] = binding?.k === "leaf" ? binding.trees : [];
  if (tree === undefined || more !== undefined || tree.k === "group") return null;
  return tree.k === "literal" ? tree.text.replace(/^"|"$/g, "") : tree.text;
}

/** Between commas: a name behind `$`, or a token's text. */
function argumentsOf(trees: readonly TokenTree[]): readonly { readonly name: string | null; readonly text: string }[] {
  const found: { name: string | null; text: string }[] = [];
  for (let at = 0; at < trees.length; at += 1) {
    const [one, next] = [trees[at], trees[at + 1]];
    if (one === undefined || one.k === "group" || (one.k === "punct" && one.text !== "$")) continue;
    if (one.k === "punct") {
      if (next?.k === "ident") found.push({ name: next.text, text: next.text });
      at += 1;
    } else found.push({ name: null, text: one.k === "literal" ? one.text.replace(/^"|"$/g, "") : one.text });
  }
  return found;
}

function depthOf(text: string | undefined): number {
  const value = Number.parseInt(text ?? "0", 10);
  return Number.isNaN(value) ? 0 : value;
}
