/**
 * Every fixture of names is Rust that rustc accepts: what they claim is about programs that exist.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { type FixtureCrate, readFixtures } from "./fixture.ts";

const hasRustc: boolean = spawnSync("rustc", ["--version"]).status === 0;
if (!hasRustc) console.warn("rustc is missing: the fixtures of names were not compiled");

describe.skipIf(!hasRustc)("rustc accepts", () => {
  for (const fixture of readFixtures()) {
    test(fixture.name, () => {
      const folder = mkdtempSync(join(tmpdir(), "names-fixture-"));
      try {
        const made = new Map<string, string>();
        for (const crate of fixture.crates) made.set(crate.id ?? crate.name, compile(folder, crate, made));
        expect(made.size).toBe(fixture.crates.length);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }
});

function compile(folder: string, crate: FixtureCrate, made: ReadonlyMap<string, string>): string {
  const id = crate.id ?? crate.name;
  const write = (path: string, text: string): string => {
    const file = join(folder, id, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  const rootFile = write("src/lib.rs", crate.text);
  for (const [path, text] of crate.files ?? []) write(path, text);
  for (const [path, text] of crate.out) write(`out/${path}`, text);
  const out = join(folder, `lib${id}.${crate.procMacro ? "so" : "rlib"}`);
  const externs = [...(crate.deps ?? []), ...(crate.procMacros ?? [])].flatMap((dep) => {
    const [alias = dep, name = dep] = dep.split(":");
    return ["--extern", `${alias}=${made.get(name)}`];
  });
  const kind = crate.procMacro ? ["--crate-type", "proc-macro"] : ["--crate-type", "rlib"];
  const edition = ["--edition", crate.edition ?? "2021", "--cap-lints", "allow", "-C", `metadata=${id}`];
  execFileSync(
    "rustc",
    ["--crate-name", crate.name, ...kind, ...edition, ...externs, "-L", folder, "-o", out, rootFile],
    {
      env: { ...process.env, OUT_DIR: join(folder, id, "out") },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  return out;
}
