/**
 * The micro-benchmark on the real libc, loaded through cargo, with and without its feature; and that it compiles, so that it says what rustc reads.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { scoreMicro } from "../scripts/score/micro.ts";
import { isRight, totalsOf } from "../scripts/score/outcome.ts";
import { projectRoot } from "../scripts/score/run-tool.ts";
import baseline from "./micro-baseline.json" with { type: "json" };

const manifest: string = path.join(projectRoot, "fixtures/micro/Cargo.toml");
const fetched: boolean = spawnSync("cargo", ["fetch", "--locked", "--manifest-path", manifest]).status === 0;

describe.skipIf(!fetched)("fixtures/micro through cargo", () => {
  it("is as right as in process", () => {
    const outcomes = scoreMicro(null);
    const right = outcomes.filter(isRight).map((one) => one.name);
    expect(right).toEqual(expect.arrayContaining([...baseline, "c37_feature_gate (loud)"]));
    expect(totalsOf(outcomes)).toMatchObject({ cases: 68, honestyViolations: 0, noise: 0 });
  });
  it.each([[[]], [["--features", "loud"]]])("compiles with %j", (flags: string[]) => {
    const target = mkdtempSync(path.join(tmpdir(), "sigsafe-micro-"));
    try {
      const args = ["check", "--quiet", "--locked", "--manifest-path", manifest, ...flags];
      const child = spawnSync("cargo", args, { encoding: "utf8", env: { ...process.env, CARGO_TARGET_DIR: target } });
      expect(child.stderr).not.toContain("error");
      expect(child.status).toBe(0);
    } finally {
      rmSync(target, { recursive: true });
    }
  });
});
