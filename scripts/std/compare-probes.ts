/** What the packs say of each probe, and what its machine code does. */
import { type Compared, compareEffects } from "./compiled-effects.ts";
import { compileProbes } from "./compiled-probes.ts";
import { readRedirects } from "./compiled-symbols.ts";
import { probesOfPacks } from "./probes.ts";

export interface ComparedProbes {
  readonly rows: readonly Compared[];
  /** How many rustc did not take: private, unstable, of a bound that the packs do not know. */
  readonly refused: number;
}

/** Null where a tool is missing. `html`: the documentation's folder. */
export async function compareProbes(html: string): Promise<ComparedProbes | null> {
  const { program, probes } = await probesOfPacks(readRedirects(html));
  const compiled = compileProbes(probes.map(({ symbol }) => symbol));
  if (compiled === null) return null;
  const judged = probes.filter(({ symbol }) => compiled.effects[symbol] !== undefined);
  return { rows: compareEffects(program, judged, compiled.effects), refused: compiled.refused.length };
}
