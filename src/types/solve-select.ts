/**
 * One step of proving a trait reference: choose the candidate, unify its header, give what is still to be proved.
 *
 * As rustc selects: with one candidate it is taken without looking at its conditions; of several, those whose conditions cannot
 * hold are dropped, bounds of the environment win over impls, and among impls that all hold the most specific one
 * wins (only for references without variables). Otherwise the answer is "maybe".
 */
import type { DefId } from "../names/defs.ts";
import type { Selection } from "./api.ts";
import type { Core } from "./core.ts";
import type { Table } from "./infer-table.ts";
import { HAS_INFER, HAS_UNKNOWN } from "./intern.ts";
import { isTrivial, roleOf } from "./roles.ts";
import { type Candidate, candidatesFor } from "./solve-candidates.ts";
import { solveAll } from "./solve-goals.ts";
import { anyFlags, foldTy, mapPredicate, mapTraitRef, substTy } from "./subst.ts";
import type { Predicate, TraitRef, Ty } from "./ty.ts";

export type Step =
  | { readonly k: "yes"; readonly selection: Selection; readonly nested: readonly Predicate[] }
  | { readonly k: "no" }
  | { readonly k: "maybe"; readonly candidates: readonly DefId[] };

const no: Step = { k: "no" };

/** On "yes" the table has the bindings of the chosen candidate's header. */
export function selectStep(core: Core, table: Table, wanted: TraitRef, depth: number): Step {
  const ref = mapTraitRef(wanted, (ty) => table.normalize(table.resolve(ty)));
  const self = ref.args[0];
  if (self === undefined) return no;
  if (isTrivial(core, { k: "trait", ref })) return trivialStep(core, ref, self);
  if (self.k === "unknown" || (self.k === "infer" && self.kind === "general")) return { k: "maybe", candidates: [] };
  const candidates = candidatesFor(core, table, ref);
  const [only] = candidates;
  if (only === undefined) {
    const open = isOpenCopy(core, table, ref) || ref.args.some((ty) => hasUnknownType(core, ty));
    return open ? { k: "maybe", candidates: [] } : no;
  }
  if (candidates.length === 1) return confirm(core, table, ref, only) ?? no;
  return chooseAmong(core, table, ref, candidates, depth);
}

/** What a closure of the body under inference takes is not known yet: whether it can be copied is open. */
function isOpenCopy(core: Core, table: Table, ref: TraitRef): boolean {
  const [self] = ref.args;
  return self?.k === "closure" && self.body === table.body && roleOf(core, ref.trait) === "copy";
}

/** A length that could not be worked out hides no impl; a type that is not known may. */
function hasUnknownType(core: Core, ty: Ty): boolean {
  if ((ty.flags & HAS_UNKNOWN) === 0) return false;
  const { tys } = core;
  const known = foldTy(
    tys,
    ty,
    HAS_UNKNOWN,
    () => null,
    (done) => (done.k === "array" && done.len.k === "unknown" ? tys.slice(done.inner) : done),
  );
  return (known.flags & HAS_UNKNOWN) !== 0;
}

function trivialStep(core: Core, ref: TraitRef, self: Ty): Step {
  const sized = roleOf(core, ref.trait) === "sized";
  if (!sized) return { k: "yes", selection: { k: "builtin", what: "auto" }, nested: [] };
  return isUnsized(self) ? no : { k: "yes", selection: { k: "builtin", what: "sized" }, nested: [] };
}

/**
 * A reference with variables that comes back to itself while its candidates are compared (`S: D<?A>` below `S: D<(?A, ?B)>`) says nothing,
 * as in rustc's `evaluate_stack`; going down again would be exponential in the number of impls.
 */
function chooseAmong(core: Core, table: Table, ref: TraitRef, all: readonly Candidate[], depth: number): Step {
  const { solving } = core;
  const { open } = solving;
  const shape = anyFlags(ref.args, HAS_INFER) ? shapeOf(core, ref) : null;
  if (shape === null) return chosen(core, table, ref, all, depth);
  const at = open.get(shape);
  if (at !== undefined) {
    // Questions that were begun since then lean on this answer: they are not remembered.
    solving.lowest = Math.min(solving.lowest, at - 1);
    return { k: "maybe", candidates: [] };
  }
  open.set(shape, solving.stack.size);
  try {
    return chosen(core, table, ref, all, depth);
  } finally {
    open.delete(shape);
  }
}

/** The reference with its variables numbered in the order in which they stand there. */
function shapeOf(core: Core, ref: TraitRef): string {
  const seen = new Map<Ty, Ty>();
  const numbered = (ty: Ty): Ty =>
    foldTy(core.tys, ty, HAS_INFER, (inner) => {
      if (inner.k !== "infer") return null;
      const known = seen.get(inner) ?? core.tys.infer(seen.size, inner.kind);
      seen.set(inner, known);
      return known;
    });
  return `${ref.trait}|${ref.args.map((ty) => numbered(ty).id).join()}`;
}

function chosen(core: Core, table: Table, ref: TraitRef, all: readonly Candidate[], depth: number): Step {
  const outcome = (candidate: Candidate): "yes" | "no" | "maybe" =>
    table.probe(() => {
      const step = confirm(core, table, ref, candidate);
      return step === null || step.k !== "yes" ? "no" : solveAll(core, table, step.nested, depth + 1);
    });
  const rated = all.map((candidate) => ({ candidate, outcome: outcome(candidate) }));
  let left: readonly Rated[] = rated.filter((one) => one.outcome !== "no");
  const bounds = left.filter((one) => one.candidate.k === "bound");
  if (bounds.length > 0) left = distinctBounds(table, bounds);
  const [first] = left;
  if (first === undefined) return no;
  if (left.length === 1) return confirm(core, table, ref, first.candidate) ?? no;
  if (anyFlags(ref.args, HAS_INFER)) return { k: "maybe", candidates: implsOf(left) };
  // Nothing left to learn: a bound that fits is as good as another; impls that certainly hold come before the rest.
  if (first.candidate.k === "bound") return confirm(core, table, ref, first.candidate) ?? no;
  const certain = left.filter((one) => one.outcome === "yes");
  const best = mostSpecific(
    core,
    table,
    certain.length > 0 ? certain.map((one) => one.candidate) : left.map((one) => one.candidate),
  );
  return best === null ? { k: "maybe", candidates: implsOf(left) } : (confirm(core, table, ref, best) ?? no);
}

type Rated = { readonly candidate: Candidate; readonly outcome: string };

/** The same bound may be written twice, or follow from two others. */
function distinctBounds(table: Table, bounds: readonly Rated[]): readonly Rated[] {
  const seen = new Set<string>();
  return bounds.filter(({ candidate }) => {
    if (candidate.k !== "bound") return true;
    const key = candidate.ref.args.map((ty) => table.resolve(ty).id).join();
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function implsOf(list: readonly Rated[]): readonly DefId[] {
  return list.flatMap(({ candidate }) => (candidate.k === "impl" ? [candidate.impl] : []));
}

/** The candidate whose header every other one's header covers. */
function mostSpecific(core: Core, table: Table, candidates: readonly Candidate[]): Candidate | null {
  for (const candidate of candidates) {
    const others = candidates.filter((other) => other !== candidate);
    if (others.every((other) => covers(core, table, other, candidate))) return candidate;
  }
  return null;
}

/** Does the general impl's header fit the special one's, its parameters taken as they are (and its own conditions hold for them)? */
function covers(core: Core, table: Table, general: Candidate, special: Candidate): boolean {
  if (general.k !== "impl" || special.k !== "impl") return false;
  const header = core.implTraitRef(special.impl);
  if (header === null) return false;
  const within = core.newTable(core.envOf(special.impl), table.body) as Table;
  const ref = mapTraitRef(header, (ty) => within.normalize(ty));
  const step = confirm(core, within, ref, general);
  return step?.k === "yes" && solveAll(core, within, step.nested, 1) !== "no";
}

/** Unifies the candidate's header with the reference. Null (and nothing bound) where it does not fit. */
function confirm(core: Core, table: Table, ref: TraitRef, candidate: Candidate): Step | null {
  let step: Step | null = null;
  table.attempt(() => {
    step = confirmInner(core, table, ref, candidate);
    return step !== null;
  });
  return step;
}

function confirmInner(core: Core, table: Table, ref: TraitRef, candidate: Candidate): Step | null {
  switch (candidate.k) {
    case "bound":
      return unifyAll(table, candidate.ref.args, ref.args)
        ? { k: "yes", selection: candidate.selection, nested: [] }
        : null;
    case "builtin": {
      const { selection, nested, equate } = candidate;
      return equate.every(([a, b]) => table.unify(a, b)) ? { k: "yes", selection, nested } : null;
    }
    case "impl":
      return confirmImpl(core, table, ref, candidate.impl);
    default:
      return unreachable(candidate);
  }
}

function confirmImpl(core: Core, table: Table, ref: TraitRef, impl: DefId): Step | null {
  const header = core.implTraitRef(impl);
  if (header === null) return null;
  const args = table.freshArgs(impl);
  const into = (ty: Ty): Ty => substTy(core.tys, ty, args);
  if (
    !unifyAll(
      table,
      header.args.map((ty) => table.normalize(into(ty))),
      ref.args,
    )
  )
    return null;
  for (const index of sizedParams(core, impl)) {
    const arg = args[index];
    if (arg !== undefined && isUnsized(table.shallow(arg))) return null;
  }
  const nested = core
    .genericsOf(impl)
    .predicates.filter((predicate) => !isTrivial(core, predicate))
    .map((predicate) => mapPredicate(predicate, into));
  return { k: "yes", selection: { k: "impl", impl, args, assumed: false }, nested };
}

/** Type parameters of an impl that are `Sized`, as all are without `?Sized`. */
function sizedParams(core: Core, impl: DefId): readonly number[] {
  const known = core.memo.sizedParams.get(impl);
  if (known !== undefined) return known;
  const { item } = core.names.def(impl);
  const sized: number[] = [];
  if (item?.k === "impl") {
    const relaxed = new Set<string>();
    for (const clause of item.generics.where) {
      const name = clause.ty.k === "path" ? clause.ty.path.segments[0]?.name : undefined;
      if (name !== undefined && clause.bounds.some((bound) => bound.maybe)) relaxed.add(name);
    }
    for (const [index, param] of item.generics.params.entries()) {
      if (param.k === "type" && !relaxed.has(param.name) && !param.bounds.some((bound) => bound.maybe))
        sized.push(index);
    }
  }
  core.memo.sizedParams.set(impl, sized);
  return sized;
}

function isUnsized(ty: Ty): boolean {
  return ty.k === "slice" || ty.k === "dyn" || (ty.k === "prim" && ty.name === "str");
}

function unifyAll(table: Table, left: readonly Ty[], right: readonly Ty[]): boolean {
  return left.length === right.length && left.every((ty, index) => table.unify(ty, right[index] ?? ty));
}

function unreachable(value: never): never {
  return value;
}
