/** The programs of the members that were selected: which features concern each, and which programs are left in the end. */
import { existsSync } from "node:fs";
import { CrateError } from "./crate-error.ts";
import type { Program, TargetChoice } from "./crate-graph.ts";
import { type FeatureChoice, unifyFeatures } from "./feature-resolver.ts";
import { addProgram, dropContainedLibraries, type Gathering, programContext } from "./load-context.ts";
import type { LoadOptions } from "./load-job.ts";
import type { RawWorkspace } from "./raw-packages.ts";
import { selectMembers } from "./select-members.ts";

/** Programs by our own feature unifier. */
export function ownPrograms(
  options: LoadOptions,
  choice: FeatureChoice,
  raw: RawWorkspace,
  targets: readonly TargetChoice[],
  gathering: Gathering,
): Program[] {
  const selected = selectMembers(raw, options, gathering.problems);
  const programs: Program[] = [];
  for (const { triple } of targets) {
    const context = programContext(gathering, raw, triple, new Set(raw.members));
    for (const [member, own] of memberFeatures(raw, selected, choice)) {
      for (const dev of options.allTargets ? [false, true] : [false]) {
        const exact = unifyFeatures(raw, member, own, dev, context.holds);
        addProgram(programs, context, { member, exact, dev, approximated: true }, gathering.problems);
      }
    }
  }
  return finishPrograms(programs, options, raw);
}

/** Without `-p`, a library that a program contains is not a program of its own. */
export function finishPrograms(programs: readonly Program[], options: LoadOptions, raw: RawWorkspace): Program[] {
  const kept = options.packages.length > 0 ? [...programs] : dropContainedLibraries(programs);
  if (kept.length === 0) {
    throw new CrateError("the selected packages make no program and no library to lint", { file: raw.rootManifest });
  }
  return kept;
}

/** Each selected member with the feature flags that concern it; a feature that no member has is an error, as in cargo. */
export function memberFeatures(
  raw: RawWorkspace,
  selected: readonly string[],
  choice: FeatureChoice,
): [string, FeatureChoice][] {
  const packages = selected.map((key) => raw.packages.get(key)).filter((pkg) => pkg !== undefined);
  const used = new Set<string>();
  const result = packages.map((pkg): [string, FeatureChoice] => {
    const features = choice.features.flatMap((feature) => {
      const [before, after] = feature.split("/");
      const own = after !== undefined && before === pkg.name ? after : feature;
      const dependency = after === undefined ? null : (before ?? "").replace(/\?$/u, "");
      const known =
        own === after || dependency === null
          ? pkg.features.has(own)
          : pkg.dependencies.some((one) => (one.rename ?? one.name) === dependency);
      if (known) used.add(feature);
      return known ? [own] : [];
    });
    return [pkg.key, { ...choice, features }];
  });
  const unknown = choice.features.find((feature) => !used.has(feature));
  if (unknown !== undefined) {
    const known = [...new Set(packages.flatMap((pkg) => [...pkg.features.keys()]))].sort();
    throw new CrateError(`no selected package has the feature \`${unknown}\``, {
      file: raw.rootManifest,
      help: known.length === 0 ? "none of them has features" : `features: ${known.slice(0, 20).join(", ")}`,
    });
  }
  return result;
}

/** A crate whose root file is gone would look like an empty one: never "clean". */
export function checkSources(programs: readonly Program[], offline: boolean): void {
  const missing = new Set<string>();
  for (const program of programs) {
    for (const crate of program.crates) if (!existsSync(crate.rootFile)) missing.add(crate.package.id);
  }
  const names = [...missing].sort();
  if (names.length === 0) return;
  const more = names.length > 5 ? ` and ${names.length - 5} more` : "";
  throw new CrateError(`the source of ${names.slice(0, 5).join(", ")}${more} is not there`, {
    help: `run \`cargo fetch --locked\`${offline ? " with the network on" : ""}`,
  });
}
