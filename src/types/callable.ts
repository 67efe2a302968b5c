/**
 * Signatures of things that can be called: function items, function pointers, closures.
 *
 * A closure of the body under inference has its signature in the table; a closure of a finished body in that body's facts. Null: not
 * known (yet). Bounds (`F: Fn(A) -> B`) are not looked at here; see closures.ts.
 */
import type { ClosureKind } from "./context.ts";
import type { Core } from "./core.ts";
import type { Table } from "./infer-table.ts";
import type { Ty } from "./ty.ts";

export interface Callable {
  readonly params: readonly Ty[];
  readonly ret: Ty;
  readonly variadic: boolean;
  /** Null for a closure whose kind is not known yet. */
  readonly kind: ClosureKind | null;
}

/** The signature, normalised in the table. */
export function callableOf(core: Core, table: Table, ty: Ty): Callable | null {
  switch (ty.k) {
    case "fn-def": {
      const sig = core.instantiateSig(table, ty.def, ty.args);
      return { params: sig.params, ret: sig.ret, variadic: sig.variadic, kind: "fn" };
    }
    case "fn-ptr":
      return { params: ty.params, ret: ty.ret, variadic: ty.variadic, kind: "fn" };
    case "closure": {
      if (ty.body === table.body) {
        const local = table.closures.get(ty.closure);
        return local === undefined ? null : { params: local.params, ret: local.ret, variadic: false, kind: local.kind };
      }
      const facts = core.bodyFacts(ty.body)?.closure(ty.closure);
      if (facts === undefined) return null;
      const into = (inner: Ty): Ty => table.normalize(core.subst(inner, ty.args));
      return { params: facts.params.map(into), ret: into(facts.ret), variadic: false, kind: facts.kind };
    }
    default:
      return null;
  }
}
