/**
 * Nothing outside the package roots is read by a program's own words: `#[path]`, `include!`, links, `..`, devices; and nothing of what
 * stands there comes into a report.
 */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { analyse } from "../../src/cli/analyse.ts";
import { readModel } from "../../src/cli/rule-files.ts";
import { loadWorkspace } from "../../src/crates/load-workspace.ts";
import type { Report } from "../../src/safety/report-model.ts";
import { loadOptions } from "../support/load-options.ts";
import { tempFiles } from "../support/temp-files.ts";

const secret = "THE_SECRET_OF_ANOTHER";
const manifest = '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n';

/** A workspace beside a directory that is none of its business. */
function outside(main: string, more: string = manifest): string {
  const base = tempFiles({
    "app/Cargo.toml": more,
    "app/src/main.rs": main,
    "other/secret.rs": `pub fn ${secret}() {}`,
    "other/Cargo.toml": `name = "${secret}`,
  });
  symlinkSync(join(base, "other/secret.rs"), join(base, "app/src/link.rs"));
  symlinkSync(join(base, "other"), join(base, "app/src/folder"));
  mkdirSync(join(base, "app/src/dir.rs"));
  return join(base, "app");
}

async function reportOn(cwd: string): Promise<Report> {
  const env = { PATH: "", HOME: "/nonexistent" };
  const workspace = await loadWorkspace(loadOptions(cwd, { env, cwd }));
  const options = { strictPosix: false, forkEntries: false, faultLowers: true };
  return (await analyse({ workspace, model: readModel, cache: null, options, cwd })).report;
}

const handler = `extern "C" { fn signal(s: i32, h: usize) -> usize; }
extern "C" fn on_term(_: i32) { a::${secret}(); b::${secret}(); c::${secret}(); d::${secret}(); e::x(); f::x(); ${secret}(); }
fn main() { unsafe { signal(15, on_term as *const () as usize); } }
`;

test("modules and includes that lead out are not read, and that is said", async () => {
  const words = [
    '#[path = "../../other/secret.rs"] mod a;',
    '#[path = "link.rs"] mod b;',
    '#[path = "folder/secret.rs"] mod c;',
    '#[path = "/dev/zero"] mod d;',
    '#[path = "dir.rs"] mod e;',
    '#[path = "/etc/hostname"] mod f;',
    'include!("../../other/secret.rs");',
    'include!("/etc/passwd");',
  ];
  const report = await reportOn(outside(`${words.join("\n")}\n${handler}`));
  const text = JSON.stringify(report);
  expect(text).not.toContain(`fn ${secret}`);
  expect(text).not.toContain("root:");
  expect(report.handlers.map((one) => one.reached.functions)).toEqual([1]);
  expect(report.handlers.map((one) => one.verdict)).toEqual(["incomplete"]);
  expect(report.problems.map((one) => one.message).join("\n")).toMatch(/outside the package and is not read/);
}, 120_000);

test("a root file outside the package is not read", async () => {
  const bin = '[[bin]]\nname = "x"\npath = "../other/secret.rs"\n';
  const report = await reportOn(outside(handler, `${manifest}${bin}`));
  expect(JSON.stringify(report)).not.toContain(`fn ${secret}`);
  expect(report.programs.map((one) => one.verdict).sort()).toEqual(["incomplete"]);
  expect(report.problems.map((one) => one.message).join("\n")).toMatch(/outside the package and is not read/);
}, 120_000);

test("a manifest that is none says its place and not its text", async () => {
  const deps = '[dependencies]\no = { path = "../other" }\n';
  const failure = await reportOn(outside(handler, `${manifest}${deps}`)).catch((error: unknown) => error);
  expect(String((failure as Error).message)).toMatch(/invalid TOML/);
  expect((failure as { render(): string }).render()).not.toContain(secret);
});

test("a file that is not read makes no program clean: too large, not UTF-8", async () => {
  const files = {
    "app/Cargo.toml": manifest,
    "app/src/main.rs": "mod large; mod bytes; fn main() {}",
    "app/src/large.rs": `${" ".repeat(65 << 20)}${handler}`,
    "app/src/bytes.rs": "",
  };
  const root = join(tempFiles(files), "app");
  writeFileSync(join(root, "src/bytes.rs"), Buffer.from([0x66, 0xff, 0xfe]));
  const report = await reportOn(root);
  expect(report.programs.map((one) => one.verdict)).toEqual(["incomplete"]);
  expect(report.blindSpots.map((one) => `${one.reason} ${one.file}`)).toEqual([
    "parse-error src/bytes.rs",
    "limit src/large.rs",
  ]);
}, 120_000);
