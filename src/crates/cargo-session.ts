/**
 * One workspace as cargo resolves it: where it is resolved (in place, or in a skeleton copy), and the metadata and exact
 * features of its members, asked for once each.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "smol-toml";
import type { CargoConfig } from "./cargo-config.ts";
import { isLockFailure } from "./cargo-messages.ts";
import type { Cargo, RunLimits } from "./cargo-process.ts";
import { CrateError } from "./crate-error.ts";
import type { FeatureChoice } from "./feature-resolver.ts";
import { type ExactFeatures, runFeatureTree } from "./feature-tree.ts";
import type { ManifestWorkspace } from "./manifest-workspace.ts";
import { runMetadata } from "./metadata.ts";
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
    const copied = { ...session, site: copySite(workspace, scratch) };
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
  return await runMetadata(
    session.cargo,
    {
      manifestPath: session.site.toCopy(manifestPath),
      triple,
      featureFlags: featureFlags(choice),
      locked: session.site.skeleton === null,
      offline: session.offline,
      configFlags: session.configFlags,
      realPath: session.site.toReal,
    },
    session.limits,
  );
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
  return await runFeatureTree(
    session.cargo,
    {
      raw,
      member,
      triple,
      withDev,
      manifestPath: session.site.toCopy(manifest),
      featureFlags: featureFlags(choice),
      configFlags: session.configFlags,
      realPath: session.site.toReal,
    },
    session.limits,
  );
}

function featureFlags(choice: FeatureChoice): string[] {
  const flags = choice.allFeatures ? ["--all-features"] : [];
  if (choice.noDefaultFeatures) flags.push("--no-default-features");
  if (choice.features.length > 0) flags.push("--features", choice.features.join(","));
  return flags;
}
