/**
 * Small questions about token trees: which one stands here, and where attributes, paths and lists of generic parameters end.
 *
 * Nothing is resolved. Brackets `<` `>` are told from the heads of arrows alone: they are asked for in headers of items, where no comparison stands.
 */
import { exact } from "../base/exact.ts";
import type { Path, PathSegment, TokenTree } from "../syntax/ast.ts";
import { dollarCrateOf } from "../syntax/lower-path.ts";

/** A path without arguments that starts here, and where it ends; null and -1 where none does. */
export function pathAt(
  trees: readonly TokenTree[],
  start: number,
): { readonly path: Path | null; readonly end: number } {
  const segments: PathSegment[] = [];
  let at = start;
  const global = isColons(trees, at);
  if (global) at += 2;
  const from = trees[at];
  for (;;) {
    const one = trees[at];
    if (one?.k !== "ident" || notInPaths.has(one.text) || one.text.startsWith("r#")) return { path: null, end: -1 };
    segments.push({ name: one.text, args: null, span: one.span, context: one.context });
    at += 1;
    if (!isColons(trees, at) || trees[at + 2]?.k !== "ident") break;
    at += 2;
  }
  const crate = global ? null : dollarCrateOf(segments[0]?.name ?? "");
  if (crate !== null) segments.shift();
  const { span } = from as TokenTree;
  return {
    path: { global, dollarCrate: crate, qself: null, qselfPosition: 0, segments: exact(segments), span },
    end: at,
  };
}

/** Words that begin a type which is no path, or stand before one. */
const notInPaths: ReadonlySet<string> = new Set([
  "dyn",
  "impl",
  "fn",
  "unsafe",
  "extern",
  "for",
  "const",
  "mut",
  "async",
  "where",
  "as",
]);

/** Does nothing stand behind the path but its generic arguments? */
export function endsPath(trees: readonly TokenTree[], end: number): boolean {
  if (end === trees.length) return true;
  if (!isPunct(trees[end], "<")) return false;
  const generics = genericsAt(trees, end);
  return generics !== null && generics.end === trees.length;
}

/** Names of type parameters between angle brackets, and where those end; null where they do not. */
export function genericsAt(
  trees: readonly TokenTree[],
  start: number,
): { readonly end: number; readonly types: ReadonlySet<string> } | null {
  const types = new Set<string>();
  let at = start + 1;
  while (at < trees.length) {
    const first = trees[attributesEnd(trees, at)];
    if (first?.k === "ident") types.add(first.text);
    // The bracket that closes the list lies outside of all that its parameters open.
    const next = outsideAngles(trees, at, (tree) => isPunct(tree, ",") || isPunct(tree, ">"));
    if (next < 0) return null;
    if (isPunct(trees[next], ">")) return { end: next + 1, types };
    at = next + 1;
  }
  return null;
}

/** Behind the attributes that stand here. */
export function attributesEnd(trees: readonly TokenTree[], start: number): number {
  let at = start;
  while (textAt(trees, at) === "#" && isGroup(trees[at + 1], "[")) at += 2;
  return at;
}

/** The first tree from `start` on that is wanted and within no angle brackets; -1 for none. The head of an arrow is no bracket, and nobody's. */
export function outsideAngles(
  trees: readonly TokenTree[],
  start: number,
  wanted: (tree: TokenTree) => boolean,
): number {
  let depth = 0;
  for (let at = start; at < trees.length; at += 1) {
    const tree = trees[at] as TokenTree;
    if (isPunct(tree, ">") && isArrow(trees[at - 1])) continue;
    if (depth === 0 && wanted(tree)) return at;
    if (isPunct(tree, "<")) depth += 1;
    else if (isPunct(tree, ">")) depth -= 1;
    if (depth < 0) return -1;
  }
  return -1;
}

function isArrow(before: TokenTree | undefined): boolean {
  return before?.k === "punct" && before.joint && (before.text === "-" || before.text === "=");
}

/** Does `::` stand here? */
export function isColons(trees: readonly TokenTree[], at: number): boolean {
  const first = trees[at];
  return isPunct(first, ":") && first?.k === "punct" && first.joint && isPunct(trees[at + 1], ":");
}

/** Is it a group in these delimiters? */
export function isGroup(tree: TokenTree | undefined, delimiter: string): boolean {
  return tree?.k === "group" && tree.delimiter === delimiter;
}

/** Is it this character of punctuation? */
export function isPunct(tree: TokenTree | undefined, text: string): boolean {
  return tree?.k === "punct" && tree.text === text;
}

/** Is it this word? */
export function isIdent(tree: TokenTree | undefined, text: string): boolean {
  return tree?.k === "ident" && tree.text === text;
}

/** The text of the token here; empty for a group, and behind the end. */
export function textAt(trees: readonly TokenTree[], at: number): string {
  const tree = trees[at];
  return tree === undefined || tree.k === "group" ? "" : tree.text;
}
