/**
 * `cargo metadata` as data: asks cargo, or reads a stored answer, and gives packages, targets and resolved edges.
 *
 * Its features are not used: metadata unifies those of normal, build and dev dependencies (feature-tree.ts has the exact
 * ones). What cargo only warns of ("ignoring invalid dependency") becomes a problem, and what it refuses a `CrateError`.
 */
import { dirname } from "node:path";
import { cargoFailure, cargoWarnings } from "./cargo-messages.ts";
import { CrateError } from "./crate-error.ts";
import type { Edition } from "./crate-graph.ts";
import type { Ask } from "./kept-answers.ts";
import {
  crateName,
  isPackageName,
  isVersion,
  libraryOf,
  manifestName,
  manifestsOf,
  type RawDependency,
  type RawEdge,
  type RawPackage,
  type RawTarget,
  type RawWorkspace,
  type TargetKind,
} from "./raw-packages.ts";
import { booleanOf, isTable, stringOf, stringsOf, type TomlTable, tableOf, valueOf } from "./toml.ts";

export interface MetadataRequest {
  readonly manifestPath: string;
  readonly triple: string;
  /** Feature flags and the like. */
  readonly featureFlags: readonly string[];
  readonly locked: boolean;
  readonly offline: boolean;
  /** Turns the paths that cargo prints into real ones (a skeleton's, a private CARGO_HOME's). */
  readonly realPath: (path: string) => string;
}

/** Asks for `cargo metadata`. */
export async function askMetadata(ask: Ask, request: MetadataRequest): Promise<RawWorkspace> {
  const { manifestPath, triple, featureFlags, locked, offline, realPath } = request;
  const args = ["metadata", "--format-version", "1", "--manifest-path", manifestPath];
  args.push("--filter-platform", triple, ...featureFlags);
  if (locked) args.push("--locked");
  if (offline) args.push("--offline");
  return await ask(
    args,
    ({ code, stdout, stderr }) => {
      if (code !== 0) throw cargoFailure(stderr, realPath(manifestPath), offline);
      return { ...readMetadata(stdout, realPath), problems: cargoWarnings(stderr) };
    },
    manifestsOf,
  );
}

/** Reads the JSON of `cargo metadata --format-version 1`. */
export function readMetadata(text: string, realPath: (path: string) => string): RawWorkspace {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    data = null;
  }
  if (!isTable(data) || !Array.isArray(data["packages"]) || typeof data["workspace_root"] !== "string") {
    throw new CrateError("this is not the output of `cargo metadata --format-version 1`");
  }
  const resolve = tableOf(data, "resolve");
  if (resolve === null) {
    throw new CrateError("the metadata holds no resolved dependencies", { help: "make it without `--no-deps`" });
  }
  const packages = new Map<string, RawPackage>();
  for (const one of data["packages"]) {
    const pkg = isTable(one) ? readPackage(one, realPath) : null;
    if (pkg !== null) packages.set(pkg.key, pkg);
  }
  const edges = new Map<string, readonly RawEdge[]>();
  for (const node of tables(resolve, "nodes")) {
    const from = packages.get(stringOf(node, "id") ?? "");
    if (from !== undefined) edges.set(from.key, readEdges(node, from, packages));
  }
  const members = stringsOf(data, "workspace_members") ?? [];
  const root = realPath(data["workspace_root"]);
  return {
    root,
    rootManifest: `${root}/Cargo.toml`,
    packages,
    edges,
    members,
    defaultMembers: stringsOf(data, "workspace_default_members") ?? members,
    metadata: valueOf(data, "metadata") ?? null,
    problems: [],
  };
}

function tables(holder: TomlTable, key: string): TomlTable[] {
  const value = valueOf(holder, key);
  return Array.isArray(value) ? value.filter(isTable) : [];
}

function readPackage(data: TomlTable, realPath: (path: string) => string): RawPackage | null {
  const [key, name, version] = [stringOf(data, "id"), stringOf(data, "name"), stringOf(data, "version")];
  const manifest = stringOf(data, "manifest_path");
  if (key === null || name === null || version === null || manifest === null) return null;
  if (!isPackageName(name) || !isVersion(version)) throw new CrateError(`\`${name} ${version}\` is no package`);
  const manifestPath = realPath(manifest);
  const features = new Map<string, readonly string[]>();
  const table = tableOf(data, "features");
  for (const feature of Object.keys(table ?? {})) features.set(feature, stringsOf(table, feature) ?? []);
  return {
    key,
    name,
    version,
    source: stringOf(data, "source"),
    manifestPath,
    root: dirname(manifestPath),
    targets: tables(data, "targets").flatMap((target) => readTarget(target, realPath)),
    features,
    dependencies: tables(data, "dependencies").map((dependency) => readDependency(dependency, realPath)),
  };
}

const libraryKinds: ReadonlySet<string> = new Set(["lib", "rlib", "dylib", "cdylib", "staticlib"]);

function readTarget(data: TomlTable, realPath: (path: string) => string): RawTarget[] {
  const kinds = stringsOf(data, "kind") ?? [];
  const first = kinds[0] ?? "";
  const others: Record<string, TargetKind> = {
    "proc-macro": "proc-macro",
    bin: "bin",
    example: "example",
    test: "test",
    bench: "bench",
    "custom-build": "build-script",
  };
  const kind = libraryKinds.has(first) ? "lib" : others[first];
  if (kind === undefined) return [];
  const edition = stringOf(data, "edition");
  return [
    {
      kind,
      crateTypes: stringsOf(data, "crate_types") ?? [],
      name: stringOf(data, "name") ?? "",
      srcPath: realPath(stringOf(data, "src_path") ?? ""),
      edition: isEdition(edition) ? edition : "2015",
      requiredFeatures: stringsOf(data, "required-features") ?? [],
    },
  ];
}

function isEdition(text: string | null): text is Edition {
  return text === "2015" || text === "2018" || text === "2021" || text === "2024";
}

function readDependency(data: TomlTable, realPath: (path: string) => string): RawDependency {
  const path = stringOf(data, "path");
  return {
    name: stringOf(data, "name") ?? "",
    rename: stringOf(data, "rename"),
    kind: kindOf(data),
    target: stringOf(data, "target"),
    optional: booleanOf(data, "optional") ?? false,
    defaultFeatures: booleanOf(data, "uses_default_features") ?? true,
    features: stringsOf(data, "features") ?? [],
    path: path === null ? null : realPath(path),
  };
}

function kindOf(data: TomlTable): RawDependency["kind"] {
  const kind = stringOf(data, "kind");
  return kind === "dev" || kind === "build" ? kind : "normal";
}

/** An edge keeps the declarations it can come from: same package, same extern name, one of its kinds and targets. */
function readEdges(node: TomlTable, from: RawPackage, packages: ReadonlyMap<string, RawPackage>): RawEdge[] {
  const edges: RawEdge[] = [];
  for (const dep of tables(node, "deps")) {
    const to = packages.get(stringOf(dep, "pkg") ?? "");
    const externName = stringOf(dep, "name") ?? "";
    if (to === undefined || externName === "") continue;
    const kinds = tables(dep, "dep_kinds").map((one) => `${kindOf(one)} ${stringOf(one, "target") ?? ""}`);
    const library = libraryOf(to);
    const declarations = from.dependencies.filter((one) => {
      const name = one.rename === null ? (library?.name ?? to.name) : manifestName(one);
      return (
        one.name === to.name &&
        crateName(name) === externName &&
        (kinds.length === 0 || kinds.includes(`${one.kind} ${one.target ?? ""}`))
      );
    });
    edges.push({ externName, to: to.key, declarations });
  }
  return edges;
}
