/**
 * The names layer of one program: ties its modules together behind `Names` (defs.ts).
 *
 * Invariant: answers do not depend on the order of the questions; nothing throws for any input text.
 */
import { pushAll } from "../base/push-all.ts";
import { type CfgSet, cfgKey } from "../crates/cfg.ts";
import type { CrateId, Program } from "../crates/crate-graph.ts";
import type { FilePort, PackCrate } from "../load/port.ts";
import type { GeneratedCode } from "../model/generated-code.ts";
import type { MacroCall, Source, TypeRef } from "../syntax/ast.ts";
import type { Body } from "../syntax/ast-body.ts";
import { lowerExprRange, lowerFnBody, lowerTypeExpansion } from "../syntax/body.ts";
import { newArena } from "../syntax/lowering.ts";
import { expandAnonymous } from "./anonymous-consts.ts";
import { selectedArm } from "./cfg-select.ts";
import { expandHeldBack } from "./collect-expanded.ts";
import { completeCrate, rootDirectory } from "./complete.ts";
import type { DefId, ExpandedBody, Names, Scope } from "./defs.ts";
import { expandRules, macroName, resolveMacro } from "./expand.ts";
import { expandBody } from "./expand-body.ts";
import { importedAs } from "./imported-as.ts";
import { rootOf } from "./lookup.ts";
import { createMacroWords } from "./macro-words.ts";
import { findPath, printPath } from "./print-path.ts";
import { isEffectivelyPublic, isWithinReach } from "./public-api.ts";
import { resolveInScope } from "./resolve.ts";
import { addDef, addModule, type CrateState, crateOf, defOf, type MacroScope, type Store } from "./store.ts";
import { traitsInScope } from "./traits-in-scope.ts";

export interface NamesInput {
  readonly program: Program;
  readonly files: FilePort;
  readonly packs: readonly PackCrate[];
  /** Facts that stand for functions of the program's crates: path → entry and the versions it holds for. */
  readonly overrides?: ReadonlyMap<string, readonly { readonly id: number; readonly versions: string | null }[]>;
  /** Whether a version lies in a range. */
  readonly satisfies?: (version: string, range: string) => boolean;
  /** What procedural macros make; without it no derive but the built-in ones is known. */
  readonly generated?: GeneratedCode;
}

const maxMacroTokens = 60_000_000;

/** The names of a program. */
export function createNames(input: NamesInput): Names {
  const store = newStore(input);
  const bodies = new Map<DefId, ExpandedBody | null>();
  const anonymous = new WeakMap<Source, Map<string, ExpandedBody>>();
  const macrosMentioning = createMacroWords(input.program, input.files);
  const scopeOf = (id: DefId): Scope => ({ module: defOf(store, id).module, owner: hasGenerics(store, id) });
  const bodyOf = (id: DefId): ExpandedBody | null => {
    const known = bodies.get(id);
    if (known !== undefined) return known;
    const lowered = lowerBodyOf(store, id);
    const made = lowered === null ? null : expandBody(store, id, scopeOf(id), defOf(store, id).macros, lowered);
    if (made !== null) pushAll(store.problems, made.problems);
    bodies.set(id, made);
    for (let inner = store.openConsts.pop(); inner !== undefined; inner = store.openConsts.pop()) bodyOf(inner);
    return made;
  };
  for (const id of store.packByName.values()) rootOf(store, id);
  return {
    program: input.program,
    def: (id) => defOf(store, id),
    crateRoot: (crate) => rootOf(store, crate),
    crateName: (crate) => crateOf(store, crate).name,
    crateNode: (crate) => crateOf(store, crate).node,
    isPackCrate: (crate) => crateOf(store, crate).pack !== null,
    allCrates: () => store.crates.map((crate) => crate.id),
    byPath: (path) => findPath(store, path),
    pathOf: (def) => printPath(store, def),
    langItem: (name) => store.langItems.get(name) ?? null,
    resolve: (scope, path, ns) => resolveInScope(store, scope, path, ns),
    scopeOf,
    implsOf: (crate, wanted) => {
      const state = crateOf(store, crate);
      completeCrate(store, state);
      expandHeldBack(store, state, wanted);
      expandAnonymous(store, state, wanted, { macrosMentioning, expand: bodyOf });
      return state.impls;
    },
    get implGeneration(): number {
      return store.implGeneration;
    },
    bodyImpls: () => store.bodyImpls,
    traitsInScope: (scope) => traitsInScope(store, scope),
    body: bodyOf,
    forgetBody: (id) => {
      const body = bodies.get(id);
      if (body != null && body.blockScopes.size + body.problems.length === 0) bodies.delete(id);
    },
    anonBody: (scope, source, start, end) => {
      const ofSource = anonymous.get(source) ?? new Map<string, ExpandedBody>();
      anonymous.set(source, ofSource);
      const key = `${scope.module}:${scope.owner}:${start}:${end}`;
      const known = ofSource.get(key);
      if (known !== undefined) return known;
      const owner = scope.owner ?? scope.module;
      const body = lowerExprRange(source, start, end) ?? errorBody(source, start, end);
      const made = expandBody(store, owner, scope, defOf(store, owner).macros, body);
      ofSource.set(key, made);
      return made;
    },
    expandType: (scope, call) => expandTypeMacro(store, scope, call),
    effectivelyPublic: (def) => isEffectivelyPublic(store, def),
    withinReach: (def) => isWithinReach(store, def),
    problemsOf: (def) => store.problemsByDef.get(def) ?? [],
    mayMention: (crate, words) => {
      const { node } = crateOf(store, crate);
      return node === null || input.files.mentions(node, words);
    },
    macrosMentioning,
    importedAs: (crate, wanted) => importedAs(store, crate, wanted),
    mayMatch: (crate, pattern) => {
      const { node } = crateOf(store, crate);
      return node === null || input.files.matches(node, pattern);
    },
    problems: () => store.problems,
    edition: (def) => crateOf(store, defOf(store, def).crate).edition,
  };
}

/** The definition itself where its parameters, or those of what it belongs to, are in scope inside it. */
function hasGenerics(store: Store, id: DefId): DefId | null {
  const { kind } = defOf(store, id);
  return kind === "mod" || kind === "block" || kind === "macro" ? null : id;
}

function newStore(input: NamesInput): Store {
  const store: Store = {
    program: input.program,
    files: input.files,
    defs: [],
    modules: new Map(),
    macros: new Map(),
    crates: [],
    packByName: new Map(),
    langItems: new Map(),
    bodyImpls: [],
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
  for (const node of input.program.crates) {
    const deps = new Map(node.deps.map((dep) => [dep.externName, dep.crate]));
    addCrate(store, {
      name: node.name,
      edition: node.edition,
      cfg: node.cfg,
      node,
      pack: null,
      deps,
      procMacros: new Set(node.procMacroDeps),
    });
  }
  for (const pack of input.packs) {
    const deps = new Map(
      pack.deps.flatMap((name) => {
        const id = store.packByName.get(name);
        return id === undefined ? [] : [[name, id] as const];
      }),
    );
    store.packByName.set(pack.name, store.crates.length as CrateId);
    addCrate(store, {
      name: pack.name,
      edition: pack.edition,
      cfg: pack.cfg ?? emptyCfg,
      node: null,
      pack,
      deps,
      procMacros: new Set(),
    });
  }
  return store;
}

function addCrate(
  store: Store,
  made: Pick<CrateState, "name" | "edition" | "cfg" | "node" | "pack" | "deps" | "procMacros">,
): void {
  const id = store.crates.length as CrateId;
  const state: CrateState = {
    ...made,
    id,
    root: store.defs.length as DefId,
    impls: [],
    anonymous: [],
    filesRead: 0,
    pending: [],
    heldBack: [],
    macroUse: [],
    noStd: false,
    status: "new",
  };
  store.crates.push(state);
  const def = addDef(store, { kind: "mod", name: made.name, crate: id, parent: null, module: null, item: null });
  addModule(store, def, null, false, rootDirectory(made.node?.rootFile ?? ""));
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
  const byPath = new Map<string, DefId[]>();
  for (const def of store.defs) {
    if (def.crate !== crate.id || def.kind !== "fn" || !names.has(def.name)) continue;
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

function lowerBodyOf(store: Store, id: DefId): Body | null {
  const { item, kind, variant } = defOf(store, id);
  if (kind === "variant") {
    const range = variant?.discriminant ?? null;
    return range === null ? null : lowerExprRange(range.source, range.start, range.end);
  }
  if (item?.k === "fn")
    return item.hasBody ? (lowerFnBody(item) ?? errorBody(item.source, item.start, item.end)) : null;
  if ((item?.k === "const" || item?.k === "static") && item.value !== null) {
    return (
      lowerExprRange(item.source, item.value.start, item.value.end) ??
      errorBody(item.source, item.value.start, item.value.end)
    );
  }
  return null;
}

function errorBody(source: Source, start: number, end: number): Body {
  const span = source.spanOf(start, end);
  const arena = newArena();
  arena.nextExpr = 1;
  return {
    arena,
    selfParam: null,
    params: [],
    root: { id: 0, span, attrs: [], k: "error", reason: "parse-error", text: source.text.slice(start, end) },
    errors: [span],
  };
}

function expandTypeMacro(store: Store, scope: Scope, call: MacroCall): TypeRef {
  const error: TypeRef = { k: "error", reason: macroName(call.path), span: call.span };
  const macros: MacroScope | null = scope.owner === null ? null : defOf(store, scope.owner).macros;
  const macro = resolveMacro(store, scope.module, macros, call.path);
  const { cfg } = crateOf(store, defOf(store, scope.module).crate);
  if (macro?.k !== "def") {
    const arm =
      macro?.k !== "proc-macro" && call.path.segments.at(-1)?.name === "cfg_select" ? selectedArm(call, cfg) : null;
    return (arm === null ? null : lowerTypeExpansion(arm)?.ty) ?? error;
  }
  const expansion = expandRules(store, macro.def, call, cfg);
  if (expansion.k === "failed") return error;
  return lowerTypeExpansion(expansion.source)?.ty ?? error;
}
