/**
 * That fixtures/constructs compiles, so that what is expected of it is expected of Rust.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const folder: string = fileURLToPath(new URL("../fixtures/constructs/", import.meta.url));
const rustc: boolean = spawnSync("rustc", ["--version"]).status === 0;

describe.skipIf(!rustc)("fixtures/constructs", () => {
  let scratch = "";
  const compile = (...args: readonly string[]): string => {
    const child = spawnSync("rustc", ["--edition=2021", "--emit=metadata", "--out-dir", scratch, ...args], {
      encoding: "utf8",
    });
    return child.status === 0 ? "" : child.stderr;
  };
  beforeAll(() => {
    scratch = mkdtempSync(path.join(tmpdir(), "sigsafe-constructs-"));
    const parts = ["../safety/libc.rs.txt", "libc_more.rs.txt"].map((one) =>
      readFileSync(path.join(folder, one), "utf8"),
    );
    writeFileSync(path.join(scratch, "libc.rs"), parts.join(""));
    expect(compile("--crate-name=libc", "--crate-type=lib", path.join(scratch, "libc.rs"))).toBe("");
  });
  afterAll(() => rmSync(scratch, { recursive: true }));

  const names = readdirSync(folder).filter((one) => one.endsWith(".rs"));
  it.each(names.sort())("%s compiles", (name) => {
    const libc = `--extern=libc=${path.join(scratch, "liblibc.rmeta")}`;
    const program = path.join(scratch, name);
    const parts = ["prelude.rs.txt", name].map((one) => readFileSync(path.join(folder, one), "utf8"));
    writeFileSync(program, parts.join(""));
    expect(compile(libc, program)).toBe("");
  });
});
