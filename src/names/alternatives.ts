/**
 * What else may stand under a definition's name: of items under cfgs that only a build script decides the last one has the name, and others
 * may be what is compiled.
 *
 * Input: the definitions. Output: functions and types that may stand in place of one; and modules that may stand in place of one around
 * it, in which nothing of its name was found. Imports are not looked at.
 */
import { addTo } from "../base/add-to.ts";
import type { Alternatives, DefId, DefKind } from "./defs.ts";
import { type DefRec, defOf, type Store } from "./store.ts";

const NONE: Alternatives = { defs: [], unseen: [] };

/** Answers for one store; a parent's children are gone through once for each number of them. */
export function createAlternatives(store: Store): (def: DefId) => Alternatives {
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
  return (id) => {
    const known = memo.get(id);
    if (known !== undefined) return known;
    const found = alternativesTo(id);
    memo.set(id, found);
    return found;
  };

  function alternativesTo(id: DefId): Alternatives {
    const def = defOf(store, id);
    const defs = besides(def).map((one) => one.id);
    const unseen: DefId[] = [];
    const way: DefRec[] = [def];
    for (let at = def.parent; at !== null; at = way[0]?.parent ?? null) {
      const around = defOf(store, at);
      if (around.kind === "mod") {
        for (const other of besides(around)) {
          const found = sameIn(store, other, way);
          if (found.length === 0) unseen.push(other.id);
          for (const one of found) defs.push(one.id);
        }
      }
      way.unshift(around);
    }
    return defs.length + unseen.length === 0 ? NONE : { defs, unseen };
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
    found = found.flatMap((one) => one.children.map((child) => defOf(store, child)).filter(isSame));
  }
  return found;
}

function spaceOf(kind: DefKind): string {
  return kind === "struct" || kind === "enum" || kind === "type-alias" ? "type" : kind;
}

/** What an impl is of, by the last names. */
function headOf({ item }: DefRec): string {
  if (item?.k !== "impl") return "";
  const self = item.selfTy.k === "path" ? item.selfTy.path.segments.at(-1)?.name : item.selfTy.k;
  return `${item.trait?.segments.at(-1)?.name} for ${self}`;
}
