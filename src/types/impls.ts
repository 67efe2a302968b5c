/**
 * Which impls might make a trait reference true, and which inherent impls a type has.
 *
 * An impl lives in the crate of its trait or of one of its types (the orphan rule), so only those crates are resolved.
 * Impls are indexed by trait and by the outermost constructor of their self type; the rest are blanket impls. Std's
 * crates count as one (they may add inherent impls to each other's types). Impls inside bodies are always looked at. The answers come in
 * the order of crates and of writing, whatever was asked before.
 */
import { pushAll } from "../base/push-all.ts";
import type { CrateId } from "../crates/crate-graph.ts";
import type { DefId } from "../names/defs.ts";
import { heads } from "../names/heads.ts";
import type { Core, CrateImpls, TraitImpls } from "./core.ts";
import { HAS_INFER } from "./intern.ts";
import type { Ty } from "./ty.ts";

const bodyCrate = -1;

/** Outermost constructor as a key; null for types that no impl can name by constructor (parameters, projections, variables …). */
export function headKey(ty: Ty): string | null {
  switch (ty.k) {
    case "adt":
      return heads.adt(ty.def);
    case "prim":
      return heads.prim(ty.name);
    case "never":
      return heads.never;
    case "ref":
      return heads.ref(ty.mut);
    case "ptr":
      return heads.ptr(ty.mut);
    case "slice":
      return heads.slice;
    case "array":
      return heads.array;
    case "tuple":
      return heads.tuple(ty.elems.length);
    case "fn-ptr":
      return heads.fnPtr(ty.params.length);
    case "dyn":
      return "dyn";
    case "fn-def":
    case "closure":
    case "opaque":
      return "callable";
    case "param":
    case "proj":
    case "infer":
    case "unknown":
    case "const":
      return null;
    default:
      return unreachable(ty);
  }
}

/**
 * Impls of a trait whose header might fit these arguments (Self first); headers are not unified yet. `here`: the crate that asks. Where an
 * argument is open its own impls count, too: `impl Extend<Local> for (A, B)` belongs to no crate that is named so far.
 */
export function traitImpls(
  core: Core,
  trait: DefId,
  args: readonly Ty[],
  here: CrateId | null = null,
): readonly DefId[] {
  const self = args[0];
  const key = self === undefined ? null : headKey(self);
  const found: DefId[] = [];
  for (const crate of cratesOf(core, trait, args, here)) {
    const impls = crateImpls(core, crate, core.names.def(trait).name).traits.get(trait);
    if (impls === undefined) continue;
    const byHead = headIndex(core, impls);
    // A parameter or projection fits blanket impls only; a variable fits everything.
    if (self?.k === "infer" && self.kind !== "general") pushAll(found, numberImpls(byHead, self.kind));
    else if (self?.k === "infer" || self?.k === "unknown")
      pushAll(
        found,
        impls.impls.filter((impl) => !impls.blanket.includes(impl)),
      );
    else if (key !== null) pushAll(found, byHead.get(key) ?? []);
    pushAll(found, impls.blanket);
  }
  return found;
}

/** Inherent impls of a type's outermost constructor. */
export function inherentImpls(core: Core, ty: Ty): readonly DefId[] {
  const key = headKey(ty);
  if (key === null || key === "callable") return [];
  const found: DefId[] = [];
  for (const crate of inherentCrates(core, ty)) {
    const index = crateImpls(core, crate, `inherent ${nameOf(core, ty)}`);
    pushAll(found, inherentIndex(core, index).get(key) ?? []);
  }
  return found;
}

/** The name that a pack's macro which makes inherent impls of the type is marked with. */
function nameOf(core: Core, ty: Ty): string {
  return ty.k === "adt" ? core.names.def(ty.def).name : ty.k === "prim" ? ty.name : "";
}

function inherentIndex(core: Core, index: CrateImpls): Map<string, DefId[]> {
  if (index.inherent !== null) return index.inherent;
  const byHead = new Map<string, DefId[]>();
  index.inherent = byHead;
  for (const impl of index.inherentImpls) {
    const named = core.names.implHead(impl);
    const head = named === undefined ? headKey(core.implSelfTy(impl)) : named;
    if (head !== null) push(byHead, head, impl);
  }
  return byHead;
}

function headIndex(core: Core, impls: TraitImpls): Map<string, DefId[]> {
  if (impls.byHead !== null) return impls.byHead;
  const byHead = new Map<string, DefId[]>();
  const blanket: DefId[] = [];
  impls.byHead = byHead;
  impls.blanket = blanket;
  for (const impl of impls.impls) {
    const named = core.names.implHead(impl);
    const head = named === undefined ? headKey(normalSelf(core, impl)) : named;
    if (head === null) blanket.push(impl);
    else push(byHead, head, impl);
  }
  return byHead;
}

/** The impl's self type; a projection is normalised where it has no parameter to wait for. */
function normalSelf(core: Core, impl: DefId): Ty {
  const self = core.implSelfTy(impl);
  return self.k === "proj" ? core.normalizeIn(self, core.envOf(impl)) : self;
}

function numberImpls(byHead: Map<string, DefId[]>, kind: "int" | "float"): DefId[] {
  const heads =
    kind === "int"
      ? ["i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize"]
      : ["f32", "f64"];
  return heads.flatMap((name) => byHead.get(`p${name}`) ?? []);
}

/** Crates that may hold impls of a trait for these arguments, the body impls last. */
function cratesOf(core: Core, trait: DefId, args: readonly Ty[], here: CrateId | null): readonly number[] {
  const crates = new Set<CrateId>([core.names.def(trait).crate]);
  if (here !== null && args.some((arg) => (arg.flags & HAS_INFER) !== 0)) crates.add(here);
  for (const arg of args) addCrates(core, arg, crates, 0);
  return withStd(core, crates);
}

/** Inherent impls stand in the type's own crate; those of built-in types in std. */
function inherentCrates(core: Core, ty: Ty): readonly number[] {
  const crates = new Set<CrateId>();
  if (ty.k === "adt") crates.add(core.names.def(ty.def).crate);
  else if (ty.k === "dyn") for (const one of ty.traits) crates.add(core.names.def(one.trait).crate);
  else for (const crate of core.names.allCrates()) if (core.names.isPackCrate(crate)) crates.add(crate);
  return withStd(core, crates);
}

/** All of std where one of it is there; in order; the body impls at the end. */
function withStd(core: Core, crates: Set<CrateId>): readonly number[] {
  if ([...crates].some((crate) => core.names.isPackCrate(crate))) {
    for (const crate of core.names.allCrates()) if (core.names.isPackCrate(crate)) crates.add(crate);
  }
  return [...[...crates].sort((a, b) => a - b), bodyCrate];
}

function addCrates(core: Core, ty: Ty, crates: Set<CrateId>, depth: number): void {
  if (depth > 8) return;
  switch (ty.k) {
    case "adt": {
      crates.add(core.names.def(ty.def).crate);
      // Box and Pin are fundamental: an impl for `Box<Local>` may stand in Local's crate.
      if (ty.def !== core.lang("owned_box") && ty.def !== core.lang("pin")) return;
      for (const arg of ty.args) addCrates(core, arg, crates, depth + 1);
      return;
    }
    case "fn-def":
    case "opaque":
      crates.add(core.names.def(ty.def).crate);
      return;
    case "ref":
      addCrates(core, ty.inner, crates, depth + 1);
      return;
    case "dyn":
      for (const one of ty.traits) crates.add(core.names.def(one.trait).crate);
      return;
    default:
      return;
  }
}

/** The impls of a crate, at least those that are wanted: `names.implsOf`. */
function crateImpls(core: Core, crate: number, wanted: string): CrateImpls {
  if (crate === bodyCrate) return bodyImpls(core);
  const id = crate as CrateId;
  const known = core.memo.crateImpls.get(crate);
  // Set first: resolving trait paths may come back here for the same crate.
  const made = known ?? emptyIndex();
  if (known === undefined) core.memo.crateImpls.set(crate, made);
  fill(core, made, core.names.implsOf(id, wanted));
  return made;
}

function bodyImpls(core: Core): CrateImpls {
  const generation = core.names.implGeneration;
  const known = core.memo.crateImpls.get(bodyCrate);
  if (known !== undefined && core.memo.bodyGeneration.value === generation) return known;
  const made = known ?? emptyIndex();
  core.memo.crateImpls.set(bodyCrate, made);
  core.memo.bodyGeneration.value = generation;
  fill(core, made, core.names.bodyImpls());
  return made;
}

function emptyIndex(): CrateImpls {
  return { traits: new Map(), inherent: null, inherentImpls: [], filled: 0 };
}

/** Takes up what the index lacks of a list that may have grown. */
function fill(core: Core, index: CrateImpls, impls: readonly DefId[]): void {
  while (index.filled < impls.length) {
    const impl = impls[index.filled] as DefId;
    index.filled += 1;
    const trait = core.names.implTrait(impl);
    if (trait === "inherent") {
      index.inherentImpls.push(impl);
      index.inherent = null;
      continue;
    }
    if (trait === null) continue;
    const known = index.traits.get(trait);
    if (known === undefined) index.traits.set(trait, { impls: [impl], byHead: null, blanket: [] });
    else {
      known.impls.push(impl);
      known.byHead = null;
    }
  }
}

function push(map: Map<string, DefId[]>, key: string, impl: DefId): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [impl]);
  else list.push(impl);
}

function unreachable(value: never): never {
  return value;
}
