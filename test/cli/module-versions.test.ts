/** A module whose file a build script chooses, by `cfg_attr` and `path`: each file that is there is followed; the first one hid the others. */
import { expect, test } from "vitest";
import type { Report } from "../../src/safety/report-model.ts";
import { runCli } from "../support/run-cli.ts";
import { tempFiles } from "../support/temp-files.ts";

const build =
  'fn main() { if std::env::var_os("SMALL").is_some() { println!("cargo:rustc-cfg=small"); } println!("cargo:rustc-check-cfg=cfg(small)"); }';
const handler = [
  'extern "C" { fn signal(s: i32, h: usize) -> usize; }',
  'extern "C" fn on_term(_: i32) { imp::f() }',
  "fn main() { unsafe { signal(15, on_term as *const () as usize); } }",
];
const quiet = "pub fn f() {}\n";
const loud = "pub fn f() { std::mem::forget(Box::new(1)); }\n";

async function reportOn(declared: string, files: Readonly<Record<string, string>>): Promise<unknown> {
  const root = tempFiles({
    "Cargo.toml": '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\nbuild = "build.rs"\n',
    "build.rs": build,
    "src/main.rs": [...handler, declared, ""].join("\n"),
    ...files,
  });
  const run = await runCli(["check", "--format", "json", "--target", "x86_64-unknown-linux-gnu"], { cwd: root });
  const { findings, blindSpots, problems }: Report = JSON.parse(run.stdout);
  const told = findings.filter((one) => one.kind !== "flags");
  return [
    told.map((one) => `${one.level} ${one.kind} ${one.site.file}`),
    blindSpots.map((one) => one.reason),
    problems.map((one) => one.message),
  ];
}

const small = '#[cfg_attr(small, path = "quiet.rs")]';
const other = '#[cfg_attr(not(small), path = "loud.rs")]';
const found = [["warning alloc src/loud.rs"], [], []];

test.each([
  ["two paths", `${small} ${other} mod imp;`, { "src/quiet.rs": quiet, "src/loud.rs": loud }],
  ["two paths in the other order", `${other} ${small} mod imp;`, { "src/quiet.rs": quiet, "src/loud.rs": loud }],
])("%s", async (_, declared, files) => {
  expect(await reportOn(declared, files)).toEqual(found);
});

test("a path, or the file of its name", async () => {
  const files = { "src/quiet.rs": quiet, "src/imp.rs": loud };
  expect(await reportOn(`${small} mod imp;`, files)).toEqual([["warning alloc src/imp.rs"], [], []]);
});

test("a file that is not there is none where another one is", async () => {
  expect(await reportOn(`${other} mod imp;`, { "src/loud.rs": loud })).toEqual([["error alloc src/loud.rs"], [], []]);
});
