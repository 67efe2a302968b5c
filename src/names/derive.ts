/**
 * The impls that the language's own derives make: header as a tree, members as Rust text that is parsed when it is asked for.
 *
 * Input: a struct or enum after cfg. Output: impl items for the nine built-in derives. Other derives make impls that cannot be
 * seen: what they would provide is then found nowhere, and a call of it is unresolved. Source: the Rust Reference, "Derive".
 */

import type { Span } from "../base/span.ts";
import type {
  Bound,
  FnItem,
  GenericArg,
  Generics,
  ImplItem,
  Item,
  Path,
  PathSegment,
  Source,
  TypeRef,
} from "../syntax/ast.ts";
import { parseImplItems } from "../syntax/file-items.ts";
import { dollarCrateName } from "../syntax/lower-path.ts";
import { attrNamed } from "./attributes.ts";
import { type Derivable, type DerivedShape, memberBodies } from "./derive-bodies.ts";
import { isReserved } from "./fragment-types.ts";
import { type CrateState, type DefRec, defOf, type Store } from "./store.ts";
import { splitTopLevel } from "./text-split.ts";

interface Derive {
  readonly trait: readonly string[];
  readonly signature: string | null;
  /** Bound put on each type parameter. */
  readonly bound: readonly string[];
}

const derives: Readonly<Record<Derivable, Derive>> = {
  Clone: { trait: ["clone", "Clone"], signature: "fn clone(&self) -> Self", bound: ["clone", "Clone"] },
  Copy: { trait: ["marker", "Copy"], signature: null, bound: ["marker", "Copy"] },
  Debug: {
    trait: ["fmt", "Debug"],
    signature: "fn fmt(&self, f: &mut $::fmt::Formatter<'_>) -> $::fmt::Result",
    bound: ["fmt", "Debug"],
  },
  Default: { trait: ["default", "Default"], signature: "fn default() -> Self", bound: ["default", "Default"] },
  PartialEq: {
    trait: ["cmp", "PartialEq"],
    signature: "fn eq(&self, other: &Self) -> bool",
    bound: ["cmp", "PartialEq"],
  },
  Eq: { trait: ["cmp", "Eq"], signature: null, bound: ["cmp", "Eq"] },
  PartialOrd: {
    trait: ["cmp", "PartialOrd"],
    signature: "fn partial_cmp(&self, other: &Self) -> $::option::Option<$::cmp::Ordering>",
    bound: ["cmp", "PartialOrd"],
  },
  Ord: { trait: ["cmp", "Ord"], signature: "fn cmp(&self, other: &Self) -> $::cmp::Ordering", bound: ["cmp", "Ord"] },
  Hash: {
    trait: ["hash", "Hash"],
    signature: "fn hash<__H: $::hash::Hasher>(&self, state: &mut __H)",
    bound: ["hash", "Hash"],
  },
};

/** The derived impls of a type; none where no pack declares `core`. */
export function deriveImpls(store: Store, crate: CrateState, def: DefRec): ImplItem[] {
  const core = store.packByName.get("core");
  if (core === undefined || !def.attrs.some((attr) => attr.path === "derive")) return [];
  const names = new Set<string>();
  const impls: ImplItem[] = [];
  for (const attr of def.attrs) {
    if (attr.path !== "derive") continue;
    for (const path of splitTopLevel(attr.tokens, ",")) {
      const name = path.replace(/\s/g, "").split("::").at(-1) ?? "";
      if (!Object.hasOwn(derives, name) || names.has(name)) continue;
      names.add(name);
      impls.push(implOf(store, crate, def, name as Derivable, core, attr.span));
    }
  }
  return impls;
}

function implOf(store: Store, crate: CrateState, def: DefRec, name: Derivable, core: number, span: Span): ImplItem {
  const derive = derives[name];
  const { item } = def;
  const generics: Generics = item?.k === "struct" || item?.k === "enum" ? item.generics : { params: [], where: [] };
  const source = item?.source ?? emptySource(span);
  const trait = corePath(core, derive.trait, span);
  const bound: Bound = { path: corePath(core, derive.bound, span), maybe: false };
  return {
    k: "impl",
    attrs: [],
    vis: { k: "private" },
    name: "",
    span,
    keySpan: span,
    source,
    start: item?.start ?? 0,
    end: item?.start ?? 0,
    broken: false,
    generics: {
      where: generics.where,
      params: generics.params.map((param) =>
        param.k === "type"
          ? { ...param, bounds: [...param.bounds, bound], default: null }
          : { ...param, default: null },
      ),
    },
    trait,
    negative: false,
    selfTy: selfType(def, generics, source, span),
    items: membersOf(store, crate, def, name, core, span),
  };
}

function membersOf(store: Store, crate: CrateState, def: DefRec, name: Derivable, core: number, span: Span): Item[] {
  const { signature } = derives[name];
  if (signature === null) return [];
  const dollar = dollarCrateName(core);
  const template = templateFn(store, signature.replaceAll("$", dollar));
  if (template === null) return [];
  let body: Source | null = null;
  const made = (): Source => {
    body ??= textSource(
      `${signature.replaceAll("$", dollar)} { ${memberBodies[name](shapeOf(store, def)).replaceAll("$", dollar)} }`,
      span,
      `derive(${name})`,
      crate.edition,
    );
    return body;
  };
  const fn: FnItem = {
    ...template,
    span,
    keySpan: span,
    get source(): Source {
      return made();
    },
    start: 0,
    get end(): number {
      return made().text.length;
    },
  };
  return [fn];
}

const templates = new WeakMap<Store, Map<string, FnItem | null>>();

/** The signature parsed once per program. */
function templateFn(store: Store, signature: string): FnItem | null {
  const known = templates.get(store) ?? new Map<string, FnItem | null>();
  templates.set(store, known);
  const found = known.get(signature);
  if (found !== undefined) return found;
  const source = textSource(
    `${signature} { loop {} }`,
    { file: 0 as Span["file"], start: 0, end: 0 },
    "derive",
    "2021",
  );
  const [item] = parseImplItems(source).items;
  const fn = item?.k === "fn" ? item : null;
  known.set(signature, fn);
  return fn;
}

function shapeOf(store: Store, def: DefRec): DerivedShape {
  const { item } = def;
  if (item?.k === "struct") {
    return {
      enum: false,
      union: item.union,
      copy: item.generics.params.length === 0 && derivesCopy(def),
      variants: [
        { name: "", shape: item.shape, fields: item.fields.map((field) => written(field.name)), isDefault: false },
      ],
    };
  }
  const variants = def.children.flatMap((child) => {
    const { variant, attrs, kind } = defOf(store, child);
    if (kind !== "variant" || variant === null) return [];
    return [
      {
        name: written(variant.name),
        shape: variant.shape,
        fields: variant.fields.map((field) => written(field.name)),
        isDefault: attrNamed(attrs, "default") !== null,
      },
    ];
  });
  return {
    enum: true,
    union: false,
    copy: item?.k === "enum" && item.generics.params.length === 0 && derivesCopy(def),
    variants,
  };
}

/** A name as it is written: reserved words as raw identifiers. */
function written(name: string): string {
  return isReserved(name) ? `r#${name}` : name;
}

function derivesCopy(def: DefRec): boolean {
  return def.attrs.some((attr) => attr.path === "derive" && /\bCopy\b/.test(attr.tokens));
}

function selfType(def: DefRec, generics: Generics, source: Source, span: Span): TypeRef {
  const types = generics.params.map(
    (param): GenericArg => ({ k: "type", ty: { k: "path", path: plainPath([param.name], span), span } }),
  );
  const args = types.length === 0 ? null : { types, bindings: [], parenthesized: false };
  const segment: PathSegment = { name: def.name, args, span, context: source.contextAt(0) };
  return { k: "path", path: { ...plainPath([], span), segments: [segment] }, span };
}

function corePath(core: number, names: readonly string[], span: Span): Path {
  return { ...plainPath(names, span), dollarCrate: core };
}

function plainPath(names: readonly string[], span: Span): Path {
  const segments = names.map((name) => ({ name, args: null, span, context: 0 }));
  return { global: false, dollarCrate: null, qself: null, qselfPosition: 0, segments, span };
}

function emptySource(span: Span): Source {
  return textSource("", span, "derive", "2021");
}

/** Text of our own making that stands for what a person wrote at `span`. */
function textSource(text: string, span: Span, macro: string, edition: Source["edition"]): Source {
  return {
    file: span.file,
    text,
    edition,
    expansion: { call: span, macro, depth: 1 },
    spanOf: () => span,
    contextAt: () => 0,
  };
}
