/**
 * Asks every witness of std: the compiled library, the probes, std's own sources; and what the packs say of the same functions.
 *
 * Needs the toolchain that the packs describe. What is missing of it is null in the answer, and no opinion in the accounts.
 */
import type { Account, Said } from "../../src/model/std-witnesses.ts";
import { type ComparedProbes, compareProbes } from "./compare-probes.ts";
import { type ComparedSources, compareSources } from "./compare-sources.ts";
import { agrees, type Compared, type Compiled, compareLibrary } from "./compiled-effects.ts";
import { publicName, readRedirects } from "./compiled-symbols.ts";
import { differenceOf } from "./reasons.ts";
import { compiledEffects } from "./toolchain.ts";

export interface Heard {
  /** What the packs and the compiled library say of each function that both have. */
  readonly library: readonly Compared[] | null;
  readonly probes: ComparedProbes | null;
  readonly sources: ComparedSources | null;
}

/** `html`: the documentation's folder. `withSources` takes two minutes more. */
export async function hearWitnesses(html: string, withSources: boolean): Promise<Heard> {
  const redirects = readRedirects(html);
  const found = compiledEffects();
  if (found === null) return { library: null, probes: null, sources: null };
  const compiled: Compiled = Object.fromEntries(
    Object.entries(found).map(([name, said]) => [publicName(name, redirects), said]),
  );
  const library = await compareLibrary(html, compiled);
  const probes = await compareProbes(html);
  const machine = new Map<string, Said[]>(Object.entries(compiled).map(([symbol, said]) => [symbol, [said]]));
  for (const row of probes?.rows ?? []) machine.set(row.symbol, [...(machine.get(row.symbol) ?? []), row]);
  return { library, probes, sources: withSources ? await compareSources(html, machine) : null };
}

/** The differences between the packs and one witness, as docs/std-model.md names them. */
export function differencesIn(rows: readonly Compared[]): readonly string[] {
  return rows
    .filter((row) => !agrees(row))
    .map(({ symbol, effects, claimed }) => differenceOf(symbol, effects, "packs", claimed));
}

/** What all of them say, by the packs' function and by instance. */
export function accountsOf({ library, probes, sources }: Heard): ReadonlyMap<string, ReadonlyMap<string, Account>> {
  const found = new Map<string, Map<string, Account>>();
  const add = (row: Compared, said: Pick<Account, "library"> | Pick<Account, "probes">): void => {
    const instances = found.get(row.key) ?? new Map<string, Account>();
    found.set(row.key, instances);
    const before = instances.get(row.symbol) ?? {
      claimed: row.claimed,
      library: null,
      probes: null,
      sources: sources?.functions.get(row.symbol) ?? null,
    };
    instances.set(row.symbol, { ...before, ...said });
  };
  for (const row of library ?? []) add(row, { library: row });
  for (const row of probes?.rows ?? []) add(row, { probes: row });
  return found;
}
