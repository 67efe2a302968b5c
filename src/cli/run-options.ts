/**
 * The command line as typed options: what each verb takes, and what the flags mean. Nothing is run here.
 */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Level } from "../model/vocabulary.ts";

export interface WorkspaceFlags {
  readonly manifestPath?: string;
  readonly metadataPath?: string;
  readonly workspace?: boolean;
  readonly exclude: readonly string[];
  readonly package: readonly string[];
  readonly allTargets?: boolean;
  readonly target: readonly string[];
  readonly features: readonly string[];
  readonly allFeatures?: boolean;
  readonly defaultFeatures: boolean;
  readonly locked?: boolean;
  readonly offline?: boolean;
  readonly frozen?: boolean;
  readonly profile: string;
  readonly verifySources?: boolean;
  readonly eachFeature?: boolean;
  readonly eachTarget?: boolean;
  /** Results of earlier runs are used and kept. */
  readonly cache: boolean;
}
export interface OutputFlags {
  readonly format: Format;
  readonly output: readonly string[];
  readonly config?: string;
  readonly configFrom?: string;
  readonly baseline?: string;
  readonly failOn: Level | "never";
  readonly maxBlindSpots?: number;
  readonly explain?: boolean;
  readonly strictPosix?: boolean;
  readonly forkEntries?: boolean;
  readonly color: "auto" | "always" | "never";
  readonly hyperlinks: "auto" | "always" | "never";
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}
export const FORMATS = ["text", "json", "sarif", "github", "html", "markdown", "dot"] as const;
export type Format = (typeof FORMATS)[number];

/** Adds the flags that choose what is linted. */
export function withWorkspaceFlags(command: Command): Command {
  return command
    .option("--manifest-path <FILE>", "the Cargo.toml to lint")
    .option("--metadata-path <FILE>", "read the output of `cargo metadata` instead of running cargo")
    .option("--workspace", "all members")
    .addOption(list("--exclude <NAME>", "leave a member out"))
    .addOption(list("-p, --package <NAME>", "only this member"))
    .option("--all-targets", "tests, examples and benches too")
    .addOption(list("--target <TRIPLE>", "lint for this target (repeatable)"))
    .addOption(list("-F, --features <LIST>", "features to switch on"))
    .option("--all-features", "all features")
    .option("--no-default-features", "without the default feature")
    .option("--locked", "fail where Cargo.lock is missing or out of date")
    .option("--offline", "without the network")
    .option("--frozen", "--locked and --offline")
    .option("--verify-sources", "compare sources of registry crates with the checksums of Cargo.lock")
    .option("--profile <NAME>", "cargo's profile that decides debug_assertions and panic", "release")
    .option("--no-cache", "analyse everything anew, and keep nothing");
}

/** Adds the flags that lint one thing in several ways. */
export function withEachFlags(command: Command): Command {
  return command
    .option("--each-feature", "a table of verdicts: the default features, none, each by itself, and all")
    .option("--each-target", "a table of verdicts for every Linux target (or each --target)");
}

/** Adds the flags that choose what is said, and when it fails. */
export function withOutputFlags(command: Command, formats: readonly string[] = FORMATS): Command {
  return command
    .addOption(new Option("--format <FORMAT>", "how the report is printed").choices(formats).default("text"))
    .addOption(list("--output <[FORMAT=]FILE>", "write the report to a file, - for stdout (repeatable)"))
    .addOption(
      new Option("--fail-on <LEVEL>", "exit with 1 at this level or above")
        .choices(["error", "warning", "note", "never"])
        .default("error"),
    )
    .option("-c, --config <FILE>", "read this configuration instead of the workspace's sigsafe.toml")
    .option("--config-from <REF>", "read it from this revision of git; `base` is what a change is compared with")
    .option("--baseline <FILE>", "findings of this stored JSON report are known and do not count")
    .option("--max-blind-spots <N>", "exit with 1 where more calls could not be followed", count)
    .option("--explain", "show notes, guards and how each level came about")
    .option("--strict-posix", "warn of functions that are safe in practice but not listed")
    .option("--fork-entries", "lint code between fork and exec too")
    .addOption(new Option("--color <WHEN>", "colours").choices(["auto", "always", "never"]).default("auto"))
    .addOption(
      new Option("--hyperlinks <WHEN>", "places as links of the terminal")
        .choices(["auto", "always", "never"])
        .default("auto"),
    )
    .option("-q, --quiet", "the summary alone")
    .option("-v, --verbose", "say what is being done");
}

function list(flags: string, description: string): Option {
  return new Option(flags, description)
    .default([])
    .argParser((value: string, before: readonly string[]) => [...before, value]);
}

function count(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError("a number is expected");
  return Number(value);
}
