/**
 * Environments: the predicates that hold in a body, with their supertraits.
 *
 * Input: predicates (of a definition, or from a caller). Output: an `Env` with what follows from them. The same list of
 * predicates (by content) gives the same object, so that memo keys can use its id.
 */
import type { DefId } from "../names/defs.ts";
import type { Env } from "./context.ts";
import { type Core, memoized } from "./core.ts";
import { mapPredicate, substTy } from "./subst.ts";
import type { Predicate } from "./ty.ts";

const maxPredicates = 4000;

/** What holds in a definition's body. */
export function envOf(core: Core, def: DefId): Env {
  const owner = core.genericsOwner(def);
  return memoized(
    core,
    core.memo.envs,
    "env",
    owner,
    () => envFrom(core, []),
    () => envFrom(core, core.genericsOf(owner).predicates),
  );
}

/** What holds given these predicates. */
export function envFrom(core: Core, predicates: readonly Predicate[]): Env {
  const list = predicates.length === 0 ? none : predicates;
  let env = core.memo.envsByList.get(list);
  if (env === undefined) {
    env = envOfList(core, list);
    // While something is being worked out, supertraits may be those of a cycle cut short.
    if (core.memo.active.size === 0) core.memo.envsByList.set(list, env);
  }
  return env;
}

const none: readonly Predicate[] = [];

function envOfList(core: Core, predicates: readonly Predicate[]): Env {
  const elaborated = elaborate(core, predicates);
  const key = elaborated.map(predicateKey).join("&");
  const known = core.memo.envsByKey.get(key);
  if (known !== undefined) return known;
  const env: Env = { id: core.memo.envsByKey.size, predicates: elaborated };
  core.memo.envsByKey.set(key, env);
  return env;
}

/** The predicates and what supertraits add, each once, in order. */
export function elaborate(core: Core, predicates: readonly Predicate[]): readonly Predicate[] {
  const seen = new Set<string>();
  const result: Predicate[] = [];
  const queue = [...predicates];
  for (let at = 0; at < queue.length && result.length < maxPredicates; at++) {
    const predicate = queue[at];
    if (predicate === undefined) continue;
    const key = predicateKey(predicate);
    if (seen.has(key)) continue;
    seen.add(key);
    result.push(predicate);
    if (predicate.k !== "trait") continue;
    const { args } = predicate.ref;
    for (const parent of core.superRefs(predicate.ref.trait))
      queue.push(mapPredicate(parent, (ty) => substTy(core.tys, ty, args)));
  }
  return result;
}

/** Equal for equal predicates. */
export function predicateKey(predicate: Predicate): string {
  return predicate.k === "trait"
    ? `${predicate.ref.trait}:${predicate.ref.args.map((ty) => ty.id).join()}`
    : `${predicate.assoc}=${predicate.args.map((ty) => ty.id).join()}=${predicate.ty.id}`;
}
