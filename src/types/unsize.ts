/**
 * Unsizing: may what a pointer points to be seen as a less known type?
 *
 * `[T; N]` → `[T]`; `T` → `dyn Trait` where T implements it; `dyn Sub` → `dyn Super`; a struct whose last parameter unsizes.
 */
import type { Core } from "./core.ts";
import { elaborate } from "./env.ts";
import type { Table } from "./infer-table.ts";
import { isTrivial } from "./roles.ts";
import { declaredBounds } from "./solve-candidates.ts";
import { evaluate } from "./solve-goals.ts";
import { mapPredicate } from "./subst.ts";
import type { Predicate, Ty } from "./ty.ts";

const maxDepth = 6;

/** Unifies on yes; obligations of a new trait object are registered. */
export function unsizes(core: Core, table: Table, start: Ty, target: Ty, depth = 0): boolean {
  const from = table.normalize(table.resolve(start));
  const to = table.normalize(table.resolve(target));
  if (depth > maxDepth) return false;
  if (to.k === "slice") return from.k === "array" && table.unify(from.inner, to.inner);
  if (to.k === "dyn") return intoDyn(core, table, from, to);
  if (from.k !== "adt" || to.k !== "adt" || from.def !== to.def || from === to) return false;
  const differing = from.args.flatMap((ty, index) =>
    table.probe(() => table.unify(ty, to.args[index] ?? ty)) ? [] : [index],
  );
  const [index] = differing;
  const a = index === undefined ? undefined : from.args[index];
  const b = index === undefined ? undefined : to.args[index];
  if (differing.length !== 1 || a === undefined || b === undefined) return false;
  return table.attempt(
    () =>
      unsizes(core, table, a, b, depth + 1) &&
      from.args.every((ty, n) => n === index || table.unify(ty, to.args[n] ?? ty)),
  );
}

function intoDyn(core: Core, table: Table, from: Ty, to: Ty & { readonly k: "dyn" }): boolean {
  if (from.k === "infer" && from.kind === "general") return false;
  if (from.k === "unknown" || from.k === "slice" || (from.k === "prim" && from.name === "str")) return false;
  if (from.k === "dyn") return upcast(core, table, from, to);
  const wanted = declaredBounds(core, to)
    .filter((predicate) => isOwn(to, predicate) && !isTrivial(core, predicate))
    .map((predicate) => withSelf(to, predicate, from));
  if (wanted.some((predicate) => predicate.k === "trait" && evaluate(core, table, predicate) === "no")) return false;
  for (const predicate of wanted) table.register(predicate);
  table.solvePending();
  return true;
}

/** The object's own traits and bindings; supertraits follow from them. */
function isOwn(to: Ty & { readonly k: "dyn" }, predicate: Predicate): boolean {
  return predicate.k === "projection" || to.traits.some((one) => one.trait === predicate.ref.trait);
}

function withSelf(to: Ty, predicate: Predicate, self: Ty): Predicate {
  return mapPredicate(predicate, (ty) => (ty === to ? self : ty));
}

/** To a supertrait, or to fewer auto traits. */
function upcast(core: Core, table: Table, from: Ty & { readonly k: "dyn" }, to: Ty & { readonly k: "dyn" }): boolean {
  if (from === to) return false;
  const has = elaborate(core, declaredBounds(core, from));
  const wanted = declaredBounds(core, to).filter((predicate) => isOwn(to, predicate) && !isTrivial(core, predicate));
  return table.attempt(() =>
    wanted.every((predicate) => {
      const goal = withSelf(to, predicate, from);
      return has.some((one) => {
        if (one.k === "trait" && goal.k === "trait") {
          return (
            one.ref.trait === goal.ref.trait &&
            table.attempt(() => one.ref.args.every((ty, n) => table.unify(ty, goal.ref.args[n] ?? ty)))
          );
        }
        return (
          one.k === "projection" && goal.k === "projection" && one.assoc === goal.assoc && table.unify(one.ty, goal.ty)
        );
      });
    }),
  );
}
