/**
 * Definitions and modules as they are built: the tables that everything in this folder fills and reads.
 *
 * A module record exists for modules, crate roots, enums (their variants) and blocks that declare items. Textual macro scopes are
 * linked lists: what a call sees is the node that stood there; a call that is not expanded yet leaves a hole that is
 * filled later, so that macros it defines are seen behind it.
 */
import type { CfgSet } from "../crates/cfg.ts";
import type { CrateId, CrateNode, Program } from "../crates/crate-graph.ts";
import type { FilePort, PackCrate } from "../load/port.ts";
import type { GeneratedCode } from "../model/generated-code.ts";
import type { Attr, BareItem, Edition, MacroCallItem, VariantDef } from "../syntax/ast.ts";
import type { Def, DefId, DefKind, NameProblem, Namespace } from "./defs.ts";
import type { ImplTokens } from "./impl-tokens.ts";
import type { Rule } from "./macro-rules.ts";

export interface DefRec extends Def {
  attrs: readonly Attr[];
  readonly children: DefId[];
  /** Visible below this module; null: everywhere. */
  visibleIn: DefId | null;
  packEntry: number | null;
  /** Macros that stand before it in the text. */
  readonly macros: MacroScope | null;
}

export interface Import {
  readonly path: readonly string[];
  readonly global: boolean;
  readonly dollarCrate: number | null;
  /** Name it is known by; null for a glob, "_" for `as _`. */
  readonly name: string | null;
  readonly glob: boolean;
  /** `use a::{self}`: the type namespace only. */
  readonly selfOnly: boolean;
  readonly visibleIn: DefId | null;
  readonly module: DefId;
  /** `extern crate x`: the path is a crate's name. */
  readonly externCrate: boolean;
  /** It is being resolved (import-cycles.ts). */
  busy: boolean;
}

/** Where the files of a module's children are looked for. */
export interface Directory {
  /** Directory of the file that the module stands in. */
  readonly fileDir: string;
  /** Directory of `mod x;` written here. */
  readonly childDir: string;
  readonly inline: boolean;
  /** The files that the module and those around it stand in, outermost first: none of them holds itself. */
  readonly open: readonly string[];
}

export interface ModuleRec {
  readonly def: DefId;
  readonly crate: CrateId;
  /** The module around it; null for a crate root. For blocks: the module or block they stand in. */
  readonly parent: DefId | null;
  readonly block: boolean;
  readonly types: Map<string, DefId>;
  readonly values: Map<string, DefId>;
  readonly macros: Map<string, DefId>;
  readonly imports: Map<string, Import[]>;
  readonly globs: Import[];
  readonly unnamed: Import[];
  readonly directory: Directory;
}

export interface MacroRec {
  readonly def: DefId;
  readonly crate: CrateId;
  readonly edition: Edition;
  readonly localInnerMacros: boolean;
  /** Null where nobody has called it, or they were let go of. */
  rules: readonly Rule[] | null;
  /** Its rules are those of `cfg_if!`; known with them. */
  cfgIf: boolean;
  /** What had the name before, where only a build script knows whether this one is compiled: in the text, and among what the crate exports; else null. */
  readonly besides: { readonly scope: MacroScope | null; readonly exported: DefId | null } | null;
}

export type MacroScope =
  | { readonly k: "macro"; readonly name: string; readonly def: DefId; readonly before: MacroScope | null }
  /** What an item macro defines; `filled` once it was expanded. */
  | { readonly k: "hole"; filled: MacroScope | null; readonly before: MacroScope | null };

export interface PendingMacro {
  readonly item: MacroCallItem;
  readonly attrs: readonly Attr[];
  readonly scope: MacroScope | null;
  readonly hole: MacroScope & { readonly k: "hole" };
  readonly where: Container;
  readonly depth: number;
}

/** A macro call with `#[sigsafe_impls(Trait, inherent Type, …)]`. */
export interface HeldBack {
  readonly pending: PendingMacro;
  /** Names of traits, and `inherent Type`. */
  readonly impls: ReadonlySet<string>;
  done: boolean;
}

/** Where items are collected into. */
export interface Container {
  readonly module: ModuleRec;
  /** The impl, trait or extern block around members; null in a module. */
  readonly owner: DefRec | null;
  readonly foreignAbi: string | null;
  /** Files of `include!` that are being read into the module. */
  readonly included: readonly string[];
  /** It is not known whether this is what a macro call stands for. */
  readonly undecided?: true;
}

export interface CrateState {
  readonly id: CrateId;
  readonly name: string;
  readonly edition: Edition;
  readonly cfg: CfgSet;
  readonly node: CrateNode | null;
  readonly pack: PackCrate | null;
  readonly root: DefId;
  readonly deps: ReadonlyMap<string, CrateId>;
  readonly procMacros: ReadonlySet<string>;
  readonly impls: DefId[];
  /** `const _`: nobody can name them, but impls may stand in their bodies; taken out when those bodies were expanded. */
  readonly anonymous: DefId[];
  readonly pending: PendingMacro[];
  /** Item macros of a pack that make impls of certain traits, or inherent ones of certain types, and nothing else: expanded when one of these is asked for. */
  readonly heldBack: HeldBack[];
  /** What macros made and nobody has read (collect-made.ts). */
  readonly unread: Set<DefId>;
  /** What was read late: those definitions and what they added, in the order of reading; some twice. */
  readonly late: DefId[];
  /** Macros of `#[macro_use] extern crate`: crates whose exported macros are known everywhere. */
  readonly macroUse: CrateId[];
  noStd: boolean;
  /** What `extern crate` loads. */
  readonly loads: Set<string>;
  /** Files of modules and of `include!` that were read. */
  filesRead: number;
  status: "new" | "working" | "done";
}

/** What names are told of an impl whose item nobody has read. */
export type ImplHeader = Pick<ImplTokens, "negative" | "trait" | "self">;

export interface Store {
  readonly program: Program;
  readonly files: FilePort;
  /** Undefined where one of a pack was not asked for yet: `defOf`. */
  readonly defs: (DefRec | undefined)[];
  /** Those that were asked for: `moduleAt`. */
  readonly modules: Map<DefId, ModuleRec>;
  /** Where the packs' crates were not collected but kept by the build (restore-store.ts). */
  kept: KeptDefs | null;
  readonly macros: Map<DefId, MacroRec>;
  /** Of the program, by number. */
  readonly crates: CrateState[];
  /** Crates of rule packs, in dependency order. */
  readonly packs: CrateState[];
  readonly packByName: Map<string, CrateId>;
  readonly langItems: Map<string, DefId>;
  readonly bodyImpls: DefId[];
  /** What headers say of impls that macros made and that nobody has read yet (collect-made.ts). */
  readonly madeImpls: Map<DefId, ImplHeader>;
  /** Imports under cfgs that only a build script decides, as they were collected. */
  readonly assumedImports: Import[];
  /** `const _` of bodies that may hold impls, not expanded yet. */
  readonly openConsts: DefId[];
  implGeneration: number;
  readonly problems: NameProblem[];
  readonly problemsByDef: Map<DefId, NameProblem[]>;
  nextContext: number;
  /** What procedural macros make, as far as data says it. */
  readonly generated: GeneratedCode;
  /** Whether a version lies in a range. */
  satisfies(version: string, range: string): boolean;
  /** Tokens that macros may still print, all together. */
  tokensLeft: number;
  /** What was spent of them on one call in a file and all within its expansion. */
  readonly tokensByCall: Map<string, number>;
  /** Answers of look-ups in modules and enums of complete crates. */
  readonly lookups: Readonly<Record<Namespace, Map<DefId, Map<string, NameEntry | null>>>>;
  /** Works a crate's module tree out, where that was not done yet: a look-up in it asks for that first. */
  complete(crate: CrateState): void;
  /** Told of each crate whose module tree is complete. */
  onComplete(crate: CrateState): void;
}

/** Definitions and modules of the packs, each made when it is asked for the first time. */
export interface KeptDefs {
  def(id: DefId): DefRec | undefined;
  /** Enters it among the modules of the store. */
  module(id: DefId): ModuleRec | undefined;
  readonly modules: readonly DefId[];
  /** The answers of impl-header.ts for impls of theirs; undefined for anything else. */
  implTrait(id: DefId): DefId | "inherent" | null | undefined;
  implHead(id: DefId): string | null | undefined;
}

/** What a name means in a module, and from where it may be seen. */
export interface NameEntry {
  readonly result: LookupResult;
  readonly visibleIn: DefId | null;
}

export type LookupResult =
  | { readonly k: "def"; readonly def: DefId }
  | { readonly k: "prim"; readonly name: string }
  | { readonly k: "proc-macro"; readonly name: string }
  | { readonly k: "builtin-macro"; readonly name: string };

/** Number of the first crate of rule packs: the same in every program, since expansions of theirs hold it. No program has as many crates. */
export const firstPack: number = 1 << 20;

/** Is a definition, or a module or impl around it, under a cfg that only a build script decides? */
export function standsAssumed(store: Store, id: DefId): boolean {
  if (crateOf(store, defOf(store, id).crate).cfg.maybe.size === 0) return false;
  for (let at: DefId | null = id; at !== null; at = defOf(store, at).parent)
    if (defOf(store, at).assumedCfg) return true;
  return false;
}

/** The record of a definition. */
export function defOf(store: Store, id: DefId): DefRec {
  return store.defs[id] ?? restored(store, id);
}

function restored(store: Store, id: DefId): DefRec {
  const def = store.kept?.def(id);
  if (def === undefined) throw new Error(`no definition ${id}`);
  store.defs[id] = def;
  return def;
}

/** The record of a module, enum or block; undefined where the definition is none. */
export function moduleAt(store: Store, id: DefId): ModuleRec | undefined {
  return store.modules.get(id) ?? store.kept?.module(id);
}

/** The state of a crate. */
export function crateOf(store: Store, id: CrateId): CrateState {
  const crate = id >= firstPack ? store.packs[id - firstPack] : store.crates[id];
  if (crate === undefined) throw new Error(`no crate ${id}`);
  return crate;
}

export interface NewDef {
  readonly kind: DefKind;
  readonly name: string;
  readonly crate: CrateId;
  readonly parent: DefId | null;
  /** Null: the definition is a module itself. */
  readonly module: DefId | null;
  readonly item: BareItem | null;
  readonly variant?: VariantDef | null;
  readonly attrs?: readonly Attr[];
  readonly assumed?: boolean;
  readonly foreign?: Def["foreign"];
  readonly visibleIn?: DefId | null;
  readonly macros?: MacroScope | null;
}

/** Adds a definition, as the last child of its parent. */
export function addDef(store: Store, made: NewDef): DefRec {
  const id = store.defs.length as DefId;
  const attrs = made.attrs ?? [];
  const parent = made.parent === null ? null : defOf(store, made.parent);
  const def: DefRec = {
    id,
    kind: made.kind,
    name: made.name,
    crate: made.crate,
    parent: made.parent,
    module: made.module ?? id,
    item: made.item,
    variant: made.variant ?? null,
    index: parent?.children.length ?? 0,
    children: [],
    attrs,
    assumedCfg: made.assumed === true,
    packEntry: packEntryOf(attrs),
    foreign: made.foreign ?? null,
    lang: langOf(attrs),
    visibleIn: made.visibleIn ?? null,
    macros: made.macros ?? null,
  };
  store.defs.push(def);
  parent?.children.push(id);
  if (def.lang !== null && crateOf(store, made.crate).pack !== null && !store.langItems.has(def.lang))
    store.langItems.set(def.lang, id);
  return def;
}

/** Adds a module record for a definition. */
export function addModule(
  store: Store,
  def: DefRec,
  parent: DefId | null,
  block: boolean,
  directory: Directory,
): ModuleRec {
  const module: ModuleRec = {
    def: def.id,
    crate: def.crate,
    parent,
    block,
    types: new Map(),
    values: new Map(),
    macros: new Map(),
    imports: new Map(),
    globs: [],
    unnamed: [],
    directory,
  };
  store.modules.set(def.id, module);
  return module;
}

/** Records a problem, with its definition where there is one. */
export function addProblem(store: Store, problem: NameProblem): void {
  store.problems.push(problem);
  if (problem.def === null) return;
  const list = store.problemsByDef.get(problem.def) ?? [];
  list.push(problem);
  store.problemsByDef.set(problem.def, list);
}

function langOf(attrs: readonly Attr[]): string | null {
  const attr = attrs.find((one) => one.path === "lang" && one.form === "value");
  return attr === undefined ? null : attr.tokens.trim().replace(/^"|"$/g, "");
}

/** The entry that attributes name. */
export function packEntryOf(attrs: readonly Attr[]): number | null {
  const attr = attrs.find((one) => one.path === "sigsafe_entry");
  return attr === undefined ? null : Number(attr.tokens);
}
