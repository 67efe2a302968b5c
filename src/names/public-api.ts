/**
 * What code outside a crate can name: the effectively public API, by re-exports and visibility and not by the `pub` keyword.
 *
 * A binary has none but `main` and what is exported to the linker. A trait impl's member counts as public where its type or trait can be named
 * from outside: it is called through the trait. Source: facts on G1; the Rust Reference, "Visibility and Privacy".
 */
import { pushAll } from "../base/push-all.ts";
import type { CrateId } from "../crates/crate-graph.ts";
import type { DefId } from "./defs.ts";
import { givenOut } from "./given-out.ts";
import { globTargets, importTarget, moduleOf, rootOf } from "./lookup.ts";
import { selfDef } from "./print-path.ts";
import { crateOf, defOf, type Store } from "./store.ts";

const publicItems = new WeakMap<Store, Map<CrateId, ReadonlySet<DefId>>>();
const exported: ReadonlySet<string> = new Set(["no_mangle", "export_name"]);

/** Can code outside the crate call or name the definition? */
export function isEffectivelyPublic(store: Store, id: DefId): boolean {
  const def = defOf(store, id);
  if (def.kind === "fn" && def.attrs.some((attr) => exported.has(attr.path))) return true;
  const state = crateOf(store, def.crate);
  const kind = state.node?.kind ?? "lib";
  if (kind === "bin" || kind === "example" || kind === "test" || kind === "bench")
    return def.name === "main" && def.parent === state.root;
  const open = publicOf(store, def.crate);
  const parent = def.parent === null ? null : defOf(store, def.parent);
  if (parent?.kind === "impl" && parent.item?.k === "impl") {
    const self = selfDef(store, parent.id, parent.item.selfTy);
    const nameable = self === null || defOf(store, self).crate !== def.crate || open.has(self);
    if (parent.item.trait !== null) return nameable;
    return nameable && def.item?.vis.k === "public";
  }
  if (parent?.kind === "trait") return open.has(parent.id);
  return open.has(id);
}

/** Can code outside the crate call the function, or set the public fields of the type, on a value that it is given, if not by name? */
export function isWithinReach(store: Store, id: DefId): boolean {
  if (isEffectivelyPublic(store, id)) return true;
  const def = defOf(store, id);
  const kind = crateOf(store, def.crate).node?.kind ?? "lib";
  if (kind === "bin" || kind === "example" || kind === "test" || kind === "bench") return false;
  const owner = def.parent === null ? null : defOf(store, def.parent);
  const isGiven = (type: DefId): boolean => givenOut(store, def.crate, publicOf(store, def.crate)).has(type);
  if (owner?.kind === "impl" && owner.item?.k === "impl") {
    if (owner.item.trait === null && def.item?.vis.k !== "public") return false;
    const self = selfDef(store, owner.id, owner.item.selfTy);
    return self !== null && isGiven(self);
  }
  if (owner?.kind === "trait") return isGiven(owner.id);
  return (def.kind === "struct" || def.kind === "enum") && isGiven(id);
}

/** Does a library offer a definition of another crate as its own: by a re-export of it, of the module or crate that it stands in, or of the type or trait that it belongs to? */
export function isReExported(store: Store, root: CrateId, id: DefId): boolean {
  const def = defOf(store, id);
  if (def.crate === root || crateOf(store, root).node?.kind === "bin") return false;
  const open = offeredBy(store, root);
  const parent = def.parent === null ? null : defOf(store, def.parent);
  if (parent?.kind === "trait") return open.has(parent.id);
  if (parent?.kind !== "impl" || parent.item?.k !== "impl") return open.has(id);
  const self = selfDef(store, parent.id, parent.item.selfTy);
  return self !== null && open.has(self) && (parent.item.trait !== null || def.item?.vis.k === "public");
}

const offered = new WeakMap<Store, Map<CrateId, ReadonlySet<DefId>>>();

/** What a library's users can name through it, whichever crate of the program it is from. */
function offeredBy(store: Store, root: CrateId): ReadonlySet<DefId> {
  const known = offered.get(store) ?? new Map<CrateId, ReadonlySet<DefId>>();
  offered.set(store, known);
  let found = known.get(root);
  if (found === undefined) {
    found = compute(store, root, (crate) => crate === root || crateOf(store, crate).node !== null);
    known.set(root, found);
  }
  return found;
}

function publicOf(store: Store, crate: CrateId): ReadonlySet<DefId> {
  const known = publicItems.get(store) ?? new Map<CrateId, ReadonlySet<DefId>>();
  publicItems.set(store, known);
  const found = known.get(crate);
  if (found !== undefined) return found;
  const made = compute(store, crate, (one) => one === crate);
  known.set(crate, made);
  return made;
}

/** What can be named from the crate's root on, going on into modules and enums of the crates that `isLookedInto` accepts. */
function compute(store: Store, crate: CrateId, isLookedInto: (crate: CrateId) => boolean): ReadonlySet<DefId> {
  const open = new Set<DefId>();
  const pending: DefId[] = [rootOf(store, crate)];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (open.has(id)) continue;
    open.add(id);
    const def = defOf(store, id);
    if (!isLookedInto(def.crate)) continue;
    if (def.kind === "enum") pushAll(pending, def.children);
    if (def.kind !== "mod") continue;
    const module = moduleOf(store, id);
    for (const names of [module.types, module.values, module.macros]) {
      for (const child of names.values()) if (defOf(store, child).visibleIn === null) pending.push(child);
    }
    for (const imported of [...module.imports.values()].flat()) {
      if (imported.visibleIn !== null) continue;
      for (const ns of ["type", "value"] as const) {
        const target = importTarget(store, imported, ns);
        if (target?.k === "def") pending.push(target.def);
      }
    }
    if (module.globs.some((glob) => glob.visibleIn === null))
      pushAll(
        pending,
        globTargets(store, { ...module, globs: module.globs.filter((glob) => glob.visibleIn === null) }),
      );
  }
  return open;
}
