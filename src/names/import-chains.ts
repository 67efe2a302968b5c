/**
 * Under which names, and in which modules, a definition is offered below a module that an import brings: through globs of it, and through names
 * that it or they re-export.
 *
 * Input: the modules to begin at. Each is read once, whatever leads there. Output: for a definition, the places from which a module sees it.
 */
import { addTo } from "../base/add-to.ts";
import type { DefId } from "./defs.ts";
import { importedDef, isVisible } from "./lookup.ts";
import { type DefRec, type Import, moduleAt, type Store } from "./store.ts";

/** A module, and what it calls the definition. */
export interface Place {
  readonly module: DefId;
  readonly name: string;
}

export interface ImportChains {
  /** Enters what a module imports, and the modules that its globs bring. */
  readBelow(module: DefId): void;
  /** Where the definition stands itself, and where others have it from there. */
  placesOf(def: DefRec): readonly Place[];
}

interface Seen extends Place {
  /** Below which module it can be seen; null for everywhere. */
  readonly visibleIn: DefId | null;
}

/** Answers for one store, of the modules that were read so far. */
export function createImportChains(store: Store): ImportChains {
  const read = new Set<DefId>();
  const globs = new Map<DefId, Import[]>();
  const named = new Map<DefId, Import[]>();
  return {
    readBelow(module) {
      const open = [module];
      for (let at = open.pop(); at !== undefined; at = open.pop()) {
        const record = moduleAt(store, at);
        if (record === undefined || read.has(at)) continue;
        read.add(at);
        for (const one of record.globs) {
          const target = importedDef(store, one, "type");
          if (target === null) continue;
          addTo(globs, target, one);
          open.push(target);
        }
        for (const imports of record.imports.values())
          for (const one of imports)
            for (const target of new Set([importedDef(store, one, "type"), importedDef(store, one, "value")]))
              if (target !== null) addTo(named, target, one);
      }
    },
    placesOf(def) {
      const { id, parent, name, visibleIn } = def;
      const found: Seen[] = parent === null ? [] : [{ module: parent, name, visibleIn }];
      const known = new Set(found.map(keyOf));
      const add = (place: Seen): void => {
        if (known.has(keyOf(place))) return;
        known.add(keyOf(place));
        found.push(place);
      };
      for (const one of named.get(id) ?? [])
        if (one.name !== null) add({ module: one.module, name: one.name, visibleIn: one.visibleIn });
      for (const place of found)
        for (const glob of globs.get(place.module) ?? [])
          if (isVisible(store, place.visibleIn, glob.module))
            add({ module: glob.module, name: place.name, visibleIn: glob.visibleIn });
      return found;
    },
  };
}

function keyOf({ module, name }: Place): string {
  return `${module} ${name}`;
}
