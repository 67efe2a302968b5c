/**
 * Whether the packs still say what the witnesses of std saw, by rules/std-witnesses.json: asked by `npm run build` and by a test, without a toolchain.
 *
 * While the packs say what they said when the witnesses were asked, nothing is worked out. Else what they say of every instance is (some ten
 * seconds), and held against what was seen then: a difference that docs/std-model.md gives no reason for is a conflict.
 */
import { readFileSync } from "node:fs";
import { accountOf, type StdWitnesses } from "../../src/model/std-witnesses.ts";
import { programOf, shippedPacks } from "../../test/calls/program-of.ts";
import { agrees, aliasCrate, type Compiled, compareEffects, joinSymbols } from "./compiled-effects.ts";
import { parseSymbol, type Symbol } from "./compiled-symbols.ts";
import { differenceOf, documentedReasons, fits, type Reason } from "./reasons.ts";
import { packsHash, readWitnesses } from "./witness-file.ts";

export interface Checked {
  /** The packs say something else than when the witnesses were asked. */
  readonly stale: boolean;
  /** `function: machine code …, packs …` */
  readonly conflicts: readonly string[];
}

/** The packs that ship against the witnesses that ship. */
export async function checkWitnesses(witnesses: StdWitnesses = readWitnesses()): Promise<Checked> {
  if (packsHash(shippedPacks()) === witnesses.packs) return { stale: false, conflicts: [] };
  const document = readFileSync(new URL("../../docs/std-model.md", import.meta.url), "utf8");
  return { stale: true, conflicts: await conflictsWith(witnesses, documentedReasons(document)) };
}

/** What is to be done, for a terminal. */
export function checkedText({ conflicts }: Checked): string {
  if (conflicts.length === 0)
    return "rules/std says something else than when the witnesses of std were asked, and they still agree: `npm run derive-std` writes that down";
  return [
    "rules/std contradicts what was seen of std. Mend the entry, or say in docs/std-model.md why it differs; then run `npm run derive-std`:",
    ...conflicts.map((one) => `  ${one}`),
  ].join("\n");
}

async function conflictsWith(witnesses: StdWitnesses, reasons: readonly Reason[]): Promise<readonly string[]> {
  const accounts = new Map(
    Object.values(witnesses.functions).flatMap((instances) =>
      Object.entries(instances).map(([symbol, text]) => [symbol, accountOf(text)] as const),
    ),
  );
  const symbols = [...accounts.keys()].flatMap((name): (readonly [string, Symbol])[] => {
    const symbol = parseSymbol(name, new Map());
    return symbol === null ? [] : [[name, symbol]];
  });
  const program = await programOf([{ name: "aliases", text: aliasCrate(symbols) }]);
  const joins = joinSymbols(program, "aliases", symbols);
  return (["library", "probes"] as const).flatMap((witness) => {
    const table = reasons.filter(({ section }) => section === { library: "Other effects", probes: "Probes" }[witness]);
    const seen = joins.filter(({ symbol }) => accounts.get(symbol)?.[witness] != null);
    const machine: Compiled = Object.fromEntries(
      seen.flatMap(({ symbol }) => {
        const said = accounts.get(symbol)?.[witness] ?? null;
        return said === null ? [] : [[symbol, said]];
      }),
    );
    return compareEffects(program, seen, machine)
      .filter((row) => !agrees(row))
      .map(({ symbol, effects, claimed }) => differenceOf(symbol, effects, "packs", claimed))
      .filter((text) => !table.some(({ pattern }) => fits(pattern, text)));
  });
}
