/**
 * Writes rules/targets.json: the cfgs of every target that the rustc at hand knows, so that nobody's machine has to
 * run rustc for them. `debug_assertions` is left out: it belongs to the build profile. Run: `npx tsx scripts/targets.ts`.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";

const run = (args: string[]): string =>
  execFileSync("rustc", args, { cwd: tmpdir(), encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

const version = /^rustc (\S+)/u.exec(run(["--version"]))?.[1] ?? "unknown";
const byTarget = new Map<string, string[]>();
const uses = new Map<string, number>();
for (const triple of run(["--print", "target-list"]).split("\n").filter(Boolean).sort()) {
  const cfgs = run(["--print", "cfg", "--target", triple])
    .split("\n")
    .filter((line) => line !== "" && line !== "debug_assertions")
    .sort();
  byTarget.set(triple, cfgs);
  for (const cfg of cfgs) uses.set(cfg, (uses.get(cfg) ?? 0) + 1);
}
const cfgs = [...uses.keys()].sort((a, b) => (uses.get(b) ?? 0) - (uses.get(a) ?? 0) || (a < b ? -1 : 1));
const index = new Map(cfgs.map((cfg, at) => [cfg, at]));
const targets: Record<string, string> = {};
for (const [triple, list] of byTarget) {
  targets[triple] = list
    .map((cfg) => index.get(cfg) ?? 0)
    .sort((a, b) => a - b)
    .join(" ");
}
writeFileSync(
  new URL("../rules/targets.json", import.meta.url),
  `${JSON.stringify({ comment: "Written by scripts/targets.ts. Numbers are indices into cfgs.", rustc: version, cfgs, targets }, null, 2)}\n`,
);
