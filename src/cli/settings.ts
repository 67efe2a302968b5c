/**
 * Flags and configuration as one: a flag that was written wins, then the configuration, then the flag's default.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import type { Command } from "commander";
import { sha256 } from "../base/stable-hash.ts";
import type { CrateProblem } from "../crates/crate-graph.ts";
import { locateWorkspace } from "../crates/locate-workspace.ts";
import type { ProgramOptions } from "../safety/analyse-program.ts";
import { CliError } from "./cli-error.ts";
import { type Config, loadConfig, NO_CONFIG } from "./config.ts";
import { configFrom } from "./config-from.ts";
import type { OutputFlags, WorkspaceFlags } from "./run-options.ts";

export type Flags = WorkspaceFlags & OutputFlags;

export interface Settings {
  readonly flags: Flags;
  readonly config: Config;
  /** For a state of the workspace that the configuration was not written for: a handler it names may be missing. */
  readonly otherSide?: boolean;
  /** What is to be told of where the configuration is from. */
  readonly notes?: readonly CrateProblem[];
}

/** The settings of a verb about a workspace; a verb about a published crate has only what `--config` names. */
export function readSettings(flags: Flags, command: Command, cwd: string, about: "workspace" | "crate"): Settings {
  if (flags.config !== undefined && flags.configFrom !== undefined)
    throw new CliError("--config and --config-from cannot be used together");
  const root = about === "workspace" && flags.config === undefined ? configRoot(flags, cwd) : null;
  if (root === null && flags.configFrom !== undefined) throw new CliError("--config-from needs a workspace");
  const other =
    root === null || flags.configFrom === undefined ? null : configFrom(flags.configFrom, root, process.env);
  const named = flags.config === undefined && root === null ? NO_CONFIG : null;
  const config = other?.config ?? named ?? loadConfig(root, flags.config ?? null, cwd);
  const { failOn, maxBlindSpots, strictPosix, forkEntries, profile, targets } = config;
  const settled: Record<string, unknown> = {
    failOn,
    maxBlindSpots,
    strictPosix,
    forkEntries,
    profile,
    target: targets,
  };
  const merged: Record<string, unknown> = { ...flags };
  for (const [name, value] of Object.entries(settled)) {
    if (value !== undefined && command.getOptionValueSource(name) !== "cli") merged[name] = value;
  }
  return { flags: merged as unknown as Flags, config, ...(other === null ? {} : { notes: other.notes }) };
}

/** What the analysis of a program goes by. */
export function programOptions({ flags, config }: Settings): ProgramOptions {
  return {
    strictPosix: flags.strictPosix === true,
    forkEntries: flags.forkEntries === true,
    faultLowers: config.faultErrors !== "error",
    ...(config.faultErrorsOf === undefined ? {} : { faultErrorsOf: config.faultErrorsOf }),
    ...(config.rules.length === 0 ? {} : { rules: sha256(JSON.stringify(config.rules)) }),
  };
}

/** The directory of the root manifest; that of stored metadata where the manifest is looked for in vain. */
function configRoot(flags: Flags, cwd: string): string | null {
  if (flags.metadataPath !== undefined) {
    const beside = path.dirname(path.resolve(cwd, flags.manifestPath ?? "Cargo.toml"));
    return existsSync(path.join(beside, "Cargo.toml")) ? beside : null;
  }
  return locateWorkspace(cwd, flags.manifestPath ?? null).root;
}
