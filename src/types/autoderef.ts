/**
 * What `*` gives, step by step: the types among which a method or field is looked for.
 *
 * References and Box are dereferenced by the compiler, raw pointers only where it is written, the rest through
 * `Deref::Target`. Bounded at 64 steps; ends at a variable (`stuck`) and at a type that was there before.
 */
import type { Autoderef, DerefStep } from "./context.ts";
import type { Core } from "./core.ts";
import type { Table } from "./infer-table.ts";
import { evaluate } from "./solve-goals.ts";
import type { Ty } from "./ty.ts";

const maxSteps = 64;

/** The chain, the type itself first. */
export function autoderef(core: Core, table: Table, start: Ty, unsize: boolean): Autoderef {
  let ty = table.normalize(table.resolve(start));
  const steps: { ty: Ty; via: DerefStep | null }[] = [{ ty, via: null }];
  const seen = new Set<Ty>([ty]);
  while (steps.length < maxSteps && ty.k !== "infer") {
    const via = derefOnce(core, table, ty, false);
    if (via === null || seen.has(via.to)) break;
    ty = via.to;
    seen.add(ty);
    steps.push({ ty, via });
  }
  return {
    steps,
    unsized: unsize && ty.k === "array" ? core.tys.slice(ty.inner) : null,
    stuck: ty.k === "infer" && ty.kind === "general",
  };
}

/** One dereference. */
export function derefOnce(core: Core, table: Table, start: Ty, explicit: boolean): DerefStep | null {
  const ty = table.shallow(start);
  switch (ty.k) {
    case "ref":
      return builtin(table, ty, ty.inner);
    case "ptr":
      return explicit ? builtin(table, ty, ty.inner) : null;
    case "adt": {
      const boxed = ty.args[0];
      if (boxed !== undefined && core.names.def(ty.def).lang === "owned_box") return builtin(table, ty, boxed);
      return overloaded(core, table, ty);
    }
    case "param":
    case "proj":
    case "opaque":
    case "dyn":
      return overloaded(core, table, ty);
    default:
      return null;
  }
}

function builtin(table: Table, selfTy: Ty, to: Ty): DerefStep {
  return { k: "builtin", selfTy, to: table.normalize(table.resolve(to)) };
}

function overloaded(core: Core, table: Table, ty: Ty): DerefStep | null {
  const trait = core.lang("deref");
  const target = core.member(trait, "Target", "type-alias");
  if (trait === null || target === null) return null;
  if (evaluate(core, table, { k: "trait", ref: { trait, args: [ty] } }) === "no") return null;
  const to = table.normalize(core.tys.proj(target, [ty]));
  table.solvePending();
  const known = table.normalize(table.resolve(to));
  return known.k === "unknown" ? null : { k: "overloaded", selfTy: ty, to: known };
}
