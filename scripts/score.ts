/**
 * Scores the tool against what is known: `npm run score [-- --micro --corpus --referee --only NAME --json FILE --raise]`, all parts by default.
 *
 * Prints per part how many cases are exactly right, recall, precision, honesty violations, noise and the share of decided handlers, then one
 * line for each wrong case. What the machine lacks (network, python3) is skipped loudly. Exit code 0 whatever the score: tests hold the floor.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { raiseBaseline } from "./score/baseline.ts";
import { scoreCorpus } from "./score/corpus.ts";
import { scoreMicro } from "./score/micro.ts";
import { isRight, type Outcome, renderPart, totalsOf } from "./score/outcome.ts";
import { type RefereeResult, renderReferee, scoreReferee } from "./score/referee.ts";

const { values } = parseArgs({
  options: {
    micro: { type: "boolean" },
    corpus: { type: "boolean" },
    referee: { type: "boolean" },
    only: { type: "string" },
    json: { type: "string" },
    raise: { type: "boolean" },
  },
});
const all = values.micro !== true && values.corpus !== true && values.referee !== true;
const only = values.only ?? null;
const parts: Record<string, unknown> = {};
let corpus: readonly Outcome[] = [];
let referee: readonly RefereeResult[] = [];

if (all || values.micro === true) part("micro", scoreMicro(only));
if (all || values.corpus === true) {
  const outcomes = scoreCorpus(only, (one) => process.stderr.write(`${one.name}: ${isRight(one) ? "ok" : "wrong"}\n`));
  if (outcomes === null) console.log("SKIPPED corpus: crates.io cannot be reached");
  else part("corpus", outcomes);
  corpus = outcomes ?? [];
}
if (all || values.referee === true) {
  const results = scoreReferee(only);
  parts["referee"] = results;
  referee = results ?? [];
  console.log(results === null ? "SKIPPED referee: there is no python3" : renderReferee(results));
}

if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify(parts, null, 2)}\n`);
}
if (values.raise === true) raiseBaseline(corpus, referee);

function part(name: string, outcomes: readonly Outcome[]): void {
  parts[name] = { totals: totalsOf(outcomes), outcomes };
  console.log(renderPart(name, outcomes));
}
