/**
 * pprof 0.15.0 as path crates with its crates, modules, statics and functions renamed: the same findings under the new names.
 *
 * Names are replaced word by word in the copied sources, manifests and file names, so lines stay where they are and a finding is the
 * same where rule, level, file and line are. The copies lie outside the workspace's folder: they are dependencies, not members.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reportOf, runTool } from "../../scripts/score/run-tool.ts";
import type { Report } from "../../src/safety/report-model.ts";
import { lintCrate, online } from "./published.ts";

const inside: Readonly<Record<string, string>> = {
  pprof: "samplekit",
  profiler: "sampler",
  collector: "gatherer",
  framehop_unwinder: "hop_walker",
  addr_validate: "address_check",
  shlib: "mapped_objects",
  perf_signal_handler: "on_tick",
  trigger_lazy: "warm_up",
  find_objects: "list_mapped",
  get_objects: "all_mapped",
  FramehopUnwinder: "HopWalker",
  UNWINDER: "WALKER",
  OBJECTS: "MAPPED",
  PROFILER: "SAMPLER",
};
/** Copied crates besides pprof, with their versions. */
const crates: Readonly<Record<string, { readonly version: string; readonly name: string }>> = {
  once_cell: { version: "1.21.4", name: "latecell" },
  findshlibs: { version: "0.10.2", name: "loadedlibs" },
};

let temp = "";
beforeAll(() => {
  temp = mkdtempSync(path.join(tmpdir(), "sigsafe-renamed-"));
});
afterAll(() => rmSync(temp, { recursive: true }));

describe.skipIf(!online)("pprof renamed", () => {
  it("alone", () => compare([]));
  it("with the crates that hold its lazy cells and find its objects", () => compare(Object.keys(crates)));
});

function compare(copied: readonly string[]): void {
  const original = lintCrate("pprof@0.15.0", ["--no-default-features", "-F", "framehop-unwinder"]);
  const manifest = makeWorkspace(path.join(temp, String(copied.length)), copied);
  const run = runTool({ args: ["check", "--manifest-path", manifest, "--format", "json"], env: {} });
  const report = reportOf(run);
  if (typeof report === "string") throw new Error(report);
  expect(run.code).toBe(original.code);
  const names = renames(copied);
  expect(findings(report, new Map())).toEqual(findings(original.report, names));
  expect(guards(report, new Map())).toEqual(guards(original.report, names));
}

function findings(report: Report, names: ReadonlyMap<string, string>): readonly string[] {
  const said = report.findings.filter((one) => one.level !== "note");
  return said
    .map((one) => rename(`${one.rule} ${one.level} ${one.callee} ${one.site.file}:${one.site.line}`, names))
    .sort();
}

function guards(report: Report, names: ReadonlyMap<string, string>): readonly string[] {
  return report.guards.map((one) => rename(`${one.guard} ${one.static} ${one.file}:${one.line}`, names)).sort();
}

function renames(copied: readonly string[]): ReadonlyMap<string, string> {
  return new Map([...Object.entries(inside), ...copied.map((name) => [name, crates[name]?.name ?? name] as const)]);
}

function rename(text: string, names: ReadonlyMap<string, string>): string {
  return text.replace(/\b[A-Za-z]\w*/g, (word) => names.get(word) ?? word);
}

function makeWorkspace(folder: string, copied: readonly string[]): string {
  const names = renames(copied);
  const versions = new Map([
    ["pprof", "0.15.0"],
    ...copied.map((name) => [name, crates[name]?.version ?? ""] as const),
  ]);
  for (const [name, version] of versions) copyCrate(folder, name, version, names, versions);
  const manifest = path.join(folder, "app/Cargo.toml");
  mkdirSync(path.join(folder, "app/src"), { recursive: true });
  const features = '{ path = "../samplekit", default-features = false, features = ["framehop-unwinder"] }';
  writeFileSync(
    manifest,
    `[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[workspace]\n[dependencies]\nsamplekit = ${features}\n`,
  );
  // A library, as the original is one: the users of both choose the logger.
  writeFileSync(
    path.join(folder, "app/src/lib.rs"),
    "pub fn start() { let _guard = samplekit::ProfilerGuard::new(99).unwrap(); }\n",
  );
  const locked = spawnSync("cargo", ["fetch", "--quiet", "--manifest-path", manifest], { encoding: "utf8" });
  if (locked.status !== 0) throw new Error(locked.stderr);
  return manifest;
}

function copyCrate(
  folder: string,
  name: string,
  version: string,
  names: ReadonlyMap<string, string>,
  copied: ReadonlyMap<string, string>,
): void {
  const to = path.join(folder, names.get(name) ?? name);
  cpSync(sourceOf(name, version), to, { recursive: true });
  rewrite(to, names);
  const manifest = path.join(to, "Cargo.toml");
  let text = readFileSync(manifest, "utf8");
  for (const other of copied.keys()) {
    const now = names.get(other) ?? other;
    text = text.replace(`[dependencies.${now}]\nversion`, `[dependencies.${now}]\npath = "../${now}"\nversion`);
  }
  writeFileSync(manifest, text);
}

function rewrite(folder: string, names: ReadonlyMap<string, string>): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const from = path.join(folder, entry.name);
    if (entry.isDirectory()) rewrite(from, names);
    else if (/\.(rs|toml)$/.test(entry.name)) writeFileSync(from, rename(readFileSync(from, "utf8"), names));
    const to = path.join(folder, rename(entry.name, names));
    if (to !== from) renameSync(from, to);
  }
}

/** Where cargo keeps a crate's source; `lintCrate` has had it fetched. */
function sourceOf(name: string, version: string): string {
  const home = process.env["CARGO_HOME"] ?? path.join(process.env["HOME"] ?? "", ".cargo");
  const registries = path.join(home, "registry/src");
  const found = readdirSync(registries).map((one) => path.join(registries, one, `${name}-${version}`));
  const there = found.find((one) => {
    try {
      return readdirSync(one).length > 0;
    } catch {
      return false;
    }
  });
  if (there === undefined) throw new Error(`cargo has no source of ${name} ${version}`);
  return there;
}
