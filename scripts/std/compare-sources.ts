/** What std's own sources say of the compiled library's functions, held against its machine code. */
import { agrees, type Compiled } from "./compiled-effects.ts";
import { deriveLibrary } from "./derive-effects.ts";
import { differenceOf } from "./reasons.ts";
import { readStdSources, type StdSources } from "./source-files.ts";
import { sysrootOfPacks } from "./toolchain.ts";

export interface ComparedSources {
  readonly sources: StdSources;
  /** Crates that std is built with and that could not be had. */
  readonly missing: readonly string[];
  /** Every function that both have. */
  readonly functions: ReadonlySet<string>;
  /** Those that do the same. */
  readonly agreed: ReadonlySet<string>;
  /** The others, as docs/std-model.md names them. */
  readonly different: readonly string[];
}

/** Takes minutes; null where the sources are not installed. */
export async function compareSources(html: string, compiled: Compiled): Promise<ComparedSources | null> {
  const sysroot = sysrootOfPacks();
  const sources = sysroot === null ? null : readStdSources(sysroot);
  if (sources === null) return null;
  const { derived, missing } = await deriveLibrary(html, compiled, sources);
  const agreed = new Set<string>();
  const different: string[] = [];
  for (const [symbol, said] of derived) {
    const machine = { effects: [], withoutIoErrors: [], ...compiled[symbol] };
    const same = [said.effects, said.withoutIoErrors].some((claimed) =>
      agrees({ symbol, through: [], ...machine, claimed }),
    );
    if (same) agreed.add(symbol);
    else different.push(differenceOf(symbol, machine.effects, "sources", said.effects));
  }
  return { sources, missing, functions: new Set(derived.keys()), agreed, different };
}
