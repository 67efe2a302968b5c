/**
 * `check`'s way in: from a directory or a manifest to the programs of a workspace.
 *
 * Three sources, in this order: stored metadata (`--metadata-path`), the manifests alone (a workspace of path crates, which
 * needs neither cargo nor a lockfile), cargo. Changes no byte of the workspace and runs nothing of it (cargo-process.ts).
 */
import { existsSync, realpathSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { ancestors, readCargoConfig } from "./cargo-config.ts";
import { cargoHome, isInside, openCargo, trustedCargoHome } from "./cargo-process.ts";
import {
  type CargoSession,
  chooseSite,
  configFlags,
  copySite,
  sessionFeatures,
  sessionMetadata,
  withFreshLock,
  withKeptAnswers,
} from "./cargo-session.ts";
import { chooseTargets } from "./compile-flags.ts";
import { CrateError } from "./crate-error.ts";
import type { CrateProblem, PackageInfo, Program, TargetChoice, Workspace } from "./crate-graph.ts";
import { type FeatureChoice, unifyFeatures } from "./feature-resolver.ts";
import type { ExactFeatures } from "./feature-tree.ts";
import { inOrder } from "./in-order.ts";
import type { AnswerStore } from "./kept-answers.ts";
import {
  addProgram,
  type CommonOptions,
  dropContainedLibraries,
  featureChoice,
  finishWorkspace,
  type Gathering,
  lockedPackages,
  programContext,
  readRules,
} from "./load-context.ts";
import { findRootManifest, readManifest } from "./manifest.ts";
import { type ManifestWorkspace, readManifestWorkspace } from "./manifest-workspace.ts";
import { readMetadata } from "./metadata.ts";
import { activatedOptionals, isActive, libraryOf, type RawPackage, type RawWorkspace } from "./raw-packages.ts";
import { readTextFile } from "./regular-file.ts";
import { openScratch, type Scratch } from "./scratch.ts";
import { type Selection, selectMembers } from "./select-members.ts";

export interface LoadOptions extends CommonOptions, Selection {
  readonly manifestPath: string | null;
  /** Output of `cargo metadata --format-version 1`, instead of asking cargo. */
  readonly metadataPath: string | null;
  /** Tests, examples and benches too. */
  readonly allTargets: boolean;
  /** Work on a copy, and change that before it is resolved; gives what is to be told of it. */
  readonly change?: ((session: CargoSession, workspace: ManifestWorkspace) => Promise<CrateProblem[]>) | undefined;
  /** Called while cargo works out features, with the packages that a program is likely to be made of: time that would be waited. */
  readonly meanwhile?: ((packages: readonly PackageInfo[]) => void) | undefined;
  /** Cargo's answers of earlier runs; null for a workspace in whose directory nothing is kept. */
  readonly answers?: ((root: string) => AnswerStore | null) | undefined;
  /** The project that must not be trusted, where the manifest is an exported copy of it. */
  readonly project?: string | undefined;
}

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
  const job: Job = { options, workspace, gathering, targets, choice: featureChoice(options) };
  if (options.change !== undefined || needsCargo(job, "any")) {
    const scratch = openScratch(trusted);
    try {
      const cargo = openCargo(options.env, project, scratch);
      if (cargo !== null) {
        const copied = options.change !== undefined;
        const site = copied ? copySite(workspace, scratch) : chooseSite(workspace, scratch, options.locked);
        const limits = { signal: options.signal };
        const offline = options.offline || config.offline;
        const session = { cargo, site, offline, configFlags: configFlags(config, scratch), limits, kept: null };
        gathering.problems.push(...((await options.change?.(session, workspace)) ?? []));
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

/** The manifest that a directory or `--manifest-path` means, and the workspace it belongs to. */
export function locateWorkspace(
  cwd: string,
  manifestPath: string | null,
): { readonly manifest: string; readonly rootManifest: string; readonly root: string } {
  const manifest = findManifest(cwd, manifestPath);
  const rootManifest = findRootManifest(manifest, readManifest(manifest));
  return { manifest, rootManifest, root: dirname(rootManifest) };
}

/** Whether a directory lies in a package or workspace. */
export function hasManifest(cwd: string): boolean {
  return ancestors(realpathSync(cwd)).some((directory) => existsSync(join(directory, "Cargo.toml")));
}

interface Job {
  readonly options: LoadOptions;
  readonly workspace: ManifestWorkspace;
  readonly gathering: Gathering;
  readonly targets: readonly TargetChoice[];
  readonly choice: FeatureChoice;
}

function findManifest(cwd: string, manifestPath: string | null): string {
  if (manifestPath !== null) {
    const path = resolve(cwd, manifestPath);
    if (basename(path) !== "Cargo.toml") {
      throw new CrateError("--manifest-path must be a path to a Cargo.toml", { file: path });
    }
    if (!existsSync(path)) throw new CrateError("there is no such manifest", { file: path });
    return realpathSync(path);
  }
  for (const directory of ancestors(realpathSync(cwd))) {
    const path = join(directory, "Cargo.toml");
    if (existsSync(path)) return path;
  }
  throw new CrateError(`there is no Cargo.toml in ${cwd} or above it`, {
    help: "run in a Rust workspace, give --manifest-path, or lint a published crate with `sigsafe-lint crate NAME@VERSION`",
  });
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
function needsCargo(job: Job, which: "any" | "active"): string | null {
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

function fromManifests(job: Job): Workspace {
  const { options, workspace, gathering, targets } = job;
  const { raw } = workspace;
  if (options.locked && !gathering.lockHasLines) {
    throw new CrateError("there is no Cargo.lock, and --locked was given", {
      file: join(raw.root, "Cargo.lock"),
      help: "run `cargo generate-lockfile`, or leave --locked out",
    });
  }
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

/** Programs by our own feature unifier. */
function ownPrograms(
  options: LoadOptions,
  choice: FeatureChoice,
  raw: RawWorkspace,
  targets: readonly TargetChoice[],
  gathering: Gathering,
): Program[] {
  const selected = selectMembers(raw, options, gathering.problems);
  const programs: Program[] = [];
  for (const { triple } of targets) {
    const context = programContext(gathering, raw, triple, new Set(raw.members));
    for (const [member, own] of memberFeatures(raw, selected, choice)) {
      for (const dev of options.allTargets ? [false, true] : [false]) {
        const exact = unifyFeatures(raw, member, own, dev, context.holds);
        addProgram(programs, context, { member, exact, dev, approximated: true }, gathering.problems);
      }
    }
  }
  return finishPrograms(programs, options, raw);
}

async function fromCargo(job: Job, first: CargoSession, scratch: Scratch): Promise<Workspace> {
  const { options, workspace, targets, choice } = job;
  const { rootManifest } = workspace.raw;
  const progress = options.onProgress ?? (() => {});
  const none: FeatureChoice = { features: [], allFeatures: choice.allFeatures, noDefaultFeatures: false };
  const ask = async (session: CargoSession): Promise<RawWorkspace[]> => {
    const answers: RawWorkspace[] = [];
    for (const { triple } of targets) {
      progress(`cargo metadata (${triple})`);
      answers.push(await sessionMetadata(session, rootManifest, triple, none));
    }
    return answers;
  };
  const { value: answers, session, outdated } = await withFreshLock(first, workspace, scratch, options.locked, ask);
  const gathering = {
    ...job.gathering,
    locked: lockedPackages(session.site.lockfile),
    lockHasLines: session.site.skeleton === null,
  };
  if (outdated) gathering.problems.push(outdatedLock(session.site.toReal(session.site.lockfile)));
  gathering.problems.push(...answers.flatMap((raw) => raw.problems));
  const selected = selectMembers(answers[0] ?? workspace.raw, options, gathering.problems);
  const programs: Program[] = [];
  const questions = targets.flatMap(({ triple }, index) => {
    const whole = answers[index] ?? workspace.raw;
    return memberFeatures(whole, selected, choice).map(([member, own]) => ({ triple, whole, member, own }));
  });
  let isTold = false;
  const answer = async ({ triple, whole, member, own }: (typeof questions)[number]): Promise<Answer> => {
    progress(`features of ${whole.packages.get(member)?.name ?? member}`);
    // Features named on the command line may bring in packages that the plain resolve does not have.
    const manifest = whole.packages.get(member)?.manifestPath ?? rootManifest;
    const raw = own.features.length > 0 ? await sessionMetadata(session, manifest, triple, own) : whole;
    const context = programContext(gathering, raw, triple, new Set(raw.members));
    const kinds: Kind[] = [];
    for (const dev of options.allTargets ? [false, true] : [false]) {
      const running = sessionFeatures(session, raw, member, triple, own, dev);
      if (!isTold) options.meanwhile?.(linked(raw, member, context.holds).map(context.infoOf));
      isTold = true;
      kinds.push({ dev, exact: await running });
    }
    return { context, kinds };
  };
  for await (const [{ member }, { context, kinds }] of inOrder(questions, availableParallelism(), answer)) {
    for (const { dev, exact } of kinds)
      addProgram(programs, context, { member, exact, dev, approximated: false }, gathering.problems);
  }
  checkSources(programs, options.offline);
  const lockfile = session.site.skeleton === null || outdated ? join(workspace.raw.root, "Cargo.lock") : null;
  return finishWorkspace(gathering, {
    origin: "cargo",
    root: workspace.raw.root,
    targets,
    programs: finishPrograms(programs, options, answers[0] ?? workspace.raw),
    lockfile,
    metadata: workspace.raw.metadata,
  });
}

interface Answer {
  readonly context: ReturnType<typeof programContext>;
  readonly kinds: readonly Kind[];
}

/** What is shipped, or tests, examples and benches. */
interface Kind {
  readonly dev: boolean;
  readonly exact: ExactFeatures;
}

/** The member and all libraries that normal dependencies lead to, whatever is optional. */
function linked(raw: RawWorkspace, member: string, holds: (target: string | null) => boolean): RawPackage[] {
  const found = new Set([member]);
  for (const key of found) {
    for (const { to, declarations } of raw.edges.get(key) ?? []) {
      const pkg = raw.packages.get(to);
      const isLinked = declarations.some((one) => one.kind === "normal" && holds(one.target));
      if (isLinked && pkg !== undefined && libraryOf(pkg)?.kind === "lib") found.add(to);
    }
  }
  return [...found].flatMap((key) => raw.packages.get(key) ?? []);
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

/** Without `-p`, a library that a program contains is not a program of its own. */
function finishPrograms(programs: readonly Program[], options: LoadOptions, raw: RawWorkspace): Program[] {
  const kept = options.packages.length > 0 ? [...programs] : dropContainedLibraries(programs);
  if (kept.length === 0) {
    throw new CrateError("the selected packages make no program and no library to lint", { file: raw.rootManifest });
  }
  return kept;
}

/** Each selected member with the feature flags that concern it; a feature that no member has is an error, as in cargo. */
function memberFeatures(
  raw: RawWorkspace,
  selected: readonly string[],
  choice: FeatureChoice,
): [string, FeatureChoice][] {
  const packages = selected.map((key) => raw.packages.get(key)).filter((pkg) => pkg !== undefined);
  const used = new Set<string>();
  const result = packages.map((pkg): [string, FeatureChoice] => {
    const features = choice.features.flatMap((feature) => {
      const [before, after] = feature.split("/");
      const own = after !== undefined && before === pkg.name ? after : feature;
      const dependency = after === undefined ? null : (before ?? "").replace(/\?$/u, "");
      const known =
        own === after || dependency === null
          ? pkg.features.has(own)
          : pkg.dependencies.some((one) => (one.rename ?? one.name) === dependency);
      if (known) used.add(feature);
      return known ? [own] : [];
    });
    return [pkg.key, { ...choice, features }];
  });
  const unknown = choice.features.find((feature) => !used.has(feature));
  if (unknown !== undefined) {
    const known = [...new Set(packages.flatMap((pkg) => [...pkg.features.keys()]))].sort();
    throw new CrateError(`no selected package has the feature \`${unknown}\``, {
      file: raw.rootManifest,
      help: known.length === 0 ? "none of them has features" : `features: ${known.slice(0, 20).join(", ")}`,
    });
  }
  return result;
}

/** A crate whose root file is gone would look like an empty one: never "clean". */
export function checkSources(programs: readonly Program[], offline: boolean): void {
  const missing = new Set<string>();
  for (const program of programs) {
    for (const crate of program.crates) if (!existsSync(crate.rootFile)) missing.add(crate.package.id);
  }
  const names = [...missing].sort();
  if (names.length === 0) return;
  const more = names.length > 5 ? ` and ${names.length - 5} more` : "";
  throw new CrateError(`the source of ${names.slice(0, 5).join(", ")}${more} is not there`, {
    help: `run \`cargo fetch --locked\`${offline ? " with the network on" : ""}`,
  });
}

function outdatedLock(file: string): CrateProblem {
  const message = "Cargo.lock is out of date: linted with the versions that cargo would write into it";
  return { level: "warning", message, package: null, file, line: null };
}
