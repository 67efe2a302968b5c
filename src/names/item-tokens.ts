/**
 * The items among the tokens that a macro made, as far as their heads tell what they are: enough to know who could want one, without parsing it.
 *
 * Input: token trees where items, or the statements of a block, stand. Output: items that are plainly that, and everything else in its order. From the
 * first token on that could belong to anything else all is left as it is, and so is an item with an import in a body, an impl with an attribute that may
 * change it, with a macro in its header, or with a trait that is no plain path.
 */
import type { Path, PathSegment, TokenGroup, TokenTree, Visibility } from "../syntax/ast.ts";
import { dollarCrateOf } from "../syntax/lower-path.ts";

/** The self type of an impl as far as its first tokens tell; open where they do not. */
export type SelfTokens =
  | { readonly k: "path"; readonly path: Path }
  | { readonly k: "param" }
  | { readonly k: "ref" | "ptr"; readonly mut: boolean }
  | { readonly k: "slice" | "array" }
  | { readonly k: "open" }
  | { readonly k: "tuple"; readonly elems: number };

export interface ImplTokens {
  readonly k: "impl";
  readonly trees: readonly TokenTree[];
  readonly negative: boolean;
  /** Null for an inherent impl. */
  readonly trait: Path | null;
  readonly self: SelfTokens;
}
/** A function, constant, static or type with a name. */
export interface NamedTokens {
  readonly k: "named";
  readonly kind: "struct" | "enum" | "fn" | "const" | "static" | "type-alias";
  readonly name: string;
  readonly trees: readonly TokenTree[];
  /** What stands between the brackets of its attributes. */
  readonly attributes: readonly TokenGroup[];
  readonly vis: Visibility;
  /** A struct that its name makes a value of: a tuple or a unit. */
  readonly isValue: boolean;
}
export type ItemTokens = ImplTokens | NamedTokens;

/** A macro call. */
export interface CallTokens {
  readonly k: "call";
  readonly path: Path;
  readonly group: TokenGroup;
  readonly semi: boolean;
}
/** What is none of these, or not looked at. */
export interface RestTokens {
  readonly k: "rest";
  readonly trees: readonly TokenTree[];
}
export type TokenPart = ItemTokens | CallTokens | RestTokens;

/** The parts of an expansion, in their order; of items only impls, or none, where it says so. */
export function partsOf(trees: readonly TokenTree[], which: "calls" | "impls" | "all"): readonly TokenPart[] {
  const parts: TokenPart[] = [];
  let from = 0;
  const restUntil = (end: number): void => {
    if (from < end)
      parts.push({ k: "rest", trees: from === 0 && end === trees.length ? trees : trees.slice(from, end) });
  };
  for (let at = 0; at < trees.length; ) {
    const end = itemEnd(trees, at);
    if (end < 0) break;
    const part = callAt(trees, at) ?? itemIn(trees.slice(at, end), which);
    if (part !== null) {
      restUntil(at);
      parts.push(part);
      from = end;
    }
    at = end;
  }
  restUntil(trees.length);
  return parts;
}

function itemIn(trees: readonly TokenTree[], which: "calls" | "impls" | "all"): ItemTokens | null {
  const item = which === "calls" ? null : (implIn(trees) ?? (which === "all" ? namedIn(trees) : null));
  return item === null || imports(trees) ? null : item;
}

/** Items that end with their first pair of braces, or a semicolon before it. */
const braced: ReadonlySet<string> = new Set(["impl", "fn", "struct", "enum", "trait", "mod"]);
/** Items that end with a semicolon, whatever stands before it. */
const closed: ReadonlySet<string> = new Set(["use", "const", "static", "type"]);
const qualifiers: ReadonlySet<string> = new Set(["unsafe", "async", "extern", "default"]);

/** Where the item that starts here ends; -1 where none does, as far as can be told. */
function itemEnd(trees: readonly TokenTree[], start: number): number {
  const at = keywordAt(trees, attributesEnd(trees, start));
  const word = textAt(trees, at);
  if (braced.has(word) || (word === "union" && trees[at + 1]?.k === "ident")) return bracesEnd(trees, at + 1);
  if (closed.has(word)) return semicolonEnd(trees, at + 1);
  return callEnd(trees, at);
}

/** Behind visibility and qualifiers. */
function keywordAt(trees: readonly TokenTree[], start: number): number {
  let at = start;
  if (textAt(trees, at) === "pub") {
    at += 1;
    if (isGroup(trees[at], "(")) at += 1;
  }
  while (qualifiers.has(textAt(trees, at)) || (textAt(trees, at) === "const" && startsFn(trees, at + 1))) {
    at += 1;
    if (trees[at]?.k === "literal") at += 1;
  }
  return at;
}

function startsFn(trees: readonly TokenTree[], at: number): boolean {
  const word = textAt(trees, at);
  return word === "fn" || qualifiers.has(word);
}

function attributesEnd(trees: readonly TokenTree[], start: number): number {
  let at = start;
  while (textAt(trees, at) === "#" && isGroup(trees[at + 1], "[")) at += 2;
  return at;
}

/** Behind the first braces that are no generic argument, or a semicolon before them. */
function bracesEnd(trees: readonly TokenTree[], start: number): number {
  const at = outsideAngles(trees, start, (tree) => isGroup(tree, "{") || isPunct(tree, ";"));
  return at < 0 ? -1 : at + 1;
}

function semicolonEnd(trees: readonly TokenTree[], start: number): number {
  for (let at = start; at < trees.length; at += 1) if (isPunct(trees[at], ";")) return at + 1;
  return -1;
}

/** Behind `a::b!(…);`, or `a::b! {…}`. */
function callEnd(trees: readonly TokenTree[], start: number): number {
  const { end } = pathAt(trees, start);
  const group = trees[end + 1];
  if (end < 0 || !isPunct(trees[end], "!") || group?.k !== "group") return -1;
  const next = trees[end + 2];
  if (isPunct(next, ";")) return end + 3;
  // Braces end a statement, too, but where a method is called on what they stand for.
  return group.delimiter === "{" && (next === undefined || isPunct(next, "#") || next.k === "ident") ? end + 2 : -1;
}

function callAt(trees: readonly TokenTree[], start: number): CallTokens | null {
  const end = callEnd(trees, start);
  const { path } = end < 0 ? { path: null } : pathAt(trees, start);
  const semi = isPunct(trees[end - 1], ";");
  const group = trees[semi ? end - 2 : end - 1];
  return path === null || group?.k !== "group" ? null : { k: "call", path, group, semi };
}

/** The first tree from `start` on that is wanted and within no angle brackets; -1 for none. The head of an arrow is no bracket, and nobody's. */
function outsideAngles(trees: readonly TokenTree[], start: number, wanted: (tree: TokenTree) => boolean): number {
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

// ---- named items ------------------------------------------------------------------------------------------------

const kinds: Readonly<Record<string, NamedTokens["kind"]>> = {
  struct: "struct",
  union: "struct",
  enum: "enum",
  fn: "fn",
  const: "const",
  static: "static",
  type: "type-alias",
};

function namedIn(trees: readonly TokenTree[]): NamedTokens | null {
  const start = attributesEnd(trees, 0);
  const vis = visibilityAt(trees, start);
  const keyword = keywordAt(trees, start);
  const word = textAt(trees, keyword);
  const kind = Object.hasOwn(kinds, word) ? kinds[word] : undefined;
  if (kind === undefined || vis === null) return null;
  const at = word === "static" && textAt(trees, keyword + 1) === "mut" ? keyword + 2 : keyword + 1;
  const name = trees[at];
  if (name?.k !== "ident" || name.text === "_" || name.text.startsWith("r#")) return null;
  const isValue = kind === "struct" ? shapeAt(trees, at + 1) : false;
  if (isValue === null) return null;
  const attributes = trees.slice(0, start).flatMap((tree) => (tree.k === "group" ? [tree] : []));
  return { k: "named", kind, name: name.text, trees, attributes, vis, isValue };
}

/** Does parentheses or a semicolon follow the name of a struct? Null where that is not plain. */
function shapeAt(trees: readonly TokenTree[], start: number): boolean | null {
  const generics = isPunct(trees[start], "<") ? genericsAt(trees, start) : { end: start };
  if (generics === null) return null;
  const next = trees[generics.end];
  if (isGroup(next, "(") || isPunct(next, ";")) return true;
  return isGroup(next, "{") ? false : null;
}

function visibilityAt(trees: readonly TokenTree[], at: number): Visibility | null {
  if (textAt(trees, at) !== "pub") return { k: "private" };
  const group = trees[at + 1];
  if (group?.k !== "group" || group.delimiter !== "(") return { k: "public" };
  const path = group.trees.flatMap((tree) => (tree.k === "ident" && tree.text !== "in" ? [tree.text] : []));
  return path.length === 0 ? null : { k: "restricted", path };
}

// ---- impls ------------------------------------------------------------------------------------------------------

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

function implIn(trees: readonly TokenTree[]): ImplTokens | null {
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

const noNames: ReadonlySet<string> = new Set();

/** Names of type parameters between angle brackets, and where those end; null where they do not. */
function genericsAt(
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

function selfIn(trees: readonly TokenTree[], params: ReadonlySet<string>): SelfTokens {
  const [first] = trees;
  if (first?.k === "group" && trees.length === 1) return groupedSelf(first.delimiter, first.trees);
  if (isPunct(first, "&")) {
    const mut = trees[1]?.k === "lifetime" ? 2 : 1;
    return isPunct(trees[1], "&") ? { k: "ref", mut: false } : { k: "ref", mut: textAt(trees, mut) === "mut" };
  }
  if (isPunct(first, "*")) return { k: "ptr", mut: textAt(trees, 1) === "mut" };
  const { path, end } = pathAt(trees, 0);
  if (path === null || !endsPath(trees, end)) return { k: "open" };
  const [name] = path.segments;
  if (!path.global && path.dollarCrate === null && name !== undefined && params.has(name.name))
    return path.segments.length === 1 ? { k: "param" } : { k: "open" };
  return { k: "path", path };
}

function groupedSelf(delimiter: string, trees: readonly TokenTree[]): SelfTokens {
  if (delimiter === "[") return { k: trees.some((tree) => isPunct(tree, ";")) ? "array" : "slice" };
  if (delimiter !== "(") return { k: "open" };
  if (trees.length === 0) return { k: "tuple", elems: 0 };
  let elems = 0;
  let from = 0;
  for (;;) {
    const comma = outsideAngles(trees, from, (tree) => isPunct(tree, ","));
    if (comma < 0) break;
    elems += 1;
    from = comma + 1;
  }
  // Without a comma the parentheses are only that; brackets that do not agree are left to the parser.
  if (elems === 0 || trees.slice(from).some((tree) => isPunct(tree, ","))) return { k: "open" };
  return { k: "tuple", elems: from < trees.length ? elems + 1 : elems };
}

/** A path without arguments that starts here, and where it ends; null and -1 where none does. */
function pathAt(trees: readonly TokenTree[], start: number): { readonly path: Path | null; readonly end: number } {
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
  return { path: { global, dollarCrate: crate, qself: null, qselfPosition: 0, segments, span }, end: at };
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
function endsPath(trees: readonly TokenTree[], end: number): boolean {
  if (end === trees.length) return true;
  if (!isPunct(trees[end], "<")) return false;
  const generics = genericsAt(trees, end);
  return generics !== null && generics.end === trees.length;
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

/** Does an import stand among these tokens? Who looks for other names of something goes through texts for them. */
function imports(trees: readonly TokenTree[]): boolean {
  return trees.some((tree) => (tree.k === "group" ? imports(tree.trees) : tree.text === "use"));
}

/** Does a macro's name stand between these tokens, `name!(…)`? */
function callsMacro(trees: readonly TokenTree[]): boolean {
  return trees.some(
    (tree, at) =>
      (isPunct(tree, "!") && trees[at - 1]?.k === "ident" && trees[at + 1]?.k === "group") ||
      (tree.k === "group" && tree.delimiter === "" && callsMacro(tree.trees)),
  );
}

function isColons(trees: readonly TokenTree[], at: number): boolean {
  const first = trees[at];
  return isPunct(first, ":") && first?.k === "punct" && first.joint && isPunct(trees[at + 1], ":");
}

function isGroup(tree: TokenTree | undefined, delimiter: string): boolean {
  return tree?.k === "group" && tree.delimiter === delimiter;
}

function isPunct(tree: TokenTree | undefined, text: string): boolean {
  return tree?.k === "punct" && tree.text === text;
}

function isIdent(tree: TokenTree | undefined, text: string): boolean {
  return tree?.k === "ident" && tree.text === text;
}

function textAt(trees: readonly TokenTree[], at: number): string {
  const tree = trees[at];
  return tree === undefined || tree.k === "group" ? "" : tree.text;
}
