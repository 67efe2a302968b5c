/**
 * Every call in the program that may install a handler: by link name or by the printed path of the callee.
 *
 * Bodies are found by words first (the names of registrars, other names of foreign functions with such a link name, and
 * `as` aliases of both, in the crate and in those that it reaches), then by what their calls resolve to. Where a registrar is a leaf,
 * calls inside it are not told again; functions that are known to install no handler of their caller are left out whole. A registrar
 * that is passed on as a value is told apart: what is installed through it is unknown.
 */

import { pushAll } from "../base/push-all.ts";
import type { Span } from "../base/span.ts";
import type { Steps } from "../base/steps.ts";
import type { Bodies } from "../calls/bodies.ts";
import type { BodyKey, Mir, Operand, Terminator } from "../calls/mir.ts";
import type { CrateId } from "../crates/crate-graph.ts";
import { reachedFrom } from "../crates/reached.ts";
import { matchedNames, methodNames, type Registrar, type Registrars } from "../model/registrars.ts";
import type { DefId } from "../names/defs.ts";
import { asmItems } from "./asm-items.ts";
import { asmCalls } from "./asm-registrars.ts";
import { hiddenModules } from "./hidden-modules.ts";
import { lookedUp } from "./registrar-lookups.ts";
import { takeUp } from "./registrar-numbers.ts";
import type { HiddenRegistrar, RegistrarSearch, RegistrarUses } from "./registrar-uses.ts";
import { installs, mayInstall, mayName, type RegistrarWords } from "./registrar-words.ts";

type SearchOptions = Pick<RegistrarSearch, "bodies" | "registrars" | "arch" | "isLive"> & {
  readonly forkEntries: boolean;
};

/** All of them, crate by crate in the program's order. */
export function* registrarUseSteps({
  bodies,
  registrars,
  arch,
  isLive,
  forkEntries,
}: SearchOptions): Steps<RegistrarUses> {
  const found: RegistrarUses = {
    calls: [],
    passed: [],
    hidden: [],
    byName: [],
    inAssembly: [],
    unread: [],
    wrappers: [],
  };
  const search: RegistrarSearch = { bodies, registrars, arch, isLive, found, seen: new Map() };
  const { crates } = bodies.names.program;
  const wordsOf = crateWords(bodies, registrars, new Set(methodNames(registrars, forkEntries)));
  for (const { id, name } of crates) {
    yield `looking for handlers: ${name} (crate ${id + 1} of ${crates.length})`;
    pushAll(found.byName, lookedUp(bodies, registrars, id));
    pushAll(found.inAssembly, asmItems(search, id));
    for (const call of asmCalls(search, id)) takeUp(search, call);
    const { inCrate: all, asked } = wordsOf(id);
    if (all === null) continue;
    for (const def of bodies.mentioning(id, [...all.names, ...asked])) {
      if (!mayInstall(bodies, registrars, def, all)) continue;
      const path = bodies.names.pathOf(def);
      if (registrars.byPath(path).some((one) => one.leaf === true)) continue;
      const before = found.calls.length + found.passed.length;
      for (const body of bodies.withClosures(def)) {
        const mir = bodies.mir(body);
        if (mir !== null) callsIn(search, body, mir, found);
      }
      if (found.calls.length + found.passed.length === before) bodies.forget(def);
    }
    pushAll(found.hidden, hiddenIn(bodies, registrars, id, all));
    pushAll(found.hidden, hiddenModules(bodies, registrars, id, all));
  }
  return found;
}

interface CrateWords {
  /** What stands for a registrar in the crate; null where it names none. */
  readonly inCrate: RegistrarWords | null;
  /** Macros that another crate offers under another name: by the names of registrars alone nobody would ask for them. */
  readonly asked: readonly string[];
  /** Names and macros of its own, and of crates that it reaches, that stand for one. */
  readonly offered: readonly RegistrarWords[];
}

/** The words of each crate, those that it depends on first: what they rename it may call by that name. */
function crateWords(
  bodies: Bodies,
  registrars: Registrars,
  methods: ReadonlySet<string>,
): (crate: CrateId) => CrateWords {
  const { names } = bodies;
  const memo = new Map<CrateId, CrateWords>();
  const wordsOf = (crate: CrateId): CrateWords => {
    const known = memo.get(crate);
    if (known !== undefined) return known;
    // Crates do not depend on each other in circles; if they did, the answer would end here.
    memo.set(crate, { inCrate: null, asked: [], offered: [] });
    const deps = names.program.crates[crate]?.deps ?? [];
    const given = [...new Set(deps.flatMap((dep) => wordsOf(dep.crate).offered))];
    const others = lookedAt(crate, given);
    const offered =
      others === null || others.own.names.size + others.own.macros.size === 0 ? given : [...given, others.own];
    const asked = given.flatMap((one) => [...one.macros]);
    const made = { inCrate: others?.all ?? null, asked, offered };
    memo.set(crate, made);
    return made;
  };
  return wordsOf;

  function lookedAt(
    crate: CrateId,
    given: readonly RegistrarWords[],
  ): { readonly all: RegistrarWords; readonly own: RegistrarWords } | null {
    const written = new Set([...wordsFor(bodies, registrars, crate), ...given.flatMap((one) => [...one.names])]);
    const callable = names.macrosMentioning([...written], crate);
    const macros = new Set([...callable, ...given.flatMap((one) => [...one.macros])]);
    // Whoever names one, under an alias or link name too, has the word in its text.
    const any = new Set([...written, ...macros]);
    const values = new Set([...any].filter((one) => !isForNumbers(registrars, one)));
    const called = new Set([...any, ...[...methods].flatMap((one) => (written.has(one) ? `.${one}` : []))]);
    if (!names.mayMention(crate, [...any]) || !mayName(called, (one) => names.mayMatch(crate, one), values))
      return null;
    const own = {
      methods,
      names: otherNames(bodies, crate, registrars, written),
      macros: new Set(names.importedAs(crate, [...macros])),
    };
    const all = {
      methods,
      names: new Set([...written, ...own.names]),
      macros: new Set([...macros, ...own.macros]),
    };
    return { all, own };
  }
}

/** Is it the name of registrars that are such for some numbers only: handed on, they are not told. */
function isForNumbers(registrars: Registrars, word: string): boolean {
  const found = registrars.bySymbol(word);
  return found.length > 0 && found.every(({ match }) => match.where !== undefined);
}

/** Macros of the crate that were not expanded, so far as it was looked at, with a call of a registrar between their parentheses. */
function hiddenIn(
  bodies: Bodies,
  registrars: Registrars,
  crate: CrateId,
  words: RegistrarWords,
): readonly HiddenRegistrar[] {
  const all = [...words.names, ...words.macros];
  return bodies.names.problems().flatMap(({ crate: owner, def, span, text, inside }): HiddenRegistrar[] => {
    if (owner !== crate || def === null || inside === undefined || !all.some((one) => inside.includes(one))) return [];
    if (!installs(bodies, registrars, def, inside, span, words)) return [];
    const registrar = registrars.all.find(({ match }) => matchedNames(match).some((name) => wordIn(name, inside)));
    return registrar === undefined ? [] : [{ registrar, body: { def, closure: null }, span, macro: text }];
  });
}

function wordIn(word: string, text: string): boolean {
  return new RegExp(`\\b${word.replace(/\W/g, "\\$&")}\\b`).test(text);
}

function callsIn(search: RegistrarSearch, body: BodyKey, mir: Mir, found: RegistrarUses): void {
  const { bodies, registrars } = search;
  const passed = (operand: Operand, span: Span): void => {
    if (operand.k !== "const" || operand.value.k !== "fn" || operand.value.ty.k !== "fn-def") return;
    for (const { registrar } of registrarsOf(bodies, registrars, operand.value.ty.def)) {
      if (registrar.match.where === undefined) found.passed.push({ registrar, body, span });
    }
  };
  for (const [block, { stmts, term }] of mir.blocks.entries()) {
    for (const { value, span } of stmts) {
      if (value.k === "use" || value.k === "cast") passed(value.operand, span);
      else if (value.k === "aggregate") for (const field of value.fields) passed(field, span);
    }
    if (term.k === "asm") for (const { operand } of term.inputs) passed(operand, term.span);
    if (term.k !== "call") continue;
    for (const arg of term.args) passed(arg, term.span);
    for (const { registrar, symbol } of calledBy(bodies, registrars, term)) {
      if (search.isLive(body, block)) takeUp(search, { registrar, body, block, term, symbol });
    }
  }
}

/** The registrars that a call may mean. A path that leads to no declaration is taken by its last name: bindings to C are often made when a crate is built. */
function calledBy(
  bodies: Bodies,
  registrars: Registrars,
  term: Terminator & { k: "call" },
): ReturnType<typeof registrarsOf> {
  const { callee, args } = term;
  if (callee.k === "def") return registrarsOf(bodies, registrars, callee.def);
  const symbol = callee.k === "unresolved" ? /^(?:\w+ ?:: ?)*(\w+)$/.exec(callee.text)?.[1] : undefined;
  if (symbol === undefined) return [];
  const fits = (one: Registrar): boolean =>
    one.match.where === undefined && one.handlers.every(({ arg }) => arg < args.length);
  return registrars.bySymbol(symbol).flatMap((registrar) => (fits(registrar) ? [{ registrar, symbol }] : []));
}

function registrarsOf(
  bodies: Bodies,
  registrars: Registrars,
  def: DefId,
): readonly { registrar: Registrar; symbol: string | null }[] {
  const { names } = bodies;
  const symbol = names.def(def).foreign?.symbol ?? null;
  const bySymbol = symbol === null ? [] : registrars.bySymbol(symbol);
  const list = bySymbol.map((registrar) => ({ registrar, symbol }));
  return [...list, ...registrars.byPath(names.pathOf(def)).map((registrar) => ({ registrar, symbol: null }))];
}

/** Link names, and the last names of paths into crates that this one is or can reach. */
function wordsFor(bodies: Bodies, registrars: Registrars, crate: CrateId): Set<string> {
  const words = new Set(registrars.symbols);
  const reached = reachedCrates(bodies, crate);
  for (const registrar of registrars.all) {
    for (const path of registrar.match.paths ?? []) {
      if (!reached.has(path.replace(/^<.*? as /, "").split("::")[0] ?? "")) continue;
      const last = path.slice(path.lastIndexOf("::") + 2);
      if (last !== "*") words.add(last);
    }
  }
  return words;
}

function reachedCrates({ names }: Bodies, crate: CrateId): ReadonlySet<string> {
  const { program } = names;
  const reached = [...reachedFrom(program, crate)].flatMap((id) => program.crates[id]?.name ?? []);
  return new Set(["core", "alloc", "std", ...reached]);
}

/** Names that stand for registrars in one crate: `#[link_name]` declarations and `use … as`. */
function otherNames(bodies: Bodies, crate: CrateId, registrars: Registrars, words: ReadonlySet<string>): Set<string> {
  const { names } = bodies;
  const texts = new Set<string>();
  const found = new Set<string>();
  const seen = new Set<DefId>();
  const pending: DefId[] = [names.crateRoot(crate)];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    // What a macro made and nobody has read neither imports nor declares anything of another language.
    if (seen.has(id) || names.isUnread(id)) continue;
    seen.add(id);
    const def = names.def(id);
    if (def.item !== null) texts.add(def.item.source.text);
    if (def.foreign !== null && registrars.bySymbol(def.foreign.symbol).length > 0) found.add(def.name);
    pushAll(pending, def.children);
  }
  // Where there is nothing but imports no item has a text.
  for (const one of names.importedAs(crate, [...words])) found.add(one);
  for (const text of texts) {
    for (const statement of text.split(";")) {
      const start = statement.search(/\buse\s/);
      if (start < 0) continue;
      for (const [, name, alias] of statement.slice(start).matchAll(/\b(\w+)\s+as\s+(\w+)/g)) {
        if (name !== undefined && alias !== undefined && words.has(name)) found.add(alias);
      }
    }
  }
  return found;
}
