/**
 * All bodies of a crate, and those of them that mention a word: where whole-program questions look.
 *
 * "Who calls this function", "who stores into this static" and "who installs a handler" are asked by name first, as text, and
 * only bodies that pass are inferred. Text that a macro makes is searched too, because items keep the source they came from.
 */
import { addTo } from "../base/add-to.ts";
import { pushAll } from "../base/push-all.ts";
import type { CrateId } from "../crates/crate-graph.ts";
import type { Def, DefId, Names } from "../names/defs.ts";
import type { Types } from "../types/api.ts";
import { declaredInBody } from "./declared-in-body.ts";
import { mentionsIn, type Shape } from "./mentions.ts";
import type { BodyKey, Mir } from "./mir.ts";
import { buildMir } from "./mir-build.ts";

export interface Bodies {
  readonly types: Types;
  readonly names: Names;
  /** Does the C function of this symbol put nothing where it writes but what it was given? */
  readonly onlyCopies: (symbol: string) => boolean;
  /** MIR of a body, built once. */
  mir(key: BodyKey): Mir | null;
  /** Was the definition's own body built and not let go of? */
  isBuilt(def: DefId): boolean;
  /** What was worked out of a definition's bodies is let go: for searches that look at many and want few. It is made again where it is asked for. */
  forget(def: DefId): void;
  /**
   * Everything that a crate declares as an item, members included; not what is declared in bodies. With words, what a macro made may be left out where
   * none of these stands in it, nor the name of a macro among them.
   */
  declaredIn(crate: CrateId, words: readonly string[] | null): readonly DefId[];
  /** Functions, consts and statics of a crate that have a body; not what is declared in bodies. */
  ofCrate(crate: CrateId, words: readonly string[] | null): readonly DefId[];
  /** Bodies of the crate in whose text one of the words stands, where it has this shape, or a macro that could write one. */
  mentioning(crate: CrateId, words: readonly string[], shape?: Shape): readonly DefId[];
  /** A definition's body and the bodies of its closures. */
  withClosures(def: DefId): readonly BodyKey[];
  /** Crates whose code can name a definition, or call it on a value: its own, and where it is public every crate that depends on that. */
  cratesThatSee(def: DefId): readonly CrateId[];
}

/** The bodies of one program; each is built when first asked for. */
export function createBodies(types: Types, onlyCopies: (symbol: string) => boolean = () => false): Bodies {
  const { names } = types;
  const mirs = new Map<string, Mir | null>();
  const declared = new Map<CrateId, Declared>();
  const mentioned = new Map<string, readonly DefId[]>();
  const dependents = dependentsOf(names);
  const allBuilt = (def: DefId): boolean => {
    const facts = types.bodyFacts(def);
    return facts !== null && [null, ...facts.closures.keys()].every((closure) => mirs.has(bodyId({ def, closure })));
  };
  const declaredUntil = (crate: CrateId, words: readonly string[] | null): Declared => {
    names.readMentioning(crate, words);
    let known = declared.get(crate);
    if (known?.late !== names.lateIn(crate).length) {
      const more = known === undefined ? collect(names, crate) : lateIn(names, crate, known.late);
      known = withMore(names, known ?? nothing, more, names.lateIn(crate).length);
      declared.set(crate, known);
    }
    return known;
  };
  const bodies: Bodies = {
    types,
    names,
    onlyCopies,
    mir(key) {
      const id = bodyId(key);
      let mir = mirs.get(id);
      if (mir === undefined) {
        mir = buildMir(types, key);
        mirs.set(id, mir);
        if (allBuilt(key.def)) types.shed(key.def);
      }
      return mir;
    },
    isBuilt: (def) => mirs.has(bodyId({ def, closure: null })),
    forget(def) {
      for (const key of closuresIn(bodies, def)) mirs.delete(bodyId(key));
      types.forget(def);
    },
    declaredIn: (crate, words) => declaredUntil(crate, words).all,
    ofCrate: (crate, words) => declaredUntil(crate, words).withBody,
    mentioning(crate, words, shape) {
      const key = `${crate}:${words.join(" ")}:${shape?.key ?? ""}`;
      let list = mentioned.get(key);
      if (list === undefined) {
        list = mentioningIn(bodies, crate, words, shape ?? null);
        mentioned.set(key, list);
      }
      return list;
    },
    withClosures: (def) => closuresIn(bodies, def),
    cratesThatSee(def) {
      const own = names.def(def).crate;
      // No crate of the program is asked for who calls what a pack declares.
      if (names.isPackCrate(own) || !names.withinReach(def)) return [own];
      return [own, ...(dependents.get(own) ?? [])];
    },
  };
  return bodies;
}

/** The local that a parameter is in a body; what a closure has captured is none. */
export function parameterLocal({ closure }: BodyKey, index: number): number {
  return index + (closure === null ? 1 : 2);
}

/** Key of a body in maps. */
export function bodyId(key: BodyKey): string {
  return key.closure === null ? String(key.def) : `${key.def}#${key.closure}`;
}

function mentioningIn(bodies: Bodies, crate: CrateId, words: readonly string[], shape: Shape | null): readonly DefId[] {
  const { names } = bodies;
  // Text that a macro writes stands nowhere in the body: who calls the macro is asked too.
  const macros = names.macrosMentioning(words, crate);
  if (!names.mayMention(crate, [...words, ...macros])) return [];
  const others = (wanted: readonly string[]): readonly string[] => [...wanted, ...names.importedAs(crate, wanted)];
  const mentions = mentionsIn(others(words), others(macros), shape);
  const wanted = [...others(words), ...others(macros)];
  const found = new Set(bodies.ofCrate(crate, wanted).filter((id) => mentions(names.def(id))));
  // The set grows on the way: a body that mentions one may declare functions of its own, which do.
  for (const id of found) {
    for (const inner of declaredInBody(names, id))
      if (hasBody(names.def(inner)) && mentions(names.def(inner))) found.add(inner);
  }
  return [...found].sort((left, right) => left - right);
}

/** What a crate declares, so far as it was read. */
interface Declared {
  readonly all: readonly DefId[];
  readonly withBody: readonly DefId[];
  /** How many of what was read late are among them. */
  readonly late: number;
}

const nothing: Declared = { all: [], withBody: [], late: 0 };

function withMore(names: Names, known: Declared, more: readonly DefId[], late: number): Declared {
  const added = more.filter((id) => isDeclared(names.def(id)));
  const both = (list: readonly DefId[], fresh: readonly DefId[]): readonly DefId[] =>
    fresh.length === 0 ? list : [...list, ...fresh].sort((left, right) => left - right);
  const all = both(known.all, added);
  return {
    all,
    withBody: both(
      known.withBody,
      added.filter((id) => hasBody(names.def(id))),
    ),
    late,
  };
}

/** What was read late, from a place in that list on; not what is declared in bodies. */
function lateIn(names: Names, crate: CrateId, from: number): readonly DefId[] {
  return [...new Set(names.lateIn(crate).slice(from))].filter((id) => !isInBody(names, id));
}

function collect(names: Names, crate: CrateId): DefId[] {
  const found: DefId[] = [];
  const seen = new Set<DefId>();
  // What bodies declare is not among them: it depends on what was asked before whether they were expanded.
  const impls = names.implsOf(crate, null).filter((id) => !isInBody(names, id));
  const pending: DefId[] = [names.crateRoot(crate), ...impls];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    if (names.isUnread(id)) continue;
    found.push(id);
    pushAll(
      pending,
      names.def(id).children.filter((child) => names.def(child).kind !== "block"),
    );
  }
  return found.sort((left, right) => left - right);
}

function isInBody(names: Names, id: DefId): boolean {
  for (let at = names.def(id).parent; at !== null; at = names.def(at).parent) {
    if (names.def(at).kind === "block") return true;
  }
  return false;
}

function closuresIn(bodies: Bodies, def: DefId): BodyKey[] {
  const keys: BodyKey[] = [{ def, closure: null }];
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index];
    const mir = key === undefined ? null : bodies.mir(key);
    for (const block of mir?.blocks ?? []) {
      for (const stmt of block.stmts) {
        if (stmt.value.k === "aggregate" && stmt.value.kind.k === "closure")
          keys.push({ def, closure: stmt.value.kind.closure });
      }
    }
  }
  return keys;
}

/** Is it more than a root or a block, which have no item? */
function isDeclared({ kind, parent }: Def): boolean {
  return kind !== "block" && parent !== null;
}

function hasBody(def: Def): boolean {
  if (def.kind === "fn") return def.item?.k === "fn" && def.item.hasBody;
  return (
    (def.kind === "const" || def.kind === "static") &&
    (def.item?.k === "const" || def.item?.k === "static") &&
    def.item.value !== null
  );
}

/** Crate → every crate of the program that reaches it over dependencies. */
function dependentsOf(names: Names): Map<CrateId, CrateId[]> {
  const direct = new Map<CrateId, CrateId[]>();
  for (const node of names.program.crates) {
    // One crate may be there under thousands of names.
    for (const crate of new Set(node.deps.map((dep) => dep.crate))) addTo(direct, crate, node.id);
  }
  const all = new Map<CrateId, CrateId[]>();
  for (const node of names.program.crates) {
    const seen = new Set<CrateId>();
    const pending = [...(direct.get(node.id) ?? [])];
    for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
      if (seen.has(one)) continue;
      seen.add(one);
      pushAll(pending, direct.get(one) ?? []);
    }
    all.set(
      node.id,
      [...seen].sort((left, right) => left - right),
    );
  }
  return all;
}
