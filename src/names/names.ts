/**
 * The names layer of one program: ties its modules together behind `Names` (defs.ts).
 *
 * Invariant: answers do not depend on the order of the questions; nothing throws for any input text.
 */

import { pushAll } from "../base/push-all.ts";
import type { MacroCall, Source, TypeRef } from "../syntax/ast.ts";
import type { Body } from "../syntax/ast-body.ts";
import { lowerExprRange, lowerFnBody, lowerTypeExpansion } from "../syntax/body.ts";
import { newArena } from "../syntax/lowering.ts";
import { createAlternatives } from "./alternatives.ts";
import { expandAnonymous } from "./anonymous-consts.ts";
import { type BodyEntries, entryLog } from "./body-entries.ts";
import { expandHeldBack } from "./collect-expanded.ts";
import { readMadeWith } from "./collect-made.ts";
import { completeCrate } from "./complete.ts";
import type { DefId, ExpandedBody, Names, Scope } from "./defs.ts";
import { asText, forgetRules, macroName, resolveMacro } from "./expand.ts";
import { expandBody } from "./expand-body.ts";
import { implHead, implTrait } from "./impl-header.ts";
import { givenTo, importedAs } from "./imported-as.ts";
import { includedText } from "./included-text.ts";
import { isLinked } from "./linked-std.ts";
import { rootOf } from "./lookup.ts";
import { expansionsOf } from "./macro-choices.ts";
import { createMacroWords } from "./macro-words.ts";
import { type NamesInput, newStore } from "./new-store.ts";
import { findPath, printPath } from "./print-path.ts";
import { isEffectivelyPublic, isReExported, isWithinReach } from "./public-api.ts";
import { resolveInScope } from "./resolve.ts";
import { crateOf, defOf, type MacroScope, type Store } from "./store.ts";
import { strayTexts } from "./stray-texts.ts";
import { traitsInScope } from "./traits-in-scope.ts";
import { mayBeWrittenByMacros } from "./written-by-macros.ts";

/** The names of a program. */
export function createNames(input: NamesInput): Names {
  const store = newStore(input);
  const all = [...store.crates, ...store.packs].map((crate) => crate.id);
  const bodies = new Map<DefId, ExpandedBody | null>();
  const entered = new Map<DefId, BodyEntries>();
  const anonymous = new WeakMap<Source, Map<string, ExpandedBody>>();
  const macroWords = createMacroWords(input.program, input.files, input.packs);
  const macrosMentioning = macroWords.mentioning;
  const scopeOf = (id: DefId): Scope => ({ module: defOf(store, id).module, owner: hasGenerics(store, id) });
  const bodyOf = (id: DefId): ExpandedBody | null => {
    const known = bodies.get(id);
    if (known !== undefined) return known;
    const lowered = lowerBodyOf(store, id);
    const log = entryLog(entered.get(id));
    const made = lowered === null ? null : expandBody(store, id, scopeOf(id), defOf(store, id).macros, lowered, log);
    if (made !== null) pushAll(store.problems, made.problems);
    bodies.set(id, made);
    entered.set(id, log.entries());
    for (let inner = store.openConsts.pop(); inner !== undefined; inner = store.openConsts.pop()) enterBody(inner);
    return made;
  };
  /** Problems are told once: a body that has some is kept. */
  const forgetBody = (id: DefId): void => {
    if (bodies.get(id)?.problems.length === 0) bodies.delete(id);
  };
  const enterBody = (id: DefId): void => {
    if (entered.has(id)) return;
    bodyOf(id);
    forgetBody(id);
  };
  return {
    program: input.program,
    def: (id) => defOf(store, id),
    crateRoot: (crate) => rootOf(store, crate),
    crateName: (crate) => crateOf(store, crate).name,
    crateNode: (crate) => crateOf(store, crate).node,
    isPackCrate: (crate) => crateOf(store, crate).pack !== null,
    isLinked: (crate, from) => isLinked(store, crate, from),
    allCrates: () => all,
    byPath: (path) => findPath(store, path),
    pathOf: (def) => printPath(store, def),
    langItem: (name) => store.langItems.get(name) ?? null,
    resolve: (scope, path, ns) => resolveInScope(store, scope, path, ns),
    scopeOf,
    implsOf: (crate, wanted) => {
      const state = crateOf(store, crate);
      completeCrate(store, state);
      expandHeldBack(store, state, wanted);
      expandAnonymous(store, state, wanted, { macrosMentioning, expand: enterBody });
      return state.impls;
    },
    readMentioning: (crate, words) => {
      const state = crateOf(store, crate);
      completeCrate(store, state);
      readMadeWith(store, state, words);
    },
    isUnread: (id) => crateOf(store, defOf(store, id).crate).unread.has(id),
    lateIn: (crate) => crateOf(store, crate).late,
    implTrait: (id) => implTrait(store, id),
    implHead: (id) => implHead(store, id),
    get implGeneration(): number {
      return store.implGeneration;
    },
    bodyImpls: () => store.bodyImpls,
    traitsInScope: (scope) => traitsInScope(store, scope),
    body: bodyOf,
    enterBody,
    forgetBody,
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
    reExports: (crate, def) => isReExported(store, crate, def),
    alternativesOf: createAlternatives(store),
    problemsOf: (def) => store.problemsByDef.get(def) ?? [],
    mayMention: (crate, words) => {
      const { node } = crateOf(store, crate);
      return node === null || input.files.mentions(node, words);
    },
    macrosMentioning,
    isToldByWords: macroWords.isToldByWords,
    writtenByMacros: (name, through) => mayBeWrittenByMacros(input.program, input.files, name, through),
    importedAs: (crate, wanted) => importedAs(store, crate, wanted),
    givenTo: (crate, def, words) => givenTo(store, crate, def, words),
    mayMatch: (crate, pattern) => {
      const { node } = crateOf(store, crate);
      return node === null || input.files.matches(node, pattern);
    },
    includedText: (argument, at, crate) => {
      const { node } = crateOf(store, crate);
      return node === null ? null : includedText(input.files, node, at, argument);
    },
    textsWith: (word, crate) => {
      const { node } = crateOf(store, crate);
      return node === null ? [] : input.files.textsWith(node, word);
    },
    strayTexts: (word, crate) => {
      const { node } = crateOf(store, crate);
      return node === null ? [] : strayTexts(input.files, node, word);
    },
    forgetRules: () => forgetRules(store),
    problems: () => store.problems,
    edition: (def) => crateOf(store, defOf(store, def).crate).edition,
  };
}

/** The definition itself where its parameters, or those of what it belongs to, are in scope inside it. */
function hasGenerics(store: Store, id: DefId): DefId | null {
  const { kind } = defOf(store, id);
  return kind === "mod" || kind === "block" || kind === "macro" ? null : id;
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
  const expansions = expansionsOf(store, crateOf(store, defOf(store, scope.module).crate), macro, call, null);
  const [first, ...others] = (expansions ?? []).map(asText);
  // Of several types none can be told.
  if (first === undefined || first.k === "failed" || others.length > 0) return error;
  return lowerTypeExpansion(first.source)?.ty ?? error;
}
