/** The examples of the rules are Rust that rustc accepts, each in the program around it. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempFiles } from "../support/temp-files.ts";
import { exampleProgram, libcText, lints } from "./lint-example.ts";

const hasRustc: boolean = spawnSync("rustc", ["--version"]).status === 0;
if (!hasRustc) console.warn("rustc is missing: the examples of the rules were not compiled");

describe.skipIf(!hasRustc)("rustc accepts", () => {
  const folder = tempFiles({ "libc.rs": libcText });
  const compile = (file: string, ...flags: readonly string[]): string => {
    const all = ["--edition", "2021", "--cap-lints", "allow", "--emit", "metadata", "--out-dir", folder, ...flags];
    return spawnSync("rustc", [...all, file], { encoding: "utf8", cwd: folder }).stderr;
  };
  const libc = compile(join(folder, "libc.rs"), "--crate-type", "lib");

  test("what stands for libc", () => {
    expect(libc).toBe("");
  });

  test.each(lints.flatMap((lint) => (["bad", "good"] as const).map((which) => [lint.id, which, lint] as const)))(
    "%s, %s",
    (_, which, lint) => {
      const at = tempFiles({ "main.rs": exampleProgram(lint, which) });
      expect(compile(join(at, "main.rs"), "--extern", `libc=${join(folder, "liblibc.rmeta")}`)).toBe("");
    },
  );
});
