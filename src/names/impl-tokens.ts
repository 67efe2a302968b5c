/**
 * What the header of an impl says, told from its tokens: its trait as a path, and of its self type what the first tokens tell.
 *
 * Null for what may be more than that: an attribute that may change it, a macro in the header, a trait that is no plain path.
 */
import type { Path, TokenTree } from "../syntax/ast.ts";
import { heads } from "./heads.ts";
import { attributesEnd, endsPath, genericsAt, isIdent, isPunct, outsideAngles, pathAt, textAt } from "./token-heads.ts";

/** The self type of an impl as far as its first tokens tell: its constructor's key, null for a parameter; a path that names it; open where they do not tell. */
export type SelfTokens =
  | { readonly k: "head"; readonly head: string | null }
  | { readonly k: "path"; readonly path: Path }
  | { readonly k: "open" };

export interface ImplTokens {
  readonly k: "impl";
  readonly trees: readonly TokenTree[];
  readonly negative: boolean;
  /** Null for an inherent impl. */
  readonly trait: Path | null;
  readonly self: SelfTokens;
}
/** The impl that these tokens are, if they are plainly one. */
export function implIn(trees: readonly TokenTree[]): ImplTokens | null {
  let at = attributesEnd(trees, 0);
  for (let index = 1; index < at; index += 2) {
    const group = trees[index];
    const name = group?.k === "group" ? group.trees[0] : undefined;
    if (name?.k !== "ident" || !inert.has(name.text)) return null;
  }
  while (textAt(trees, at) === "unsafe" || textAt(trees, at) === "default") at += 1;
  const body = trees.at(-1);
  if (textAt(trees, at) !== "impl" || body?.k !== "group" || body.delimiter !== "{") return null;
  at += 1;
  const generics = isPunct(trees[at], "<") ? genericsAt(trees, at) : { end: at, types: noNames };
  if (generics === null) return null;
  at = generics.end;
  const negative = isPunct(trees[at], "!");
  if (negative) at += 1;
  const head = trees.slice(at, -1);
  if (callsMacro(head)) return null;
  const where = outsideAngles(head, 0, (tree) => isIdent(tree, "where"));
  const header = where < 0 ? head : head.slice(0, where);
  const split = outsideAngles(header, 0, (tree) => isIdent(tree, "for"));
  const self = selfIn(ungrouped(header.slice(split + 1)), generics.types);
  if (split < 0) return negative ? null : { k: "impl", trees, negative, trait: null, self };
  const named = ungrouped(header.slice(0, split));
  const trait = pathAt(named, 0);
  if (trait.path === null || !endsPath(named, trait.end)) return null;
  return { k: "impl", trees, negative, trait: trait.path, self };
}

/** Attributes that say nothing about what an impl means. */
const inert: ReadonlySet<string> = new Set([
  "allow",
  "automatically_derived",
  "cold",
  "deny",
  "doc",
  "expect",
  "inline",
  "warn",
]);

const noNames: ReadonlySet<string> = new Set();

const open: SelfTokens = { k: "open" };

function headed(head: string | null): SelfTokens {
  return { k: "head", head };
}

function selfIn(trees: readonly TokenTree[], params: ReadonlySet<string>): SelfTokens {
  const [first] = trees;
  if (first?.k === "group" && trees.length === 1) return groupedSelf(first.delimiter, first.trees);
  if (isPunct(first, "&")) {
    const mut = trees[1]?.k === "lifetime" ? 2 : 1;
    return headed(heads.ref(!isPunct(trees[1], "&") && textAt(trees, mut) === "mut"));
  }
  if (isPunct(first, "*")) return headed(heads.ptr(textAt(trees, 1) === "mut"));
  const { path, end } = pathAt(trees, 0);
  if (path === null || !endsPath(trees, end)) return open;
  const [name] = path.segments;
  if (!path.global && path.dollarCrate === null && name !== undefined && params.has(name.name))
    return path.segments.length === 1 ? headed(null) : open;
  return { k: "path", path };
}

function groupedSelf(delimiter: string, trees: readonly TokenTree[]): SelfTokens {
  if (delimiter === "[") return headed(trees.some((tree) => isPunct(tree, ";")) ? heads.array : heads.slice);
  if (delimiter !== "(") return open;
  if (trees.length === 0) return headed(heads.tuple(0));
  let elems = 0;
  let from = 0;
  for (;;) {
    const comma = outsideAngles(trees, from, (tree) => isPunct(tree, ","));
    if (comma < 0) break;
    elems += 1;
    from = comma + 1;
  }
  // Without a comma the parentheses are only that; brackets that do not agree are left to the parser.
  if (elems === 0 || trees.slice(from).some((tree) => isPunct(tree, ","))) return open;
  return headed(heads.tuple(from < trees.length ? elems + 1 : elems));
}

/** What a matched type is put in as is looked through. */
function ungrouped(trees: readonly TokenTree[]): readonly TokenTree[] {
  let inner = trees;
  for (;;) {
    const [first] = inner;
    if (inner.length !== 1 || first?.k !== "group" || first.delimiter !== "") return inner;
    inner = first.trees;
  }
}

/** Does a macro's name stand between these tokens, `name!(…)`? */
function callsMacro(trees: readonly TokenTree[]): boolean {
  return trees.some(
    (tree, at) =>
      (isPunct(tree, "!") && trees[at - 1]?.k === "ident" && trees[at + 1]?.k === "group") ||
      (tree.k === "group" && tree.delimiter === "" && callsMacro(tree.trees)),
  );
}
