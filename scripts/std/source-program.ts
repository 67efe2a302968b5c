/**
 * Std as a program that the tool reads: core, alloc and std from their own sources, with libc and hashbrown, which they are built with.
 *
 * They stand where rule packs stand otherwise, without any fact: what a function does is what its text says. Sources: source-files.ts for std,
 * cargo's registry for the two crates (scripts/std/dependencies).
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { PackCrate } from "../../src/load/port.ts";
import { programOf, type TestProgram } from "../../test/calls/program-of.ts";
import { type StdSources, stdCrates } from "./source-files.ts";
import { crateText } from "./source-text.ts";
import { packageFolders } from "./toolchain.ts";

export interface SourceProgram extends TestProgram {
  /** Crates that std needs and that could not be had. */
  readonly missing: readonly string[];
}

/** Std from its sources, and a crate `name` with a text beside it. */
export async function sourceProgram(sources: StdSources, name: string, text: string): Promise<SourceProgram> {
  const folders = packageFolders(new URL("dependencies/Cargo.toml", import.meta.url).pathname);
  const found = (["libc", "hashbrown"] as const).filter((one) => folders.has(one));
  const texts = [
    ...stdCrates.slice(0, 2).map((one) => ({ name: one, text: crateText(one, ofCrate(sources, one)) })),
    ...found.map((one) => ({ name: one, text: crateText(one, rustFiles(folders.get(one) ?? "")) })),
    { name: "std", text: crateText("std", ofCrate(sources, "std")) },
  ];
  const stdLibrary = texts.map((one, at) => ({
    ...one,
    deps: texts.slice(0, at).map((other) => other.name),
    cfg: cfgOf(one.name),
  }));
  const program = await programOf([{ name, text }], stdLibrary);
  return { ...program, missing: (["libc", "hashbrown"] as const).filter((one) => !folders.has(one)) };
}

function ofCrate(sources: StdSources, crate: string): ReadonlyMap<string, string> {
  const files = [...sources.files].filter(([file]) => file.startsWith(`${crate}/`));
  return new Map(files.map(([file, text]) => [file.slice(crate.length + 1), text]));
}

/** Modules of the libc crate for other systems than the one described: left out, since cfgs decide between them all the same. */
const otherSystems =
  /aix|android|apple|arm|bionic|bsd|cygwin|csky|darwin|dragonfly|emscripten|espidf|fuchsia|haiku|hermit|horizon|hurd|illumos|l4re|loongarch|m68k|mips|musl|newlib|nto|nuttx|ohos|powerpc|psp|qurt|redox|relibc|riscv|rtems|s390x|sgx|solar|solid|sparc|switch|teeos|trusty|uclibc|ucrt|vita|vxworks|wasi|windows|xous/;

function rustFiles(folder: string): ReadonlyMap<string, string> {
  const root = path.join(folder, "src");
  const files = readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((one) => one.isFile() && one.name.endsWith(".rs"))
    .map((one) => path.relative(root, path.join(one.parentPath, one.name)))
    .filter((one) => !otherSystems.test(one));
  return new Map(files.map((one) => [one, readFileSync(path.join(root, one), "utf8")]));
}

const sizes = ["8", "16", "32", "64", "ptr"];
const cfgs: readonly string[] = [
  'target_os="linux"',
  "unix",
  'target_family="unix"',
  'target_arch="x86_64"',
  'target_env="gnu"',
  'target_pointer_width="64"',
  'target_endian="little"',
  'panic="unwind"',
  "target_thread_local",
  ...["target_has_atomic", "target_has_atomic_load_store", "target_has_atomic_equal_alignment"].flatMap((key) => [
    key,
    ...sizes.map((size) => `${key}="${size}"`),
  ]),
];

function cfgOf(crate: string): NonNullable<PackCrate["cfg"]> {
  const features =
    crate === "hashbrown"
      ? ["rustc-dep-of-std", "nightly", "alloc", "rustc-internal-api"]
      : crate === "std"
        ? ["backtrace"]
        : [];
  return {
    known: new Set([...cfgs, ...features.map((one) => `feature="${one}"`)]),
    maybe: new Set(),
    never: new Set(),
  };
}
