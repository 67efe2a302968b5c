/** Published crates, fetched by cargo. */
import { execFileSync } from "node:child_process";
import { dirname } from "node:path";
import { tempFiles } from "./temp-files.ts";

/** Directories of crates by name for their version requirements; null where they could not be fetched. */
export function fetchedCrates(wanted: Readonly<Record<string, string>>): ReadonlyMap<string, string> | null {
  const dependencies = Object.entries(wanted).map(([name, version]) => `${name} = "${version}"\n`);
  const root = tempFiles({
    "Cargo.toml": `[package]\nname = "x"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\n${dependencies.join("")}[lib]\npath = "lib.rs"\n`,
    "lib.rs": "",
  });
  try {
    execFileSync("cargo", ["fetch", "--quiet"], { cwd: root, stdio: "ignore" });
    const text = execFileSync("cargo", ["metadata", "--format-version", "1"], {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    const packages: readonly { name: string; manifest_path: string }[] = JSON.parse(text).packages;
    return new Map(packages.map(({ name, manifest_path }) => [name, dirname(manifest_path)]));
  } catch {
    return null;
  }
}
