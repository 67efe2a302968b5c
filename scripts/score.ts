/**
 * Scores the tool against what is known: `npm run score [-- --micro --corpus --referee --only NAME --json FILE]`, all parts by default.
 *
 * Prints per part how many cases are exactly right, recall, precision, honesty violations, noise and the share of decided handlers, then one
 * line for each wrong case. What the machine lacks (network, python3) is skipped loudly. Exit code 0 whatever the score: tests hold the floor.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { scoreMicro } from "./score/micro.ts";
import { type Outcome, renderPart, totalsOf } from "./score/outcome.ts";

const { values } = parseArgs({
  options: {
    micro: { type: "boolean" },
    corpus: { type: "boolean" },
    referee: { type: "boolean" },
    only: { type: "string" },
    json: { type: "string" },
  },
});
const all = values.micro !== true && values.corpus !== true && values.referee !== true;
const only = values.only ?? null;
const parts: Record<string, readonly Outcome[]> = {};

if (all || values.micro === true) part("micro", scoreMicro(only));

if (values.json !== undefined) {
  const out = Object.entries(parts).map(([name, outcomes]) => [name, { totals: totalsOf(outcomes), outcomes }]);
  writeFileSync(values.json, `${JSON.stringify(Object.fromEntries(out), null, 2)}\n`);
}

function part(name: string, outcomes: readonly Outcome[]): void {
  parts[name] = outcomes;
  console.log(renderPart(name, outcomes));
}
