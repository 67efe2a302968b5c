/**
 * What the cargo world looks like to every layer above: programs, each with the exact crates it is made of.
 *
 * Types only. A `Program` carries its own crate list, because features differ from program to program: the same
 * package may be there twice in a workspace with two feature sets, and a verdict belongs to one of them.
 * The standard library is not in this graph (it is a rule pack); build scripts, proc macros and what only they
 * need are not either (they never run in a signal handler), save that a proc-macro dependency is kept by name.
 */
import type { CfgSet } from "./cfg.ts";

/** Index into `Program.crates`. */
export type CrateId = number & { readonly __crate: unique symbol };

export type Edition = "2015" | "2018" | "2021" | "2024";

/** A library that is a cdylib or staticlib besides being a Rust library has the kind "cdylib" or "staticlib". */
export type CrateKind = "lib" | "bin" | "cdylib" | "staticlib" | "example" | "test" | "bench" | "proc-macro";

export interface CrateDep {
  /** The name under which code of the depending crate sees it (renames applied, underscores). */
  readonly externName: string;
  readonly crate: CrateId;
}

export interface CrateNode {
  readonly id: CrateId;
  /** The crate's name as its own code would be named from outside without a rename (underscores). */
  readonly name: string;
  readonly package: PackageInfo;
  readonly kind: CrateKind;
  /** Absolute path of lib.rs, main.rs or the like. May lie outside every source root: then reading it is refused. */
  readonly rootFile: string;
  readonly edition: Edition;
  /** Sorted by extern name. A bin also sees its own package's library. */
  readonly deps: readonly CrateDep[];
  /** Extern names of the dependencies that are proc-macro crates; sorted. They have no node here. */
  readonly procMacroDeps: readonly string[];
  /** The package's features that are on in this program; sorted. */
  readonly features: readonly string[];
  /** Target, profile, features, `--cfg` of rustflags; and the names that only the build script may set (unknown). */
  readonly cfg: CfgSet;
  /** A member of the workspace (for `crate`: the published crate itself). */
  readonly isMember: boolean;
  /** Absolute path of the package's build script. */
  readonly buildScript: string | null;
  /** Equal for two crates, of any programs, that have the same root file, edition, cfg and dependencies with equal keys. */
  readonly key: string;
}

/** The `version = "…"` line of a `[[package]]` block of Cargo.lock. */
export interface LockLine {
  /** 1-based. */
  readonly line: number;
  /** 1-based, one past the last character of the line. */
  readonly endColumn: number;
  /** GitHub's `primaryLocationLineHash` of that line. */
  readonly lineHash: string;
}

export interface PackageInfo {
  /** `name@version`. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** Cargo's source string, `null` for a path crate. */
  readonly source: string | null;
  /** sha256 of the .crate file, from Cargo.lock. */
  readonly checksum: string | null;
  /** Absolute directory of its Cargo.toml. */
  readonly root: string;
  readonly lockLine: LockLine | null;
  /** Every feature that the package declares; sorted. */
  readonly features: readonly string[];
}

export type ProgramKind = "bin" | "cdylib" | "staticlib" | "lib" | "dev";

/** What is shipped together: one workspace member (or published library) for one target with one feature set. */
export interface Program {
  /** Unique in the workspace and stable: `package@version for target`, with ` (tests)` for the dev targets. */
  readonly id: string;
  /** `name@version` of the member. */
  readonly package: string;
  readonly target: string;
  /** The member's own features that are on; sorted. */
  readonly features: readonly string[];
  readonly kind: ProgramKind;
  readonly roots: readonly CrateId[];
  /** The closure of the normal dependencies (and, for "dev", the dev-dependencies), each with its exact features. */
  readonly crates: readonly CrateNode[];
  /** Proc-macro crates that crates of the program use, with the libraries that these are made with: what they write is compiled, they are not. */
  readonly macroCrates: readonly CrateNode[];
  /** The features come from our own resolver and not from cargo's. */
  readonly featuresApproximated: boolean;
  /** Equal for two programs whose crates, features and cfgs are equal: such programs are analysed once. */
  readonly key: string;
}

export interface CrateProblem {
  readonly level: "error" | "warning" | "note";
  readonly message: string;
  /** `name@version`. */
  readonly package: string | null;
  /** Absolute path. */
  readonly file: string | null;
  readonly line: number | null;
}

/** Where the crate graph comes from. */
export type WorkspaceOrigin = "cargo" | "manifests" | "metadata-file" | "published";

export interface TargetChoice {
  readonly triple: string;
  readonly from: "flag" | "cargo-config" | "host" | "default";
}

export interface Workspace {
  readonly origin: WorkspaceOrigin;
  /** Absolute directory of the workspace's root manifest; for a published library: the package's own root. */
  readonly root: string;
  /** Absolute. `null` for a published crate. */
  readonly manifestPath: string | null;
  readonly targets: readonly TargetChoice[];
  /** The name of the build profile that decides `debug_assertions` and `panic`. */
  readonly profile: string;
  /** Sorted by id. */
  readonly programs: readonly Program[];
  /** Every package of any program; sorted by id, then root. */
  readonly packages: readonly PackageInfo[];
  readonly problems: readonly CrateProblem[];
  /** Absolute path of Cargo.lock, `null` where there is none. */
  readonly lockfile: string | null;
  /** The channel that the workspace's rust-toolchain(.toml) names, read as data; `null` where there is none. */
  readonly toolchainChannel: string | null;
  /** `[workspace.metadata]` or `[package.metadata]` of the root manifest, as parsed. */
  readonly metadata: unknown;
  /** Absolute package roots: the only directories that source files may be read from. */
  readonly sourceRoots: readonly string[];
}
