/**
 * Every fixture of the safety layer is Rust that rustc accepts: what they claim is about programs that exist.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const fixtures: string = new URL("../../fixtures/safety/", import.meta.url).pathname;
const hasRustc: boolean = spawnSync("rustc", ["--version"]).status === 0;
if (!hasRustc) console.warn("rustc is missing: the fixtures of the safety layer were not compiled");

describe.skipIf(!hasRustc)("rustc accepts", () => {
  const names = readdirSync(fixtures);
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "safety-fixtures-"));
    // The C library first: the other stubs name its types.
    const stubs = names.filter((name) => name.endsWith(".rs.txt")).map((name) => name.replace(".rs.txt", ""));
    for (const name of ["libc", ...stubs.filter((one) => one !== "libc")]) {
      const text = readFileSync(join(fixtures, `${name}.rs.txt`), "utf8");
      compile(name, text, name === "libc" ? [] : ["libc"]);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  test.each(names.filter((name) => name.endsWith(".rs")))("%s", (name) => {
    const text = readFileSync(join(fixtures, name), "utf8");
    const deps = /^\/\/# deps: (.*)$/mu.exec(text)?.[1]?.split(/,\s*/u) ?? [];
    expect(() => compile(name.replace(/\W/gu, "_"), text, ["libc", ...deps])).not.toThrow();
  });

  function compile(name: string, text: string, deps: readonly string[]): void {
    const file = join(folder, `${name}.rs`);
    writeFileSync(file, text);
    const externs = deps.flatMap((dep) => ["--extern", `${dep}=${join(folder, `lib${dep}.rmeta`)}`]);
    const flags = ["--crate-type", "lib", "--emit", "metadata", "--edition", "2021", "--cap-lints", "allow"];
    execFileSync("rustc", ["--crate-name", name, ...flags, ...externs, "-L", folder, "--out-dir", folder, file], {
      stdio: ["ignore", "ignore", "pipe"],
    });
  }
});
