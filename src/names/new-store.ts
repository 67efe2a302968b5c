/**
 * A program's store as it is before the first question: crates of rule packs first, since they are the same in every program, then its own.
 */
import type { PackedReader } from "../base/packed-reader.ts";
import type { PackedWriter } from "../base/packed-writer.ts";
import { type CfgSet, cfgKey } from "../crates/cfg.ts";
import type { CrateId, Program } from "../crates/crate-graph.ts";
import type { FilePort, PackCrate } from "../load/port.ts";
import type { GeneratedCode } from "../model/generated-code.ts";
import type { Source } from "../syntax/ast.ts";
import { readMadeWith } from "./collect-made.ts";
import { completeCrate, rootDirectory } from "./complete.ts";
import type { DefId } from "./defs.ts";
import { keepStore } from "./keep-store.ts";
import { printPath } from "./print-path.ts";
import { restoreStore } from "./restore-store.ts";
import { addDef, addModule, type CrateState, defOf, firstPack, type Store } from "./store.ts";

export interface NamesInput {
  readonly program: Program;
  readonly files: FilePort;
  readonly packs: readonly PackCrate[];
  /** Facts that stand for functions of the program's crates: path → entry and the versions it holds for. */
  readonly overrides?: ReadonlyMap<string, readonly { readonly id: number; readonly versions: string | null }[]>;
  /** Whether a version lies in a range. */
  readonly satisfies?: (version: string, range: string) => boolean;
  /** What the build has kept of the packs' crates, with the sources of their texts: they are not collected then. */
  readonly kept?: { readonly reader: PackedReader; readonly sources: readonly Source[] } | null;
  /** What procedural macros make; without it no derive but the built-in ones is known. */
  readonly generated?: GeneratedCode;
}

const maxMacroTokens = 60_000_000;

/** The store of a program: the packs' crates complete, none of its own collected yet. */
export function newStore(input: NamesInput): Store {
  const store: Store = {
    program: input.program,
    files: input.files,
    defs: [],
    kept: null,
    modules: new Map(),
    macros: new Map(),
    crates: [],
    packs: [],
    packByName: new Map(),
    langItems: new Map(),
    bodyImpls: [],
    madeImpls: new Map(),
    assumedImports: [],
    openConsts: [],
    implGeneration: 0,
    problems: [],
    problemsByDef: new Map(),
    nextContext: 0,
    generated: input.generated ?? { derives: [], attributes: [], cfgIf: new Set() },
    satisfies: (version, range) => input.satisfies?.(version, range) ?? true,
    tokensLeft: maxMacroTokens,
    tokensByCall: new Map(),
    lookups: { type: new Map(), value: new Map(), macro: new Map() },
    complete: (crate) => completeCrate(store, crate),
    onComplete: (crate) => applyOverrides(store, crate, input),
  };
  const emptyCfg: CfgSet = {
    known: new Set([
      "unix",
      cfgKey("target_os", "linux"),
      cfgKey("target_pointer_width", "64"),
      cfgKey("target_family", "unix"),
    ]),
    maybe: new Set(),
    never: new Set(),
  };
  for (const [index, pack] of input.packs.entries()) {
    const deps = new Map(
      pack.deps.flatMap((name) => {
        const id = store.packByName.get(name);
        return id === undefined ? [] : [[name, id] as const];
      }),
    );
    const id = (firstPack + index) as CrateId;
    store.packByName.set(pack.name, id);
    store.packs.push({
      ...newCrate(id, index as DefId),
      name: pack.name,
      edition: pack.edition,
      cfg: pack.cfg ?? emptyCfg,
      node: null,
      pack,
      deps,
      procMacros: new Set(),
    });
  }
  if (input.kept != null) restoreStore(store, input.kept.reader, input.kept.sources);
  else {
    for (const crate of store.packs) addRoot(store, crate);
    for (const crate of store.packs) store.complete(crate);
  }
  for (const [index, node] of input.program.crates.entries()) {
    const deps = new Map(node.deps.map((dep) => [dep.externName, dep.crate]));
    const crate: CrateState = {
      ...newCrate(index as CrateId, store.defs.length as DefId),
      name: node.name,
      edition: node.edition,
      cfg: node.cfg,
      node,
      pack: null,
      deps,
      procMacros: new Set(node.procMacroDeps),
    };
    store.crates.push(crate);
    addRoot(store, crate);
  }
  return store;
}

/** Writes what names knows of the packs' crates; the program has no crates. */
export function keepNames(input: NamesInput, out: PackedWriter): void {
  keepStore(newStore(input), out);
}

function newCrate(
  id: CrateId,
  root: DefId,
): Omit<CrateState, "name" | "edition" | "cfg" | "node" | "pack" | "deps" | "procMacros"> {
  return {
    id,
    root,
    impls: [],
    anonymous: [],
    filesRead: 0,
    pending: [],
    heldBack: [],
    unread: new Set(),
    late: [],
    macroUse: [],
    noStd: false,
    loads: new Set(),
    status: "new",
  };
}

function addRoot(store: Store, { id, root, name, node }: CrateState): void {
  const def = addDef(store, { kind: "mod", name, crate: id, parent: null, module: null, item: null });
  if (def.id !== root) throw new Error(`the root of ${name} is not where it was said to be`);
  addModule(store, def, null, false, rootDirectory(node?.rootFile ?? ""));
}

function applyOverrides(store: Store, crate: CrateState, input: NamesInput): void {
  if (crate.node === null || input.overrides === undefined) return;
  const { version } = crate.node.package;
  const prefixes = [`${crate.name}::`, `<${crate.name}::`];
  const wanted = [...input.overrides].filter(
    ([path]) => prefixes.some((prefix) => path.startsWith(prefix)) || path.includes(` as ${crate.name}::`),
  );
  if (wanted.length === 0) return;
  // Printing a path may ask for other crates: only functions that bear one of the names are printed.
  const names = new Set(wanted.map(([path]) => path.slice(path.lastIndexOf(":") + 1)));
  readMadeWith(store, crate, [...names]);
  const byPath = new Map<string, DefId[]>();
  for (const def of store.defs) {
    if (def?.crate !== crate.id || def.kind !== "fn" || !names.has(def.name)) continue;
    const path = printPath(store, def.id);
    const list = byPath.get(path) ?? [];
    list.push(def.id);
    byPath.set(path, list);
  }
  for (const [path, entries] of wanted) {
    const entry = entries.find((one) => one.versions === null || input.satisfies?.(version, one.versions) !== false);
    if (entry !== undefined) for (const id of byPath.get(path) ?? []) defOf(store, id).packEntry = entry.id;
  }
}
