/**
 * Packages before features are decided: the common ground of `cargo metadata` and of manifests read by ourselves.
 *
 * Also the one place that says which dependencies of a package are active under given features and a given target.
 */
import { type CfgSet, evalCfg, parseCfg } from "./cfg.ts";
import type { CrateProblem, Edition } from "./crate-graph.ts";

export type TargetKind = "lib" | "proc-macro" | "bin" | "example" | "test" | "bench" | "build-script";

export interface RawTarget {
  readonly kind: TargetKind;
  readonly crateTypes: readonly string[];
  /** As the manifest spells it; a crate name has underscores. */
  readonly name: string;
  readonly srcPath: string;
  readonly edition: Edition;
  readonly requiredFeatures: readonly string[];
}

export interface RawDependency {
  /** The package's name. */
  readonly name: string;
  /** The name in the manifest where it differs. */
  readonly rename: string | null;
  readonly kind: "normal" | "dev" | "build";
  /** `cfg(…)` or a triple. */
  readonly target: string | null;
  readonly optional: boolean;
  readonly defaultFeatures: boolean;
  readonly features: readonly string[];
  /** Absolute, for a path dependency. */
  readonly path: string | null;
}

export interface RawPackage {
  /** Unique among the packages: cargo's package id, or the manifest's path. */
  readonly key: string;
  readonly name: string;
  readonly version: string;
  readonly source: string | null;
  readonly manifestPath: string;
  readonly root: string;
  readonly targets: readonly RawTarget[];
  /** With the implicit features of optional dependencies. */
  readonly features: ReadonlyMap<string, readonly string[]>;
  readonly dependencies: readonly RawDependency[];
}

/** A dependency as resolved: which package, under which extern name. */
export interface RawEdge {
  readonly externName: string;
  readonly to: string;
  /** What the manifest asked for: any of these declarations may be the reason. */
  readonly declarations: readonly RawDependency[];
}

export interface RawWorkspace {
  readonly root: string;
  readonly rootManifest: string;
  readonly packages: ReadonlyMap<string, RawPackage>;
  readonly edges: ReadonlyMap<string, readonly RawEdge[]>;
  /** Keys. */
  readonly members: readonly string[];
  readonly defaultMembers: readonly string[];
  readonly metadata: unknown;
  readonly problems: readonly CrateProblem[];
}

/** Whether the `target` of a dependency table holds: a triple or `cfg(…)`. */
export function targetHolds(target: string | null, triple: string, cfgs: CfgSet): boolean {
  if (target === null) return true;
  const predicate = /^\s*cfg\s*\((.*)\)\s*$/su.exec(target)?.[1];
  return predicate === undefined ? target === triple : evalCfg(parseCfg(predicate), cfgs) === "true";
}

/** The name by which a manifest's `[features]` speak of a dependency. */
export function manifestName(dependency: RawDependency): string {
  return dependency.rename ?? dependency.name;
}

/** The names of the optional dependencies that a package's enabled features switch on. */
export function activatedOptionals(pkg: RawPackage, enabled: ReadonlySet<string>): Set<string> {
  const names = new Set<string>();
  for (const feature of enabled) {
    for (const value of pkg.features.get(feature) ?? []) {
      if (value.startsWith("dep:")) names.add(value.slice(4));
      else {
        const slash = value.indexOf("/");
        if (slash > 0 && value[slash - 1] !== "?") names.add(value.slice(0, slash));
      }
    }
  }
  return names;
}

/** Whether a declaration is active: its kind wanted, its target holding, and, where optional, switched on. */
export function isActive(
  dependency: RawDependency,
  withDev: boolean,
  optionals: ReadonlySet<string>,
  holds: (target: string | null) => boolean,
): boolean {
  if (dependency.kind === "build" || (dependency.kind === "dev" && !withDev)) return false;
  if (!holds(dependency.target)) return false;
  return !dependency.optional || optionals.has(manifestName(dependency));
}

/** The manifests of all packages. */
export function manifestsOf(raw: RawWorkspace): string[] {
  return [...raw.packages.values()].map((pkg) => pkg.manifestPath);
}

/** The library that dependents link; `null` where the package has none. */
export function libraryOf(pkg: RawPackage): RawTarget | null {
  return pkg.targets.find((target) => target.kind === "lib" || target.kind === "proc-macro") ?? null;
}

/** A crate's name as Rust code writes it. */
export function crateName(name: string): string {
  return name.replaceAll("-", "_");
}

/** Whether cargo allows the name: letters, digits, `-` and `_` (of any alphabet), not beginning with a digit or `-`. */
export function isPackageName(name: string): boolean {
  return /^[\p{XID_Start}_][\p{XID_Continue}-]*$/u.test(name);
}

/** Whether the text is a version of semver's form. */
export function isVersion(text: string): boolean {
  return /^\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?$/u.test(text);
}
