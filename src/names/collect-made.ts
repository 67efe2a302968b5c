/**
 * Impls that a macro made: each a definition at once, so that its header can be asked for, its item parsed and its members collected when somebody
 * wants those. Most of what such macros make is wanted by nobody.
 *
 * Whoever asks for the item or the members is answered as if it had been parsed at once. Where the expansion cannot be read, that is told then.
 */
import type { BareItem, Source, TokenTree } from "../syntax/ast.ts";
import { parseItems } from "../syntax/file-items.ts";
import { collectItems } from "./collect.ts";
import type { DefId } from "./defs.ts";
import type { ImplTokens } from "./impl-tokens.ts";
import {
  addProblem,
  type Container,
  type CrateState,
  type DefRec,
  defOf,
  type MacroScope,
  type ModuleRec,
  moduleAt,
  type Store,
} from "./store.ts";

export interface MadeBy {
  readonly store: Store;
  readonly crate: CrateState;
  /** A module, or a block in a `const _` of one. */
  readonly where: Container;
  readonly scope: MacroScope | null;
  readonly depth: number;
  /** What the macro was called by, for what is said where its expansion cannot be read. */
  readonly macro: string;
  print(trees: readonly TokenTree[]): Source;
}

/** Adds the impls to the crate, in their order. */
export function collectMade(impls: readonly ImplTokens[], by: MadeBy): void {
  const { store, crate, where } = by;
  const siblings = defOf(store, where.module.def).children;
  const home = moduleAround(store, where.module);
  for (const tokens of impls) {
    const id = store.defs.length as DefId;
    store.defs.push(new MadeImpl(id, siblings.length, home, tokens, by));
    siblings.push(id);
    store.madeImpls.set(id, tokens);
    crate.impls.push(id);
  }
}

/** Reads all that macros made in a crate: for those who go through all definitions. */
export function readMade(store: Store, crate: CrateState): void {
  for (const id of crate.impls) if (store.madeImpls.has(id)) (defOf(store, id) as MadeImpl).read();
}

function moduleAround(store: Store, start: ModuleRec): DefId {
  let module = start;
  while (module.block && module.parent !== null) module = moduleAt(store, module.parent) ?? { ...module, block: false };
  return module.def;
}

const none: readonly never[] = [];

class MadeImpl implements DefRec {
  readonly id: DefId;
  readonly kind = "impl";
  readonly name = "";
  readonly crate: DefRec["crate"];
  readonly parent: DefId;
  readonly module: DefId;
  readonly index: number;
  readonly attrs = none;
  readonly variant = null;
  readonly packEntry = null;
  readonly foreign = null;
  readonly lang = null;
  readonly assumedCfg = false;
  readonly macros: MacroScope | null;
  visibleIn: DefId | null;
  readonly #tokens: ImplTokens;
  readonly #by: MadeBy;
  #item: BareItem | null | undefined = undefined;
  readonly #children: DefId[] = [];

  constructor(id: DefId, index: number, home: DefId, tokens: ImplTokens, by: MadeBy) {
    const { def } = by.where.module;
    this.id = id;
    this.crate = by.crate.id;
    this.parent = def;
    this.module = def;
    this.index = index;
    this.macros = by.scope;
    this.visibleIn = home;
    this.#tokens = tokens;
    this.#by = by;
  }
  get item(): BareItem | null {
    if (this.#item === undefined) this.read();
    return this.#item ?? null;
  }
  get children(): DefId[] {
    if (this.#item === undefined) this.read();
    return this.#children;
  }
  read(): void {
    if (this.#item !== undefined) return;
    const { store, crate, where, scope, depth, macro, print } = this.#by;
    store.madeImpls.delete(this.id);
    const { items, errors } = parseItems(print(this.#tokens.trees));
    const [item] = items;
    this.#item = item?.k === "impl" ? item : null;
    if (errors.length > 0 || this.#item === null) {
      const span = this.#tokens.trees[0]?.span ?? null;
      const text = `${macro}!: its expansion cannot be read`;
      if (span !== null) addProblem(store, { reason: "parse-error", crate: crate.id, def: this.parent, span, text });
    }
    if (item?.k === "impl")
      collectItems(store, crate, item.items, { ...where, owner: this, foreignAbi: null }, scope, depth);
  }
}
