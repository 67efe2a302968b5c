/**
 * What is known of a state of a repository's workspace from an earlier run: the closure of its handlers and the packages around it, kept
 * in the user's cache directory. The key is everything that decided it: the files by git's object ids, the flags, the environment that
 * cargo's configuration takes, the user's own configuration, and this tool.
 */
import path from "node:path";
import { sha256 } from "../base/stable-hash.ts";
import type { StateFile } from "../crates/base-tree.ts";
import { cargoHome } from "../crates/cargo-process.ts";
import type { Environment } from "../crates/compile-flags.ts";
import type { Workspace } from "../crates/crate-graph.ts";
import type { CacheStore } from "../load/cache-store.ts";
import { fileStamp, type StampMemo } from "../load/package-stamp.ts";
import type { HandlerClosure } from "../safety/handler-closure.ts";
import { packEntry, unpackEntry } from "./cache-entries.ts";
import { toolStamp } from "./program-cache.ts";
import { programOptions, type Settings } from "./settings.ts";

export interface ClosureRecord extends HandlerClosure {
  /** Packages of the programs: by name, with the folder from the repository's top where it lies in it. */
  readonly around: readonly {
    readonly name: string;
    readonly folder: string | null;
    readonly deps: readonly string[];
  }[];
}
const memo: StampMemo = new Map();

/** The key of a state; null where this tool cannot tell itself. */
export function stateKey(
  files: readonly StateFile[],
  manifest: string,
  settings: Settings,
  env: Environment,
): string | null {
  const tool = toolStamp(memo);
  if (tool === null) return null;
  const { flags, config } = settings;
  const chosen = [flags.workspace, flags.exclude, flags.package, flags.allTargets, flags.target, flags.features];
  const how = [flags.allFeatures, flags.defaultFeatures, flags.profile, programOptions(settings)];
  const named = config.handlers.map((one) => one.table);
  const variables = Object.entries(env).filter(([name]) => /^(?:RUSTFLAGS|CARGO_.*)$/u.test(name));
  const home = ["config.toml", "config"].map((name) => fileStamp(path.join(cargoHome(env), name)));
  const list = files.map((one) => [one.path, one.object]).sort(([left = ""], [right = ""]) => (left < right ? -1 : 1));
  return sha256(JSON.stringify(["closure", tool, manifest, chosen, how, named, variables.sort(), home, list]));
}

/** The record of a state; null where none was kept. */
export function findClosure(store: CacheStore, key: string): ClosureRecord | null {
  return unpackEntry<ClosureRecord>("record", store.read(key));
}

/** Keeps the record of a state. `top` is the directory that stands for the repository's top. */
export function keepClosure(
  store: CacheStore,
  key: string,
  closure: HandlerClosure,
  workspace: Workspace,
  top: string,
): void {
  const around = new Map<string, ClosureRecord["around"][number]>();
  for (const { crates } of workspace.programs) {
    for (const { package: owner, deps } of crates) {
      const below = path.relative(top, owner.root).replaceAll("\\", "/");
      const folder = owner.source === null && !below.startsWith("..") ? below : null;
      const names = deps.flatMap((one) => crates[one.crate]?.package.name ?? []);
      const before = around.get(owner.id)?.deps ?? [];
      around.set(owner.id, { name: owner.name, folder, deps: [...new Set([...before, ...names])] });
    }
  }
  const bytes = packEntry({ ...closure, around: [...around.values()] } satisfies ClosureRecord);
  if (bytes !== null) store.write(key, bytes);
}
