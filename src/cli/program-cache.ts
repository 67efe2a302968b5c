/**
 * Results of programs that were analysed before, kept in the user's cache directory.
 *
 * The key is a hash of everything that decides a result: the code and data of this tool, Node's version, the options, the program's crates
 * with their features, cfgs and dependencies, and the files of their packages (load/package-stamp.ts). No path of this machine
 * is in it but where packages of a workspace lie among each other, so that checkouts and CI runs share entries. A result is not kept where files changed
 * while it was made, or where time ran out. What lies in a workspace is never written to.
 */
import path from "node:path";
import { packageFile } from "../base/package-file.ts";
import { sha256 } from "../base/stable-hash.ts";
import type { CrateNode, PackageInfo, Program, Workspace } from "../crates/crate-graph.ts";
import { contentHash } from "../crates/regular-file.ts";
import { fileStamp, isStamped, packageStamp, type StampMemo } from "../load/package-stamp.ts";
import type { ProgramOptions } from "../safety/analyse-program.ts";
import type { ProgramSummary } from "../safety/program-summary.ts";
import type { ReportProblem } from "../safety/report-model.ts";
import { packEntry, unpackEntry } from "./cache-entries.ts";
import { storeOutside } from "./user-cache.ts";

export interface KnownProgram {
  readonly summary: ProgramSummary;
  /** Of files that could not be read. */
  readonly problems: readonly ReportProblem[];
  /** The version of std that it was made with. */
  readonly stdVersion: string;
}
export interface ProgramCache {
  /** An earlier result of the same program on the same files with the same options. */
  find(program: Program): KnownProgram | null;
  /** Keeps a result; `asked` are the files that the analysis asked for. */
  keep(program: Program, known: KnownProgram, asked: readonly string[]): void;
}

/** What is kept of a program; `cache-entries.ts` says the same as a schema. */
interface StoredProgram extends KnownProgram {
  /** Files that no package's stamp covers, relative to the workspace's root, with the stamp of each. */
  readonly others: readonly (readonly [string, string])[];
}

/** Takes stamps that the look into the cache will ask for, of packages that are likely to be a program's. */
export function stampAhead(packages: readonly PackageInfo[], memo: StampMemo): void {
  toolStamp(memo);
  for (const one of packages) packageStamp(one.root, stampKind(one), memo);
}

/** The cache for the programs of a workspace; `memo` holds stamps that were taken while it was loaded. */
export function openProgramCache(
  directory: string | null,
  workspace: Workspace,
  options: ProgramOptions,
  memo: StampMemo = new Map(),
): ProgramCache {
  const store = storeOutside(directory, workspace.root);
  if (store.directory === null) return { find: () => null, keep: () => undefined };
  const keys = new Map<Program, string | null>();
  const keyOf = (program: Program, memo: StampMemo): string | null =>
    programKey(workspace, program, options, toolStamp(memo), memo);
  return {
    find(program) {
      const key = keyOf(program, memo);
      keys.set(program, key);
      const stored = key === null ? null : unpackEntry<StoredProgram>("program", store.read(key));
      const same = stored?.others.every(([file, stamp]) => fileStamp(path.resolve(workspace.root, file)) === stamp);
      return same === true ? stored : null;
    },
    keep(program, known, asked) {
      const key = keys.get(program) ?? null;
      // A key that comes out otherwise now: something was changed meanwhile.
      if (key === null || key !== keyOf(program, new Map())) return;
      const packages = [...program.crates, ...program.macroCrates].map((crate) => crate.package);
      const covered = (file: string): boolean =>
        packages.some((one) => isStamped(file, one.root, stampKind(one))) || file.startsWith("<");
      const others = asked
        .filter((file) => !covered(file))
        .map((file) => [path.relative(workspace.root, file), fileStamp(file)] as const);
      const bytes = packEntry({ ...known, others } satisfies StoredProgram);
      if (bytes !== null) store.write(key, bytes);
    },
  };
}

function programKey(
  workspace: Workspace,
  program: Program,
  options: ProgramOptions,
  tool: string | null,
  memo: StampMemo,
): string | null {
  if (tool === null) return null;
  // Where path packages lie decides which files outside a package may be read.
  const own = workspace.packages.filter((one) => one.source === null);
  const places = own.map((one) => path.relative(workspace.root, one.root)).sort();
  const parts: unknown[] = [tool, process.version, options, program.target, program.kind, program.roots, places];
  for (const crate of [...program.crates, ...program.macroCrates]) {
    const stamp = packageStamp(crate.package.root, stampKind(crate.package), memo);
    if (stamp === null) return null;
    parts.push([describe(crate, workspace.root), stamp]);
  }
  return sha256(JSON.stringify(parts));
}

/** All of a crate but paths of this machine. */
function describe(crate: CrateNode, root: string): unknown {
  const { package: owner, cfg, rootFile, key: _, ...rest } = crate;
  const { id, source, checksum, features } = owner;
  const sets = [cfg.known, cfg.maybe, cfg.never].map((one) => [...one].sort());
  const place = source === null ? path.relative(root, owner.root) : "";
  return [rest, [id, source, checksum, features, place], sets, path.relative(owner.root, rootFile)];
}

/** What the lockfile fixes needs no look into its files. */
function stampKind(one: PackageInfo): "names" | "content" {
  return one.checksum !== null && /^(?:registry|sparse)\+/.test(one.source ?? "") ? "names" : "content";
}

/** One text for the tool itself: its code and all data that it goes by. */
export function toolStamp(memo: StampMemo): string | null {
  const known = memo.get("");
  if (known !== undefined) return known;
  const parts = [import.meta.url.endsWith(".ts") ? "src" : "dist/src", "rules", "assets"].map((folder) =>
    packageStamp(packageFile(folder), "names", memo),
  );
  if (parts.includes(null)) return null;
  const stamp = [
    ...parts,
    ...["signal-safety.json", "package.json"].map((one) => contentHash(packageFile(one))),
  ].join();
  memo.set("", stamp);
  return stamp;
}
