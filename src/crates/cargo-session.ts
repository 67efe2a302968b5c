/**
 * One workspace as cargo resolves it: where it is resolved (in place, or in a skeleton copy), and the metadata and exact
 * features of its members, asked for once each.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "smol-toml";
import type { CargoConfig } from "./cargo-config.ts";
import { isLockFailure } from "./cargo-messages.ts";
import { type Cargo, type CargoRun, type RunLimits, runCargo } from "./cargo-process.ts";
import { CrateError } from "./crate-error.ts";
import type { FeatureChoice } from "./feature-resolver.ts";
import { askFeatureTree, type ExactFeatures } from "./feature-tree.ts";
import { type AnswerStore, type Ask, keptAnswers } from "./kept-answers.ts";
import type { ManifestWorkspace } from "./manifest-workspace.ts";
import { askMetadata } from "./metadata.ts";
import type { RawWorkspace } from "./raw-packages.ts";
import type { Scratch } from "./scratch.ts";
import { makeSkeleton, type Skeleton } from "./skeleton.ts";

/** Where cargo works: the real manifests, or a copy. */
export interface Site {
  readonly skeleton: Skeleton | null;
  readonly lockfile: string;
  readonly toCopy: (path: string) => string;
  readonly toReal: (path: string) => string;
}

export interface CargoSession {
  readonly cargo: Cargo;
  readonly site: Site;
  readonly offline: boolean;
  readonly configFlags: readonly string[];
  readonly limits: RunLimits;
  /** Asks for what was answered before; null where every question goes to cargo. */
  readonly kept: Ask | null;
}

/** The session with answers of earlier runs in front of cargo, where it works in place. */
export function withKeptAnswers(
  session: CargoSession,
  store: AnswerStore,
  workspace: ManifestWorkspace,
  config: CargoConfig,
): CargoSession {
  if (session.site.skeleton !== null) return session;
  return { ...session, kept: keptAnswers(store, (args) => run(session, args), session.cargo, workspace, config) };
}

/** `--config FILE` for what the workspace's configuration says; nothing where it says nothing. */
export function configFlags(config: CargoConfig, scratch: Scratch): string[] {
  if (Object.keys(config.carried).length === 0) return [];
  const file = join(scratch.directory("config"), "carried.toml");
  writeFileSync(file, stringify(config.carried));
  return ["--config", file];
}

/** The site that does not touch the workspace: in place where there is a lockfile, else a copy. */
export function chooseSite(workspace: ManifestWorkspace, scratch: Scratch, locked: boolean): Site {
  const lockfile = join(workspace.raw.root, "Cargo.lock");
  if (existsSync(lockfile)) return { skeleton: null, lockfile, toCopy: (path) => path, toReal: (path) => path };
  if (locked) {
    throw new CrateError("there is no Cargo.lock, and --locked was given", {
      file: lockfile,
      help: "run `cargo generate-lockfile`, or leave --locked out",
    });
  }
  return copySite(workspace, scratch);
}

/** A copy as the site. */
export function copySite(workspace: ManifestWorkspace, scratch: Scratch): Site {
  const skeleton = makeSkeleton(workspace, scratch, "skeleton");
  return { skeleton, lockfile: skeleton.lockfile, toCopy: skeleton.toCopy, toReal: skeleton.toReal };
}

/** Runs `work` in place; where only the lockfile is out of date and that is allowed, again in a copy, and says so. */
export async function withFreshLock<T>(
  session: CargoSession,
  workspace: ManifestWorkspace,
  scratch: Scratch,
  locked: boolean,
  work: (session: CargoSession) => Promise<T>,
): Promise<{ readonly value: T; readonly session: CargoSession; readonly outdated: boolean }> {
  try {
    return { value: await work(session), session, outdated: false };
  } catch (error) {
    if (locked || session.site.skeleton !== null || !isLockFailure(error)) throw error;
    const copied = { ...session, site: copySite(workspace, scratch), kept: null };
    return { value: await work(copied), session: copied, outdated: true };
  }
}

/** The resolved packages. Feature flags are a member's own, so with any the member's manifest is asked about. */
export async function sessionMetadata(
  session: CargoSession,
  manifestPath: string,
  triple: string,
  choice: FeatureChoice,
): Promise<RawWorkspace> {
  return await askMetadata(askIn(session), {
    manifestPath: session.site.toCopy(manifestPath),
    triple,
    featureFlags: featureFlags(choice),
    locked: session.site.skeleton === null,
    offline: session.offline,
    realPath: realPathIn(session),
  });
}

/** The exact features of one member's program. */
export async function sessionFeatures(
  session: CargoSession,
  raw: RawWorkspace,
  member: string,
  triple: string,
  choice: FeatureChoice,
  withDev: boolean,
): Promise<ExactFeatures> {
  const manifest = raw.packages.get(member)?.manifestPath ?? raw.rootManifest;
  return await askFeatureTree(askIn(session), {
    raw,
    member,
    triple,
    withDev,
    manifestPath: session.site.toCopy(manifest),
    featureFlags: featureFlags(choice),
    realPath: realPathIn(session),
  });
}

function askIn(session: CargoSession): Ask {
  return session.kept ?? (async (args, read) => read(await run(session, args)));
}

function run({ cargo, configFlags, limits }: CargoSession, args: readonly string[]): Promise<CargoRun> {
  return runCargo(cargo, [...args, ...configFlags], limits);
}

/** A path that cargo printed as the real one: not a copy's, not a private CARGO_HOME's. */
function realPathIn({ cargo, site }: CargoSession): (path: string) => string {
  return (path) => site.toReal(cargo.realPath(path));
}

function featureFlags(choice: FeatureChoice): string[] {
  const flags = choice.allFeatures ? ["--all-features"] : [];
  if (choice.noDefaultFeatures) flags.push("--no-default-features");
  if (choice.features.length > 0) flags.push("--features", choice.features.join(","));
  return flags;
}
