/** Options for loading a workspace from a directory, with the data that ships: what a test changes is given on top. */
import { readCrateRules } from "../../src/cli/rule-files.ts";
import type { LoadOptions } from "../../src/crates/load-job.ts";

/** The options that the command uses without flags, for x86_64 Linux. */
export function loadOptions(root: string, more: Partial<LoadOptions> = {}): LoadOptions {
  return {
    cwd: root,
    env: process.env,
    rules: readCrateRules(),
    features: [],
    allFeatures: false,
    noDefaultFeatures: false,
    targets: ["x86_64-unknown-linux-gnu"],
    profile: "release",
    locked: false,
    offline: false,
    manifestPath: null,
    metadataPath: null,
    allTargets: false,
    packages: [],
    exclude: [],
    workspace: false,
    ...more,
  };
}
