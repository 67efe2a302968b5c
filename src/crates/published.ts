/**
 * `crate NAME[@VERSION]`: one published crate as a workspace of its own, resolved by cargo in a scratch directory.
 *
 * A crate with a library is resolved as the only dependency of an empty package; it is then the program's root, together with the crate's
 * binaries: whoever depends on it calls what it offers, which its binaries, often mere helpers of its tests, need not do. One without a
 * library, which cargo drops from such a resolve with a mere warning, is linted where cargo unpacked it, as the workspace it is, with its
 * own Cargo.lock. Runs nothing of the crate.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readCargoConfig } from "./cargo-config.ts";
import { cargoHome, openCargo, trustedCargoHome } from "./cargo-process.ts";
import { type CargoSession, configFlags, sessionFeatures, sessionMetadata } from "./cargo-session.ts";
import { chooseTargets } from "./compile-flags.ts";
import { CrateError } from "./crate-error.ts";
import type { Program, Workspace } from "./crate-graph.ts";
import type { FeatureChoice } from "./feature-resolver.ts";
import {
  addProgram,
  type CommonOptions,
  featureChoice,
  finishWorkspace,
  type Gathering,
  lockedPackages,
  programContext,
  readRules,
} from "./load-context.ts";
import { loadWorkspace } from "./load-workspace.ts";
import { checkSources } from "./member-programs.ts";
import { libraryOf, type RawPackage, type RawWorkspace } from "./raw-packages.ts";
import { openScratch } from "./scratch.ts";
import { unpackedFolders } from "./unpacked.ts";

export interface PublishedOptions extends CommonOptions {
  readonly name: string;
  /** An exact version or a requirement; null for the newest. */
  readonly version: string | null;
}

/** Loads a published crate. Throws `CrateError` where there is none or cargo is missing. */
export async function loadPublished(options: PublishedOptions): Promise<Workspace> {
  checkNames(options);
  const trusted = trustedCargoHome(options.env, null);
  const scratch = openScratch(trusted);
  try {
    const cargo = openCargo(options.env, null, scratch);
    if (cargo === null) {
      throw new CrateError("cargo was not found, and a published crate is resolved by cargo", {
        help: "install Rust, or set SIGSAFE_CARGO",
      });
    }
    const config = readCargoConfig(null, cargoHome(options.env), trusted !== null);
    const manifest = join(scratch.directory("probe"), "Cargo.toml");
    scratch.directory("probe/src");
    writeFileSync(join(scratch.root, "probe", "src", "lib.rs"), "");
    writeManifest(options, manifest, featureChoice(options).features);
    const site = { skeleton: null, lockfile: join(scratch.root, "probe", "Cargo.lock"), toCopy: same, toReal: same };
    const session: CargoSession = {
      cargo,
      // A fresh lockfile is written in the scratch directory; nothing of anybody's is changed.
      site: { ...site, skeleton: { manifestPath: manifest, lockfile: site.lockfile, toCopy: same, toReal: same } },
      offline: options.offline || config.offline,
      configFlags: configFlags(config, scratch),
      limits: { signal: options.signal },
      // The registry's index decides, which changes by itself.
      kept: null,
    };
    return await resolved(options, session, manifest, config);
  } finally {
    scratch.remove();
  }
}

async function resolved(
  options: PublishedOptions,
  session: CargoSession,
  manifest: string,
  config: Gathering["config"],
): Promise<Workspace> {
  const none: FeatureChoice = { features: [], allFeatures: false, noDefaultFeatures: false };
  const targets = chooseTargets(options.targets, config.merged, options.env);
  const gathering: Gathering = {
    rules: readRules(options.rules),
    config,
    env: options.env,
    profile: options.profile,
    rootTable: {},
    rootManifest: null,
    locked: [],
    lockHasLines: false,
    problems: [],
    infos: new Map(),
    scripts: new Map(),
  };
  const programs: Program[] = [];
  let locked = gathering;
  for (const { triple } of targets) {
    options.onProgress?.(`cargo metadata for ${options.name} (${triple})`);
    let raw = await sessionMetadata(session, manifest, triple, none);
    let pkg = packageOf(raw, options.name);
    if (pkg !== null && featureChoice(options).allFeatures) {
      // Which features a crate has is known once it is resolved; a dependency has no word for all of them.
      writeManifest(options, manifest, [...pkg.features.keys()]);
      raw = await sessionMetadata(session, manifest, triple, none);
      pkg = packageOf(raw, options.name);
    }
    if (pkg === null) {
      const fetched = withoutLibrary(options, session);
      return await loadWorkspace({
        ...options,
        cwd: fetched,
        manifestPath: join(fetched, "Cargo.toml"),
        metadataPath: null,
        allTargets: false,
        packages: [],
        exclude: [],
        workspace: false,
      });
    }
    const probe = [...raw.packages.values()].find((one) => one.name === probeName)?.key ?? pkg.key;
    const exact = await sessionFeatures(session, raw, probe, triple, none, false);
    locked = { ...gathering, locked: lockedPackages(session.site.lockfile) };
    const context = programContext(locked, raw, triple, new Set([pkg.key]));
    const choice = { member: pkg.key, exact, dev: false, withLibrary: true, approximated: false };
    addProgram(programs, context, choice, gathering.problems);
  }
  checkSources(programs, options.offline);
  const root = programs[0]?.crates[programs[0].roots[0] ?? -1]?.package.root ?? options.cwd;
  return finishWorkspace(locked, { origin: "published", root, targets, programs, lockfile: null, metadata: null });
}

const probeName = "sigsafe-lint-probe";

function same(path: string): string {
  return path;
}

function checkNames(options: PublishedOptions): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(options.name)) {
    throw new CrateError(`\`${options.name}\` is no crate's name`, {
      help: "write NAME or NAME@VERSION, as in serde@1.0.0",
    });
  }
  if (options.version !== null && !/^[=^~<>*]?\s*[0-9A-Za-z.+*<>=, -]+$/.test(options.version)) {
    throw new CrateError(`\`${options.version}\` is no version`, { help: "write NAME@1.2.3" });
  }
}

/** The manifest of an empty package that depends on the crate alone. */
function writeManifest(options: PublishedOptions, manifest: string, features: readonly string[]): void {
  const dependency = [
    `version = ${JSON.stringify(requirementOf(options.version))}`,
    `default-features = ${!featureChoice(options).noDefaultFeatures}`,
    `features = ${JSON.stringify(features)}`,
  ];
  const text = `[package]\nname = "${probeName}"\nversion = "0.0.0"\nedition = "2021"\n\n[dependencies.${JSON.stringify(options.name)}]\n${dependency.join("\n")}\n\n[workspace]\n`;
  writeFileSync(manifest, text);
}

/** A full version is meant exactly; anything else is a requirement. */
function requirementOf(version: string | null): string {
  if (version === null) return "*";
  return /^\d+\.\d+\.\d+/.test(version) && !version.includes(",") ? `=${version}` : version;
}

function packageOf(raw: RawWorkspace, name: string): RawPackage | null {
  const probe = [...raw.packages.values()].find((one) => one.name === probeName);
  const edges = probe === undefined ? [] : (raw.edges.get(probe.key) ?? []);
  for (const edge of edges) {
    const pkg = raw.packages.get(edge.to);
    if (pkg !== undefined && pkg.name === name && libraryOf(pkg) !== null) return pkg;
  }
  return null;
}

/**
 * Where cargo unpacked a crate that has no library: cargo drops such a dependency from its answer, but has locked and unpacked it to
 * see that.
 */
function withoutLibrary(options: PublishedOptions, session: CargoSession): string {
  const locked = lockedPackages(session.site.lockfile).find((one) => one.name === options.name);
  const home = session.cargo.env["CARGO_HOME"] ?? session.cargo.home;
  const [directory] = locked === undefined ? [] : unpackedFolders(home, locked);
  if (directory !== undefined) return session.cargo.realPath(directory);
  throw new CrateError(`${options.name} has no library, and its source was not found`, {
    help: "get it with git or `cargo install --locked`, and lint its directory with --manifest-path",
  });
}
