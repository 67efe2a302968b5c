/** What the installed toolchain has to compare the packs with: its documentation, its compiled library. Null where it is missing or of another version. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import type { Compiled } from "./compiled-effects.ts";

/** The folder of the documentation's pages. */
export function documentation(): string | null {
  const sysroot = sysrootOfPacks();
  if (sysroot === null) return null;
  const html = path.join(sysroot, "share/doc/rust/html");
  return existsSync(html) ? html : null;
}

/** The sysroot of the toolchain that the packs describe. */
export function sysrootOfPacks(): string | null {
  const version = output("rustc", ["--version"]) ?? "";
  return /^rustc 1\.95\./.test(version) ? output("rustc", ["--print", "sysroot"]) : null;
}

/** The folders of a manifest's packages by name, downloaded where they are not there yet; empty where cargo cannot. */
export function packageFolders(manifest: string): ReadonlyMap<string, string> {
  const text = output("cargo", ["metadata", "--format-version", "1", "--locked", "--manifest-path", manifest]);
  if (text === null) return new Map();
  const { packages } = JSON.parse(text) as { packages: readonly { name: string; manifest_path: string }[] };
  return new Map(packages.map((one) => [one.name, path.dirname(one.manifest_path)]));
}

/** Effects of the functions of libstd by disassembly. */
export function compiledEffects(): Compiled | null {
  const script = new URL("../../test/referee/libstd.py", import.meta.url);
  if (output("objdump", ["--version"]) === null) return null;
  const text = output("python3", [script.pathname]);
  return text === null ? null : (JSON.parse(text) as Compiled);
}

function output(command: string, args: readonly string[]): string | null {
  const run = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  return run.status === 0 ? run.stdout.trim() : null;
}
