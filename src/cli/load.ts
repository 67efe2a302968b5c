/**
 * The flags' workspace: loaded from a directory or manifest, or as one published crate.
 */
import type { PackageInfo, Workspace } from "../crates/crate-graph.ts";
import type { AnswerStore, KeptAnswer } from "../crates/kept-answers.ts";
import type { CommonOptions } from "../crates/load-context.ts";
import type { LoadOptions } from "../crates/load-job.ts";
import { loadWorkspace } from "../crates/load-workspace.ts";
import { loadPublished } from "../crates/published.ts";
import { verifySources } from "../crates/verify-sources.ts";
import type { StampMemo } from "../load/package-stamp.ts";
import { packEntry, unpackEntry } from "./cache-entries.ts";
import { readCrateRules } from "./rule-files.ts";
import type { WorkspaceFlags } from "./run-options.ts";
import { cacheDirectory, storeOutside } from "./user-cache.ts";

export interface LoadContext {
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly onProgress: (message: string) => void;
  /** Called with likely packages while cargo runs. */
  readonly meanwhile?: (packages: readonly PackageInfo[]) => void;
  /** Stamps of packages that were taken meanwhile. */
  readonly stamps?: StampMemo;
}

/** The workspace that `check`, `graph` and the like are about. */
export async function loadFromFlags(flags: WorkspaceFlags, context: LoadContext): Promise<Workspace> {
  return verified(await loadWorkspace(workspaceOptions(flags, context)), flags, context);
}

function verified(workspace: Workspace, flags: WorkspaceFlags, context: LoadContext): Workspace {
  if (flags.verifySources !== true) return workspace;
  context.onProgress("comparing sources with their checksums");
  verifySources(workspace.packages);
  return workspace;
}

/** The flags as the loader takes them. */
export function workspaceOptions(flags: WorkspaceFlags, context: LoadContext): LoadOptions {
  return {
    ...commonOptions(flags, context),
    manifestPath: flags.manifestPath ?? null,
    metadataPath: flags.metadataPath ?? null,
    allTargets: flags.allTargets === true,
    packages: flags.package,
    exclude: flags.exclude,
    workspace: flags.workspace === true,
    answers: (root) => (flags.cache ? answersFor(root) : null),
  };
}

/** Cargo's answers in the user's cache; null where there is none, and for a workspace that holds the cache itself. */
function answersFor(root: string): AnswerStore | null {
  const store = storeOutside(cacheDirectory(process.env), root);
  if (store.directory === null) return null;
  return {
    read: (key) => unpackEntry<KeptAnswer>("answer", store.read(key)),
    write(key, answer) {
      const bytes = packEntry(answer);
      if (bytes !== null) store.write(key, bytes);
    },
  };
}

/** One published crate: `NAME` or `NAME@VERSION`. */
export async function loadCrate(spec: string, flags: WorkspaceFlags, context: LoadContext): Promise<Workspace> {
  const at = spec.indexOf("@");
  const name = at < 0 ? spec : spec.slice(0, at);
  const version = at < 0 ? null : spec.slice(at + 1);
  return verified(await loadPublished({ ...commonOptions(flags, context), name, version }), flags, context);
}

function commonOptions(flags: WorkspaceFlags, context: LoadContext): CommonOptions {
  return {
    ...context,
    env: process.env,
    rules: readCrateRules(),
    features: flags.features,
    allFeatures: flags.allFeatures === true,
    noDefaultFeatures: !flags.defaultFeatures,
    targets: flags.target,
    profile: flags.profile,
    locked: flags.locked === true || flags.frozen === true,
    offline: flags.offline === true || flags.frozen === true,
  };
}
