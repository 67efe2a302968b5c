/**
 * A change of dependencies, made in a skeleton copy: the workspace as it would be after `cargo update` or an edit of its
 * manifests. The workspace itself keeps every byte.
 *
 * First the lockfile alone (`cargo update --precise`); where the manifests' requirements exclude that, the requirement is
 * rewritten in the copy, and the result says so. What cargo refuses is a `CrateError` with cargo's own words.
 */

import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { stringify } from "smol-toml";
import { pushAll } from "../base/push-all.ts";
import { cargoWords } from "./cargo-messages.ts";
import { runCargo } from "./cargo-process.ts";
import type { CargoSession } from "./cargo-session.ts";
import { CrateError } from "./crate-error.ts";
import type { CrateProblem } from "./crate-graph.ts";
import { type DependencyChange, declaredFeatures, editDependency, type GitChange } from "./edit-dependency.ts";
import { lockedPackages } from "./load-context.ts";
import type { LockedPackage } from "./lockfile.ts";
import { readManifest } from "./manifest.ts";
import type { ManifestWorkspace } from "./manifest-workspace.ts";
import { compareVersions, nearestVersions, publishedVersions } from "./versions.ts";

/** One dependency to change. */
export interface Bump {
  readonly name: string;
  /** Exact; null for the newest that the requirements allow, or for the version as it is. */
  readonly version: string | null;
  readonly replacement: string | null;
  readonly git: GitChange | null;
  readonly features: readonly string[];
  /** Features of its declarations to switch off, `default` for the default ones. */
  readonly off?: readonly string[];
}

/** Changes the copy; gives what had to be done beside the lockfile. */
export async function applyBumps(
  session: CargoSession,
  workspace: ManifestWorkspace,
  bumps: readonly Bump[],
): Promise<CrateProblem[]> {
  const notes: CrateProblem[] = [];
  // Without a lockfile cargo has to choose versions first: they are what the change is made to.
  const resolve = ["metadata", "--format-version", "1"];
  if (lockedPackages(session.site.lockfile).length === 0) await cargoOrThrow(session, workspace, resolve, "resolved");
  for (const bump of bumps) {
    const edits = await applyOne(session, workspace, bump);
    const shown = edits.map((one) => `${one.file}: ${one.declaration}`).join(", ");
    if (edits.length === 0) continue;
    notes.push(note(`${describeBump(bump)} needs another declaration of ${bump.name} (${shown})`));
  }
  return notes;
}

/** The version of a dependency here, and those to try instead, nearest first. */
export async function otherVersions(
  session: CargoSession,
  workspace: ManifestWorkspace,
  name: string,
): Promise<{ readonly current: string; readonly others: readonly string[] }> {
  const bump: Bump = { name, version: null, replacement: null, git: null, features: [] };
  const locked = lockedPackages(session.site.lockfile).filter((one) => one.name === name);
  const chosen = chooseLocked(locked, null);
  if (chosen === null) throw notDeclared(bump, workspace, locked);
  // Makes cargo look the crate up, so that its index cache knows every version.
  await cargoOf(session, workspace, ["update", "--dry-run", "-p", `${name}@${chosen.version}`]);
  const all = publishedVersions(session.cargo.home, name);
  return { current: chosen.version, others: nearestVersions(all, chosen.version) };
}

/** The features that the workspace's declarations of a package switch on, `default` among them. */
export function featuresDeclared(workspace: ManifestWorkspace, name: string): string[] {
  return [...new Set(workspace.manifests.flatMap((one) => declaredFeatures(readManifest(one), name)))].sort();
}

/** `pprof 0.14.1`, as messages name a bump. */
export function describeBump({ name, version, replacement, git, features, off }: Bump): string {
  const to = replacement === null ? name : `${name} => ${replacement}`;
  const what = git === null ? (version ?? "") : `${git.kind} ${git.value}`;
  const on = features.length === 0 ? "" : `with ${features.join(", ")}`;
  const without = (off ?? []).length === 0 ? "" : `without ${off?.join(", ")}`;
  return [to, what, on, without].filter((one) => one !== "").join(" ");
}

interface Edit {
  readonly file: string;
  readonly declaration: string;
}

async function applyOne(session: CargoSession, workspace: ManifestWorkspace, bump: Bump): Promise<Edit[]> {
  const locked = lockedPackages(session.site.lockfile).filter((one) => one.name === bump.name);
  const declared = (): Edit[] => edit(session, workspace, bump);
  const asDeclared = bump.features.length === 0 && (bump.off ?? []).length === 0;
  const onlyLock = bump.replacement === null && bump.git === null && asDeclared;
  if (!onlyLock) {
    const edits = declared();
    if (edits.length === 0) throw notDeclared(bump, workspace, locked);
    await cargoOrThrow(session, workspace, ["metadata", "--format-version", "1"], describeBump(bump));
    return edits;
  }
  const chosen = chooseLocked(locked, bump.version);
  if (chosen === null) throw notDeclared(bump, workspace, locked);
  const spec = `${chosen.name}@${chosen.version}`;
  const precise = bump.version === null ? [] : ["--precise", bump.version];
  const update = await cargoOf(session, workspace, ["update", "-p", spec, ...precise]);
  if (update.code === 0 && landed(session, bump)) return [];
  const edits = bump.version === null ? [] : declared();
  if (edits.length === 0) throw refused(session, workspace, describeBump(bump), update.stderr);
  await cargoOrThrow(session, workspace, ["metadata", "--format-version", "1"], describeBump(bump));
  return edits;
}

/** Rewrites the declarations in the manifests of the copy. */
function edit(session: CargoSession, workspace: ManifestWorkspace, bump: Bump): Edit[] {
  const change: DependencyChange = {
    ...bump,
    requirement: bump.version === null ? (bump.replacement === null ? null : "*") : `=${bump.version}`,
  };
  const withoutGit: string[] = [];
  const elsewhere: string[] = [];
  const edits = workspace.manifests.flatMap((manifest) => {
    const copy = session.site.toCopy(manifest);
    const edited = editDependency(readManifest(copy), change);
    pushAll(withoutGit, edited.withoutGit);
    pushAll(elsewhere, edited.elsewhere);
    if (edited.edits.length === 0) return [];
    writeFileSync(copy, stringify(edited.table));
    const file = relative(workspace.raw.root, manifest).replaceAll("\\", "/");
    return edited.edits.map((declaration) => ({ file, declaration }));
  });
  if (edits.length === 0 && withoutGit.length > 0) {
    throw new CrateError(`${bump.name} is no git dependency`, {
      file: workspace.raw.rootManifest,
      help: "give the repository too: --git URL",
    });
  }
  if (elsewhere.length > 0 && bump.version !== null) {
    throw new CrateError(`${bump.name} does not come from a registry: ${elsewhere.join(", ")}`, {
      file: workspace.raw.rootManifest,
      help: `give a revision with --rev, or write '${bump.name}=>${bump.name}@${bump.version}' to take it from the registry`,
    });
  }
  return edits;
}

/** The locked version that a bump means: the one compatible with the new version, else the highest. */
function chooseLocked(locked: readonly LockedPackage[], version: string | null): LockedPackage | null {
  const sorted = [...locked].sort((left, right) => compareVersions(right.version, left.version));
  const major = (text: string): string => /^(?:[1-9]\d*|0\.(?:[1-9]\d*|0\.\d+))/u.exec(text)?.[0] ?? text;
  return sorted.find((one) => version !== null && major(one.version) === major(version)) ?? sorted[0] ?? null;
}

/** A patched or path package cannot be moved by the lockfile, and cargo does not always say so. */
function landed(session: CargoSession, bump: Bump): boolean {
  if (bump.version === null) return true;
  const wanted = bump.version.replace(/\+.*$/u, "");
  return lockedPackages(session.site.lockfile).some(
    (one) => one.name === bump.name && one.version.replace(/\+.*$/u, "") === wanted,
  );
}

async function cargoOf(
  session: CargoSession,
  workspace: ManifestWorkspace,
  args: readonly string[],
): Promise<{ readonly code: number; readonly stderr: string }> {
  const manifest = session.site.toCopy(workspace.raw.rootManifest);
  const all = [...args, "--manifest-path", manifest, ...session.configFlags];
  return await runCargo(session.cargo, session.offline ? [...all, "--offline"] : all, session.limits);
}

async function cargoOrThrow(
  session: CargoSession,
  workspace: ManifestWorkspace,
  args: readonly string[],
  what: string,
): Promise<void> {
  const run = await cargoOf(session, workspace, args);
  if (run.code !== 0) throw refused(session, workspace, what, run.stderr);
}

function refused(session: CargoSession, workspace: ManifestWorkspace, what: string, stderr: string): CrateError {
  const words = cargoWords(stderr);
  const base = session.site.toCopy("/").replace(/\/$/u, "");
  return new CrateError(`cargo cannot make the change: ${what}`, {
    file: workspace.raw.rootManifest,
    detail: words.replaceAll(base, ""),
    help: /offline/u.test(words) && session.offline ? "run again without --offline" : null,
  });
}

function notDeclared(bump: Bump, workspace: ManifestWorkspace, locked: readonly LockedPackage[]): CrateError {
  const file = workspace.raw.rootManifest;
  if (locked.length === 0) return new CrateError(`the workspace does not depend on \`${bump.name}\``, { file });
  return new CrateError(`no member of the workspace declares \`${bump.name}\`: ${describeBump(bump)} is not possible`, {
    file,
    help: "bump the dependency that brings it in; several can be bumped at once",
  });
}

function note(message: string): CrateProblem {
  return { level: "note", message, package: null, file: null, line: null };
}
