/**
 * What else may stand under a definition's name: of items and imports under cfgs that only a build script decides one has the name, and others
 * may be what is compiled.
 *
 * Input: the definitions, and imports (alternative-imports.ts). Output: functions and types that may stand in place of one; and modules and types
 * that may stand in place of one around it, in which nothing of its name was found.
 */
import { addTo } from "../base/add-to.ts";
import { createAlternativeImports, namespaceOf, spaceOf } from "./alternative-imports.ts";
import type { Alternatives, DefId } from "./defs.ts";
import { adtOf } from "./heads.ts";
import { implHead } from "./impl-header.ts";
import { lookupIn } from "./lookup.ts";
import { createOtherImpls } from "./other-impls.ts";
import { type DefRec, defOf, moduleAt, type Store } from "./store.ts";

const NONE: Alternatives = { defs: [], unseen: [] };

/** Answers for one store; a parent's children are gone through once for each number of them. */
export function createAlternatives(store: Store): (def: DefId, from?: DefId | null) => Alternatives {
  const otherImpls = createOtherImpls(store);
  const assumed = new Map<DefId, { readonly count: number; readonly byName: ReadonlyMap<string, readonly DefRec[]> }>();
  const namedIn = (parent: DefId, name: string): readonly DefRec[] => {
    const { children } = defOf(store, parent);
    const known = assumed.get(parent);
    if (known?.count === children.length) return known.byName.get(name) ?? [];
    const byName = new Map<string, DefRec[]>();
    for (const child of children) {
      const def = defOf(store, child);
      if (!def.assumedCfg || def.name === "") continue;
      addTo(byName, def.name, def);
    }
    assumed.set(parent, { count: children.length, byName });
    return byName.get(name) ?? [];
  };
  const besides = (def: DefRec): readonly DefRec[] => {
    if (!def.assumedCfg || def.parent === null || def.name === "") return [];
    return namedIn(def.parent, def.name).filter((one) => one.id !== def.id && spaceOf(one.kind) === spaceOf(def.kind));
  };
  const memo = new Map<DefId, Alternatives>();
  const ofItems = (id: DefId): Alternatives => {
    const known = memo.get(id);
    if (known !== undefined) return known;
    const found = alternativesTo(defOf(store, id), besides);
    memo.set(id, found);
    return found;
  };
  const imports = createAlternativeImports(store, (module) => ofItems(module).defs);
  const byImports = (id: DefId, below: DefId | null): Alternatives =>
    alternativesTo(defOf(store, id), (def) => imports.of(def, below).map((one) => defOf(store, one)));
  // What no import has anything to do with, wherever it is named, as long as none is added.
  let untouched = new Set<DefId>();
  let count = 0;
  const isUntouched = (id: DefId): boolean => {
    if (count !== store.assumedImports.length) untouched = new Set();
    count = store.assumedImports.length;
    if (count === 0 || untouched.has(id)) return true;
    if (byImports(id, null) !== NONE) return false;
    untouched.add(id);
    return true;
  };
  return (id, from = id) => {
    const items = ofItems(id);
    if (isUntouched(id)) return items;
    const { defs, unseen } = byImports(id, from === null ? null : defOf(store, from).module);
    // What an import means may have alternatives of its own.
    const more = defs.flatMap((one) => [one, ...ofItems(one).defs]);
    if (more.length + unseen.length === 0) return items;
    return {
      defs: [...new Set([...items.defs, ...more])].filter((one) => one !== id),
      unseen: [...items.unseen, ...unseen],
    };
  };

  function alternativesTo(def: DefRec, others: (def: DefRec) => readonly DefRec[]): Alternatives {
    const defs = new Set(others(def).map((one) => one.id));
    const unseen: DefId[] = [];
    const way: DefRec[] = [def];
    for (let at = def.parent; at !== null; at = way[0]?.parent ?? null) {
      const around = defOf(store, at);
      const below = [...way];
      way.unshift(around);
      for (const other of otherImpls(around)) {
        const found = sameIn(store, other, below);
        // A trait's impl may leave a member to the trait; what an inherent one has not is another method.
        if (found.length === 0 && around.item?.k === "impl" && around.item.trait !== null) unseen.push(other.id);
        for (const one of found) if (one.id !== def.id) defs.add(one.id);
      }
      const type = around.kind === "impl" ? adtOf(implHead(store, at)) : null;
      const places =
        around.kind === "mod" || around.kind === "trait"
          ? others(around)
          : type === null
            ? []
            : others(defOf(store, type));
      for (const other of places) {
        const inside = type === null ? other : other.parent === null ? null : defOf(store, other.parent);
        const found = inside === null ? [] : sameIn(store, inside, type === null ? below : way);
        // A trait has what is written in it.
        if (found.length === 0 && around.kind !== "trait") unseen.push(other.id);
        for (const one of found) if (one.id !== def.id) defs.add(one.id);
      }
    }
    return defs.size + unseen.length === 0 ? NONE : { defs: [...defs], unseen };
  }
}

/** The definitions below another one that have the names and kinds of the way. */
function sameIn(store: Store, start: DefRec, way: readonly DefRec[]): readonly DefRec[] {
  // One body's block cannot be told from another's.
  if (way.some(({ kind }) => kind === "block")) return [];
  let found: readonly DefRec[] = [start];
  for (const step of way) {
    const isSame = (one: DefRec): boolean =>
      one.name === step.name && spaceOf(one.kind) === spaceOf(step.kind) && headOf(one) === headOf(step);
    found = found.flatMap((one) => {
      const children = one.children.map((child) => defOf(store, child)).filter(isSame);
      return children.length > 0 ? children : importedAs(store, one, step).filter(isSame);
    });
  }
  return found;
}

/** What a module has under a definition's name from elsewhere. */
function importedAs(store: Store, { id }: DefRec, { name, kind }: DefRec): readonly DefRec[] {
  if (name === "" || moduleAt(store, id) === undefined) return [];
  const named = lookupIn(store, id, name, namespaceOf(kind));
  return named?.k === "def" ? [defOf(store, named.def)] : [];
}

/** What an impl is of, by the last names. */
function headOf({ item }: DefRec): string {
  if (item?.k !== "impl") return "";
  const self = item.selfTy.k === "path" ? item.selfTy.path.segments.at(-1)?.name : item.selfTy.k;
  return `${item.trait?.segments.at(-1)?.name} for ${self}`;
}
