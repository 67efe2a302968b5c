/** Cargo.lock of each version, with the line that a finding about a dependency points to. */
import { expect, test } from "vitest";
import { lineHashes } from "../../src/base/line-hash.ts";
import { findLocked, readLockfile } from "../../src/crates/lockfile.ts";

const registry = "registry+https://github.com/rust-lang/crates.io-index";
const text: string = [
  "version = 4",
  "",
  "[[package]]",
  'name = "app"',
  'version = "0.1.0"',
  "dependencies = [",
  ' "log",',
  ' "syn 1.0.0",',
  "]",
  "",
  "[[package]]",
  'name = "log"',
  'version = "0.4.20"',
  `source = "${registry}"`,
  'checksum = "abc"',
  "",
].join("\n");

test("packages with their version's line", () => {
  const [app, log] = readLockfile(text);
  expect(app).toMatchObject({ name: "app", version: "0.1.0", source: null, checksum: null, line: 5, endColumn: 18 });
  expect(app?.dependencies).toEqual(["log", "syn 1.0.0"]);
  expect(log).toMatchObject({ source: registry, checksum: "abc", line: 13, sourceLine: 14 });
  expect(log?.lineHash).toBe(lineHashes(text, [13])[0]);
});

test("CRLF counts as one line end", () => {
  const crlf = readLockfile(text.replaceAll("\n", "\r\n"));
  expect(crlf.map((one) => [one.line, one.endColumn])).toEqual(
    readLockfile(text).map((one) => [one.line, one.endColumn]),
  );
});

test("the first version kept checksums in a table of their own", () => {
  const old = `[[package]]\nname = "log"\nversion = "0.4.20"\nsource = "${registry}"\n\n[metadata]\n"checksum log 0.4.20 (${registry})" = "abc"\n`;
  expect(readLockfile(old)[0]?.checksum).toBe("abc");
});

test("where two have one name and version, the source decides", () => {
  const two = readLockfile(
    ["a", "b"].map((source) => `[[package]]\nname = "x"\nversion = "1.0.0"\nsource = "${source}"\n`).join("\n"),
  );
  expect(findLocked(two, "x", "1.0.0", "b")?.source).toBe("b");
  expect(findLocked(two, "x", "1.0.0", "c")).toBeNull();
  expect(findLocked(two, "y", "1.0.0", null)).toBeNull();
});

test("text that is no lockfile gives what can be read of it", () => {
  expect(readLockfile("")).toEqual([]);
  expect(readLockfile("[[package]]\nname = \n[[package")).toEqual([]);
});
