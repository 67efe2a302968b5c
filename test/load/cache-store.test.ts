/**
 * The cache on disk: what was written comes back, whatever else lies there is no entry, and nothing throws.
 */
import {
  chmodSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { openCacheStore } from "../../src/load/cache-store.ts";
import { tempFiles } from "../support/temp-files.ts";

const bytes = Buffer.from("what was found out\n\0\n");
const key = "a".repeat(64);

function newStore(): { store: ReturnType<typeof openCacheStore>; directory: string; file: string } {
  const directory = path.join(tempFiles({}), "deep/cache");
  return { store: openCacheStore(directory), directory, file: path.join(directory, `${key}.entry`) };
}

test("what was written comes back, under its key alone, and nothing else is left behind", () => {
  const { store, directory } = newStore();
  expect(store.read(key)).toBeNull();
  store.write(key, bytes);
  store.write(key, bytes);
  expect(store.read(key)).toEqual(bytes);
  expect(store.read("b".repeat(64))).toBeNull();
  expect(readdirSync(directory)).toEqual([`${key}.entry`]);
});

test("an entry that was cut off, changed, renamed, linked or is no entry is none, and is written anew", () => {
  const { store, directory, file } = newStore();
  const whole = (): Buffer => {
    store.write(key, bytes);
    return readFileSync(file);
  };
  const size = whole().length;
  for (let length = 0; length < size; length += 31) {
    whole();
    truncateSync(file, length);
    expect(store.read(key)).toBeNull();
  }
  for (let at = 0; at < size; at += 23) {
    const changed = whole();
    changed[at] = (changed[at] ?? 0) ^ 1;
    writeFileSync(file, changed);
    expect(store.read(key)).toBeNull();
  }
  const other = path.join(directory, `${"c".repeat(64)}.entry`);
  writeFileSync(other, whole());
  expect(store.read("c".repeat(64))).toBeNull();
  rmSync(other);
  symlinkSync(file, other);
  expect(store.read("c".repeat(64))).toBeNull();
  writeFileSync(file, "something else");
  expect(store.read(key)).toBeNull();
  store.write(key, bytes);
  expect(store.read(key)).toEqual(bytes);
});

test("a directory that cannot be made, read or written is an empty cache", () => {
  for (const directory of ["/dev/null/cache", "/proc/deep/cache", null]) {
    const store = openCacheStore(directory);
    store.write(key, bytes);
    expect(store.read(key)).toBeNull();
    expect(store.entries()).toEqual([]);
    expect(store.prune(0)).toBe(0);
  }
  const { store, directory } = newStore();
  store.write(key, bytes);
  chmodSync(directory, 0o500);
  store.write("d".repeat(64), bytes);
  expect(store.read(key)).toEqual(bytes);
  chmodSync(directory, 0o700);
});

test("pruning removes what is longest unused, drafts of killed runs too", () => {
  const { store, directory } = newStore();
  const keys = ["1", "2", "3", "4"].map((digit) => digit.repeat(64));
  for (const [index, one] of keys.entries()) {
    store.write(one, bytes);
    utimesSync(path.join(directory, `${one}.entry`), index + 1000, index + 1000);
  }
  writeFileSync(path.join(directory, "dead.tmp"), "x");
  utimesSync(path.join(directory, "dead.tmp"), 1, 1);
  writeFileSync(path.join(directory, "not ours"), "x");
  expect(store.read(keys[0] ?? "")).toEqual(bytes);
  const size = store.entries()[0]?.bytes ?? 0;
  expect(store.prune(size * 2 + 10)).toBe(3);
  expect(keys.map((one) => store.read(one) !== null)).toEqual([true, false, false, true]);
  expect(readdirSync(directory)).toContain("not ours");
});
