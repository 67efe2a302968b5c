/**
 * What names knows of the crates of rule packs, from what the build has kept of it (keep-store.ts): a definition or a module is restored when
 * somebody asks for it, to what it would be if the packs had been collected.
 *
 * Invariant: answers do not depend on the order of the questions, since a record is made of its own bytes and of others' alone.
 */

import type { PackedReader } from "../base/packed-reader.ts";
import type { CrateId } from "../crates/crate-graph.ts";
import type { Attr, BareItem, Edition, MacroCallItem, Source, VariantDef } from "../syntax/ast.ts";
import { nodeReader } from "../syntax/kept-items.ts";
import type { Def, DefId } from "./defs.ts";
import { defKinds, has, marks } from "./keep-store.ts";
import {
  type CrateState,
  type DefRec,
  defOf,
  firstPack,
  type HeldBack,
  type Import,
  type KeptDefs,
  type MacroScope,
  type ModuleRec,
  moduleAt,
  type PendingMacro,
  type Store,
} from "./store.ts";

interface Place {
  readonly store: Store;
  readonly reader: PackedReader;
  /** Reads a value with nodes of syntax in it. */
  readonly node: () => unknown;
  readonly scopes: readonly MacroScope[];
}

/** Fills a store that has the packs' crates and nothing else; `files` are their texts. */
export function restoreStore(store: Store, reader: PackedReader, files: readonly Source[]): void {
  const defs = reader.table("defs");
  store.defs.length = defs.length;
  const node = nodeReader(reader, files, reader.table("sources"));
  const scopes: MacroScope[] = [];
  const place: Place = { store, reader, node, scopes };
  store.kept = keptDefs(place, defs);
  reader.at(reader.table("store")[0] ?? 0, () => {
    readScopes(place, scopes);
    for (const crate of store.packs) readCrate(place, crate);
    for (const [name, def] of reader.value() as [string, DefId][]) store.langItems.set(name, def);
    for (const one of reader.value() as [DefId, CrateId, Edition, boolean][]) {
      const [def, crate, edition, localInnerMacros] = one;
      store.macros.set(def, { def, crate, edition, localInnerMacros, rules: null, cfgIf: false });
    }
    const [nextContext, tokensLeft, tokensByCall] = reader.value() as [number, number, [string, number][]];
    store.nextContext = nextContext;
    store.tokensLeft = tokensLeft;
    for (const [call, tokens] of tokensByCall) store.tokensByCall.set(call, tokens);
  });
}

function keptDefs(place: Place, defs: Int32Array): KeptDefs {
  const { reader } = place;
  const records = reader.table("module records");
  const modules = new Map([...reader.table("modules")].map((id, index) => [id as DefId, records[index] ?? 0]));
  const module = (id: DefId): ModuleRec | undefined => {
    const record = modules.get(id);
    return record === undefined ? undefined : reader.at(record, () => readModule(place, id));
  };
  return {
    def: (id) => (id < defs.length ? reader.at(defs[id] ?? 0, () => readDef(place, id)) : undefined),
    module,
    modules: [...modules.keys()],
    ...keptHeaders(reader),
  };
}

function keptHeaders(reader: PackedReader): Pick<KeptDefs, "implTrait" | "implHead"> {
  const traits = reader.table("impl traits");
  const constructors = reader.table("impl heads");
  const heads = reader.at(reader.table("heads")[0] ?? 0, () => reader.value() as readonly string[]);
  return {
    implTrait: (id) => {
      const trait = traits[id] ?? marks.noImpl;
      if (trait >= 0) return trait as DefId;
      return trait === marks.noImpl ? undefined : trait === marks.inherent ? "inherent" : null;
    },
    implHead: (id) => {
      const at = constructors[id] ?? marks.openHead;
      return at === marks.parameter ? null : heads[at];
    },
  };
}

function readDef(place: Place, id: DefId): DefRec {
  const { reader, scopes } = place;
  const kind = defKinds[reader.uint()] ?? "mod";
  const name = reader.string();
  const crate = (firstPack + reader.uint()) as CrateId;
  const parent = optional(reader.uint());
  const module = reader.uint() as DefId;
  const index = reader.uint();
  const packEntry = optional(reader.uint());
  const visibleIn = optional(reader.uint());
  const macros = scopes[reader.uint() - 1] ?? null;
  const children = readNumbers(reader) as DefId[];
  const flags = reader.uint();
  const lang = (flags & has.lang) === 0 ? null : reader.string();
  const known = { id, kind, name, crate, parent, module, index, packEntry, visibleIn, macros, children, lang };
  return new KeptDef(known, flags, reader.here(), place);
}

interface Rest {
  readonly item: BareItem | null;
  /** Null: those of the item. */
  readonly attrs: readonly Attr[] | null;
  readonly foreign: Def["foreign"];
  readonly variant: VariantDef | null;
}

function readRest({ store, node }: Place, flags: number, parent: DefId | null): Rest {
  const own = (flags & has.item) === 0 ? null : (node() as BareItem);
  const item = (flags & has.parentItem) !== 0 && parent !== null ? defOf(store, parent).item : own;
  const attrs = (flags & has.attrs) === 0 ? null : (node() as readonly Attr[]);
  const foreign = (flags & has.foreign) === 0 ? null : (node() as Def["foreign"]);
  const variant = (flags & has.variant) === 0 ? null : (node() as VariantDef);
  return { item, attrs, foreign, variant };
}

const none: readonly never[] = [];

/** A class for its getters: most definitions are asked for their names alone. */
class KeptDef implements DefRec {
  readonly id: DefId;
  readonly kind: DefRec["kind"];
  readonly name: string;
  readonly crate: CrateId;
  readonly parent: DefId | null;
  readonly module: DefId;
  readonly index: number;
  readonly children: DefId[];
  readonly lang: string | null;
  readonly macros: MacroScope | null;
  readonly assumedCfg: boolean;
  packEntry: number | null;
  visibleIn: DefId | null;
  readonly #flags: number;
  readonly #record: number;
  readonly #place: Place;
  #rest: Rest | null = null;

  constructor(
    known: Omit<DefRec, "item" | "attrs" | "foreign" | "variant" | "assumedCfg">,
    flags: number,
    record: number,
    place: Place,
  ) {
    this.id = known.id;
    this.kind = known.kind;
    this.name = known.name;
    this.crate = known.crate;
    this.parent = known.parent;
    this.module = known.module;
    this.index = known.index;
    this.children = known.children;
    this.lang = known.lang;
    this.macros = known.macros;
    this.assumedCfg = (flags & has.assumed) !== 0;
    this.packEntry = known.packEntry;
    this.visibleIn = known.visibleIn;
    this.#flags = flags;
    this.#record = record;
    this.#place = place;
  }
  get #read(): Rest {
    this.#rest ??= this.#place.reader.at(this.#record, () => readRest(this.#place, this.#flags, this.parent));
    return this.#rest;
  }
  get item() {
    return this.#read.item;
  }
  get attrs() {
    return this.#read.attrs ?? this.#read.item?.attrs ?? none;
  }
  get foreign() {
    return (this.#flags & has.foreign) === 0 ? null : this.#read.foreign;
  }
  get variant() {
    return (this.#flags & has.variant) === 0 ? null : this.#read.variant;
  }
}

/** A number that was written with one added, 0 for none. */
function optional(number: number): DefId | null {
  return number === 0 ? null : ((number - 1) as DefId);
}

function readNumbers(reader: PackedReader): number[] {
  const numbers: number[] = new Array(reader.uint());
  let last = 0;
  for (let index = 0; index < numbers.length; index += 1) {
    last += reader.uint();
    numbers[index] = last;
  }
  return numbers;
}

function readModule({ store, reader, node }: Place, def: DefId): ModuleRec {
  const crate = (firstPack + reader.uint()) as CrateId;
  const parent = optional(reader.uint());
  const [types, values, macros] = [readNames(reader), readNames(reader), readNames(reader)];
  const rest = node() as Pick<ModuleRec, "block" | "globs" | "unnamed" | "directory"> & {
    imports: [string, Import[]][];
  };
  const { block, globs, unnamed, directory } = rest;
  const imports = new Map(rest.imports);
  const module: ModuleRec = { def, crate, parent, block, types, values, macros, imports, globs, unnamed, directory };
  store.modules.set(def, module);
  return module;
}

function readNames(reader: PackedReader): Map<string, DefId> {
  const names = new Map<string, DefId>();
  for (let left = reader.uint(); left > 0; left -= 1) names.set(reader.string(), reader.uint() as DefId);
  return names;
}

function readScopes({ reader }: Place, scopes: MacroScope[]): void {
  for (let left = reader.uint(); left > 0; left -= 1) {
    const before = scopes[reader.uint() - 1] ?? null;
    if (reader.uint() === 1) scopes.push({ k: "macro", name: reader.string(), def: reader.uint() as DefId, before });
    else scopes.push({ k: "hole", filled: scopes[reader.uint() - 1] ?? null, before });
  }
}

function readCrate(place: Place, crate: CrateState): void {
  const { reader } = place;
  for (const impl of readNumbers(reader)) crate.impls.push(impl as DefId);
  const rest = reader.value() as {
    readonly noStd: boolean;
    readonly macroUse: CrateId[];
    readonly anonymous: DefId[];
    readonly heldBack: [string[], number][];
  };
  crate.noStd = rest.noStd;
  crate.macroUse.push(...rest.macroUse);
  crate.anonymous.push(...rest.anonymous);
  for (const [impls, record] of rest.heldBack) crate.heldBack.push(heldBack(place, impls, record));
  crate.status = "done";
}

function heldBack(place: Place, impls: readonly string[], record: number): HeldBack {
  return {
    impls: new Set(impls),
    done: false,
    get pending() {
      return place.reader.at(record, () => readPending(place));
    },
  };
}

function readPending({ store, node, scopes }: Place): PendingMacro {
  const item = node() as MacroCallItem;
  const attrs = node() as readonly Attr[];
  const assumed = node() as boolean;
  const scope = scopes[(node() as number) - 1] ?? null;
  const hole = scopes[(node() as number) - 1];
  const depth = node() as number;
  const module = moduleAt(store, node() as DefId);
  const owner = node() as DefId | null;
  const [foreignAbi, included] = [node() as string | null, node() as string[]];
  if (hole?.k !== "hole" || module === undefined) throw new Error("a macro of a pack stands nowhere");
  const where = { module, owner: owner === null ? null : defOf(store, owner), foreignAbi, included };
  return { item, attrs, assumed, scope, hole, where, depth };
}
