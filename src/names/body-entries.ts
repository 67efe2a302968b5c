/**
 * What a body entered into names when it was first expanded: modules of its blocks, and the macros that are known after each of its items.
 *
 * An expanded body is let go of once its MIR is built, or at once where only its items were asked for. When it is expanded again, its blocks get the modules
 * of the first time, in the same order, and nothing is entered twice: lowering and expansion of one body always give the same.
 */
import type { DefId } from "./defs.ts";
import { type MacroScope, type ModuleRec, moduleAt, type Store } from "./store.ts";

/** Modules in the order of the blocks, macros in that of the items; null before the body was expanded. */
export interface BodyEntries {
  readonly modules: readonly DefId[];
  readonly macros: readonly (MacroScope | null)[];
}

/** The entries of one expansion as they come up. */
export interface EntryLog {
  /** Is this the first expansion? */
  readonly isNew: boolean;
  /** The module of the next block that needs one; made the first time. */
  module(store: Store, make: () => ModuleRec): ModuleRec;
  /** The macros after the next item statement, whose item is collected the first time. */
  macrosAfter(collect: () => MacroScope | null): MacroScope | null;
  /** What was entered, at the end. */
  entries(): BodyEntries;
}

const nothing: BodyEntries = { modules: [], macros: [] };

/** For one expansion of a body; `known`: its entries, where it was expanded before. */
export function entryLog(known: BodyEntries | null = null): EntryLog {
  const modules = [...(known?.modules ?? [])];
  const macros = [...(known?.macros ?? [])];
  let block = 0;
  let item = 0;
  return {
    isNew: known === null,
    module: (store, make) => {
      const id = modules[block];
      const module = (id === undefined ? undefined : moduleAt(store, id)) ?? make();
      modules[block] = module.def;
      block += 1;
      return module;
    },
    macrosAfter: (collect) => {
      const entered = macros[item];
      const after = entered === undefined ? collect() : entered;
      macros[item] = after;
      item += 1;
      return after;
    },
    entries: () => (modules.length === 0 ? nothing : { modules, macros }),
  };
}
