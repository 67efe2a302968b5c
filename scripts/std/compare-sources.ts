/** What std's own sources say of functions, held against machine code. */
import type { Said } from "../../src/model/std-witnesses.ts";
import { agrees } from "./compiled-effects.ts";
import { deriveEffectsOf } from "./derive-effects.ts";
import { differenceOf } from "./reasons.ts";
import { readStdSources, type StdSources } from "./source-files.ts";
import { sysrootOfPacks } from "./toolchain.ts";

export interface ComparedSources {
  readonly sources: StdSources;
  /** Crates that std is built with and that could not be had. */
  readonly missing: readonly string[];
  /** What they say of every function that both have. */
  readonly functions: ReadonlyMap<string, Said>;
  /** Those where machine code does something else, as docs/std-model.md names the difference. */
  readonly different: readonly string[];
}

/**
 * Takes some two minutes; null where the sources are not installed. `machine`: by symbol what was seen of a function in machine code; it is enough that
 * the sources say one of it.
 */
export async function compareSources(
  html: string,
  machine: ReadonlyMap<string, readonly Said[]>,
): Promise<ComparedSources | null> {
  const sysroot = sysrootOfPacks();
  const sources = sysroot === null ? null : readStdSources(sysroot);
  if (sources === null) return null;
  const { derived, missing } = await deriveEffectsOf(html, [...machine.keys()], sources);
  const different: string[] = [];
  for (const [symbol, said] of derived) {
    const seen = machine.get(symbol) ?? [];
    const same = [said.effects, said.withoutIoErrors].some((claimed) =>
      seen.some((one) => agrees({ ...one, claimed })),
    );
    if (!same) different.push(differenceOf(symbol, seen[0]?.effects ?? [], "sources", said.effects));
  }
  return { sources, missing, functions: derived, different };
}
