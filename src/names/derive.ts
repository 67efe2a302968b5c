/**
 * The impls that the language's own derives make: header as a tree, members as Rust text that is parsed when it is asked for.
 *
 * Input: a struct or enum after cfg. Output: impl items for the nine built-in derives, and for those of other crates that
 * data describes (derive-described.ts). Source: the Rust Reference, "Derive".
 */

import type { Span } from "../base/span.ts";
import type {
  Attr,
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
  Visibility,
} from "../syntax/ast.ts";
import { parseImplItems } from "../syntax/file-items.ts";
import { dollarCrateName } from "../syntax/lower-path.ts";
import { wholeFn } from "../syntax/lower-placed-fn.ts";
import { textSource } from "../syntax/source.ts";
import { attrNamed } from "./attributes.ts";
import { type Derivable, type DerivedShape, memberBodies } from "./derive-bodies.ts";
import { describedImpls, type DerivedHeader as Header } from "./derive-described.ts";
import { derivedFn } from "./derived-fn.ts";
import { isReserved } from "./fragment-types.ts";
import { type CrateState, type DefRec, defOf, type Store } from "./store.ts";
import { splitTopLevel } from "./text-split.ts";

interface Derive {
  /** The trait in `core`; each type parameter is bound by it, too. */
  readonly trait: readonly string[];
  readonly signature: string | null;
}

const derives: Readonly<Record<Derivable, Derive>> = {
  Clone: { trait: ["clone", "Clone"], signature: "fn clone(&self) -> Self" },
  Copy: { trait: ["marker", "Copy"], signature: null },
  Debug: {
    trait: ["fmt", "Debug"],
    signature: "fn fmt(&self, f: &mut $::fmt::Formatter<'_>) -> $::fmt::Result",
  },
  Default: { trait: ["default", "Default"], signature: "fn default() -> Self" },
  PartialEq: {
    trait: ["cmp", "PartialEq"],
    signature: "fn eq(&self, other: &Self) -> bool",
  },
  Eq: { trait: ["cmp", "Eq"], signature: null },
  PartialOrd: {
    trait: ["cmp", "PartialOrd"],
    signature: "fn partial_cmp(&self, other: &Self) -> $::option::Option<$::cmp::Ordering>",
  },
  Ord: { trait: ["cmp", "Ord"], signature: "fn cmp(&self, other: &Self) -> $::cmp::Ordering" },
  Hash: {
    trait: ["hash", "Hash"],
    signature: "fn hash<__H: $::hash::Hasher>(&self, state: &mut __H)",
  },
};

const none: readonly never[] = [];
const unwritten: Visibility = { k: "private" };

/** The derived impls of a type; none where no pack declares `core`. */
export function deriveImpls(store: Store, crate: CrateState, def: DefRec): DerivedImpl[] {
  const core = store.packByName.get("core");
  const all = core === undefined ? [] : derivesIn(def.attrs);
  const [first] = all;
  if (core === undefined || first === undefined) return [];
  const header = headerOf(def, first.span);
  return all.flatMap(({ name, path, span, undecided }) => {
    const impls =
      name === null
        ? describedImpls(store, crate, def, header, path, span)
        : [implOf(store, crate, def, header, name, core, span)];
    return impls.map((item) => ({ item, undecided }));
  });
}

/** An impl of a derive; `undecided`: nobody knows whether its attribute is there. */
export interface DerivedImpl {
  readonly item: ImplItem;
  readonly undecided: boolean;
}

/** The impl that one built-in derive of a type makes; null where it has none of that name. */
export function derivedImpl(store: Store, crate: CrateState, def: DefRec, name: Derivable): ImplItem | null {
  const core = store.packByName.get("core");
  const found = derivesIn(def.attrs).find((one) => one.name === name);
  if (core === undefined || found === undefined) return null;
  return implOf(store, crate, def, headerOf(def, found.span), name, core, found.span);
}

interface Derived {
  /** Null for a derive of another crate. */
  readonly name: Derivable | null;
  readonly path: string;
  readonly span: Span;
  readonly undecided: boolean;
}

/** The derives that attributes ask for, each of the built-in ones once. */
function derivesIn(attrs: readonly Attr[]): readonly Derived[] {
  const names = new Set<string>();
  return attrs.flatMap(({ path: attribute, tokens, span, undecided = false }): Derived[] => {
    if (attribute !== "derive") return [];
    return splitTopLevel(tokens, ",").flatMap((path): Derived[] => {
      const name = builtInName(path);
      if (name !== null && names.has(name)) return [];
      if (name !== null) names.add(name);
      return [{ name, path, span, undecided }];
    });
  });
}

/** The traits that built-in derives implement, in the order of the impls that they make; null where there is another derive. */
export function derivedTraits(
  store: Store,
  attrs: readonly Attr[],
): readonly { readonly name: Derivable; readonly trait: Path; readonly undecided: boolean }[] | null {
  const core = store.packByName.get("core");
  if (core === undefined) return [];
  const found: { readonly name: Derivable; readonly trait: Path; readonly undecided: boolean }[] = [];
  for (const { name, span, undecided } of derivesIn(attrs)) {
    if (name === null) return null;
    found.push({ name, trait: corePath(core, derives[name].trait, span), undecided });
  }
  return found;
}

const words = new Map<Derivable, ReadonlySet<string>>();

/** Words that stand in what a built-in derive makes, whatever the type; names of fields, variants and types come to them. */
export function derivedWords(name: Derivable): ReadonlySet<string> {
  let found = words.get(name);
  if (found === undefined) {
    const shapes = ["unit", "tuple", "named"] as const;
    const variants = shapes.map((shape) => ({ name: "", shape, fields: ["x", "y"], isDefault: true }));
    const like = { union: false, copy: false, discriminant: "isize", variants };
    const bodies = [false, true].map((isEnum) => memberBodies[name]({ ...like, enum: isEnum }));
    const { trait, signature } = derives[name];
    found = new Set([...trait, ...`${signature} ${bodies.join(" ")}`.matchAll(/\w+/g)].flat());
    words.set(name, found);
  }
  return found;
}

/** `Debug`, `std::fmt::Debug`; null for a derive of another crate. */
function builtInName(path: string): Derivable | null {
  const names = path.replace(/\s/g, "").replace(/^::/, "").split("::");
  const name = names.at(-1) ?? "";
  const ours = names.length === 1 || names[0] === "std" || names[0] === "core";
  return ours && Object.hasOwn(derives, name) ? (name as Derivable) : null;
}

function headerOf(def: DefRec, span: Span): Header {
  const { item } = def;
  const generics: Generics = item?.k === "struct" || item?.k === "enum" ? item.generics : { params: [], where: [] };
  const source = item?.source ?? emptySource(span);
  return { generics, source, selfTy: selfType(def, generics, source, span) };
}

function implOf(
  store: Store,
  crate: CrateState,
  def: DefRec,
  { generics, source, selfTy }: Header,
  name: Derivable,
  core: number,
  span: Span,
): ImplItem {
  const { item } = def;
  const trait = corePath(core, derives[name].trait, span);
  const bound: Bound = { path: trait, maybe: false };
  return {
    k: "impl",
    attrs: none,
    vis: unwritten,
    name: "",
    span,
    keySpan: span,
    source,
    start: item?.start ?? 0,
    end: item?.start ?? 0,
    broken: false,
    generics:
      generics.params.length === 0
        ? generics
        : {
            where: generics.where,
            params: generics.params.map((param) =>
              param.k === "type"
                ? { ...param, bounds: [...param.bounds, bound], default: null }
                : { ...param, default: null },
            ),
          },
    trait,
    negative: false,
    selfTy,
    items: membersOf(store, crate, def, name, core, span),
  };
}

function membersOf(
  store: Store,
  crate: CrateState,
  def: DefRec,
  name: Derivable,
  core: number,
  span: Span,
): readonly Item[] {
  const { signature } = derives[name];
  if (signature === null) return none;
  const dollar = dollarCrateName(core);
  const template = templateFn(store, signature.replaceAll("$", dollar));
  if (template === null) return none;
  const made = (): Source =>
    textSource(
      `${signature.replaceAll("$", dollar)} { ${memberBodies[name](shapeOf(store, def)).replaceAll("$", dollar)} }`,
      span,
      `derive(${name})`,
      crate.edition,
    );
  return [derivedFn(template, span, made)];
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
  const fn = item?.k === "fn" ? wholeFn(item) : null;
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
      discriminant: "isize",
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
    discriminant: reprOf(def) ?? "isize",
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

/** The integer type that a `repr` names. */
function reprOf(def: DefRec): string | null {
  const reprs = def.attrs.filter((attr) => attr.path === "repr").map((attr) => attr.tokens);
  return reprs.flatMap((tokens) => /\b[iu](?:8|16|32|64|128|size)\b/.exec(tokens) ?? [])[0] ?? null;
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

/** A path of names without arguments. */
export function plainPath(names: readonly string[], span: Span): Path {
  const segments = names.map((name) => ({ name, args: null, span, context: 0 }));
  return { global: false, dollarCrate: null, qself: null, qselfPosition: 0, segments, span };
}

function emptySource(span: Span): Source {
  return textSource("", span, "derive", "2021");
}
