/** What the installed toolchain has to compare the packs with: its documentation, its compiled library. Null where it is missing or of another version. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import type { Compiled } from "./compiled-effects.ts";

/** The folder of the documentation's pages. */
export function documentation(): string | null {
  const version = output("rustc", ["--version"]) ?? "";
  const sysroot = output("rustc", ["--print", "sysroot"]);
  if (sysroot === null || !/^rustc 1\.95\./.test(version)) return null;
  const html = path.join(sysroot, "share/doc/rust/html");
  return existsSync(html) ? html : null;
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
