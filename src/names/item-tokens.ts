/**
 * The items among the tokens that a macro made, as far as their heads tell what they are: enough to know who could want one, without parsing it.
 *
 * Input: token trees where items, or the statements of a block, stand. Output: items that are plainly that, and everything else in its order. From the
 * first token on that could belong to anything else all is left as it is, and so is an item with an import in a body, or an impl whose header does not
 * tell (impl-tokens.ts).
 */
import { pushAll } from "../base/push-all.ts";
import type { Path, TokenGroup, TokenTree, Visibility } from "../syntax/ast.ts";
import { type ImplTokens, implIn } from "./impl-tokens.ts";
import { attributesEnd, genericsAt, isGroup, isPunct, outsideAngles, pathAt, textAt } from "./token-heads.ts";

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

type Which = "calls" | "impls" | "all";

/** The parts of an expansion, in their order; of items only impls, or none, where it says so. */
export function partsOf(trees: readonly TokenTree[], which: Which): readonly TokenPart[] {
  const parts: TokenPart[] = [];
  let from = 0;
  const restUntil = (end: number): void => {
    if (from < end)
      parts.push({ k: "rest", trees: from === 0 && end === trees.length ? trees : trees.slice(from, end) });
  };
  for (let at = 0; at < trees.length; ) {
    const call = callAt(trees, at);
    const end = call?.end ?? itemEnd(trees, at);
    if (end < 0) break;
    const part = call?.tokens ?? itemIn(trees.slice(at, end), which);
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

/** What makes the parts once more, from what makes the trees. */
export function partsAgain(trees: () => readonly TokenTree[], which: Which): () => readonly TokenPart[] {
  return () => partsOf(trees(), which);
}

function itemIn(trees: readonly TokenTree[], which: Which): ItemTokens | null {
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
  return callAt(trees, at)?.end ?? -1;
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

/** Behind the first braces that are no generic argument, or a semicolon before them. */
function bracesEnd(trees: readonly TokenTree[], start: number): number {
  const at = outsideAngles(trees, start, (tree) => isGroup(tree, "{") || isPunct(tree, ";"));
  return at < 0 ? -1 : at + 1;
}

function semicolonEnd(trees: readonly TokenTree[], start: number): number {
  for (let at = start; at < trees.length; at += 1) if (isPunct(trees[at], ";")) return at + 1;
  return -1;
}

/** The call that begins here and where it ends: `a::b!(…);`, or `a::b! {…}`. */
function callAt(
  trees: readonly TokenTree[],
  start: number,
): { readonly tokens: CallTokens; readonly end: number } | null {
  const { path, end } = pathAt(trees, start);
  const group = trees[end + 1];
  if (path === null || !isPunct(trees[end], "!") || group?.k !== "group") return null;
  const next = trees[end + 2];
  const semi = isPunct(next, ";");
  // Braces end a statement, too, but where a method is called on what they stand for.
  const isEnded = semi || (group.delimiter === "{" && (next === undefined || isPunct(next, "#") || next.k === "ident"));
  return isEnded ? { tokens: { k: "call", path, group, semi }, end: semi ? end + 3 : end + 2 } : null;
}

/** Does an import stand among these tokens? Who looks for other names of something goes through texts for them. */
function imports(trees: readonly TokenTree[]): boolean {
  const pending = [...trees];
  for (let tree = pending.pop(); tree !== undefined; tree = pending.pop()) {
    if (tree.k === "group") pushAll(pending, tree.trees);
    else if (tree.text === "use") return true;
  }
  return false;
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
