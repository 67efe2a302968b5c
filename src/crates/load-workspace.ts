/**
 * `check`'s way in: from a directory or a manifest to the programs of a workspace.
 *
 * Three sources, in this order: stored metadata (`--metadata-path`), the manifests alone (a workspace of path crates, which
 * needs neither cargo nor a lockfile), cargo. Changes no byte of the workspace and runs nothing of it (cargo-process.ts).
 */

import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pushAll } from "../base/push-all.ts";
import { readCargoConfig } from "./cargo-config.ts";
import { cargoHome, isInside, openCargo, trustedCargoHome } from "./cargo-process.ts";
import { chooseSite, configFlags, copySite, withKeptAnswers } from "./cargo-session.ts";
import { chooseTargets } from "./compile-flags.ts";
import { CrateError } from "./crate-error.ts";
import type { Workspace } from "./crate-graph.ts";
import { unifyFeatures } from "./feature-resolver.ts";
import { fromCargo } from "./from-cargo.ts";
import {
  checkLockfile,
  featureChoice,
  finishWorkspace,
  type Gathering,
  lockedPackages,
  programContext,
  readRules,
} from "./load-context.ts";
import type { LoadJob, LoadOptions } from "./load-job.ts";
import { locateWorkspace } from "./locate-workspace.ts";
import { readManifest } from "./manifest.ts";
import { type ManifestWorkspace, readManifestWorkspace } from "./manifest-workspace.ts";
import { checkSources, ownPrograms } from "./member-programs.ts";
import { readMetadata } from "./metadata.ts";
import { activatedOptionals, isActive, type RawWorkspace } from "./raw-packages.ts";
import { readTextFile } from "./regular-file.ts";
import { openScratch } from "./scratch.ts";
import { checkVendored } from "./vendored-files.ts";

/** Loads a workspace. Throws `CrateError` where the analysis cannot be done. */
export async function loadWorkspace(options: LoadOptions): Promise<Workspace> {
  if (options.metadataPath !== null) return fromMetadata(options, resolve(options.cwd, options.metadataPath));
  const { manifest, rootManifest, root } = locateWorkspace(options.cwd, options.manifestPath);
  const workspace = readManifestWorkspace(rootManifest);
  const project = options.project ?? root;
  const trusted = trustedCargoHome(options.env, project);
  const from = isInside(options.cwd, root) ? options.cwd : dirname(manifest);
  const config = readCargoConfig(from, cargoHome(options.env), trusted !== null);
  const targets = chooseTargets(options.targets, config.merged, options.env);
  const gathering = newGathering(options, config, workspace, join(root, "Cargo.lock"));
  const job: LoadJob = { options, workspace, gathering, targets, choice: featureChoice(options) };
  if (options.change !== undefined || needsCargo(job, "any")) {
    const scratch = openScratch(trusted);
    try {
      const cargo = openCargo(options.env, project, scratch);
      if (cargo !== null) {
        checkVendored(config);
        const copied = options.change !== undefined;
        const site = copied ? copySite(workspace, scratch) : chooseSite(workspace, scratch, options.locked);
        const limits = { signal: options.signal };
        const offline = options.offline || config.offline;
        const session = { cargo, site, offline, configFlags: configFlags(config, scratch), limits, kept: null };
        pushAll(gathering.problems, (await options.change?.(session, workspace)) ?? []);
        // An exported copy has another place each time.
        const store = options.project === undefined ? (options.answers?.(root) ?? null) : null;
        const first = store === null ? session : withKeptAnswers(session, store, workspace, config);
        return await fromCargo(job, first, scratch);
      }
    } finally {
      scratch.remove();
    }
    if (options.change !== undefined)
      throw new CrateError("cargo was not found", { help: "install Rust, or set SIGSAFE_CARGO" });
    const foreign = needsCargo(job, "active");
    if (foreign !== null) {
      throw new CrateError(`cargo was not found, and \`${foreign}\` is no path dependency`, {
        file: rootManifest,
        help: "install Rust, set SIGSAFE_CARGO, or give the output of `cargo metadata` with --metadata-path",
      });
    }
  }
  return fromManifests(job);
}

function newGathering(
  options: LoadOptions,
  config: Gathering["config"],
  workspace: Pick<ManifestWorkspace, "rootTable" | "raw">,
  lockfile: string,
): Gathering {
  return {
    rules: readRules(options.rules),
    config,
    env: options.env,
    profile: options.profile,
    rootTable: workspace.rootTable,
    rootManifest: workspace.raw.rootManifest,
    locked: lockedPackages(lockfile),
    lockHasLines: existsSync(lockfile),
    problems: [],
    infos: new Map(),
    scripts: new Map(),
  };
}

/** The first dependency that is not a path: of any normal declaration for these targets, or only of those switched on. */
function needsCargo(job: LoadJob, which: "any" | "active"): string | null {
  const { raw, foreign } = job.workspace;
  const withDev = job.options.allTargets;
  for (const { triple } of job.targets) {
    const context = programContext(job.gathering, raw, triple, new Set());
    const features = new Map(
      raw.members.map((member) => [member, unifyFeatures(raw, member, job.choice, withDev, context.holds)]),
    );
    for (const { pkg, dependency } of foreign) {
      if (which === "any") {
        const wanted = dependency.kind === "normal" || (withDev && dependency.kind === "dev");
        if (wanted && context.holds(dependency.target)) return dependency.name;
        continue;
      }
      for (const exact of features.values()) {
        const enabled = exact.get(pkg.key);
        if (enabled === undefined) continue;
        if (isActive(dependency, withDev, activatedOptionals(pkg, enabled), context.holds)) return dependency.name;
      }
    }
  }
  return null;
}

function fromManifests(job: LoadJob): Workspace {
  const { options, workspace, gathering, targets } = job;
  const { raw } = workspace;
  if (options.locked && !gathering.lockHasLines) {
    throw new CrateError("there is no Cargo.lock, and --locked was given", {
      file: join(raw.root, "Cargo.lock"),
      help: "run `cargo generate-lockfile`, or leave --locked out",
    });
  }
  if (gathering.lockHasLines) checkLockfile(join(raw.root, "Cargo.lock"));
  const programs = ownPrograms(job.options, job.choice, raw, targets, gathering);
  const lockfile = gathering.lockHasLines ? join(raw.root, "Cargo.lock") : null;
  return finishWorkspace(gathering, {
    origin: "manifests",
    root: raw.root,
    targets,
    programs,
    lockfile,
    metadata: raw.metadata,
  });
}

function fromMetadata(options: LoadOptions, file: string): Workspace {
  const text = readTextFile(file, 400 * 1024 * 1024);
  if (text === null) throw new CrateError("the file of --metadata-path cannot be read", { file });
  let raw: RawWorkspace;
  try {
    raw = readMetadata(text, (path) => path);
  } catch (error) {
    throw error instanceof CrateError ? new CrateError(error.message, { file, help: error.help }) : error;
  }
  const trusted = trustedCargoHome(options.env, raw.root) !== null;
  const config = readCargoConfig(existsSync(raw.root) ? raw.root : null, cargoHome(options.env), trusted);
  const targets = chooseTargets(options.targets, config.merged, options.env);
  const rootTable = existsSync(raw.rootManifest) ? readManifest(raw.rootManifest) : {};
  const lockfile = join(raw.root, "Cargo.lock");
  const gathering = newGathering(options, config, { rootTable, raw }, lockfile);
  const programs = ownPrograms(options, featureChoice(options), raw, targets, gathering);
  checkSources(programs, true);
  return finishWorkspace(gathering, {
    origin: "metadata-file",
    root: raw.root,
    targets,
    programs,
    lockfile: gathering.lockHasLines ? lockfile : null,
    metadata: raw.metadata,
  });
}
