/**
 * Normalisation: projections replaced by what they are, in a table or in an environment; opaque types of trait methods and, where
 * asked, all opaque types by their hidden types.
 *
 * A projection without variables is worked out once per environment. Nesting is bounded; a projection that needs itself is
 * unknown("unresolved-projection").
 */
import type { DefId } from "../names/defs.ts";
import type { Env } from "./context.ts";
import { asking, type Core, traitOf } from "./core.ts";
import type { Table } from "./infer-table.ts";
import { ASYNC_FN, HAS_CLOSURE, HAS_INFER, HAS_OPAQUE, HAS_PARAM, HAS_PROJ } from "./intern.ts";
import { normalEnv } from "./solve-candidates.ts";
import { forgetOutdated, solveAll } from "./solve-goals.ts";
import { project } from "./solve-project.ts";
import { selectStep } from "./solve-select.ts";
import { anyFlags, foldTy, substTy } from "./subst.ts";
import type { Ty } from "./ty.ts";

const maxNesting = 40;

/** One projection, its arguments resolved and normalised. */
export function normalizeProj(core: Core, table: Table, assoc: DefId, args: readonly Ty[]): Ty {
  const { solving } = core;
  if (solving.nesting > maxNesting) return core.tys.unknown("limit");
  // Worked out before anything is marked as under way: the environment's own bounds may mention this projection.
  normalEnv(core, table);
  solving.nesting++;
  try {
    const mask = HAS_INFER | (table.body === null ? 0 : HAS_CLOSURE);
    return asking(core, () => {
      if (solving.projections <= 0) return core.tys.unknown("limit");
      solving.projections--;
      return anyFlags(args, mask) ? normalizeOpen(core, table, assoc, args) : normalizeClosed(core, table, assoc, args);
    });
  } finally {
    solving.nesting--;
  }
}

/**
 * With variables, or with closures that are still being inferred. The same projection of the same types and variables is worked out once per table: a chain
 * of iterator adapters asks for each `Item` from every adapter above it, twice and more each time.
 */
function normalizeOpen(core: Core, table: Table, assoc: DefId, args: readonly Ty[]): Ty {
  const key = core.tys.proj(assoc, args);
  const known = table.projected(key);
  if (known !== null) return table.resolve(known);
  let result: Ty | null = null;
  table.attempt(() => {
    const projected = project(core, table, assoc, args, 1);
    switch (projected.k) {
      case "ty":
        for (const predicate of projected.nested) table.push(predicate, 1);
        result = table.normalize(projected.ty);
        return true;
      case "rigid":
        result = core.tys.proj(assoc, args.map(table.resolve));
        return true;
      case "error":
        result = core.tys.unknown("unresolved-projection");
        return false;
      case "ambiguous":
        return false;
      default:
        return unreachable(projected);
    }
  });
  if (result !== null) {
    if (key !== result && !isUnknown(result)) table.rememberProjected(key, result);
    return result;
  }
  const waiting = waitingFor(table, assoc, args);
  if (waiting !== null) return waiting;
  const variable = table.fresh();
  table.push({ k: "projection", assoc, args, ty: variable }, 0);
  return variable;
}

function isUnknown(ty: Ty): boolean {
  return ty.k === "unknown";
}

/** The same projection may wait already: then its variable serves again. */
function waitingFor(table: Table, assoc: DefId, args: readonly Ty[]): Ty | null {
  for (const { predicate } of table.pending()) {
    if (predicate.k !== "projection" || predicate.assoc !== assoc || predicate.args.length !== args.length) continue;
    if (predicate.args.every((ty, index) => table.resolve(ty) === args[index])) return table.resolve(predicate.ty);
  }
  return null;
}

function normalizeClosed(core: Core, table: Table, assoc: DefId, args: readonly Ty[]): Ty {
  forgetOutdated(core);
  const env = anyFlags(args, HAS_PARAM | HAS_PROJ) ? table.env.id : -1;
  const key = `${env}|${assoc}|${args.map((ty) => ty.id).join()}`;
  const known = core.memo.normalized.get(key);
  if (known !== undefined) return known;
  const mark = `normalize:${key}`;
  if (core.memo.active.has(mark)) return core.tys.unknown("unresolved-projection");
  core.memo.active.add(mark);
  try {
    const own = core.newTable(table.env, null) as Table;
    const ty = closedResult(core, own, assoc, args);
    if (core.solving.fuel > 0) core.memo.normalized.set(key, ty);
    return ty;
  } finally {
    core.memo.active.delete(mark);
  }
}

function closedResult(core: Core, table: Table, assoc: DefId, args: readonly Ty[]): Ty {
  const projected = project(core, table, assoc, args, 1);
  switch (projected.k) {
    case "ty": {
      const ty = table.normalize(projected.ty);
      if ((table.resolve(ty).flags & HAS_INFER) !== 0) solveAll(core, table, projected.nested, 1);
      table.solvePending();
      return table.final(table.normalize(table.resolve(ty)));
    }
    case "rigid":
      return core.tys.proj(assoc, args);
    case "ambiguous":
      return core.tys.unknown("ambiguous");
    case "error":
      return core.tys.unknown("unresolved-projection");
    default:
      return unreachable(projected);
  }
}

/** All projections of a type, in an environment; with `reveal` hidden types are put in for opaque ones first. */
export function normalizeIn(core: Core, ty: Ty, env: Env, reveal: boolean): Ty {
  if ((ty.flags & (HAS_PROJ | HAS_OPAQUE | HAS_INFER)) === 0) return ty;
  const table = core.newTable(env, null);
  if (!reveal) return table.final(table.normalize(ty));
  let current = ty;
  for (let round = 0; round < 8 && (current.flags & (HAS_OPAQUE | HAS_PROJ)) !== 0; round++) {
    const next = table.final(table.normalize(revealAll(core, current, env)));
    if (next === current) break;
    current = next;
  }
  return current;
}

function revealAll(core: Core, ty: Ty, env: Env): Ty {
  return foldTy(
    core.tys,
    ty,
    HAS_OPAQUE,
    () => null,
    (done) => {
      if (done.k !== "opaque") return done;
      return done.index >= ASYNC_FN ? done : core.revealOpaque(done, env);
    },
  );
}

/** The opaque type of a trait's method for a known Self: what the impl's method returns in its place. Null where Self does not say, or the impl leaves the method out. */
export function opaqueOfImpl(core: Core, ty: Ty & { readonly k: "opaque" }, env: Env): Ty | null {
  const chosen = chosenFor(core, ty, env);
  if (chosen === null || chosen.member === null) return null;
  const { table, own } = chosen;
  const implRet = table.normalize(substTy(core.tys, core.fnSig(chosen.member).ret, [...chosen.args, ...own]));
  if (ty.index === ASYNC_FN) return table.final(implRet);
  const hole = table.fresh();
  const wanted = core.tys.opaque(ty.def, ty.index, core.identityArgs(ty.def));
  const withHole = foldTy(core.tys, core.fnSig(ty.def).ret, HAS_OPAQUE, (inner) => (inner === wanted ? hole : null));
  const traitRet = table.normalize(substTy(core.tys, withHole, ty.args));
  return table.unify(traitRet, implRet) ? table.final(hole) : null;
}

/** Is the opaque type of a trait's method, for a known Self, that of the trait's own body? */
export function isOfDefault(core: Core, ty: Ty & { readonly k: "opaque" }, env: Env): boolean {
  const chosen = chosenFor(core, ty, env);
  return chosen !== null && chosen.member === null;
}

/** The impl that a known Self chooses, its arguments, those of the method itself, and its member of the method's name. */
function chosenFor(core: Core, ty: Ty & { readonly k: "opaque" }, env: Env): Chosen | null {
  const trait = traitOf(core, ty.def);
  if (trait === null) return null;
  const count = core.params(trait).params.length;
  const table = core.newTable(env, null) as Table;
  const step = selectStep(core, table, { trait, args: ty.args.slice(0, count) }, 0);
  if (step.k !== "yes" || step.selection.k !== "impl") return null;
  solveAll(core, table, step.nested, 1);
  const { impl, args } = step.selection;
  return { table, args, own: ty.args.slice(count), member: core.member(impl, core.names.def(ty.def).name) };
}

interface Chosen {
  readonly table: Table;
  readonly args: readonly Ty[];
  readonly own: readonly Ty[];
  readonly member: DefId | null;
}

function unreachable(value: never): never {
  return value;
}
