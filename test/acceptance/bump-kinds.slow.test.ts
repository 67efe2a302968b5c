/**
 * `bump` on every kind of declaration, with crates.io and crates that are small: outside the requirement, inherited, patched, vendored,
 * two versions of one crate, several at once. The workspace keeps every byte.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type CliRun, runCli } from "../support/run-cli.ts";
import { snapshotOf, tempFiles } from "../support/temp-files.ts";
import { online } from "./published.ts";

if (!online) console.warn("SKIPPED: crates.io does not answer");

/** A workspace with one member; `files` are written besides. */
function workspaceWith(dependencies: string, root: string = "", files: Readonly<Record<string, string>> = {}): string {
  const directory = tempFiles({
    "Cargo.toml": `[workspace]\nmembers = ["app"]\nresolver = "2"\n${root}`,
    "app/Cargo.toml": `[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\n${dependencies}`,
    "app/src/main.rs": "fn main() {}\n",
    ...files,
  });
  cargo(directory, "generate-lockfile");
  return directory;
}

function cargo(root: string, ...args: readonly string[]): string {
  const all = [...args, "--manifest-path", join(root, "Cargo.toml")];
  return execFileSync("cargo", all, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

async function bump(root: string, ...args: readonly string[]): Promise<CliRun> {
  const before = snapshotOf(root);
  const run = await runCli(["bump", ...args, "--target", "x86_64-unknown-linux-gnu"], { cwd: root });
  expect(snapshotOf(root)).toEqual(before);
  return run;
}

async function changes(
  root: string,
  ...args: readonly string[]
): Promise<{ readonly notes: readonly string[]; readonly changed: readonly string[] }> {
  const run = await bump(root, ...args, "--format", "json");
  expect([run.code, run.stderr]).toEqual([0, ""]);
  const { notes, packages } = JSON.parse(run.stdout);
  return {
    notes,
    changed: packages.changed.map((one: { before: string; after: string }) => `${one.before} → ${one.after}`),
  };
}

describe.runIf(online)("bump", { timeout: 900_000 }, () => {
  test("outside the requirement rewrites it in the copy, and names the declaration", async () => {
    const root = workspaceWith('cfg-if = "0.1"\n');
    const { changed, notes } = await changes(root, "cfg-if@1.0.0");
    expect(changed).toEqual(["cfg-if@0.1.10 → cfg-if@1.0.0"]);
    expect(notes[0]).toMatch(
      /^cfg-if 1\.0\.0 needs another declaration of cfg-if \(app\/Cargo\.toml: dependencies\.cfg-if\)/,
    );
  });

  test("of what is inherited under another name changes the shared declaration", async () => {
    const root = workspaceWith(
      "switch = { workspace = true }\n",
      '[workspace.dependencies]\nswitch = { package = "cfg-if", version = "0.1" }\n',
    );
    const { changed, notes } = await changes(root, "cfg-if@1.0.0");
    expect(changed).toEqual(["cfg-if@0.1.10 → cfg-if@1.0.0"]);
    expect(notes[0]).toMatch(/\(Cargo\.toml: workspace\.dependencies\.switch\)/);
  });

  test("of one of two versions leaves the other", async () => {
    const root = workspaceWith('old = { package = "bitflags", version = "1" }\nbitflags = "2"\n');
    cargo(root, "update", "-p", "bitflags@1", "--precise", "1.3.2");
    expect((await changes(root, "bitflags@1.3.1")).changed).toEqual(["bitflags@1.3.2 → bitflags@1.3.1"]);
  });

  test("of several at once", async () => {
    const root = workspaceWith('cfg-if = "0.1"\nbitflags = "1"\n');
    cargo(root, "update", "-p", "bitflags", "--precise", "1.3.2");
    const { changed } = await changes(root, "cfg-if@0.1.9", "bitflags@1.3.1");
    expect(changed).toEqual(["bitflags@1.3.2 → bitflags@1.3.1", "cfg-if@0.1.10 → cfg-if@0.1.9"]);
  });

  test("of a patched crate goes to the registry's, and says which declaration hid it", async () => {
    const root = workspaceWith('cfg-if = "1"\n', '[patch.crates-io]\ncfg-if = { path = "patched" }\n', {
      "patched/Cargo.toml": '[package]\nname = "cfg-if"\nversion = "1.0.9"\nedition = "2021"\n[workspace]\n',
      "patched/src/lib.rs": "",
    });
    const { changed, notes } = await changes(root, "cfg-if@1.0.0");
    expect(changed).toEqual(["cfg-if@1.0.9 → cfg-if@1.0.0"]);
    expect(notes.join("\n")).toMatch(/needs another declaration of cfg-if/);
  });

  test("of a vendored crate: cargo's reason where the version is not in the directory, and nothing asked of the network", async () => {
    const root = workspaceWith('cfg-if = "0.1"\n');
    const config = cargo(root, "vendor", join(root, "vendor"));
    execFileSync("mkdir", ["-p", join(root, ".cargo")]);
    writeFileSync(join(root, ".cargo/config.toml"), config.replaceAll(root, "."));
    const other = await bump(root, "cfg-if@0.1.9");
    expect([other.code, other.stdout]).toEqual([2, ""]);
    expect(other.stderr).toMatch(/cargo cannot make the change: cfg-if 0\.1\.9[\s\S]*(vendor|directory source)/);
    const check = await runCli(["check", "--offline", "--locked", "--format", "json"], { cwd: root });
    expect([check.code, check.stderr]).toEqual([0, ""]);
    expect(JSON.parse(check.stdout).packages.map((one: { id: string }) => one.id)).toContain("cfg-if@0.1.10");
  });
});
