/**
 * The data that the package ships, read from disk: rule packs, registrars, lints, allocators, signal-safety, cargo's tables.
 *
 * What is shipped is held against its schemas by the tests, what a user adds when it is read. A file that is missing or no JSON means a
 * broken installation and is said so.
 */
import { readdirSync, readFileSync } from "node:fs";
import satisfiesRange from "semver/functions/satisfies.js";
import intersects from "semver/ranges/intersects.js";
import { packageFile } from "../base/package-file.ts";
import type { PackedReader } from "../base/packed-reader.ts";
import type { CrateRules } from "../crates/load-context.ts";
import { type Allocators, loadAllocators } from "../model/allocators.ts";
import { type GeneratedCode, loadGeneratedCode } from "../model/generated-code.ts";
import { keptIndex } from "../model/kept-index.ts";
import { type Lints, loadLints } from "../model/lints.ts";
import type { Pack } from "../model/pack.ts";
import { indexPacks, type PackIndex } from "../model/pack-index.ts";
import { loadRegistrars, type RegistrarFile, type Registrars } from "../model/registrars.ts";
import { type Replacement, replacementsOf } from "../model/replacements.ts";
import { holdsRegistrars, type RuleFile, readRuleFile } from "../model/rule-file.ts";
import { ModelError } from "../model/schema-check.ts";
import { loadSignalSafety, type SignalSafety } from "../model/signal-safety.ts";
import type { StdWitnesses } from "../model/std-witnesses.ts";
import { loadUserPacks } from "../model/user-packs.ts";
import { CliError } from "./cli-error.ts";
import { explainC, explainStd } from "./explain-function.ts";
import { readKeptPacks } from "./kept-packs.ts";

export interface Model {
  readonly safety: SignalSafety;
  readonly registrars: Registrars;
  readonly lints: Lints;
  readonly allocators: Allocators;
  readonly packs: PackIndex;
  /** What the build has kept of the packs' crates; null where it does not hold, or nothing was built. */
  readonly kept: PackedReader | null;
  /** What derives and attribute macros make. */
  readonly generated: GeneratedCode;
}

/** Everything of `rules/` and signal-safety.json that the analysis needs, with the rule files of the user. */
export function readModel(rules: readonly RuleFile[] = []): Model {
  const { packs, registrars } = userRules(shippedPacks, rules);
  // Whoever declares something in std's crates changes their text.
  const kept = packs.some((pack) => pack.modules.length > 0) ? null : readKeptPacks();
  const ours = { file: "rules/registrars.json", value: json("rules/registrars.json") };
  return {
    safety: loadSignalSafety(null, json("signal-safety.json")),
    registrars: loadRegistrars(null, ours, registrars),
    lints: readLints(),
    allocators: loadAllocators(null, json("rules/allocators.json")),
    generated: loadGeneratedCode(
      { schema: null, value: json("rules/derives.json") },
      { schema: null, value: json("rules/attributes.json") },
      { schema: null, value: json("rules/macros.json") },
    ),
    packs: kept === null ? indexPacks([...shippedPacks(), ...packs], packs) : keptIndex(kept, packs),
    kept,
  };
}

/** The packs that ship, in their order. */
export function shippedPacks(): Pack[] {
  return [...packsIn("rules/std"), ...packsIn("rules/crates")];
}

function userRules(
  shipped: () => readonly Pack[],
  rules: readonly RuleFile[],
): { readonly packs: readonly Pack[]; readonly registrars: readonly RegistrarFile[] } {
  if (rules.length === 0) return { packs: [], registrars: [] };
  const schemaOf = (name: string): object => json(`rules/${name}`) as object;
  try {
    const overlap = (one: string, other: string): boolean =>
      intersects(one.replaceAll(",", " "), other.replaceAll(",", " "));
    const packs = rules.filter((one) => !holdsRegistrars(one));
    const registrars = rules.filter(holdsRegistrars);
    return {
      packs: loadUserPacks(schemaOf("schema.json"), packs, shipped(), overlap),
      registrars: registrars.map((one) => readRuleFile<RegistrarFile>(schemaOf("registrars.schema.json"), one)),
    };
  } catch (error) {
    throw error instanceof ModelError ? new CliError(error.message, error.help) : error;
  }
}

/** The lints' texts alone: for `explain` and `rules`. */
export function readLints(): Lints {
  return loadLints(null, json("rules/lints.json"));
}

/** What is known of a C function or a function of std; null where nothing is. */
export function explainFunction(name: string): string | null {
  const lints = readLints();
  const safety = loadSignalSafety(null, json("signal-safety.json"));
  return explainC(safety, lints, name) ?? explainStd(shippedPacks(), readWitnesses, lints, name);
}

/** What others than the packs say of std: for `explain` alone. */
function readWitnesses(): StdWitnesses {
  return json("rules/std-witnesses.json") as StdWitnesses;
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
  return satisfiesRange(version, range.replaceAll(",", " "), { includePrerelease: true });
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
