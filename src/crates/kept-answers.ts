/**
 * Cargo's answers about a workspace, kept from run to run: where nothing changed that decides an answer, cargo is not started.
 *
 * What decides is the question, cargo itself (with rustup's choice of it), its environment, the user's configuration, what the workspace's says, the
 * manifests and the targets beside them as this layer reads them, Cargo.lock, and the manifests that an answer names, by
 * their content. Refused where more than that decides: in a copy that is resolved anew (the registry's index decides), with a CARGO_HOME
 * inside the project, and with `paths` or `[patch]` in cargo's configuration. An answer that failed is not kept.
 */
import { lstatSync, readdirSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { sha256 } from "../base/stable-hash.ts";
import type { CargoConfig } from "./cargo-config.ts";
import type { Cargo, CargoRun } from "./cargo-process.ts";
import { type ManifestWorkspace, readManifestWorkspace } from "./manifest-workspace.ts";
import { contentHash } from "./regular-file.ts";
import { patchManifests } from "./skeleton.ts";
import { valueOf } from "./toml.ts";

export interface KeptAnswer {
  readonly run: CargoRun;
  /** The manifests of the packages that it speaks of, with a hash of each one's content. */
  readonly manifests: readonly (readonly [file: string, hash: string])[];
}
/** Where answers are kept; what is read was written under the same key, or is null. */
export interface AnswerStore {
  readonly read: (key: string) => KeptAnswer | null;
  readonly write: (key: string, answer: KeptAnswer) => void;
}
/** Asks cargo, and reads the answer; `manifestsIn` gives the manifests of the packages that an answer speaks of. */
export type Ask = <T>(
  args: readonly string[],
  read: (run: CargoRun) => T,
  manifestsIn: (answer: T) => Iterable<string>,
) => Promise<T>;

/** Kept answers in front of `run`, for questions about a workspace in place; null where they cannot be. */
export function keptAnswers(
  store: AnswerStore,
  run: (args: readonly string[]) => Promise<CargoRun>,
  cargo: Cargo,
  workspace: ManifestWorkspace,
  config: CargoConfig,
): Ask | null {
  const { carried } = config;
  const replaces = ["paths", "patch"].some((key) => valueOf(carried, key) !== undefined);
  if (!cargo.homeIsTrusted || replaces) return null;
  const given = [cargo.binary, Object.entries(cargo.env).sort(), toolchainStamp(cargo), carried];
  const basis = (now: ManifestWorkspace): string => sha256(JSON.stringify([given, workspaceStamp(now, config)], plain));
  const before = basis(workspace);
  const hashes = new Map<string, string>();
  const hashOf = (file: string): string => {
    const known = hashes.get(file) ?? contentHash(file);
    hashes.set(file, known);
    return known;
  };
  return async (args, read, manifestsIn) => {
    const key = sha256(JSON.stringify(["answer 1", before, args]));
    const kept = store.read(key);
    if (kept?.manifests.every(([file, hash]) => hashOf(file) === hash) === true) {
      try {
        return read(kept.run);
      } catch {
        // It was read when it was kept: what is there now is somebody else's, and asked for anew.
      }
    }
    const made = await run(args);
    const answer = read(made);
    // What was changed while cargo ran may be in the answer, or not.
    if (made.code === 0 && basis(readManifestWorkspace(workspace.raw.rootManifest)) === before) {
      store.write(key, { run: made, manifests: [...manifestsIn(answer)].map((file) => [file, hashOf(file)]) });
    }
    return answer;
  };
}

/** Everything of the workspace that cargo goes by: what this layer read of it, and the files themselves. */
function workspaceStamp(workspace: ManifestWorkspace, config: CargoConfig): unknown {
  const files = [...workspace.manifests, ...patchManifests(workspace), join(workspace.raw.root, "Cargo.lock")];
  return [workspace.raw, [...files, ...config.files].map((file) => [file, contentHash(file)])];
}

/** Which cargo and rustc answer: behind rustup's proxies every toolchain, and what rustup chooses among them by. */
function toolchainStamp(cargo: Cargo): unknown {
  const home = cargo.env["RUSTUP_HOME"] ?? join(cargo.env["HOME"] ?? homedir(), ".rustup");
  const programs = namesIn(join(home, "toolchains")).flatMap((name) =>
    ["cargo", "rustc"].map((program) => join(home, "toolchains", name, "bin", program)),
  );
  const all = [cargo.binary, ...[cargo.env["RUSTC"] ?? []].flat(), ...programs];
  return [contentHash(join(home, "settings.toml")), all.map((file) => [file, programStamp(file)])];
}

function programStamp(file: string): string {
  try {
    const real = realpathSync(file);
    const { size, mtimeMs, ino } = lstatSync(real);
    return `${real} ${size} ${mtimeMs} ${ino}`;
  } catch {
    return "none";
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return [];
  }
}

/** Maps as lists. */
function plain(_: string, value: unknown): unknown {
  return value instanceof Map ? [...value] : value;
}
