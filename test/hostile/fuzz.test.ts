/**
 * A short run of the fuzzer over every reader and the whole pipeline, and again the inputs that once failed.
 *
 * `npm run fuzz` is the long run. A failure prints its seed: `npm run fuzz -- --only READER --seed N --runs 1`.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fuzz, inputOf } from "../../scripts/fuzz/loop.ts";
import { analysed } from "../../scripts/fuzz/program.ts";
import { fuzzTargets, isRefusal, type Target } from "../../scripts/fuzz/readers.ts";

const targets: readonly Target[] = await fuzzTargets();
const counts: Readonly<Record<string, number>> = { rust: 60, program: 24, report: 40, "rule-pack": 20 };

describe.each(targets.map((one) => [one.name, one] as const))("%s", (name, target) => {
  test("mutated inputs", { timeout: 300_000 }, async () => {
    const { inputs, deep, failures } = await fuzz(target, 1, counts[name] ?? 200);
    expect(failures).toEqual([]);
    expect(deep).toBeGreaterThan(inputs / 2);
  });

  test("any text", { timeout: 300_000 }, async () => {
    const text = fc.string({ unit: "binary", maxLength: 200 });
    const survives = async (one: string): Promise<void> => {
      await target.run([one]).catch((error: unknown) => expect(isRefusal(error) ? null : error).toBeNull());
    };
    await fc.assert(fc.asyncProperty(text, survives), { numRuns: name === "program" ? 4 : 50, seed: 7 });
  });

  test("a seed is an input", () => {
    const seeds = target.seeds();
    expect(inputOf(target, seeds, 5)).toBe(inputOf(target, seeds, 5));
  });
});

const target = (name: string): Target => {
  const found = targets.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no reader ${name}`);
  return found;
};

describe("what failed once", () => {
  test("a target's name too long for a path", async () => {
    const manifest = `[package]\nname = "a"\nversion = "0.1.0"\n[[test]]\nname = "${"t".repeat(300)}"\n`;
    expect(await target("manifest").run([manifest])).toEqual([true]);
  });

  test("member patterns that take exponential time, and links that lead back", async () => {
    const started = performance.now();
    const pattern = `${"*a".repeat(40)}b`;
    await target("manifest").run([`[workspace]\nmembers = ["${pattern}", "**/**/**/**", "[z-a]", "[!"]\n`]);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test("a name of a package that is a command", async () => {
    await expect(target("manifest").run(['[package]\nname = "::error::x"\nversion = "0.1.0"\n'])).resolves.toEqual([
      true,
    ]);
  });

  test("a file that includes itself, and one that is its own module", async () => {
    const report = await analysed(['include!("lib.rs"); #[path = "lib.rs"] mod again; pub fn f() { again::f() }']);
    expect(report.programs).toHaveLength(1);
  }, 120_000);
});
