/** rustc's MIR of published crates agrees with the tool about nearly every call: the share may not fall. */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { scoreMir } from "../../scripts/score/mir/score-mir.ts";
import { projectRoot } from "../../scripts/score/run-tool.ts";

const online: boolean = spawnSync("cargo", ["info", "--quiet", "libc"], { cwd: "/", timeout: 60_000 }).status === 0;

describe.skipIf(!online)("test/mir-judge", () => {
  test("calls, with their types", { timeout: 1_800_000 }, async () => {
    const manifest = path.join(projectRoot, "test/mir-judge/Cargo.toml");
    const verdicts = (await scoreMir(manifest, null, () => undefined)) ?? [];
    const sum = (of: (one: (typeof verdicts)[number]) => number): number =>
      verdicts.reduce((all, one) => all + of(one), 0);
    expect(sum((one) => one.calls)).toBeGreaterThan(10_000);
    expect(sum((one) => one.functions) / sum((one) => one.calls)).toBeGreaterThan(0.99);
    expect(sum((one) => one.exact) / sum((one) => one.calls)).toBeGreaterThan(0.985);
    expect(sum((one) => one.madeRight) / sum((one) => one.made)).toBeGreaterThan(0.94);
    expect(sum((one) => one.variablesRight) / sum((one) => one.variables)).toBeGreaterThan(0.99);
  });
});
