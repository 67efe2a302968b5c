/**
 * Definitions as text: `pprof::profiler::perf_signal_handler`, `<core::option::Option as core::clone::Clone>::clone`.
 *
 * Generic arguments of self types are left out, as in the symbols' demangled names the compiled program is compared with. Also the way back:
 * from a printed path to its definition.
 */
import type { CrateId } from "../crates/crate-graph.ts";
import type { Path, TypeRef } from "../syntax/ast.ts";
import { expandHeldBack } from "./collect-expanded.ts";
import type { DefId } from "./defs.ts";
import { implTrait } from "./impl-header.ts";
import { lookupIn, resolvePath, rootOf } from "./lookup.ts";
import { crateOf, defOf, moduleAt, type Store } from "./store.ts";

/** The path of a definition. */
export function printPath(store: Store, id: DefId, depth: number = 0): string {
  const def = defOf(store, id);
  if (def.parent === null) return crateOf(store, def.crate).name;
  const parent = defOf(store, def.parent);
  if (def.kind === "impl") return printImpl(store, id, depth);
  if (def.kind === "block") return printPath(store, def.parent, depth);
  return `${printPath(store, parent.id, depth)}::${def.name}`;
}

/** The definition that a path names: items, variants, members of traits, and inherent or trait members of types by their printed path. */
export function findPath(store: Store, path: string): DefId | null {
  if (path.startsWith("<")) return null;
  const [first = "", ...rest] = path.split("::");
  const crate = crateNamed(store, first);
  if (crate === null) return null;
  let at = rootOf(store, crate);
  for (const [index, name] of rest.entries()) {
    const last = index === rest.length - 1;
    const found = (last ? (["type", "value", "macro"] as const) : (["type"] as const))
      .map((ns) =>
        moduleAt(store, at) !== undefined || defOf(store, at).kind === "enum" ? lookupIn(store, at, name, ns) : null,
      )
      .find((one) => one !== null);
    if (found?.k === "def") {
      at = found.def;
      continue;
    }
    const member = last ? memberNamed(store, at, name) : null;
    return member;
  }
  return at;
}

function crateNamed(store: Store, name: string): CrateId | null {
  const pack = store.packByName.get(name);
  if (pack !== undefined) return pack;
  return store.crates.find((crate) => crate.name === name)?.id ?? null;
}

function memberNamed(store: Store, owner: DefId, name: string): DefId | null {
  const def = defOf(store, owner);
  if (def.kind === "trait") return def.children.find((child) => defOf(store, child).name === name) ?? null;
  expandHeldBack(store, crateOf(store, def.crate), `inherent ${def.name}`);
  for (const impl of crateOf(store, def.crate).impls) {
    if (implTrait(store, impl) !== "inherent") continue;
    const { item, children } = defOf(store, impl);
    if (item?.k !== "impl" || item.trait !== null) continue;
    const self = item.selfTy.k === "path" ? item.selfTy.path.segments.at(-1)?.name : null;
    if (self !== def.name || selfDef(store, impl, item.selfTy) !== owner) continue;
    const found = children.find((child) => defOf(store, child).name === name);
    if (found !== undefined) return found;
  }
  return null;
}

function printImpl(store: Store, id: DefId, depth: number): string {
  const def = defOf(store, id);
  const { item } = def;
  if (item?.k !== "impl") return "";
  const self = printType(store, id, item.selfTy, depth);
  if (item.trait === null)
    return item.selfTy.k === "path" && !self.startsWith("<") && selfDef(store, id, item.selfTy) !== null
      ? self
      : `<${self}>`;
  return `<${self} as ${printNamed(store, id, item.trait, depth)}>`;
}

/** The type an impl is for, where its path names one. */
export function selfDef(store: Store, impl: DefId, ty: TypeRef): DefId | null {
  if (ty.k !== "path" || ty.path.qself !== null) return null;
  const answer = resolve(store, impl, ty.path);
  return answer?.k === "def" ? answer.def : null;
}

function resolve(store: Store, from: DefId, path: Path): ReturnType<typeof lookupIn> {
  const { module } = defOf(store, from);
  const names = path.segments.map((segment) => segment.name);
  const answer = resolvePath(
    store,
    module,
    { global: path.global, dollarCrate: path.dollarCrate, names, use: false },
    "type",
  );
  return answer.k === "found" ? answer.result : null;
}

function printNamed(store: Store, from: DefId, path: Path, depth: number): string {
  const found = depth > 20 ? null : resolve(store, from, path);
  return found?.k === "def"
    ? printPath(store, found.def, depth + 1)
    : path.segments.map((segment) => segment.name).join("::");
}

function printType(store: Store, from: DefId, ty: TypeRef, depth: number): string {
  if (depth > 20) return "_";
  const print = (inner: TypeRef): string => printType(store, from, inner, depth + 1);
  switch (ty.k) {
    case "path":
      return ty.path.qself === null ? printNamed(store, from, ty.path, depth) : "_";
    case "ref":
      return `&${ty.mut ? "mut " : ""}${print(ty.inner)}`;
    case "ptr":
      return `*${ty.mut ? "mut" : "const"} ${print(ty.inner)}`;
    case "slice":
      return `[${print(ty.inner)}]`;
    case "array":
      return `[${print(ty.inner)}; ${ty.len.text}]`;
    case "tuple":
      return `(${ty.elems.map(print).join(", ")})`;
    case "fn":
      return "fn";
    case "dyn":
      return `dyn ${ty.bounds.map((bound) => printNamed(store, from, bound.path, depth)).join(" + ")}`;
    case "never":
      return "!";
    case "impl":
    case "infer":
    case "macro":
    case "error":
      return "_";
    default:
      return ty satisfies never;
  }
}
