/**
 * Where new findings of a `diff` stand in the repository: the changed manifests, sources and lockfile are read on both sides, and each
 * new finding gets the line that brought it, with GitHub's hash of that line. A file that cannot be read explains nothing, and is no error.
 */
import path from "node:path";
import { lineHashes } from "../base/line-hash.ts";
import { readLockfile } from "../crates/lockfile.ts";
import { readTextFile } from "../crates/regular-file.ts";
import { type ChangedInputs, type ChangedText, causeOf } from "../safety/change-causes.ts";
import { compareReports, rank } from "../safety/compare-reports.ts";
import type { Finding, Report } from "../safety/report-model.ts";

const maxBytes = 64 * 1024 * 1024;

/** The text that a file had in the base; null where it had none. */
export type BaseText = (absolute: string) => string | null;

/** The report after a change, with `cause` at findings that are new or worse. `root` is the workspace's root; `base` null where its files are not known. */
export function withCauses(
  before: Report,
  after: Report,
  place: { readonly cwd: string; readonly root: string },
  base: BaseText | null,
): Report {
  const { findings } = compareReports(before, after);
  const fresh = new Set([...findings.new, ...findings.raised.map((one) => one.after)].filter((one) => rank(one) > 0));
  if (fresh.size === 0) return after;
  const texts = textReader(place.cwd, base);
  const inputs = { ...inputsOf(after, place, texts), ...(base === null ? { source: () => null } : {}) };
  const marked = after.findings.map((one): Finding => {
    const cause = fresh.has(one) ? causeOf(one, before, after, inputs) : null;
    const text = cause === null ? null : texts(path.resolve(place.cwd, cause.file));
    if (cause === null || text === null) return one;
    const [lineHash] = lineHashes(text.whole, [cause.line]);
    const endColumn = (text.lines[cause.line - 1] ?? "").length + 1;
    return { ...one, cause: { ...cause, endColumn, lineHash: lineHash ?? "" } };
  });
  return { ...after, findings: marked };
}

interface ReadText extends ChangedText {
  readonly whole: string;
}
type Texts = (absolute: string) => ReadText | null;

function inputsOf(
  after: Report,
  { cwd, root }: { readonly cwd: string; readonly root: string },
  texts: Texts,
): ChangedInputs {
  const roots = new Map(
    after.packages.flatMap((one) => (typeof one.root === "string" ? [[one.id, path.resolve(cwd, one.root)]] : [])),
  );
  const manifests = [...new Set([root, ...roots.values()])]
    .sort()
    .map((directory) => path.join(directory, "Cargo.toml"));
  const { lockfile } = after.input;
  const lock = lockfile === null || lockfile === undefined ? null : texts(path.resolve(cwd, lockfile));
  return {
    manifests: manifests.flatMap((file) => texts(file) ?? []),
    lockfile: lock === null ? null : { file: lock.file, entries: readLockfile(lock.whole) },
    source: (id, file) => {
      const directory = roots.get(id);
      return directory === undefined ? null : texts(path.join(directory, file));
    },
  };
}

function textReader(cwd: string, base: BaseText | null): Texts {
  const known = new Map<string, ReadText | null>();
  return (absolute) => {
    const before = known.get(absolute);
    if (before !== undefined) return before;
    const whole = readTextFile(absolute, maxBytes);
    const made =
      whole === null
        ? null
        : readText(
            path.relative(cwd, absolute).replaceAll("\\", "/"),
            whole,
            base === null ? undefined : base(absolute),
          );
    known.set(absolute, made);
    return made;
  };
}

function readText(file: string, whole: string, old: string | null | undefined): ReadText {
  const lines = whole.split(/\r?\n/u);
  if (old === undefined) return { file, whole, lines, changed: () => true };
  const changed = changedLines(lines, old === null ? [] : old.split(/\r?\n/u));
  return { file, whole, lines, changed: (line) => changed.has(line) };
}

/** Lines, from 1, that are not what both texts begin or end with, and that the old text does not hold as often in between. */
export function changedLines(now: readonly string[], old: readonly string[]): Set<number> {
  let start = 0;
  while (start < now.length && start < old.length && now[start] === old[start]) start += 1;
  let end = 0;
  const most = Math.min(now.length, old.length) - start;
  while (end < most && now[now.length - 1 - end] === old[old.length - 1 - end]) end += 1;
  const counts = new Map<string, number>();
  for (const line of old.slice(start, old.length - end)) counts.set(line, (counts.get(line) ?? 0) + 1);
  const changed = new Set<number>();
  for (let at = start; at < now.length - end; at += 1) {
    const left = counts.get(now[at] ?? "") ?? 0;
    if (left === 0) changed.add(at + 1);
    else counts.set(now[at] ?? "", left - 1);
  }
  return changed;
}
