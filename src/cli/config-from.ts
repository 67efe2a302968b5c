/**
 * `--config-from REF`: the configuration of a commit instead of the work tree's, so that a change under review cannot loosen the gate that
 * judges it. `base` is the commit that the change is compared with. What the work tree's own configuration would have said otherwise
 * is told, each new allowance by itself.
 */
import path from "node:path";
import { stringify } from "smol-toml";
import type { Environment } from "../crates/compile-flags.ts";
import { CrateError } from "../crates/crate-error.ts";
import type { CrateProblem } from "../crates/crate-graph.ts";
import { findBase } from "../crates/find-base.ts";
import { contentsOf, filesOf, openGit } from "../crates/git.ts";
import { type Config, type ConfigEntry, configIn, loadConfig } from "./config.ts";

export interface OtherConfig {
  readonly config: Config;
  readonly notes: readonly CrateProblem[];
}

/** The configuration of the workspace with this root, as a revision has it. */
export function configFrom(revision: string, root: string, env: Environment): OtherConfig {
  const git = openGit(env, root);
  if (git === null) throw new CrateError("--config-from needs a git repository", { file: root });
  const { commit } = findBase(git, revision === "base" ? null : revision, env);
  const files = new Map(filesOf(git, commit).map((one) => [one.path, one]));
  const config = configIn(root, (file) => {
    const there = files.get(path.relative(git.top, file).replaceAll("\\", "/"));
    return there?.mode.startsWith("100") === true ? (contentsOf(git, [there])[0]?.toString("utf8") ?? null) : null;
  });
  const from = `${revision === "base" ? "the base" : revision} (${commit.slice(0, 12)})`;
  const note = (level: CrateProblem["level"], message: string): CrateProblem => {
    return { level, message, package: null, file: config.file, line: null };
  };
  const notes = [note("note", `the configuration is that of ${from}`)];
  return { config, notes: [...notes, ...differences(config, root, from).map((one) => note("warning", one))] };
}

/** What the work tree's configuration has and the other has not; one that cannot be read is told, and not used either. */
function differences(used: Config, root: string, from: string): string[] {
  let here: Config;
  try {
    here = loadConfig(root, null, root);
  } catch (error) {
    return [`the configuration here cannot be read, and is not used: ${(error as Error).message.split("\n")[0]}`];
  }
  const known = new Set(used.allow.map(textOf));
  const fresh = here.allow.filter((one) => !known.has(textOf(one)));
  const told = fresh.map((one) => `an allowance here is not in ${from}, and was not applied: ${textOf(one)}`);
  const rest = ({ file: _, allow: __, handlers, ...settings }: Config): string =>
    JSON.stringify([Object.entries(settings).sort(), handlers.map(textOf)]);
  return rest(here) === rest(used) ? told : [...told, `settings here differ from those of ${from}, and were not used`];
}

function textOf({ table }: ConfigEntry): string {
  return stringify(table).trim().replaceAll("\n", ", ");
}
