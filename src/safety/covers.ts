/**
 * What a finding or a guard stands for: each cause at its place and at its function's line, and the effects in the source behind it.
 */
import type { Kind } from "../model/vocabulary.ts";
import { type Behind, type BehindContext, type EffectPlace, functionPlace } from "./behind.ts";
import type { Cause } from "./causes.ts";
import { order } from "./places.ts";
import type { CoveredEffect } from "./report-model.ts";
import { sitePlace } from "./trace.ts";

export interface CoverContext extends Pick<BehindContext, "graph" | "places"> {
  readonly behind: Behind;
}

/**
 * What a finding at `worst` covers, which stands for `list`; of what lies behind, what no other finding at that place stands for (`toldAt`).
 */
export function coversOf(
  context: CoverContext,
  worst: Cause,
  list: readonly Cause[],
  toldAt: (cause: Cause) => ReadonlySet<Kind>,
): CoveredEffect[] {
  const behind = [worst, ...list].flatMap((one) =>
    context
      .behind(one)
      .filter(({ kind }) => kind === one.kind || !toldAt(one).has(kind))
      .map((effect): CoveredEffect => ({ ...effect, conditions: [...one.conditions].sort() })),
  );
  // Alone it stands for itself; where a macro has the function, the place there is told too.
  const alone = list.length === 0 ? effectsOf(context, worst).filter((one) => one.whole === true) : [];
  const made = context.graph.node(worst.node).macroPlace !== null;
  return distinct([...list.flatMap((one) => effectsOf(context, one)), ...(made ? alone : []), ...behind]);
}

/** The effects of causes and behind them, whatever their conditions. */
export function effectsOfCauses(context: CoverContext, causes: readonly Cause[]): EffectPlace[] {
  const own = causes.flatMap((one) => effectsOf(context, one));
  const behind = causes.flatMap((one) => context.behind(one));
  return distinct<EffectPlace>([...own, ...behind]).map(({ kind, callee, site, whole }) =>
    whole === true ? { kind, callee, site, whole } : { kind, callee, site },
  );
}

/** Which kinds causes at one place have. */
export function kindsByPlace(causes: readonly Cause[]): (cause: Cause) => ReadonlySet<Kind> {
  const kinds = new Map<string, Set<Kind>>();
  const keyOf = ({ node, span }: Cause): string => `${node}|${span.file}|${span.start}|${span.end}`;
  for (const one of causes) kinds.set(keyOf(one), (kinds.get(keyOf(one)) ?? new Set()).add(one.kind));
  return (cause) => kinds.get(keyOf(cause)) ?? new Set();
}

/** A cause as an effect. */
export function causeAsEffect({ graph, places }: Pick<CoverContext, "graph" | "places">, cause: Cause): CoveredEffect {
  const { kind, callee, conditions } = cause;
  const site = sitePlace(places, graph.node(cause.node), cause.span);
  return { kind, callee, site, conditions: [...conditions].sort() };
}

function effectsOf(context: CoverContext, cause: Cause): CoveredEffect[] {
  const effect = causeAsEffect(context, cause);
  const own = functionPlace(context, cause.node);
  return own.line === effect.site.line && own.file === effect.site.file
    ? [effect]
    : [effect, { whole: true, ...effect, site: own }];
}

/** Sorted, without equal ones. */
export function distinct<T extends EffectPlace>(covers: readonly T[]): T[] {
  const byKey = new Map<string, T>();
  for (const one of covers) {
    const { site } = one;
    const key = `${site.package}\n${site.file}\n${String(site.line).padStart(9)}\n${String(site.column).padStart(6)}\n${one.kind}\n${one.callee}`;
    const known = byKey.get(key);
    if (known === undefined || known.whole === true) byKey.set(key, one);
  }
  return [...byKey].sort(([left], [right]) => order(left, right)).map(([, one]) => one);
}
