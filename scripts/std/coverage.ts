/**
 * Which of std's stable functions, methods, impls, types, consts and macros the rule packs declare, and which they lack.
 *
 * A member counts as declared where the packs, parsed and resolved as a crate like in every run, have a function of that name on a type with the
 * same outermost shape; an impl where one impl of the packs covers its header (a parameter covers any type). Auto traits are built in.
 */
import type { Def, DefId, Names } from "../../src/names/defs.ts";
import type { Types } from "../../src/types/api.ts";
import type { Ty } from "../../src/types/ty.ts";
import { split } from "./compiled-symbols.ts";
import type { ApiItem } from "./docs-api.ts";

export interface Coverage {
  readonly missing: readonly ApiItem[];
  /** Per kind of item: how many are stable, how many of them are declared. */
  readonly counts: ReadonlyMap<ApiItem["kind"], { readonly stable: number; readonly declared: number }>;
}

/** Holds every item of the interface against the packs' crates. */
export function coverageOf(api: readonly ApiItem[], names: Names, types: Types): Coverage {
  const packs = readPacks(names, types);
  const stable = new Set(api.filter(({ kind }) => kind === "type").map((one) => one.path.replace(/^\w+/, "")));
  const missing: ApiItem[] = [];
  const counts = new Map<ApiItem["kind"], { stable: number; declared: number }>();
  for (const item of api) {
    // Kept for crates of before 1.23, which do not call it.
    if (item.path === "std::ascii::AsciiExt") continue;
    if (item.kind === "impl" && !isOurs(stable, item.header)) continue;
    const known = declares(packs, item);
    const count = counts.get(item.kind) ?? { stable: 0, declared: 0 };
    counts.set(item.kind, count);
    count.stable += 1;
    if (known) count.declared += 1;
    else missing.push(item);
  }
  return { missing, counts };
}

/** A type as far as impls are told apart: a constructor and what stands inside. `_` is a parameter. */
interface Shape {
  readonly head: string;
  readonly inside: readonly Shape[];
}
interface PackView {
  readonly names: Names;
  /** `Vec::push` by the shape's head. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
  /** Impls by trait. */
  readonly impls: ReadonlyMap<DefId, readonly Shape[]>;
  readonly arity: (trait: DefId) => number;
  readonly aliased: (alias: DefId) => Shape;
}

const builtIn = /::(Send|Sync|Unpin|UnwindSafe|RefUnwindSafe|Freeze|UnsafeUnpin|StructuralPartialEq|TrustedLen)$/;
/** Macros of the compiler, which the tool expands by name (src/names/builtin-exprs.ts). */
const expandedByName: ReadonlySet<string> = new Set(
  "addr_of addr_of_mut cfg cfg_select column compile_error concat env file format_args include include_bytes include_str is_x86_feature_detected line module_path offset_of option_env panic stringify unreachable".split(
    " ",
  ),
);
const fnPointer: Shape = { head: "fn", inside: [] };
const any: Shape = { head: "_", inside: [] };

function readPacks(names: Names, types: Types): PackView {
  const members = new Map<string, Set<string>>();
  // `impl<F: FnPtr> Debug for F` is no impl for every type.
  const isFnPointer = (impl: DefId, arg: Ty): boolean =>
    arg.k === "param" &&
    types
      .genericsOf(impl)
      .predicates.some(
        (one) => one.k === "trait" && one.ref.args[0] === arg && names.def(one.ref.trait).lang === "fn_ptr_trait",
      );
  const impls = new Map<DefId, Shape[]>();
  for (const crate of names.allCrates().filter((one) => names.isPackCrate(one))) {
    for (const impl of names.implsOf(crate)) {
      const ref = types.implTraitRef(impl);
      if (ref !== null) {
        const shapes = ref.args.map((arg) => (isFnPointer(impl, arg) ? fnPointer : shapeOf(arg)));
        const list = impls.get(ref.trait) ?? [];
        impls.set(ref.trait, list);
        list.push({ head: "impl", inside: shapes });
        continue;
      }
      const { head } = shapeOf(types.implSelfTy(impl));
      const own = members.get(head) ?? new Set();
      members.set(head, own);
      for (const child of names.def(impl).children) own.add(names.def(child).name);
    }
  }
  const arity = (trait: DefId): number => types.genericsOf(trait).params.length;
  return { names, members, impls, arity, aliased: (alias) => shapeOf(types.typeOf(alias)) };
}

/** Auto traits are built in; unstable traits, negative impls and impls for unstable types are not for programs on a stable compiler. */
function isOurs(stable: ReadonlySet<string>, header: string): boolean {
  // Copy of scalars, pointers and arrays, and the traits of callables for references and tuples, are the solver's own.
  if (
    /::(Copy|Clone|Async\w+) for ([iuf]\d+|[iu]size|bool|char|[&*[(].*|core::core_arch.*)$/.test(
      split(header, " where ")[0] ?? "",
    )
  )
    return false;
  if (
    builtIn.test(traitPath(header)) ||
    / !|^impl(<[^>]*>)? !|\bf16\b|\bf128\b|::simd::|::bstr::|::arch::|::core_arch::|::AsciiExt\b/.test(header)
  )
    return false;
  return [...header.matchAll(/\b(?:std|core|alloc)(::(?:\w+::)*[A-Z]\w*)/g)].every(
    ([, path]) =>
      stable.has(path ?? "") ||
      /::(Allocator|Global|PointeeSized|Step|Pattern|Searcher|ReverseSearcher|DoubleEndedSearcher|Tuple|ZeroablePrimitive)$/.test(
        path ?? "",
      ),
  );
}

function declares(packs: PackView, item: ApiItem): boolean {
  const { names } = packs;
  switch (item.kind) {
    case "fn":
    case "const":
    case "type":
    case "macro":
      if (item.kind === "macro" && expandedByName.has(item.name)) return true;
      return names.byPath(item.path) !== null || primitive(item.path) !== null;
    case "required":
    case "provided":
      return names.byPath(`${item.path}::${item.name}`) !== null;
    case "method":
    case "assoc-const": {
      const header = readHeader(packs, item.header);
      return packs.members.get(header.self.head)?.has(item.name) === true;
    }
    case "impl": {
      const header = readHeader(packs, item.header);
      if (header.trait === null) return false;
      return (packs.impls.get(header.trait) ?? []).some((one) => covers(one, { head: "impl", inside: header.args }));
    }
    default:
      return item.kind satisfies never;
  }
}

function covers(general: Shape, special: Shape): boolean {
  if (general.head === "_") return true;
  if (general.head !== special.head) return false;
  return general.inside.every((one, at) => special.inside[at] === undefined || covers(one, special.inside[at]));
}

function shapeOf(ty: Ty): Shape {
  switch (ty.k) {
    case "adt":
      return { head: `#${ty.def}`, inside: ty.args.map(shapeOf) };
    case "prim":
      return { head: ty.name, inside: [] };
    case "never":
      return { head: "!", inside: [] };
    case "ref":
      return { head: ty.mut ? "&mut" : "&", inside: [shapeOf(ty.inner)] };
    case "ptr":
      return { head: ty.mut ? "*mut" : "*const", inside: [shapeOf(ty.inner)] };
    case "slice":
      return { head: "[]", inside: [shapeOf(ty.inner)] };
    case "array":
      return { head: "[;]", inside: [shapeOf(ty.inner)] };
    case "tuple":
      return { head: `(${ty.elems.length})`, inside: ty.elems.map(shapeOf) };
    case "dyn":
      return { head: "dyn", inside: ty.traits.slice(0, 1).map((one) => ({ head: `#${one.trait}`, inside: [] })) };
    case "fn-ptr":
      return { head: "fn", inside: [] };
    default:
      return any;
  }
}

interface Header {
  readonly trait: DefId | null;
  /** Self first, as types has it. */
  readonly args: readonly Shape[];
  readonly self: Shape;
}

function traitPath(header: string): string {
  const [trait = ""] = split(afterGenerics(header), " for ");
  return trait.replace(/<.*$/, "").trim();
}

/** `impl<T> std::clone::Clone for std::vec::Vec<T> where …`. */
function readHeader(packs: PackView, header: string): Header {
  const params = new Set(genericNames(header));
  const body = (split(afterGenerics(header), " where ")[0] ?? "").trim();
  const parts = split(body, " for ");
  const shape = (text: string): Shape => shapeOfText(packs, params, text.trim());
  if (parts.length === 1) return { trait: null, args: [], self: shape(body) };
  const [traitText = "", selfText = ""] = parts;
  const self = shape(selfText);
  const trait = packs.names.byPath(traitPath(header));
  const args = /<(.*)>$/s.exec(traitText.trim())?.[1];
  const shapes =
    args === undefined
      ? []
      : split(args, ",")
          .filter((one) => !/^\s*'|^\s*\w+\s*=/.test(one))
          .map(shape);
  const all = [self, ...shapes];
  // A parameter that is not written is Self in every trait of std that has one.
  for (let at = all.length; trait !== null && at < packs.arity(trait); at += 1) all.push(self);
  return { trait, args: all, self };
}

function genericNames(header: string): string[] {
  const generics = header
    .slice("impl".length, header.length - afterGenerics(header).length)
    .trim()
    .replace(/^<|>$/g, "");
  return split(generics, ",").map((one) =>
    one
      .trim()
      .replace(/^const\s+/, "")
      .replace(/[:=\s].*$/s, ""),
  );
}

function afterGenerics(header: string): string {
  const text = header.replace(/^(unsafe\s+)?impl\s*/, "").replace(/^(const|!)\s*/, "");
  if (!text.startsWith("<")) return text;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "<") depth += 1;
    else if (text[at] === ">" && text[at - 1] !== "-") {
      depth -= 1;
      if (depth === 0) return text.slice(at + 1).replace(/^\s*(const|!)?\s*/, "");
    }
  }
  return text;
}

function shapeOfText(packs: PackView, params: ReadonlySet<string>, text: string): Shape {
  const shape = (inner: string): Shape => shapeOfText(packs, params, inner.trim());
  const one = /^&(?:'\w+\s+)?(mut\s+)?(.*)$/s.exec(text);
  if (one !== null) return { head: one[1] === undefined ? "&" : "&mut", inside: [shape(one[2] ?? "")] };
  const pointer = /^\*(const|mut)\s+(.*)$/s.exec(text);
  if (pointer !== null) return { head: `*${pointer[1]}`, inside: [shape(pointer[2] ?? "")] };
  if (text.startsWith("[")) {
    const [inner = "", length] = split(text.slice(1, -1), ";");
    return { head: length === undefined ? "[]" : "[;]", inside: [shape(inner)] };
  }
  if (text.startsWith("(")) {
    const elems = split(text.slice(1, -1), ",").filter((elem) => elem.trim() !== "" && elem.trim() !== "…");
    return text.includes("…") ? any : { head: `(${elems.length})`, inside: elems.map(shape) };
  }
  if (/^(unsafe |extern |fn\()/.test(text)) return { head: "fn", inside: [] };
  const dyn = /^dyn\s+([\w:]+)/.exec(text);
  if (dyn !== null) return { head: "dyn", inside: [{ head: `#${packs.names.byPath(dyn[1] ?? "")}`, inside: [] }] };
  if (params.has(text)) return any;
  const [, path = text, args = ""] = /^([\w:]+)(?:<(.*)>)?$/s.exec(text) ?? [];
  const def = path.includes("::") ? typeDef(packs.names, path) : null;
  if (def === null) return { head: path, inside: [] };
  if (def.kind === "type-alias") return packs.aliased(def.id);
  const inside = split(args, ",").filter((arg) => !/^\s*'/.test(arg) && arg.trim() !== "");
  return { head: `#${def.id}`, inside: inside.map(shape) };
}

function typeDef(names: Names, path: string): Def | null {
  const found = names.byPath(path);
  return found === null ? null : names.def(found);
}

function primitive(path: string): string | null {
  return (
    /^(?:std|core)::(array|bool|char|fn|never|pointer|reference|slice|str|tuple|unit|[iuf]\d+|[iu]size)$/.exec(
      path,
    )?.[1] ?? null
  );
}
