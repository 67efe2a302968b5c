/** Files of the package are found from the sources as well as from the built program, and are there. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { packageFile } from "../../src/base/package-file.ts";

test("shipped files exist where the program looks for them", () => {
  for (const path of ["package.json", "assets/tree-sitter-rust.wasm"]) {
    expect(existsSync(packageFile(path)), path).toBe(true);
  }
});

test.runIf(existsSync(packageFile("dist/src/base/package-file.js")))("the built program finds the same files", () => {
  const script = "import(process.argv[1]).then((m) => process.stdout.write(m.packageFile('rules/schema.json')))";
  const run = spawnSync(process.execPath, ["-e", script, packageFile("dist/src/base/package-file.js")], {
    encoding: "utf8",
  });
  expect(run.stdout).toBe(packageFile("rules/schema.json"));
});
