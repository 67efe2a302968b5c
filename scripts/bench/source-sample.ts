/**
 * Which files are parsed beside the C parser: every other source file of a workspace's packages, without tests and examples and without bindings that are
 * generated for many machines (megabytes of constants). That is as much text as a run on the workspace reads; with a fifth of it, half of
 * what is measured is how long the engine takes to get warm.
 */
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";

const bindings = /^(?:aws-lc-sys|libsqlite3-sys|linux-raw-sys|windows.*)$/;
const aside: ReadonlySet<string> = new Set(["tests", "benches", "examples"]);
const step = 2;

/** Absolute paths, in order, of a workspace whose sources are fetched. */
export function sourceSample(manifest: string): string[] {
  const args = ["metadata", "--format-version", "1", "--manifest-path", manifest, "--filter-platform", hostTarget()];
  const told = execFileSync("cargo", args, { encoding: "utf8", maxBuffer: 1 << 28 });
  const { packages } = JSON.parse(told) as { packages: { name: string; manifest_path: string }[] };
  const wanted = packages.filter((one) => !bindings.test(one.name));
  const folders = [...new Set(wanted.map((one) => path.dirname(one.manifest_path)))].sort();
  return folders.flatMap(rustFilesBelow).filter((_, at) => at % step === 0);
}

function rustFilesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".rs") && !file.split(path.sep).some((part) => aside.has(part)))
    .sort()
    .map((file) => path.join(folder, file));
}

function hostTarget(): string {
  const told = execFileSync("rustc", ["-vV"], { encoding: "utf8" });
  return /^host: (.*)$/m.exec(told)?.[1] ?? "";
}
