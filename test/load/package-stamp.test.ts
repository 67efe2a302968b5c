/**
 * A package's stamp changes with what a run could read of it, and with nothing else.
 */
import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { fileStamp, isStamped, packageStamp } from "../../src/load/package-stamp.ts";
import { tempFiles } from "../support/temp-files.ts";

const files = { "Cargo.toml": "[package]", "src/lib.rs": "fn a() {}", "src/c/x.c": "int a;", "README.md": "words" };

const content = (root: string): string | null => packageStamp(root, "content", new Map());
const names = (root: string): string | null => packageStamp(root, "names", new Map());

test("by content: equal copies are equal, times do not count", () => {
  const [one, two] = [tempFiles(files), tempFiles(files)];
  utimesSync(path.join(two, "src/lib.rs"), 5, 5);
  expect(content(one)).toBe(content(two));
  expect(names(one)).not.toBe(names(two));
});

test("any change of what may be read changes it", () => {
  const changes: ((root: string) => void)[] = [
    (root) => writeFileSync(path.join(root, "src/lib.rs"), "fn b() {}"),
    (root) => writeFileSync(path.join(root, "src/c/x.c"), "int b;"),
    (root) => writeFileSync(path.join(root, "src/new.rs"), ""),
    (root) => renameSync(path.join(root, "src/lib.rs"), path.join(root, "src/lob.rs")),
    (root) => rmSync(path.join(root, "src/c/x.c")),
    (root) => writeFileSync(path.join(root, "README.md"), "more words"),
  ];
  for (const change of changes) {
    const root = tempFiles(files);
    const before = [content(root), names(root)];
    change(root);
    expect(content(root)).not.toBe(before[0]);
    expect(names(root)).not.toBe(before[1]);
  }
});

test("what lies in target and hidden directories does not count, and is not covered", () => {
  const root = tempFiles(files);
  const before = content(root);
  mkdirSync(path.join(root, "target"));
  writeFileSync(path.join(root, "target/x.rs"), "");
  mkdirSync(path.join(root, ".git"));
  writeFileSync(path.join(root, ".git/x.rs"), "");
  expect(content(root)).toBe(before);
  expect(isStamped(path.join(root, "src/deep/x.rs"), root, "content")).toBe(true);
  expect(isStamped(path.join(root, "target/x.rs"), root, "content")).toBe(false);
  expect(isStamped(path.join(root, ".git/x.rs"), root, "names")).toBe(false);
  expect(isStamped(path.join(root, "src/table.in"), root, "content")).toBe(false);
  expect(isStamped(path.join(root, "src/table.in"), root, "names")).toBe(true);
  expect(isStamped("/elsewhere/x.rs", root, "names")).toBe(false);
});

test("a linked file counts by what it holds; with a linked directory, or none, there is no stamp", () => {
  const root = tempFiles(files);
  const other = tempFiles({ "x.rs": "one" });
  symlinkSync(path.join(other, "x.rs"), path.join(root, "src/linked.rs"));
  const before = content(root);
  writeFileSync(path.join(other, "x.rs"), "two");
  expect(content(root)).not.toBe(before);
  symlinkSync(other, path.join(root, "src/directory"));
  expect(content(root)).toBeNull();
  expect(content(path.join(root, "nowhere"))).toBeNull();
});

test("a single file's stamp tells its content, and that it is not there", () => {
  const root = tempFiles({ "x.in": "one" });
  const file = path.join(root, "x.in");
  const before = fileStamp(file);
  writeFileSync(file, "two");
  expect(fileStamp(file)).not.toBe(before);
  rmSync(file);
  expect(fileStamp(file)).toBe("none");
});
