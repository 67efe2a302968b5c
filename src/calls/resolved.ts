/**
 * What one call or drop of one instance leads to, before nodes and sites exist.
 */
import type { Certainty, Condition, UnresolvedReason, Via } from "../model/vocabulary.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import type { StaticPlace } from "./call-graph.ts";
import type { Instance } from "./instances.ts";
import type { Known } from "./known.ts";

export interface Target {
  readonly instance: Instance;
  readonly via: Via;
  readonly certainty: Certainty;
  readonly conditions: readonly Condition[];
  readonly cell: StaticPlace | null;
  /** The source behind a rule that stands for it: what is there, and not what is judged. */
  readonly behind?: true;
  /** What a model gives back; undefined for bodies, whose analysis says it. */
  readonly result?: Known | null;
}

/** A call through a trait object whose type is not known: settled by the types that reachable code makes into such objects. */
export interface Dynamic {
  /** The trait's member; null for the drop glue of the object. */
  readonly member: DefId | null;
  readonly object: Ty & { readonly k: "dyn" };
  /** Full generics of the member, Self (the object's type) first. */
  readonly args: readonly Ty[];
  /** Knowledge of the arguments, the object left out. */
  readonly context: readonly (Known | null)[];
  readonly via: Via;
  /** Types that are known to come here; `complete` where there are no others. */
  readonly known: readonly Ty[];
  readonly complete: boolean;
}

export interface Resolved {
  readonly targets: readonly Target[];
  readonly dynamic: readonly Dynamic[];
  /** Set for functions of `extern` blocks. */
  readonly symbol: string | null;
  readonly unresolved: { readonly reason: UnresolvedReason; readonly text: string } | null;
  /** A call of a function pointer of which not all values are known. */
  readonly pointer: {
    readonly ty: Ty & { readonly k: "fn-ptr" };
    readonly context: readonly (Known | null)[];
    readonly via: Via;
  } | null;
  /** Definitions that might be meant where the type was lost. */
  readonly candidates: readonly { readonly def: DefId; readonly certainty: "all-impls" | "by-name" }[];
  /** What the compiler's own code gives back, beside what it runs for the parts of that. */
  readonly gives?: Known | null;
}

/** Nothing runs. */
export const NOTHING: Resolved = {
  targets: [],
  dynamic: [],
  symbol: null,
  unresolved: null,
  pointer: null,
  candidates: [],
};

/** These run. */
export function runs(targets: readonly Target[], dynamic: readonly Dynamic[] = []): Resolved {
  return { ...NOTHING, targets, dynamic };
}

/** Not known what runs. */
export function lost(reason: UnresolvedReason, text: string, targets: readonly Target[] = []): Resolved {
  return { ...NOTHING, targets, unresolved: { reason, text } };
}

/** All of them run. */
export function allOf(list: readonly Resolved[]): Resolved {
  const [first = NOTHING, ...others] = list.filter((one) => one !== NOTHING);
  if (others.length === 0) return first;
  const all = [first, ...others];
  return {
    targets: all.flatMap((one) => one.targets),
    dynamic: all.flatMap((one) => one.dynamic),
    symbol: all.find((one) => one.symbol !== null)?.symbol ?? null,
    unresolved: all.find((one) => one.unresolved !== null)?.unresolved ?? null,
    pointer: all.find((one) => one.pointer !== null)?.pointer ?? null,
    candidates: all.flatMap((one) => one.candidates),
  };
}

/** Both run; the first reason and symbol stay. */
export function both(left: Resolved, right: Resolved): Resolved {
  return allOf([left, right]);
}
