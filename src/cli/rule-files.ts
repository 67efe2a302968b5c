/**
 * The data that the package ships, read from disk: rule packs, registrars, lints, allocators, signal-safety, cargo's tables.
 *
 * What is shipped is checked against its schema by the loaders (packs, the largest, by the tests). A file that is missing or
 * no JSON means a broken installation and is said so.
 */
import { readdirSync, readFileSync } from "node:fs";
import semver from "semver";
import { packageFile } from "../base/package-file.ts";
import type { CrateRules } from "../crates/load-context.ts";
import { type Allocators, loadAllocators } from "../model/allocators.ts";
import { type GeneratedCode, loadGeneratedCode } from "../model/generated-code.ts";
import { type Lints, loadLints } from "../model/lints.ts";
import type { Pack } from "../model/pack.ts";
import { indexPacks, type PackIndex } from "../model/pack-index.ts";
import { loadRegistrars, type Registrars } from "../model/registrars.ts";
import { type Replacement, replacementsOf } from "../model/replacements.ts";
import { ModelError } from "../model/schema-check.ts";
import { loadSignalSafety, type SignalSafety } from "../model/signal-safety.ts";
import { loadUserPacks, type RuleFile } from "../model/user-packs.ts";
import { CliError } from "./cli-error.ts";
import { explainC, explainStd } from "./explain-function.ts";

export interface Model {
  readonly safety: SignalSafety;
  readonly registrars: Registrars;
  readonly lints: Lints;
  readonly allocators: Allocators;
  readonly packs: PackIndex;
  /** What derives and attribute macros make. */
  readonly generated: GeneratedCode;
}

/** Everything of `rules/` and signal-safety.json that the analysis needs, with the rule packs of the user. */
export function readModel(rules: readonly RuleFile[] = []): Model {
  const shipped = [...packsIn("rules/std"), ...packsIn("rules/crates")];
  const own = userPacks(shipped, rules);
  return {
    safety: loadSignalSafety(json("rules/signal-safety.schema.json") as object, json("signal-safety.json")),
    registrars: loadRegistrars(json("rules/registrars.schema.json") as object, {
      file: "rules/registrars.json",
      value: json("rules/registrars.json"),
    }),
    lints: readLints(),
    allocators: loadAllocators(json("rules/allocators.schema.json") as object, json("rules/allocators.json")),
    generated: loadGeneratedCode(
      { schema: json("rules/derives.schema.json") as object, value: json("rules/derives.json") },
      { schema: json("rules/attributes.schema.json") as object, value: json("rules/attributes.json") },
    ),
    packs: indexPacks([...shipped, ...own], own),
  };
}

function userPacks(shipped: readonly Pack[], rules: readonly RuleFile[]): readonly Pack[] {
  if (rules.length === 0) return [];
  try {
    const overlap = (one: string, other: string): boolean =>
      semver.intersects(one.replaceAll(",", " "), other.replaceAll(",", " "));
    return loadUserPacks(json("rules/schema.json") as object, rules, shipped, overlap);
  } catch (error) {
    throw error instanceof ModelError ? new CliError(error.message, error.help) : error;
  }
}

/** The lints' texts alone: for `explain` and `rules`. */
export function readLints(): Lints {
  return loadLints(json("rules/lints.schema.json") as object, json("rules/lints.json"));
}

/** What is known of a C function or a function of std; null where nothing is. */
export function explainFunction(name: string): string | null {
  const lints = readLints();
  const safety = loadSignalSafety(json("rules/signal-safety.schema.json") as object, json("signal-safety.json"));
  return (
    explainC(safety, lints, name) ?? explainStd([...packsIn("rules/std"), ...packsIn("rules/crates")], lints, name)
  );
}

/** Crates that are known to take this one's place. */
export function readReplacements(crate: string): Replacement[] {
  return replacementsOf(json("rules/replacements.schema.json") as object, json("rules/replacements.json"), crate);
}

/** The tables that loading a workspace needs, as text. */
export function readCrateRules(): CrateRules {
  return { targets: text("rules/targets.json"), buildScripts: text("rules/build-scripts.json") };
}

/** Whether a version lies in a range, written as cargo writes it: parts between commas must all hold. */
export function satisfies(version: string, range: string): boolean {
  return semver.satisfies(version, range.replaceAll(",", " "), { includePrerelease: true });
}

function packsIn(folder: string): Pack[] {
  const files = readdirSync(packageFile(folder)).filter((name) => name.endsWith(".json"));
  return files.sort().map((name) => json(`${folder}/${name}`) as Pack);
}

function text(file: string): string {
  try {
    return readFileSync(packageFile(file), "utf8");
  } catch {
    throw new CliError(`the installation is incomplete: ${file} cannot be read`, "install sigsafe-lint again");
  }
}

function json(file: string): unknown {
  try {
    return JSON.parse(text(file));
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`the installation is broken: ${file} is no JSON`, "install sigsafe-lint again");
  }
}
