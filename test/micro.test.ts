/**
 * The micro-benchmark in process: what was exactly right once stays so (test/micro-baseline.json), and nothing is passed over in silence.
 *
 * libc is a few lines of text here, so that Node alone is needed; test/micro.slow.test.ts runs the same on the real libc. A case that
 * becomes right must be added to the baseline: a floor that lags behind holds nothing.
 */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { judgeMicro, microExpected } from "../scripts/score/micro.ts";
import { isRight, type Outcome } from "../scripts/score/outcome.ts";
import { reportOf } from "./safety/report-of.ts";

const text = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const baseline: readonly string[] = JSON.parse(text("micro-baseline.json")) as string[];
const libc: string = `${text("../fixtures/safety/libc.rs.txt")}
pub const SYS_gettid: i64 = 186;
extern "C" {
    pub fn printf(format: *const i8, ...) -> c_int;
    pub fn syscall(num: i64, ...) -> i64;
    pub fn strlen(cs: *const i8) -> size_t;
}
`;

describe("fixtures/micro", () => {
  let outcomes: readonly Outcome[] = [];
  beforeAll(async () => {
    const report = await reportOf([
      { name: "libc", text: libc, member: false },
      { name: "micro", text: text("../fixtures/micro/src/main.rs"), deps: ["libc"] },
    ]);
    outcomes = judgeMicro(report, microExpected());
  }, 60_000);

  it("has 67 handlers, all of them found", () => {
    expect(outcomes).toHaveLength(67);
    expect(outcomes.filter((one) => one.missing.includes("the handler")).map((one) => one.name)).toEqual([]);
  });
  it("is right wherever it was right before", () => {
    const right = outcomes.filter(isRight).map((one) => one.name);
    expect(right).toEqual(baseline);
  });
  it("never calls clean what is not, and has no blind spot where none is due", () => {
    expect(outcomes.filter((one) => one.dishonest).map((one) => one.name)).toEqual([]);
    expect(outcomes.flatMap((one) => one.noise)).toEqual([]);
    expect(outcomes.flatMap((one) => one.unmodelled)).toEqual([]);
  });
});
