/**
 * Scores the tool against what is known: `npm run score [-- --micro --corpus --referee --only NAME --json FILE --raise]`, these three by default;
 * `--resolution` (names and types of what handlers reach), `--parsing` (files that the grammar does not understand) and `--mir` (every call of whole
 * crates against rustc's MIR; `--manifest FILE` for another workspace than test/mir-judge) are asked for by name.
 *
 * Prints per part how many cases are exactly right, recall, precision, honesty violations, noise and the share of decided handlers, then one
 * line for each wrong case. What the machine lacks (network, python3) is skipped loudly. Exit code 0 whatever the score: tests hold the floor.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { raiseBaseline } from "./score/baseline.ts";
import { scoreCorpus } from "./score/corpus.ts";
import { scoreMicro } from "./score/micro.ts";
import { renderMir, renderVerdict, scoreMir } from "./score/mir/score-mir.ts";
import { isRight, type Outcome, renderPart, totalsOf } from "./score/outcome.ts";
import { type RefereeResult, renderReferee, scoreReferee } from "./score/referee.ts";
import { renderParsing, renderResolution, scoreParsing, scoreResolution } from "./score/resolution.ts";
import { projectRoot } from "./score/run-tool.ts";

const { values } = parseArgs({
  options: {
    micro: { type: "boolean" },
    corpus: { type: "boolean" },
    referee: { type: "boolean" },
    resolution: { type: "boolean" },
    parsing: { type: "boolean" },
    mir: { type: "boolean" },
    manifest: { type: "string" },
    only: { type: "string" },
    json: { type: "string" },
    raise: { type: "boolean" },
  },
});
const asked = [values.micro, values.corpus, values.referee, values.resolution, values.parsing, values.mir];
const all = asked.every((one) => one !== true);
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
if (values.resolution === true) {
  const results = await scoreResolution(only);
  parts["resolution"] = results;
  console.log(renderResolution(results));
}
if (values.parsing === true) {
  const health = await scoreParsing(only);
  parts["parsing"] = health;
  console.log(renderParsing(health));
}
if (values.mir === true) {
  const manifest = values.manifest ?? path.join(projectRoot, "test/mir-judge/Cargo.toml");
  const verdicts = await scoreMir(manifest, only, (one) => process.stderr.write(`${renderVerdict(one)}\n`));
  parts["mir"] = verdicts;
  console.log(verdicts === null ? "SKIPPED mir: there is no cargo" : renderMir(verdicts));
}

if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify(parts, null, 2)}\n`);
}
if (values.raise === true) raiseBaseline(corpus, referee);

function part(name: string, outcomes: readonly Outcome[]): void {
  parts[name] = { totals: totalsOf(outcomes), outcomes };
  console.log(renderPart(name, outcomes));
}
