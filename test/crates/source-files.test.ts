/** Files are read from the package roots alone, whatever a path, a link or a device says. */
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { maxSourceBytes, readSource, sourceRoots } from "../../src/crates/source-files.ts";
import { tempFiles } from "../support/temp-files.ts";

const directory: string = tempFiles({ "pkg/src/lib.rs": "pub fn a() {}", "other/secret.rs": "secret" });
const pkg: string = join(directory, "pkg");
const reading = (path: string): string => {
  const found = readSource(join(pkg, path), sourceRoots([pkg]));
  return found.k === "text" ? found.text : found.reason;
};

test("a file of the package is read", () => expect(reading("src/lib.rs")).toBe("pub fn a() {}"));

test("what is not there is missing; outside the roots nothing is said of it", () => {
  expect(reading("src/gone.rs")).toBe("missing");
  expect(reading("../other/gone.rs")).toBe("outside");
  expect(reading("../other/secret.rs")).toBe("outside");
});

test("links out of the package are not followed, links inside are", () => {
  symlinkSync(join(directory, "other/secret.rs"), join(pkg, "src/out.rs"));
  symlinkSync(join(directory, "other"), join(pkg, "src/folder"));
  symlinkSync("lib.rs", join(pkg, "src/in.rs"));
  expect(reading("src/out.rs")).toBe("outside");
  expect(reading("src/folder/secret.rs")).toBe("outside");
  expect(reading("src/in.rs")).toBe("pub fn a() {}");
});

test("directories, pipes and devices are no files", () => {
  mkdirSync(join(pkg, "src/dir.rs"));
  expect(reading("src/dir.rs")).toBe("not-a-file");
  expect(readSource("/dev/zero", sourceRoots(["/dev"]))).toEqual({ k: "failure", reason: "not-a-file" });
  if (spawnSync("mkfifo", [join(pkg, "src/pipe.rs")]).status === 0) expect(reading("src/pipe.rs")).toBe("not-a-file");
});

test("a file that is too large is not read", () => {
  writeFileSync(join(pkg, "src/large.rs"), Buffer.alloc(maxSourceBytes + 1, 32));
  expect(reading("src/large.rs")).toBe("too-large");
});

test("bytes that are not UTF-8 are replaced, and that is said", () => {
  writeFileSync(join(pkg, "src/latin.rs"), Buffer.from("// \xe9\nfn f() {}", "latin1"));
  const found = readSource(join(pkg, "src/latin.rs"), sourceRoots([pkg]));
  expect(found).toEqual({ k: "text", text: "// \ufffd\nfn f() {}", replaced: true });
});
