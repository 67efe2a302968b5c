/**
 * Dispatch for known types: which impl, which function, whether dropping or copying runs code.
 *
 * Input: trait references and types without variables, in an environment of predicates (a caller's, or none once all
 * parameters are filled in). Opaque types are seen through.
 */
import { pushAll } from "../base/push-all.ts";
import type { DefId } from "../names/defs.ts";
import type { Selection } from "./api.ts";
import type { Env } from "./context.ts";
import { asking, type Core, type Member, traitOf } from "./core.ts";
import { fieldOwners } from "./declared.ts";
import type { Table } from "./infer-table.ts";
import { ASYNC_BLOCK, ASYNC_FN, HAS_OPAQUE, HAS_PROJ } from "./intern.ts";
import { evaluate, forgetOutdated, solveAll } from "./solve-goals.ts";
import { isOfDefault, opaqueOfImpl } from "./solve-normalize.ts";
import { selectStep } from "./solve-select.ts";
import { anyFlags, substTy } from "./subst.ts";
import type { Predicate, TraitRef, Ty } from "./ty.ts";

const none: Selection = { k: "none" };

/** Which impl makes the reference true? */
export function select(core: Core, ref: TraitRef, env: Env): Selection {
  return remembered(core, ref, env, true);
}

/** With conditions, or by its header alone. */
function remembered(core: Core, ref: TraitRef, env: Env, conditions: boolean): Selection {
  forgetOutdated(core);
  const key = `${conditions ? env.id : "header"}|${ref.trait}|${ref.args.map((ty) => ty.id).join()}`;
  const known = core.memo.selected.get(key);
  if (known !== undefined) return known;
  const selection = asking(core, () => computeSelection(core, ref, env, conditions));
  core.memo.selected.set(key, selection);
  return selection;
}

function computeSelection(core: Core, ref: TraitRef, env: Env, conditions: boolean): Selection {
  const table = core.newTable(env, null) as Table;
  const step = selectStep(core, table, ref, 0);
  if (step.k === "maybe") return { k: "ambiguous", candidates: step.candidates };
  if (step.k === "no") return none;
  const { selection } = step;
  const outcome = conditions ? solveAll(core, table, step.nested, 1) : "yes";
  // One candidate is taken unseen while inferring; here its conditions must not be false.
  if (outcome === "no") return none;
  if (selection.k !== "impl") return selection;
  return {
    k: "impl",
    impl: selection.impl,
    args: selection.args.map((ty) => core.normalizeIn(table.final(ty), env)),
    assumed: outcome === "maybe",
  };
}

/** The same with projections and opaque types replaced by what they are. */
export function selectSeenThrough(core: Core, ref: TraitRef, env: Env): Selection {
  return select(core, { trait: ref.trait, args: seenThrough(core, ref.args, env) }, env);
}

/** Is it true? */
export function implementsTrait(core: Core, ref: TraitRef, env: Env): "yes" | "no" | "maybe" {
  const table = core.newTable(env, null) as Table;
  return evaluate(core, table, { k: "trait", ref: { trait: ref.trait, args: seenThrough(core, ref.args, env) } });
}

/** The function that runs for a member of a trait. */
export function resolveMember(
  core: Core,
  member: DefId,
  args: readonly Ty[],
  predicates: readonly Predicate[],
): Member {
  const trait = traitOf(core, member);
  if (trait === null) return { def: member, args, selection: none };
  const env = core.envFrom(predicates);
  const known = seenThrough(core, args, env);
  const count = core.params(trait).params.length;
  const selection = select(core, { trait, args: known.slice(0, count) }, env);
  if (selection.k !== "impl") return { def: null, selection };
  const info = core.names.def(member);
  const kind = info.kind === "const" ? "const" : "fn";
  const own = core.member(selection.impl, info.name, kind);
  if (own !== null) return { def: own, args: [...selection.args, ...known.slice(count)], selection };
  return { def: member, args: known, selection };
}

function seenThrough(core: Core, args: readonly Ty[], env: Env): readonly Ty[] {
  return anyFlags(args, HAS_OPAQUE | HAS_PROJ) ? args.map((ty) => core.normalizeIn(ty, env, true)) : args;
}

/**
 * `Drop::drop` of an ADT, with the impl's arguments. Its impl is for every instance of the type, under the type's own bounds: they are not asked,
 * since a body that is generic holds them by predicates that are not here.
 */
export function dropImpl(core: Core, ty: Ty): { readonly def: DefId; readonly args: readonly Ty[] } | null {
  const trait = core.lang("drop");
  if (ty.k !== "adt" || trait === null) return null;
  const selection = remembered(core, { trait, args: [ty] }, core.envFrom([]), false);
  const method = selection.k === "impl" ? core.member(selection.impl, "drop") : null;
  return selection.k === "impl" && method !== null ? { def: method, args: selection.args } : null;
}

/** Copy types may be used again; what is not known is not Copy. */
export function isCopy(core: Core, ty: Ty, env: Env): boolean {
  const trait = core.lang("copy");
  return trait !== null && implementsTrait(core, { trait, args: [ty] }, env) === "yes";
}

/** False only where dropping runs no code. */
export function needsDrop(core: Core, start: Ty): boolean {
  forgetOutdated(core);
  const known = core.memo.drops.get(start);
  if (known !== undefined) return known;
  const seen = new Set<Ty>();
  const needed = dropsAnything(core, start, seen);
  // What is hidden in a body that is under inference is asked anew.
  if (![...seen].some(({ k }) => k === "closure" || k === "opaque")) core.memo.drops.set(start, needed);
  return needed;
}

/** The types that were looked at are added to `seen`. */
function dropsAnything(core: Core, start: Ty, seen: Set<Ty>): boolean {
  const queue: Ty[] = [start];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const ty = core.normalizeIn(next, core.envFrom([]), true);
    if (seen.has(ty)) continue;
    seen.add(ty);
    if (seen.size > 500) return true;
    const parts = dropParts(core, ty);
    if (parts === true) return true;
    pushAll(queue, parts);
  }
  return false;
}

/** True: code runs, or it cannot be told. Else the parts whose drop matters. */
function dropParts(core: Core, ty: Ty): true | readonly Ty[] {
  switch (ty.k) {
    case "prim":
    case "never":
    case "ref":
    case "ptr":
    case "fn-def":
    case "fn-ptr":
    case "const":
      return [];
    case "tuple":
      return ty.elems;
    case "array":
      return ty.len.k === "const" && ty.len.value === "0" ? [] : [ty.inner];
    case "slice":
      return [ty.inner];
    case "closure": {
      const facts = core.bodyFacts(ty.body)?.closure(ty.closure);
      if (facts === undefined) return true;
      return facts.captures.filter((one) => one.mode === "move").map((one) => core.subst(one.ty, ty.args));
    }
    case "param":
    case "proj":
      return true;
    case "adt":
      return adtParts(core, ty);
    case "opaque":
      return ty.index < ASYNC_FN ? true : futureParts(core, ty);
    case "dyn":
    case "infer":
    case "unknown":
      return true;
    default:
      return unreachable(ty);
  }
}

/**
 * What a future holds before it is polled: the arguments of its function, or what its block took from around it. What it holds
 * while it waits is dropped by its body too, which is followed where it is polled.
 */
function futureParts(core: Core, ty: Ty & { readonly k: "opaque" }): readonly Ty[] {
  if (ty.index < ASYNC_BLOCK) return core.fnSig(ty.def).params.map((one) => substTy(core.tys, one, ty.args));
  const facts = core.bodyFacts(ty.def)?.closure(ty.index);
  const taken = (facts?.captures ?? []).filter((one) => one.mode === "move").map((one) => one.ty);
  return [...taken, ...(facts?.params ?? [])].map((one) => substTy(core.tys, one, ty.args));
}

function adtParts(core: Core, ty: Ty & { readonly k: "adt" }): true | readonly Ty[] {
  const def = core.names.def(ty.def);
  if (def.lang === "phantom_data" || def.lang === "manually_drop") return [];
  if (def.item?.k === "struct" && def.item.union) return dropImpl(core, ty) === null ? [] : true;
  if (def.lang === "owned_box" || dropImpl(core, ty) !== null) return true;
  return fieldOwners(core.names, ty.def).flatMap((owner) =>
    core.fieldTys(owner).map((field) => substTy(core.tys, field, ty.args)),
  );
}

/** The hidden type of an opaque type, found by inference of its function (for a trait's method: by that of the impl's, or of the trait's own body). */
export function revealOpaque(core: Core, ty: Ty & { readonly k: "opaque" }, env: Env): Ty {
  if (traitOf(core, ty.def) !== null) {
    const ofImpl = asking(core, () => opaqueOfImpl(core, ty, env));
    if (ofImpl !== null) return ofImpl;
    if (!asking(core, () => isOfDefault(core, ty, env))) return ty;
  }
  const hidden = core.bodyFacts(ty.def)?.hiddenTypes.get(ty.index);
  return hidden === undefined ? ty : core.normalizeIn(substTy(core.tys, hidden, ty.args), env);
}

function unreachable(value: never): never {
  return value;
}
