/**
 * Inference variables: union-find with undo, structural unification, and the obligations that wait for variables.
 *
 * Input: types of one body (or one question). Output: bindings. Unification is structural; projections are normalised before
 * they are compared. `unknown` fits everything and binds nothing: a variable that met only unknowns remembers why.
 * All changes can be undone (`probe`, `attempt`), obligations included.
 */
import type { DefId } from "../names/defs.ts";
import type { ClosureKind, Env, InferTable, Obligation } from "./context.ts";
import type { Core } from "./core.ts";
import { HAS_INFER, HAS_OPAQUE, HAS_PROJ, HAS_UNKNOWN, isIntName } from "./intern.ts";
import { foldTy } from "./subst.ts";
import type { Predicate, Ty, UnknownReason } from "./ty.ts";

/** What the solver needs of a table beyond `InferTable`. */
export interface Table extends InferTable {
  /** Pending obligations, oldest first. */
  pending(): readonly Obligation[];
  setPending(list: readonly Obligation[]): void;
  /** Adds an obligation found while solving another. */
  push(predicate: Predicate, depth: number): void;
  /** What a projection without variables was found to be in this table, its obligations pending; undone like these. */
  projected(projection: Ty): Ty | null;
  rememberProjected(projection: Ty, ty: Ty): void;
  /** Variables of integer and float literals with no value, oldest first. */
  unboundNumbers(): readonly { readonly variable: Ty; readonly kind: "int" | "float" }[];
}
/** Solver functions handed in, so that this file knows none of them. */
export interface TableHooks {
  normalizeProj(table: Table, assoc: DefId, args: readonly Ty[]): Ty;
  /** Normalises an opaque type of a trait's method (`-> impl Trait` in traits); other opaque types as they are. */
  normalizeOpaque(table: Table, ty: Ty & { readonly k: "opaque" }): Ty;
  solvePending(table: Table): boolean;
  /** Obligations that need no proof (Sized, auto traits). */
  trivial(predicate: Predicate): boolean;
  fallback(table: Table): void;
}

interface Var {
  readonly kind: "general" | "int" | "float";
  value: Ty | null;
  reason: UnknownReason | null;
}
type Undo = { readonly at: number; readonly value: Ty | null; readonly reason: UnknownReason | null };
type InferTy = Ty & { readonly k: "infer" };

const maxDepth = 64;
/** So many obligations may wait at a time, ten times what the largest of bodies have; what more of them would say stays unknown. */
const maxPending = 1500;

/** An empty table. */
export function createTable(core: Core, env: Env, body: DefId | null, hooks: TableHooks): Table {
  const { tys } = core;
  const vars: Var[] = [];
  const numbers: { readonly index: number; readonly kind: "int" | "float" }[] = [];
  const undo: Undo[] = [];
  const projections = new Map<Ty, Ty>();
  let open = 0;
  let pending: readonly Obligation[] = [];

  const set = (at: number, value: Ty | null, reason: UnknownReason | null): void => {
    const variable = vars[at];
    if (variable === undefined) return;
    if (open > 0) undo.push({ at, value: variable.value, reason: variable.reason });
    variable.value = value;
    variable.reason = reason;
  };
  const fresh = (kind: "general" | "int" | "float" = "general"): Ty => {
    vars.push({ kind, value: null, reason: null });
    if (kind !== "general") numbers.push({ index: vars.length - 1, kind });
    return tys.infer(vars.length - 1, kind);
  };
  const shallow = (ty: Ty): Ty => {
    let current = ty;
    while (current.k === "infer") {
      const value = vars[current.index]?.value ?? null;
      if (value === null) return current;
      current = value;
    }
    return current;
  };
  /** `done` holds what the values of variables resolve to: nested closures mention each other so often that walking them anew doubles with each. */
  const resolve = (ty: Ty, done: Map<Ty, Ty> | null = null): Ty => {
    let known = done;
    return foldTy(tys, ty, HAS_INFER, (inner) => {
      if (inner.k !== "infer") return null;
      const found = shallow(inner);
      if ((found.flags & HAS_INFER) === 0 || found.k === "infer") return found;
      known ??= new Map();
      const before = known.get(found);
      if (before !== undefined) return before;
      const whole = resolve(found, known);
      known.set(found, whole);
      return whole;
    });
  };
  const occurs = (root: InferTy, ty: Ty, seen: Set<Ty> = new Set(), depth = 0): boolean => {
    if ((ty.flags & HAS_INFER) === 0) return false;
    if (depth > maxDepth) return true;
    let found = false;
    foldTy(tys, ty, HAS_INFER, (inner) => {
      if (inner.k !== "infer" || found) return found ? inner : null;
      const next = shallow(inner);
      if (next === root) found = true;
      else if (next.k !== "infer" && !seen.has(next)) {
        seen.add(next);
        found = occurs(root, next, seen, depth + 1);
      }
      return inner;
    });
    return found;
  };
  const noteUnknown = (variable: Ty, reason: UnknownReason): void => {
    const root = shallow(variable);
    if (root.k === "infer" && (vars[root.index]?.reason ?? null) === null) set(root.index, null, reason);
  };
  /** Unknown parts become variables, so that what is learnt later still fills them. */
  const openUnknown = (ty: Ty): Ty =>
    foldTy(tys, ty, HAS_UNKNOWN, (inner) => {
      if (inner.k !== "unknown") return null;
      const variable = fresh();
      noteUnknown(variable, inner.reason);
      return variable;
    });
  const bind = (variable: InferTy, ty: Ty): boolean => {
    if (ty.k === "unknown") {
      noteUnknown(variable, ty.reason);
      return true;
    }
    if (ty.k === "infer") return bindVar(variable, ty);
    if (variable.kind === "int" && !(ty.k === "prim" && isIntName(ty.name))) return false;
    if (variable.kind === "float" && !(ty.k === "prim" && (ty.name === "f32" || ty.name === "f64"))) return false;
    if (occurs(variable, ty)) return false;
    const value = normalize(ty);
    if (value.k === "infer" || value.k === "unknown") return value === variable || bind(variable, value);
    set(variable.index, openUnknown(value), vars[variable.index]?.reason ?? null);
    return true;
  };
  const bindVar = (a: InferTy, b: InferTy): boolean => {
    if (a.kind !== "general" && b.kind !== "general" && a.kind !== b.kind) return false;
    // The narrower kind stays the root; of equals the older one, so that results do not depend on the direction.
    const [from, to] =
      a.kind === b.kind ? (a.index < b.index ? [b, a] : [a, b]) : a.kind === "general" ? [a, b] : [b, a];
    const reason = vars[from.index]?.reason ?? null;
    set(from.index, to, reason);
    if (reason !== null) noteUnknown(to, reason);
    return true;
  };
  const all = (left: readonly Ty[], right: readonly Ty[], depth: number): boolean =>
    left.length === right.length && left.every((ty, index) => unify(ty, right[index] ?? ty, depth + 1));
  const unify = (left: Ty, right: Ty, depth: number): boolean => {
    const a = shallow(left);
    const b = shallow(right);
    if (a === b) return true;
    if (depth > maxDepth) return false;
    if (a.k === "proj" || b.k === "proj") return unifyProj(a, b, depth);
    if (a.k === "infer") return bind(a, b);
    if (b.k === "infer") return bind(b, a);
    if (a.k === "unknown" || b.k === "unknown") {
      noteParts(a.k === "unknown" ? b : a, a.k === "unknown" ? a : b);
      return true;
    }
    switch (a.k) {
      case "adt":
        return b.k === "adt" && a.def === b.def && all(a.args, b.args, depth);
      case "fn-def":
        return b.k === "fn-def" && a.def === b.def && all(a.args, b.args, depth);
      case "closure":
        return b.k === "closure" && a.body === b.body && a.closure === b.closure && all(a.args, b.args, depth);
      case "opaque":
        return b.k === "opaque" && a.def === b.def && a.index === b.index && all(a.args, b.args, depth);
      case "ref":
        return b.k === "ref" && a.mut === b.mut && unify(a.inner, b.inner, depth + 1);
      case "ptr":
        return b.k === "ptr" && a.mut === b.mut && unify(a.inner, b.inner, depth + 1);
      case "slice":
        return b.k === "slice" && unify(a.inner, b.inner, depth + 1);
      case "array":
        return b.k === "array" && unify(a.inner, b.inner, depth + 1) && unify(a.len, b.len, depth + 1);
      case "tuple":
        return b.k === "tuple" && all(a.elems, b.elems, depth);
      case "fn-ptr":
        return (
          b.k === "fn-ptr" &&
          a.abi === b.abi &&
          a.variadic === b.variadic &&
          all(a.params, b.params, depth) &&
          unify(a.ret, b.ret, depth + 1)
        );
      case "dyn":
        return b.k === "dyn" && unifyDyn(a, b, depth);
      case "prim":
      case "never":
      case "param":
      case "const":
        return false; // interned: equal ones are identical
      default:
        return unreachable(a);
    }
  };
  const unifyDyn = (a: Ty & { k: "dyn" }, b: Ty & { k: "dyn" }, depth: number): boolean =>
    a.traits.length === b.traits.length &&
    a.traits.every((one) => {
      const other = b.traits.find((candidate) => candidate.trait === one.trait);
      return (
        other !== undefined &&
        all(one.args, other.args, depth) &&
        one.bindings.every((binding) => {
          const match = other.bindings.find((candidate) => candidate.assoc === binding.assoc);
          return match === undefined || unify(binding.ty, match.ty, depth + 1);
        })
      );
    });
  const unifyProj = (a: Ty, b: Ty, depth: number): boolean => {
    if (a.k === "proj" && b.k === "proj" && a.assoc === b.assoc && attempt(() => all(a.args, b.args, depth)))
      return true;
    const left = a.k === "proj" ? normalize(a) : a;
    const right = b.k === "proj" ? normalize(b) : b;
    if (left !== a || right !== b) return unify(left, right, depth + 1);
    if (left.k === "infer") return bind(left, right);
    if (right.k === "infer") return bind(right, left);
    return left.k === "unknown" || right.k === "unknown";
  };
  /** Variables in a type that met unknown as a whole: they are unknown for the same reason, unless something says more. */
  const noteParts = (ty: Ty, unknown: Ty): void => {
    if (unknown.k !== "unknown") return;
    foldTy(tys, ty, HAS_INFER, (inner) => {
      if (inner.k !== "infer") return null;
      noteUnknown(inner, unknown.reason);
      return inner;
    });
  };
  const rollback = (mark: number, before: readonly Obligation[], remembered: number): void => {
    if (projections.size > remembered)
      for (const one of [...projections.keys()].slice(remembered)) projections.delete(one);
    while (undo.length > mark) {
      const last = undo.pop();
      const variable = last === undefined ? undefined : vars[last.at];
      if (last === undefined || variable === undefined) continue;
      variable.value = last.value;
      variable.reason = last.reason;
    }
    pending = before;
  };
  const probe = <T>(run: () => T): T => {
    const mark = undo.length;
    const before = pending;
    const remembered = projections.size;
    open++;
    try {
      return run();
    } finally {
      rollback(mark, before, remembered);
      open--;
    }
  };
  const attempt = (run: () => boolean): boolean => {
    const mark = undo.length;
    const before = pending;
    const remembered = projections.size;
    open++;
    let kept = false;
    try {
      kept = run();
      return kept;
    } finally {
      if (!kept) rollback(mark, before, remembered);
      open--;
      if (open === 0) undo.length = 0;
    }
  };
  const normalize = (ty: Ty): Ty => {
    const mask = HAS_PROJ | HAS_OPAQUE;
    if ((ty.flags & mask) === 0) return ty;
    const whole = (done: Ty): Ty =>
      done.k === "proj"
        ? hooks.normalizeProj(table, done.assoc, done.args)
        : done.k === "opaque"
          ? hooks.normalizeOpaque(table, done)
          : done;
    return foldTy(tys, resolve(ty), mask, () => null, whole);
  };
  const push = (predicate: Predicate, depth: number): void => {
    if (
      pending.length >= maxPending ||
      hooks.trivial(predicate) ||
      pending.some((one) => samePredicate(one.predicate, predicate))
    )
      return;
    pending = [...pending, { predicate, depth }];
  };
  const final = (ty: Ty): Ty =>
    foldTy(tys, resolve(ty), HAS_INFER, (inner) => {
      if (inner.k !== "infer") return null;
      if (inner.kind !== "general") return tys.prim(inner.kind === "int" ? "i32" : "f64");
      return tys.unknown(vars[inner.index]?.reason ?? "not-inferred");
    });
  const table: Table = {
    env,
    body,
    closures: new Map<number, { readonly params: readonly Ty[]; readonly ret: Ty; kind: ClosureKind | null }>(),
    asyncOutputs: new Map<number, Ty>(),
    fresh,
    freshArgs: (def, prefix = []) => core.params(def).params.map((_, index) => prefix[index] ?? fresh()),
    unify: (a, b) => attempt(() => unify(a, b, 0)),
    shallow,
    resolve: (ty) => resolve(ty),
    final,
    probe,
    attempt,
    normalize,
    register: (predicate) => push(predicate, 0),
    solvePending: () => hooks.solvePending(table),
    pendingOn: (ty) => {
      const root = shallow(ty);
      return pending
        .map((one) => one.predicate)
        .filter((one) => {
          const self = one.k === "trait" ? one.ref.args[0] : one.args[0];
          return self !== undefined && shallow(self) === root;
        });
    },
    applyFallback: () => hooks.fallback(table),
    noteUnknown,
    pending: () => pending,
    setPending: (list) => {
      pending = list;
    },
    push,
    projected: (projection) => projections.get(projection) ?? null,
    rememberProjected: (projection, ty) => {
      projections.set(projection, ty);
    },
    unboundNumbers: () =>
      numbers.flatMap(({ index, kind }) =>
        vars[index]?.value === null ? [{ variable: tys.infer(index, kind), kind }] : [],
      ),
  };
  return table;
}

function samePredicate(a: Predicate, b: Predicate): boolean {
  if (a === b) return true;
  if (a.k === "trait") return b.k === "trait" && a.ref.trait === b.ref.trait && sameList(a.ref.args, b.ref.args);
  return b.k === "projection" && a.assoc === b.assoc && a.ty === b.ty && sameList(a.args, b.args);
}

function sameList(a: readonly Ty[], b: readonly Ty[]): boolean {
  return a.length === b.length && a.every((ty, index) => ty === b[index]);
}

function unreachable(value: never): never {
  return value;
}
