/**
 * Proving goals: with their nested goals, in a table, until nothing changes.
 *
 * A goal without variables is answered once per environment and remembered. A goal that comes back to itself does not
 * hold (auto traits, the only ones for which it would, are assumed elsewhere); answers that leant on such a cycle are remembered only where the
 * cycle closes. Depth and the number of steps are bounded: past the bound the answer is "maybe".
 */
import { pushAll } from "../base/push-all.ts";
import type { Obligation } from "./context.ts";
import { asking, type Core } from "./core.ts";
import type { Table } from "./infer-table.ts";
import { HAS_CLOSURE, HAS_INFER, HAS_PARAM, HAS_PROJ, kidsOf } from "./intern.ts";
import { isTrivial } from "./roles.ts";
import { projectStep } from "./solve-project.ts";
import { selectStep } from "./solve-select.ts";
import { mapPredicate } from "./subst.ts";
import type { Predicate, Ty } from "./ty.ts";

export type Outcome = "yes" | "no" | "maybe";
type GoalStep =
  | { readonly k: "yes"; readonly nested: readonly Predicate[] }
  | { readonly k: "no" }
  | { readonly k: "maybe" };
/** The goal as it was looked at: its projections are normalised, and must not be again (each time would bring new variables). */
type Tried = GoalStep & { readonly goal: Obligation };

const maxDepth = 40;

/** Proves all goals together; keeps the bindings that were made on the way. */
export function solveAll(core: Core, table: Table, goals: readonly Predicate[], depth: number): Outcome {
  let work: Obligation[] = goals.map((predicate) => ({ predicate, depth }));
  const before = table.pending();
  for (;;) {
    let progress = false;
    const next: Obligation[] = [];
    for (const goal of work) {
      const step = goalStep(core, table, goal);
      if (step.k === "no") return "no";
      if (step.k === "maybe") {
        next.push(step.goal);
        continue;
      }
      progress = true;
      for (const predicate of step.nested) next.push({ predicate, depth: goal.depth + 1 });
    }
    // Normalising may have left goals of its own in the table: they belong to this question.
    const added = table.pending().slice(before.length);
    table.setPending(before);
    pushAll(next, added);
    work = next;
    if (work.length === 0) return "yes";
    if (!progress) return "maybe";
  }
}

/** Works through the table's pending obligations. Those that cannot hold are dropped: the code compiles, so it is this model that errs. */
export function solvePending(core: Core, table: Table): boolean {
  let changed = false;
  for (;;) {
    let progress = false;
    const work = table.pending();
    let isTried = false;
    table.setPending([]);
    const next: Obligation[] = [];
    for (const goal of work) {
      if (isStalled(table, goal)) {
        next.push(goal);
        continue;
      }
      isTried = true;
      const step = asking(core, () => goalStep(core, table, goal));
      if (step.k === "maybe") {
        next.push(step.goal);
        remember(table, step.goal);
        continue;
      }
      progress = true;
      if (step.k === "yes") for (const predicate of step.nested) next.push({ predicate, depth: goal.depth + 1 });
    }
    if (!isTried) {
      table.setPending(work);
      return changed;
    }
    const added = table.pending();
    table.setPending(once(table, [...next.filter((one) => !isTrivial(core, one.predicate)), ...added]));
    if (!progress) return changed;
    changed = true;
  }
}

/** Fewer obligations than these are not worth comparing. */
const FEW = 64;

/** Each obligation once: bodies of nested futures meet the same ones a hundred times. */
function once(table: Table, list: readonly Obligation[]): readonly Obligation[] {
  if (list.length < FEW) return list;
  const seen = new Set<string>();
  return list.filter(({ predicate }) => {
    const key = goalKey(table, predicate);
    return !seen.has(key) && seen.add(key);
  });
}

/** Is the predicate true? Keeps no bindings. */
export function evaluate(core: Core, table: Table, predicate: Predicate, depth = 0): Outcome {
  return asking(core, () => {
    const goal = normalGoal(table, predicate);
    if (isClosed(table, goal)) return evaluateClosed(core, table, goal, depth);
    return table.probe(() => solveAll(core, table, [goal], depth));
  });
}

function goalStep(core: Core, table: Table, wanted: Obligation): Tried {
  if (isTrivial(core, wanted.predicate)) return { k: "yes", nested: [], goal: wanted };
  if (wanted.depth > maxDepth || core.solving.fuel <= 0) return { k: "maybe", goal: wanted };
  core.solving.fuel--;
  const predicate = normalGoal(table, wanted.predicate);
  const goal: Obligation = { predicate, depth: wanted.depth };
  if (predicate.k === "projection") return { goal, ...projectStep(core, table, predicate, goal.depth) };
  if (isClosed(table, predicate)) {
    const outcome = evaluateClosed(core, table, predicate, goal.depth);
    return outcome === "yes" ? { k: "yes", nested: [], goal } : { k: outcome, goal };
  }
  const step = selectStep(core, table, predicate.ref, goal.depth);
  return step.k === "yes" ? { k: "yes", nested: step.nested, goal } : { k: step.k, goal };
}

/** Variables followed, projections normalised (for a projection goal: those in its arguments). */
function normalGoal(table: Table, predicate: Predicate): Predicate {
  const into = (ty: Ty): Ty => table.normalize(table.resolve(ty));
  return predicate.k === "trait"
    ? mapPredicate(predicate, into)
    : { ...predicate, args: predicate.args.map(into), ty: table.resolve(predicate.ty) };
}

function evaluateClosed(core: Core, table: Table, goal: Predicate, depth: number): Outcome {
  if (isTrivial(core, goal) && goal.k === "trait") {
    const step = selectStep(core, table, goal.ref, depth);
    return step.k;
  }
  const { solving } = core;
  forgetOutdated(core);
  const key = goalKey(table, goal);
  const known = core.memo.solved.get(key);
  if (known !== undefined) return known;
  const at = solving.stack.get(key);
  if (at !== undefined) {
    solving.lowest = Math.min(solving.lowest, at);
    return "no";
  }
  const index = solving.stack.size;
  const outer = solving.lowest;
  solving.stack.set(key, index);
  solving.lowest = Number.POSITIVE_INFINITY;
  try {
    const outcome = table.probe(() => closedOutcome(core, table, goal, depth));
    // Running out of steps is a matter of where the question was asked from: not remembered.
    if (solving.lowest >= index && solving.fuel > 0) core.memo.solved.set(key, outcome);
    return outcome;
  } finally {
    solving.stack.delete(key);
    solving.lowest = Math.min(outer, solving.lowest >= index ? Number.POSITIVE_INFINITY : solving.lowest);
  }
}

function closedOutcome(core: Core, table: Table, goal: Predicate, depth: number): Outcome {
  if (depth > maxDepth) return "maybe";
  const step: GoalStep =
    goal.k === "projection" ? projectStep(core, table, goal, depth) : selectStep(core, table, goal.ref, depth);
  return step.k === "yes" ? solveAll(core, table, step.nested, depth + 1) : step.k;
}

/** Impls inside bodies come to light as bodies are expanded: what was answered without them is asked anew. */
export function forgetOutdated(core: Core): void {
  const { memo, names } = core;
  if (memo.memoGeneration.value === names.implGeneration) return;
  memo.memoGeneration.value = names.implGeneration;
  memo.solved.clear();
  memo.normalized.clear();
  memo.selected.clear();
  memo.drops.clear();
}

/** No variables, and nothing that is still under inference. */
export function isClosed(table: Table, goal: Predicate): boolean {
  const mask = HAS_INFER | (table.body === null ? 0 : HAS_CLOSURE);
  return typesOf(goal).every((ty) => (ty.flags & mask) === 0);
}

function goalKey(table: Table, goal: Predicate): string {
  const types = typesOf(goal);
  const env = types.some((ty) => (ty.flags & (HAS_PARAM | HAS_PROJ)) !== 0) ? table.env.id : -1;
  return `${env}|${goal.k === "trait" ? goal.ref.trait : `=${goal.assoc}`}|${types.map((ty) => ty.id).join()}`;
}

function typesOf(goal: Predicate): readonly Ty[] {
  return goal.k === "trait" ? goal.ref.args : [...goal.args, goal.ty];
}

/** An obligation that said "maybe" is looked at again only when its types have changed. */
interface Stall {
  /** Closures of the body that its types mention; null where they are many. */
  readonly closures: readonly number[] | null;
  /** Closures get their signature and kind later: what of them was known. */
  readonly known: string;
  /** The variables in its types and in what those closures take and give, none of which had a value; null where that is not so. */
  readonly waitsFor: readonly Ty[] | null;
  /** What its types were, where that says more than the variables. */
  readonly key: string;
}
interface Mentioned {
  readonly types: Set<Ty>;
  readonly variables: Set<Ty>;
  readonly closures: Set<number>;
}

/** More closures than these are told apart by how many of the body's are known. */
const FEW_CLOSURES = 8;
/** Of what lies too deep to be looked at. */
const FOR_GOOD: Stall = { closures: [], known: "", waitsFor: [], key: "" };
const stalled = new WeakMap<Obligation, Stall>();

function isStalled(table: Table, goal: Obligation): boolean {
  const known = stalled.get(goal);
  if (known === undefined || known.known !== closuresKey(table, known.closures)) return false;
  if (known.waitsFor !== null) return known.waitsFor.every((one) => table.shallow(one) === one);
  return known.key === stallKey(table, goal);
}

function remember(table: Table, goal: Obligation): void {
  if (goal.depth > maxDepth) {
    stalled.set(goal, FOR_GOOD);
    return;
  }
  const found: Mentioned = { types: new Set(), variables: new Set(), closures: new Set() };
  for (const ty of typesOf(goal.predicate)) collect(table, ty, found);
  const waitsFor = [...found.variables].every((one) => table.shallow(one) === one) ? [...found.variables] : null;
  const closures = found.closures.size > FEW_CLOSURES ? null : [...found.closures];
  const known = closuresKey(table, closures);
  stalled.set(goal, { closures, known, waitsFor, key: waitsFor === null ? stallKey(table, goal) : "" });
}

function collect(table: Table, ty: Ty, found: Mentioned): void {
  if ((ty.flags & (HAS_INFER | HAS_CLOSURE)) === 0 || found.types.has(ty)) return;
  found.types.add(ty);
  if (ty.k === "infer") found.variables.add(ty);
  for (const one of kidsOf(ty)) collect(table, one, found);
  if (ty.k !== "closure" || ty.body !== table.body) return;
  found.closures.add(ty.closure);
  const closure = table.closures.get(ty.closure);
  for (const one of closure === undefined ? [] : [...closure.params, closure.ret])
    collect(table, table.resolve(one), found);
}

function closuresKey(table: Table, closures: readonly number[] | null): string {
  if (closures !== null) return closures.map((one) => String(table.closures.get(one)?.kind)).join();
  let known = 0;
  for (const { kind } of table.closures.values()) if (kind !== null) known += 1;
  return `${table.closures.size}:${known}`;
}

function stallKey(table: Table, goal: Obligation): string {
  return typesOf(goal.predicate)
    .map((ty) => table.resolve(ty).id)
    .join();
}
