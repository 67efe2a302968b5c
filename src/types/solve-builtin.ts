/**
 * What the compiler makes true without an impl: calls of functions and closures, copying of plain data, sizedness,
 * markers, futures of async code.
 *
 * The rules for each known trait by its lang name; null where the compiler says nothing (then there is no candidate).
 */
import type { DefId } from "../names/defs.ts";
import type { Selection } from "./api.ts";
import { callableOf } from "./callable.ts";
import type { ClosureKind } from "./context.ts";
import type { Core } from "./core.ts";
import type { Table } from "./infer-table.ts";
import { ASYNC_FN } from "./intern.ts";
import { callRole, isAssumed, roleOf } from "./roles.ts";
import type { Candidate } from "./solve-candidates.ts";
import type { Predicate, TraitRef, Ty } from "./ty.ts";

type Builtin = Candidate & { readonly k: "builtin" };
type What = (Selection & { readonly k: "builtin" })["what"];

/** The compiler's own candidate. */
export function builtinCandidate(core: Core, table: Table, ref: TraitRef, self: Ty): Builtin | null {
  const role = callRole(core, ref.trait);
  if (role !== null) return callCandidate(core, table, ref, self, role);
  switch (roleOf(core, ref.trait)) {
    case "sized":
      return self.k === "slice" || self.k === "dyn" || (self.k === "prim" && self.name === "str")
        ? null
        : made("sized");
    case "copy":
      return copyCandidate(core, table, ref.trait, self, "copy");
    case "clone":
      return copyCandidate(core, table, ref.trait, self, "clone");
    case "future_trait":
      return self.k === "opaque" && self.index >= ASYNC_FN ? made("future") : null;
    case "fn_ptr_trait":
      return self.k === "fn-ptr" ? made("other") : null;
    default:
      return isAssumed(core, ref.trait) ? made("auto") : null;
  }
}

/** Does a callable of this kind implement the trait of that role? */
export function kindSatisfies(kind: ClosureKind, role: ClosureKind): boolean {
  const rank: Readonly<Record<ClosureKind, number>> = { fn: 2, "fn-mut": 1, "fn-once": 0 };
  return rank[kind] >= rank[role];
}

function callCandidate(core: Core, table: Table, ref: TraitRef, self: Ty, role: ClosureKind): Builtin | null {
  if (self.k !== "fn-def" && self.k !== "fn-ptr" && self.k !== "closure") return null;
  const sig = callableOf(core, table, self);
  // A closure whose signature is not there yet: it is callable, and its arguments stay open.
  if (sig === null) return made(self.k);
  if (sig.kind !== null && !kindSatisfies(sig.kind, role)) return null;
  const args = ref.args[1];
  return { ...made(self.k), equate: args === undefined ? [] : [[args, core.tys.tuple(sig.params)]] };
}

function copyCandidate(core: Core, table: Table, trait: DefId, self: Ty, what: "copy" | "clone"): Builtin | null {
  const each = (parts: readonly Ty[]): Builtin => ({
    ...made(what),
    nested: parts.map((ty): Predicate => ({ k: "trait", ref: { trait, args: [ty] } })),
  });
  switch (self.k) {
    case "prim":
      return self.name === "str" ? null : made(what);
    case "never":
    case "ptr":
    case "fn-def":
    case "fn-ptr":
      return made(what);
    case "ref":
      return self.mut ? null : made(what);
    case "tuple":
      return each(self.elems);
    case "array":
      return each([self.inner]);
    case "infer":
      return self.kind === "general" ? null : made(what);
    case "closure": {
      // What a closure of this body takes is not known yet: a method that asks for a clone is the proof that it can be cloned.
      if (what === "clone" && self.body === table.body) return made(what);
      const captures = capturesOf(core, table, self);
      if (captures === null || captures.some((one) => one.mode === "ref-mut")) return null;
      return each(captures.filter((one) => one.mode === "move").map((one) => one.ty));
    }
    default:
      return null;
  }
}

function capturesOf(
  core: Core,
  table: Table,
  ty: Ty & { readonly k: "closure" },
): readonly { readonly mode: string; readonly ty: Ty }[] | null {
  if (ty.body === table.body) return null;
  const facts = core.bodyFacts(ty.body)?.closure(ty.closure);
  return facts?.captures.map((one) => ({ mode: one.mode, ty: core.subst(one.ty, ty.args) })) ?? null;
}

function made(what: What): Builtin {
  return { k: "builtin", selection: { k: "builtin", what }, nested: [], equate: [] };
}
