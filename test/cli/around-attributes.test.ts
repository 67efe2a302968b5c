/** An attribute macro that adds to what a function does leaves closures in it as they are written: one that is a handler is no blind spot. */
import { expect, test } from "vitest";
import type { Report } from "../../src/safety/report-model.ts";
import { runCli } from "../support/run-cli.ts";
import { tempFiles } from "../support/temp-files.ts";

const code = (attribute: string): string => `
extern "C" { fn signal(signal: i32, handler: usize) -> usize; }
extern "C" fn whole(_: i32) { step(); }
#[${attribute}]
fn step() {}
#[${attribute}]
fn install() {
    let closure = |_: i32| {};
    unsafe {
        signal(10, whole as *const () as usize);
        signal(12, closure as fn(i32) as usize);
    }
}
fn main() { install(); }`;

async function verdicts(attribute: string, macros: string): Promise<readonly string[]> {
  const root = tempFiles({
    "Cargo.toml": `[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\n${macros} = { path = "macros" }\n`,
    "src/main.rs": code(attribute),
    "macros/Cargo.toml": `[package]\nname = "${macros}"\nversion = "0.1.0"\nedition = "2021"\n`,
    "macros/src/lib.rs": "",
  });
  const run = await runCli(["check", "--format", "json", "--target", "x86_64-unknown-linux-gnu"], { cwd: root });
  const { handlers, blindSpots } = JSON.parse(run.stdout) as Report;
  return handlers.map((one) => {
    const blind = blindSpots.filter(({ handler }) => handler === one.id).map(({ reason }) => reason);
    return [one.function.split("::").at(-1), one.verdict, ...blind].join(" ");
  });
}

test("what stands in an instrumented function", async () => {
  expect((await verdicts("tracing::instrument(skip_all)", "tracing")).toSorted()).toEqual([
    "whole incomplete attribute-macro",
    "{closure#0} clean",
  ]);
});

test("what another macro may rewrite", async () => {
  expect((await verdicts("other::instrument", "other")).toSorted()).toEqual([
    "whole incomplete attribute-macro",
    "{closure#0} incomplete attribute-macro",
  ]);
});
