/**
 * Whether changed files touch the closure of a workspace's handlers; the reason if they do, null if no handler can notice them.
 *
 * A package matters where a handler reaches it or it installs one, where such a package depends on it (its names, types and macros count),
 * and where it depends on such a package (it may install, force, implement). Code that names a registrar, an allocator or a C symbol
 * matters wherever it is. What features a changed lockfile or manifest switches on is not worked out here: a package that leads to any
 * package that matters is taken to change it. Cargo's configuration, toolchains, the root manifest, and whatever cannot be
 * placed matter always.
 */
import { readdirSync } from "node:fs";
import path from "node:path";
import { type LockedPackage, readLockfile } from "../crates/lockfile.ts";
import { readTextFile } from "../crates/regular-file.ts";
import { unpackedFolders } from "../crates/unpacked.ts";
import { mayName } from "../safety/registrar-words.ts";
import type { ClosureRecord } from "./closure-record.ts";

export interface ChangedState {
  /** Paths from the repository's top. */
  readonly changed: readonly string[];
  /** The workspace's root, from the top. */
  readonly root: string;
  /** A file's text before and after; null where it was not there. */
  readonly before: (file: string) => string | null;
  readonly after: (file: string) => string | null;
  readonly cargoHome: string;
}

/** Why the change has to be analysed. */
export function touching(record: ClosureRecord, state: ChangedState): string | null {
  const lock = path.posix.join(state.root, "Cargo.lock");
  const texts = { before: state.before(lock), after: state.after(lock) };
  if (texts.before === null || texts.after === null) return "there is no Cargo.lock";
  const [old, now] = [readLockfile(texts.before), readLockfile(texts.after)];
  const graph = edgesOf(record, [...old, ...now]);
  const inner = closed(record.packages, graph);
  const resolved = new Set<string>();
  for (const file of state.changed) {
    const name = path.posix.basename(file);
    if (file === lock) {
      for (const one of differing(old, now)) {
        if (!isHarmless(one, now, record, state.cargoHome)) return `${one.name} may install a handler`;
        resolved.add(one.name);
      }
      continue;
    }
    const owner = ownerOf(record, file);
    if (owner === null) return `${file} is in no package that is known`;
    if (name === "Cargo.toml") {
      if (file === path.posix.join(state.root, name) || file !== path.posix.join(owner.folder, name))
        return `${file} may change what is compiled`;
      resolved.add(owner.name);
      continue;
    }
    if (!name.endsWith(".rs")) return `${file} may change what is compiled`;
    const reason = sourceReason(owner.name, file, record, inner, graph, state);
    if (reason !== null) return reason;
  }
  const leading = [...resolved].find((name) => inner.has(name) || leadsTo(name, inner, graph));
  return leading === undefined ? null : `${leading} is among what handlers are compiled with`;
}

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

function sourceReason(
  owner: string,
  file: string,
  record: ClosureRecord,
  inner: ReadonlySet<string>,
  graph: Graph,
  state: ChangedState,
): string | null {
  if (inner.has(owner)) return `${file} is among what handlers are compiled with`;
  if (leadsTo(owner, new Set(record.packages), graph)) return `${owner}, which ${file} is in, leads to a handler`;
  const named = [state.before(file), state.after(file)].some((text) => text !== null && mayInstall(text, record));
  return named ? `${file} may install a handler` : null;
}

/** The package that a file lies in. */
function ownerOf(record: ClosureRecord, file: string): { readonly name: string; readonly folder: string } | null {
  let found: { readonly name: string; readonly folder: string } | null = null;
  for (const { name, folder } of record.around) {
    if (folder === null || !(folder === "" || file.startsWith(`${folder}/`))) continue;
    if (found === null || folder.length > found.folder.length) found = { name, folder };
  }
  return found;
}

/** Who depends on whom, by name: as compiled before, and as both lockfiles say. */
function edgesOf(record: ClosureRecord, locked: readonly LockedPackage[]): Graph {
  const graph = new Map<string, Set<string>>();
  const add = (from: string, to: string): void => {
    const known = graph.get(from) ?? new Set();
    known.add(to);
    graph.set(from, known);
  };
  for (const { name, deps } of record.around) for (const one of deps) add(name, one);
  for (const { name, dependencies } of locked) for (const one of dependencies) add(name, one.split(" ")[0] ?? one);
  return graph;
}

/** The names and everything that they lead to. */
function closed(names: readonly string[], graph: Graph): Set<string> {
  const seen = new Set<string>();
  const pending = [...names];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    for (const one of graph.get(name) ?? []) pending.push(one);
  }
  return seen;
}

function leadsTo(name: string, goals: ReadonlySet<string>, graph: Graph): boolean {
  return [...closed([name], graph)].some((one) => goals.has(one));
}

/** Entries of one side that the other has not. */
function differing(old: readonly LockedPackage[], now: readonly LockedPackage[]): LockedPackage[] {
  const textOf = ({ name, version, source, checksum, dependencies }: LockedPackage): string =>
    JSON.stringify([name, version, source, checksum, dependencies]);
  const [before, after] = [new Set(old.map(textOf)), new Set(now.map(textOf))];
  return [...old.filter((one) => !after.has(textOf(one))), ...now.filter((one) => !before.has(textOf(one)))];
}

/** Whether a package of the lockfile is gone, lies in the repository (its files are looked at by themselves), or names nothing that installs. */
function isHarmless(
  one: LockedPackage,
  now: readonly LockedPackage[],
  record: ClosureRecord,
  cargoHome: string,
): boolean {
  if (!now.includes(one)) return true;
  if (one.source === null) return record.around.some(({ name, folder }) => name === one.name && folder !== null);
  const found = unpackedFolders(cargoHome, one);
  return found.length > 0 && found.every((folder) => rustTexts(folder).every((text) => !mayInstall(text, record)));
}

function rustTexts(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  // C may install handlers too, and what cannot be read may: both count as a text that does.
  if (names.some((name) => /\.(?:c|cc|cpp|cxx|s|S|h)$/u.test(name))) return ["sigsafe"];
  return names
    .filter((name) => name.endsWith(".rs"))
    .map((name) => readTextFile(path.join(folder, name), maxBytes) ?? "sigsafe");
}

const maxBytes = 64 * 1024 * 1024;

const ELSEWHERE = /\b(?:sigsafe|no_mangle|export_name|link_name|global_allocator|include)\b|\basm!/u;

/** Whether a text could install a handler, declare one, or stand behind a symbol that others call. */
function mayInstall(text: string, record: ClosureRecord): boolean {
  return ELSEWHERE.test(text) || mayName(new Set(record.words), (one) => one.test(text));
}
