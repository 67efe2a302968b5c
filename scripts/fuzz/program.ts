/**
 * The whole pipeline over malformed programs: a workspace on disk of one binary and a dozen libraries, each root file a mutated
 * text, loaded from its manifests, analysed, and printed in every format.
 *
 * A batch shares the cost of a program; a batch that fails is run again one by one (loop.ts).
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { analyse } from "../../src/cli/analyse.ts";
import { renderReport } from "../../src/cli/formats.ts";
import { type Model, readModel } from "../../src/cli/rule-files.ts";
import { FORMATS } from "../../src/cli/run-options.ts";
import type { LoadOptions } from "../../src/crates/load-job.ts";
import { loadWorkspace } from "../../src/crates/load-workspace.ts";
import type { Report } from "../../src/safety/report-model.ts";
import { loadOptions } from "../../test/support/load-options.ts";
import { filesOf, registryFiles } from "./seeds.ts";

let model: Model | null = null;

/** Loading without cargo and without anything of the user's. */
export const loadOptionsBase: LoadOptions = loadOptions("/", {
  env: { PATH: "", HOME: "/nonexistent", CARGO_HOME: "/nonexistent/.cargo" },
  offline: true,
});

/** Handlers of every kind, single constructs, whole modules of published crates. */
export function programSeeds(): readonly string[] {
  return [...filesOf("fixtures", ".rs"), ...registryFiles(".rs", 60)].filter((text) => text.length < 12_000);
}

/** Analyses a workspace in which each text is a crate; true for all, since each text was read. */
export async function runProgram(texts: readonly string[]): Promise<readonly boolean[]> {
  await analysed(texts);
  return texts.map((text) => /\w[^\w]/u.test(text));
}

/** The report on a workspace in which each text is a library, and the last one a binary too. */
export async function analysed(texts: readonly string[]): Promise<Report> {
  const cwd = mkdtempSync(path.join(tmpdir(), "sigsafe-fuzz-"));
  try {
    writeWorkspace(cwd, texts);
    const workspace = await loadWorkspace({ ...loadOptionsBase, cwd, packages: ["app"] });
    const options = { strictPosix: true, forkEntries: true, faultLowers: true };
    const { report } = await analyse({ workspace, model: () => (model ??= readModel()), options, cache: null, cwd });
    for (const format of FORMATS) {
      const text = renderReport(report, format, { colour: false, explain: true, quiet: false });
      if (format === "json" || format === "sarif") JSON.parse(text);
    }
    return report;
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

function writeWorkspace(root: string, texts: readonly string[]): void {
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  const libc = 'libc = { path = "../libc" }\n';
  write("libc/Cargo.toml", '[package]\nname = "libc"\nversion = "0.2.1"\nedition = "2021"\n');
  write("libc/src/lib.rs", filesOf("fixtures/safety", "libc.rs.txt")[0] ?? "");
  const names = texts.map((_, index) => `c${index}`);
  for (const [index, name] of names.entries()) {
    const before = names.slice(Math.max(0, index - 2), index).map((one) => `${one} = { path = "../${one}" }\n`);
    const head = `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\n`;
    write(`${name}/Cargo.toml`, `${head}${libc}${before.join("")}`);
    write(`${name}/src/lib.rs`, texts[index] ?? "");
  }
  const all = names.map((one) => `${one} = { path = "../${one}" }\n`);
  write("Cargo.toml", '[workspace]\nmembers = ["app"]\n');
  write(
    "app/Cargo.toml",
    `[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\n${libc}${all.join("")}`,
  );
  write("app/src/main.rs", texts.at(-1) ?? "");
}
