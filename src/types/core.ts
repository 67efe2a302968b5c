/**
 * The core's own state: memo tables of one program, and what its modules need of each other beyond `TypeCtx`.
 *
 * A memo holds finished values only; what is being worked out stands in `active`, so that a cycle in the input (an alias
 * of itself, a bound that needs itself) is seen and answered with unknown("limit") or an empty list, never with a loop.
 */
import type { DefId, Scope } from "../names/defs.ts";
import type { TypeRef } from "../syntax/ast.ts";
import type { Selection } from "./api.ts";
import type { Env, TypeCtx } from "./context.ts";
import type { FnSig, GenericsOf, Predicate, TraitRef, Ty } from "./ty.ts";

export type ParamInfo = GenericsOf["params"][number];

/** The parameter list of a definition, without its predicates (those need types, which need the list). */
export interface Params {
  readonly params: readonly ParamInfo[];
  readonly parentCount: number;
  /** `impl Trait` in argument position: the node and the parameter it makes. */
  readonly implTraits: ReadonlyMap<TypeRef, number>;
}

/** Impls of one crate (or of all bodies), by trait and by the outermost constructor of their self type. */
export interface CrateImpls {
  readonly traits: Map<DefId, TraitImpls>;
  /** Inherent impls by head; filled at the first question. */
  inherent: Map<string, DefId[]> | null;
  readonly inherentImpls: DefId[];
  /** How many of the crate's impls are in the index. */
  filled: number;
}
export interface TraitImpls {
  readonly impls: DefId[];
  /** Null until first asked for. */
  byHead: Map<string, DefId[]> | null;
  blanket: DefId[];
}

export interface Memo {
  readonly params: Map<DefId, Params>;
  readonly ownPredicates: Map<DefId, readonly Predicate[]>;
  readonly generics: Map<DefId, GenericsOf>;
  readonly sigs: Map<DefId, FnSig>;
  readonly types: Map<DefId, Ty>;
  readonly fields: Map<DefId, readonly Ty[]>;
  readonly implRefs: Map<DefId, TraitRef | null>;
  readonly implSelfs: Map<DefId, Ty>;
  readonly opaqueNodes: Map<DefId, ReadonlyMap<TypeRef, number>>;
  readonly opaqueBounds: Map<string, readonly Predicate[]>;
  readonly itemBounds: Map<DefId, readonly Predicate[]>;
  readonly superRefs: Map<DefId, readonly Predicate[]>;
  readonly superIds: Map<DefId, readonly DefId[]>;
  /** By kind, name and owner. */
  readonly members: Record<"fn" | "type-alias" | "const", Map<string, Map<DefId, DefId | null>>>;
  readonly langs: Map<string, DefId | null>;
  readonly envs: Map<DefId, Env>;
  readonly envsByKey: Map<string, Env>;
  /** By the list itself, for lists that are asked about again and again. */
  readonly envsByList: WeakMap<readonly Predicate[], Env>;
  readonly crateImpls: Map<number, CrateImpls>;
  readonly bodyGeneration: { value: number };
  readonly memoGeneration: { value: number };
  readonly solved: Map<string, "yes" | "no" | "maybe">;
  readonly selected: Map<string, Selection>;
  readonly drops: Map<Ty, boolean>;
  readonly sizedParams: Map<DefId, readonly number[]>;
  /** Predicates of environments with their projections normalised, by the environment's id. */
  readonly normalEnvs: Map<number, readonly Predicate[]>;
  readonly normalized: Map<string, Ty>;
  readonly sizes: Map<number, { readonly size: number; readonly align: number } | null>;
  readonly consts: Map<string, string | null>;
  readonly autoTraits: Set<DefId>;
  readonly active: Set<string>;
  /** Where-clauses whose subject is being lowered: looked past by what that needs. */
  readonly activeNodes: Set<object>;
  /** How many subjects are being lowered within each other, and how many were since the outermost began. */
  readonly subjects: { nesting: number; steps: number };
}

/** State of the question being answered; see solve-goals.ts. */
export interface Solving {
  /** Questions without variables that are being answered, with their depth. */
  readonly stack: Map<string, number>;
  /** Trait references with variables whose candidates are being compared, by their shape, with the size of `stack` at that time. */
  readonly open: Map<string, number>;
  /** The shallowest of them that a cycle came back to. */
  lowest: number;
  /** Nesting of normalisation. */
  nesting: number;
  /** Questions within questions; 0: nothing is being asked. */
  level: number;
  /** Steps left for the outermost question. */
  fuel: number;
  /** Projections that it may still look into. */
  projections: number;
}

const maxSteps = 4000;
const maxProjections = 4000;

/** Answers a question; the outermost one gets a fresh number of steps. */
export function asking<T>(core: Core, answer: () => T): T {
  const { solving } = core;
  if (solving.level === 0) {
    solving.fuel = maxSteps;
    solving.projections = maxProjections;
  }
  solving.level++;
  try {
    return answer();
  } finally {
    solving.level--;
  }
}

/** What runs for a member; see dispatch.ts. */
export type Member =
  | { readonly def: DefId; readonly args: readonly Ty[]; readonly selection: Selection }
  | { readonly def: null; readonly selection: Selection };

export interface Core extends TypeCtx {
  readonly memo: Memo;
  params(def: DefId): Params;
  /** `impl Trait`s in a function's return type, numbered in the order of writing. */
  opaqueNodes(def: DefId): ReadonlyMap<TypeRef, number>;
  /** What a trait requires of Self: supertraits and where-clauses on Self, with the trait's own parameters. */
  superRefs(trait: DefId): readonly Predicate[];
  /** The same by definition alone, without arguments. */
  superIds(trait: DefId): readonly DefId[];
  /** Bounds written on an associated type; Self of each is the projection on the trait's own parameters. */
  itemBounds(assoc: DefId): readonly Predicate[];
  /** Trait references that bounds in sight give for a type in a scope, in order of writing; only those that `wanted` lets through are lowered. */
  boundsInScope(subject: Ty, scope: Scope, wanted: (trait: DefId) => boolean): readonly TraitRef[];
  /** Replaces projections by what they are in an environment; see solve-normalize.ts. No variables. */
  normalizeIn(ty: Ty, env: Env, reveal?: boolean): Ty;
  revealOpaque(ty: Ty & { readonly k: "opaque" }, env: Env): Ty;
  resolveMember(member: DefId, args: readonly Ty[], env: readonly Predicate[]): Member;
  readonly solving: Solving;
}

/** Empty tables. */
export function newMemo(): Memo {
  return {
    params: new Map(),
    ownPredicates: new Map(),
    generics: new Map(),
    sigs: new Map(),
    types: new Map(),
    fields: new Map(),
    implRefs: new Map(),
    implSelfs: new Map(),
    opaqueNodes: new Map(),
    opaqueBounds: new Map(),
    itemBounds: new Map(),
    superRefs: new Map(),
    superIds: new Map(),
    members: { fn: new Map(), "type-alias": new Map(), const: new Map() },
    langs: new Map(),
    envs: new Map(),
    envsByKey: new Map(),
    envsByList: new WeakMap(),
    crateImpls: new Map(),
    bodyGeneration: { value: -1 },
    memoGeneration: { value: 0 },
    solved: new Map(),
    selected: new Map(),
    drops: new Map(),
    sizedParams: new Map(),
    normalEnvs: new Map(),
    normalized: new Map(),
    sizes: new Map(),
    consts: new Map(),
    autoTraits: new Set(),
    active: new Set(),
    activeNodes: new Set(),
    subjects: { nesting: 0, steps: 0 },
  };
}

/** Questions that wait for each other: six in real programs. A chain of a thousand aliases would end the stack. */
const maxWaiting = 200;

/**
 * The memoised value, else the computed one; `cycle` where the same question is being answered already, or too many wait for this one (not
 * memoised).
 */
export function memoized<K extends string | number, V>(
  core: Core,
  table: Map<K, V>,
  name: string,
  key: K,
  cycle: () => V,
  compute: () => V,
): V {
  const known = table.get(key);
  if (known !== undefined) return known;
  const mark = `${name}:${key}`;
  const { active } = core.memo;
  if (active.size >= maxWaiting || active.has(mark)) return cycle();
  active.add(mark);
  try {
    const value = compute();
    table.set(key, value);
    return value;
  } finally {
    active.delete(mark);
  }
}

/** The trait, impl or enum whose parameters a definition inherits. */
export function genericParent(core: Core, def: DefId): DefId | null {
  const { parent } = core.names.def(def);
  if (parent === null) return null;
  const kind = core.names.def(parent).kind;
  return kind === "trait" || kind === "impl" || (kind === "enum" && core.names.def(def).kind === "variant")
    ? parent
    : null;
}

/** A member's trait; null for anything else. */
export function traitOf(core: Core, def: DefId): DefId | null {
  const { parent } = core.names.def(def);
  return parent !== null && core.names.def(parent).kind === "trait" ? parent : null;
}
