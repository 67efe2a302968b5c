/** `--verify-sources`: an archive, an unpacked file, a vendored file and an added file that are not what the lockfile says. */
import { createHash } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { CrateError } from "../../src/crates/crate-error.ts";
import type { PackageInfo } from "../../src/crates/crate-graph.ts";
import { tarEntries } from "../../src/crates/tar-entries.ts";
import { verifySources } from "../../src/crates/verify-sources.ts";
import { tempFiles } from "../support/temp-files.ts";

const sha256 = (bytes: Buffer | string): string => createHash("sha256").update(bytes).digest("hex");

function tar(files: Readonly<Record<string, string>>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const header = Buffer.alloc(512);
    header.write(name, 0, 100);
    header.write(Buffer.byteLength(text).toString(8).padStart(11, "0"), 124);
    header.write("0", 156);
    return [header, Buffer.from(text), Buffer.alloc((512 - (Buffer.byteLength(text) % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

const sources = { "Cargo.toml": "[package]", "src/lib.rs": "pub fn f() {}" };

/** A registry with one crate; `archived` is what its archive holds. */
function registry(archived: Readonly<Record<string, string>>, sum?: string): { root: string; pkg: PackageInfo } {
  const home = tempFiles({});
  const root = join(home, "registry/src/index-1/a-1.0.0");
  for (const [path, text] of Object.entries(sources)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const archive = gzipSync(tar(archived));
  mkdirSync(join(home, "registry/cache/index-1"), { recursive: true });
  writeFileSync(join(home, "registry/cache/index-1/a-1.0.0.crate"), archive);
  return { root, pkg: packageAt(root, sum ?? sha256(archive)) };
}

function packageAt(root: string, checksum: string): PackageInfo {
  const source = "registry+https://github.com/rust-lang/crates.io-index";
  return { id: "a@1.0.0", name: "a", version: "1.0.0", source, checksum, root, lockLine: null, features: [] };
}

const inArchive = (files: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`a-1.0.0/${path}`, text]));

function refusal(pkg: PackageInfo): string {
  try {
    verifySources([pkg]);
  } catch (error) {
    return (error as CrateError).render();
  }
  return "";
}

test("sources that are what was published", () => {
  expect(verifySources([registry(inArchive(sources)).pkg, packageAt("/nowhere", null as never)])).toBe(1);
});

test("a file that was changed, added, linked or removed", () => {
  expect(refusal(registry(inArchive({ ...sources, "src/lib.rs": "pub fn g() {}" })).pkg)).toMatch(
    /a@1\.0\.0: src\/lib\.rs differs/,
  );
  expect(refusal(registry(inArchive({ ...sources, "src/gone.rs": "" })).pkg)).toMatch(/src\/gone\.rs is missing/);
  const added = registry(inArchive(sources));
  writeFileSync(join(added.root, "src/more.rs"), "");
  expect(refusal(added.pkg)).toMatch(/src\/more\.rs is in no archive/);
  const linked = registry(inArchive(sources));
  symlinkSync("/etc", join(linked.root, "etc"));
  expect(refusal(linked.pkg)).toMatch(/etc is in no archive/);
});

test("an archive that is another, cut off, no archive, or holds what lies outside", () => {
  expect(refusal(registry(inArchive(sources), "00").pkg)).toMatch(/has another checksum/);
  expect(refusal(registry({ ...inArchive(sources), "a-1.0.0/../../x": "" }).pkg)).toMatch(
    /its archive holds a-1\.0\.0\/\.\.\/\.\.\/x/,
  );
  expect(refusal(registry({ ...inArchive(sources), "/etc/x": "" }).pkg)).toMatch(/its archive holds \/etc\/x/);
  expect(() => tarEntries(tar(sources).subarray(0, 600).fill("7", 124, 135), "x")).toThrow(/damaged/);
  expect(refusal(packageAt("/nowhere/src/i/a-1.0.0", "00"))).toMatch(/cannot be read/);
});

test("a vendored crate", () => {
  const files = Object.fromEntries(Object.entries(sources).map(([path, text]) => [path, sha256(text)]));
  const vendored = (list: object): PackageInfo => {
    return packageAt(tempFiles({ ...sources, ".cargo-checksum.json": JSON.stringify(list) }), "11");
  };
  expect(verifySources([vendored({ files, package: "11" })])).toBe(1);
  expect(refusal(vendored({ files, package: "22" }))).toMatch(/of another archive/);
  expect(refusal(vendored({ files: { ...files, "src/lib.rs": "0" }, package: "11" }))).toMatch(/src\/lib\.rs differs/);
  expect(refusal(vendored({ files: { ...files, "../x": "0" }, package: "11" }))).toMatch(/names a file outside/);
});
