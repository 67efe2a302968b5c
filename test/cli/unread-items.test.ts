/** Items that cannot be parsed are told: as a blind spot where they could matter to a handler, and always as something that was not analysed. */
import { expect, test } from "vitest";
import type { Report } from "../../src/safety/report-model.ts";
import { runCli } from "../support/run-cli.ts";
import { tempFiles } from "../support/temp-files.ts";

const head = 'extern "C" { fn signal(s: i32, h: usize) -> usize; }\nextern "C" fn on_term(_: i32) {}\n';
const installs = `${head}pub fn install() { unsafe { signal(15, on_term as *const () as usize); } }\n`;

async function reportOn(main: string, other: string): Promise<Report> {
  const root = tempFiles({
    "Cargo.toml":
      '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\nother = { path = "other" }\n',
    "src/main.rs": main,
    "other/Cargo.toml": '[package]\nname = "other"\nversion = "0.1.0"\nedition = "2021"\n',
    "other/src/lib.rs": other,
  });
  const run = await runCli(["check", "--format", "json", "--target", "x86_64-unknown-linux-gnu"], { cwd: root });
  expect(run.code).toBe(0);
  return JSON.parse(run.stdout) as Report;
}

const told = (report: Report): unknown => [
  report.programs.map((one) => one.verdict),
  report.blindSpots.map((one) => `${one.reason} ${one.package} ${one.file}:${one.line}`),
  report.problems.map((one) => `${one.level} ${one.package} ${one.file}:${one.line}`),
];
const unread = (line: number): string => `other@0.1.0 src/lib.rs:${line}`;

test("an installation may stand in them", async () => {
  const hidden = `${head}pub view X = { %% signal(15, on_term as *const () as usize) %% ;\npub fn install() {}\n`;
  const report = await reportOn("fn main() { other::install(); }", hidden);
  expect(told(report)).toEqual([["incomplete"], [`parse-error ${unread(3)}`], [`note ${unread(3)}`]]);
});

test("an impl of what a handler drops may stand in them", async () => {
  const report = await reportOn("fn main() { other::install(); }", `${installs}view Drop for Guard %% {}\n`);
  expect(told(report)).toEqual([["incomplete"], [`parse-error ${unread(4)}`], [`note ${unread(4)}`]]);
});

test("elsewhere they are said not to be analysed, and no more", async () => {
  const report = await reportOn(`${installs}fn main() { install(); other::f(); }`, "pub fn f() {}\nview Other %% {}\n");
  expect(told(report)).toEqual([["clean"], [], [`note ${unread(2)}`]]);
});

test("what a macro writes may be such items too, or have no end", async () => {
  const main = `${installs}fn main() { install(); }\n`;
  const handing = "macro_rules! hand { ($($t:tt)*) => { $($t)* } }\nhand! { view Drop for Guard %% {} }\n";
  expect(told(await reportOn(`${main}${handing}`, ""))).toEqual([
    ["incomplete"],
    ["parse-error app@0.1.0 src/main.rs:6"],
    [],
  ]);
  const endless = "macro_rules! go { ($($t:tt)*) => { go! { $($t)* x } } }\ngo! {}\n";
  expect(told(await reportOn(`${main}${endless}`, ""))).toEqual([
    ["incomplete"],
    ["limit app@0.1.0 src/main.rs:6"],
    [],
  ]);
});

test("what a build script writes for a package that a handler reaches is said not to be analysed, once", async () => {
  const made =
    'include!(concat!(env!("OUT_DIR"), "/made.rs"));\nmod inner { include!(concat!(env!("OUT_DIR"), "/more.rs")); }\n';
  const other = `${installs}fn f() {}\n${made}`;
  expect(told(await reportOn("fn main() { other::install(); }", other))).toEqual([
    ["clean"],
    [],
    [`note ${unread(5)}`],
  ]);
  expect(told(await reportOn(`${installs}fn main() { install(); }`, made))).toEqual([["clean"], [], []]);
});
