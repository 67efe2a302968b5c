/**
 * What names knows of the crates of rule packs, from what the build has kept of it (keep-store.ts): a definition or a module is restored when
 * somebody asks for it, to what it would be if the packs had been collected.
 *
 * Invariant: answers do not depend on the order of the questions, since a record is made of its own bytes and of others' alone.
 */

import type { PackedReader } from "../base/packed-reader.ts";
import { pushAll } from "../base/push-all.ts";
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
  packEntryOf,
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
  store.defs.length = reader.table("def kinds").length;
  const node = nodeReader(reader, files, reader.table("sources"));
  const scopes: MacroScope[] = [];
  const place: Place = { store, reader, node, scopes };
  store.kept = keptDefs(place);
  reader.at(reader.table("store")[0] ?? 0, () => {
    readScopes(place, scopes);
    for (const crate of store.packs) readCrate(place, crate);
    for (const [name, def] of reader.value() as [string, DefId][]) store.langItems.set(name, def);
    for (const one of reader.value() as [DefId, CrateId, Edition, boolean][]) {
      const [def, crate, edition, localInnerMacros] = one;
      store.macros.set(def, { def, crate, edition, localInnerMacros, rules: null, cfgIf: false, besides: null });
    }
    const [nextContext, tokensLeft, tokensByCall] = reader.value() as [number, number, [string, number][]];
    store.nextContext = nextContext;
    store.tokensLeft = tokensLeft;
    for (const [call, tokens] of tokensByCall) store.tokensByCall.set(call, tokens);
  });
}

function keptDefs(place: Place): KeptDefs {
  const { reader } = place;
  const columns = columnsOf(reader);
  const records = reader.table("module records");
  const modules = new Map([...reader.table("modules")].map((id, index) => [id as DefId, records[index] ?? 0]));
  const module = (id: DefId): ModuleRec | undefined => {
    const record = modules.get(id);
    return record === undefined ? undefined : reader.at(record, () => readModule(place, id));
  };
  return {
    def: (id) => (id < columns.kinds.length ? new KeptDef(id, columns, place) : undefined),
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

/** What is told of definitions by number. */
interface Columns {
  readonly kinds: Int32Array;
  readonly crates: Int32Array;
  readonly parents: Int32Array;
  readonly modules: Int32Array;
  readonly visibleIn: Int32Array;
  readonly scopes: Int32Array;
  readonly flags: Int32Array;
  /** Distances, 0 for none. */
  readonly firstChildren: Int32Array;
  readonly nextSiblings: Int32Array;
  /** Where in its text the item begins, and where its record stands. */
  readonly startOf: (id: number) => number;
  readonly recordOf: (id: number) => number;
}

function columnsOf(reader: PackedReader): Columns {
  return {
    kinds: reader.table("def kinds"),
    crates: reader.table("def crates"),
    parents: reader.table("def parents"),
    modules: reader.table("def modules"),
    visibleIn: reader.table("def visible in"),
    scopes: reader.table("def scopes"),
    flags: reader.table("def flags"),
    firstChildren: reader.table("def first children"),
    nextSiblings: reader.table("def next siblings"),
    startOf: reader.growing("def starts"),
    recordOf: reader.growing("defs"),
  };
}

function childrenOf({ firstChildren, nextSiblings }: Columns, id: DefId): DefId[] {
  const children: DefId[] = [];
  let step = firstChildren[id] ?? 0;
  for (let child = id + step; step !== 0; child += step) {
    children.push(child as DefId);
    step = nextSiblings[child] ?? 0;
  }
  return children;
}

interface Rest {
  readonly item: BareItem | null;
  /** Null: those of the item. */
  readonly attrs: readonly Attr[] | null;
  readonly foreign: Def["foreign"];
  readonly variant: VariantDef | null;
}

function readRest({ store, reader, node }: Place, flags: number, parent: DefId | null): Rest {
  namesAt(reader, flags);
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
  readonly children: DefId[];
  readonly lang: string | null;
  readonly macros: MacroScope | null;
  readonly assumedCfg: boolean;
  visibleIn: DefId | null;
  readonly #flags: number;
  readonly #record: number;
  readonly #start: number;
  readonly #place: Place;
  #rest: Rest | null = null;

  constructor(id: DefId, columns: Columns, place: Place) {
    const flags = columns.flags[id] ?? 0;
    this.id = id;
    this.kind = defKinds[columns.kinds[id] ?? 0] ?? "mod";
    this.crate = (firstPack + (columns.crates[id] ?? 0)) as CrateId;
    this.parent = optional(columns.parents[id]);
    this.module = (columns.modules[id] ?? 0) as DefId;
    this.children = childrenOf(columns, id);
    this.macros = place.scopes[(columns.scopes[id] ?? 0) - 1] ?? null;
    this.assumedCfg = (flags & has.assumed) !== 0;
    this.visibleIn = optional(columns.visibleIn[id]);
    this.#flags = flags;
    this.#record = columns.recordOf(id);
    this.#start = columns.startOf(id);
    this.#place = place;
    const { reader } = place;
    const [name, lang] = reader.at(this.#record, () => namesAt(reader, flags));
    this.name = name;
    this.lang = lang;
  }
  get #read(): Rest {
    this.#rest ??= this.#place.reader.at(
      this.#record,
      () => readRest(this.#place, this.#flags, this.parent),
      this.#start,
    );
    return this.#rest;
  }
  get index() {
    return this.parent === null ? 0 : defOf(this.#place.store, this.parent).children.indexOf(this.id);
  }
  get item() {
    return this.#read.item;
  }
  get attrs() {
    return this.#read.attrs ?? this.#read.item?.attrs ?? none;
  }
  get packEntry() {
    return packEntryOf(this.attrs);
  }
  get foreign() {
    return (this.#flags & has.foreign) === 0 ? null : this.#read.foreign;
  }
  get variant() {
    return (this.#flags & has.variant) === 0 ? null : this.#read.variant;
  }
}

function namesAt(reader: PackedReader, flags: number): readonly [string, string | null] {
  return [reader.string(), (flags & has.lang) === 0 ? null : reader.string()];
}

/** A definition's number, -1 for none. */
function optional(number: number | undefined): DefId | null {
  return number === undefined || number < 0 ? null : (number as DefId);
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
  const parent = optional(reader.uint() - 1);
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
  for (let left = reader.uint(); left > 0; left -= 1) names.set(reader.string(), reader.near() as DefId);
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
  pushAll(crate.macroUse, rest.macroUse);
  pushAll(crate.anonymous, rest.anonymous);
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
  const scope = scopes[(node() as number) - 1] ?? null;
  const hole = scopes[(node() as number) - 1];
  const depth = node() as number;
  const module = moduleAt(store, node() as DefId);
  const owner = node() as DefId | null;
  const [foreignAbi, included] = [node() as string | null, node() as string[]];
  if (hole?.k !== "hole" || module === undefined) throw new Error("a macro of a pack stands nowhere");
  const where = { module, owner: owner === null ? null : defOf(store, owner), foreignAbi, included };
  return { item, attrs, scope, hole, where, depth };
}
