/**
 * Cargo.lock with line numbers, which no TOML reader gives: the file is generated, so a line scanner is enough.
 *
 * Input: the file's text. Output: its packages in order, each with the place of its `version` line.
 * It judges nothing: whether the file is sound is cargo's to say.
 */
import { lineHashes } from "../base/line-hash.ts";

export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly source: string | null;
  readonly checksum: string | null;
  /** As written: `name`, `name version` or `name version (source)`. */
  readonly dependencies: readonly string[];
  /** The `version = "…"` line, 1-based. */
  readonly line: number;
  /** One past the line's last character, 1-based. */
  readonly endColumn: number;
  /** GitHub's `primaryLocationLineHash` of that line. */
  readonly lineHash: string;
  /** The `source = "…"` line. */
  readonly sourceLine: number | null;
}

/** Reads the text of a Cargo.lock of any version. */
export function readLockfile(text: string): LockedPackage[] {
  const drafts: Draft[] = [];
  const oldChecksums = new Map<string, string>();
  let draft: Draft | null = null;
  let inDependencies = false;
  text.split(/\r?\n/u).forEach((content, index) => {
    const line = index + 1;
    if (content.startsWith("[")) {
      inDependencies = false;
      draft = content.trim() === "[[package]]" ? newDraft() : null;
      if (draft !== null) drafts.push(draft);
      return;
    }
    const entry = /^\s*(?:([\w-]+)|"([^"]*)")\s*=\s*(.*)$/u.exec(content);
    if (draft === null) {
      // Version 1 kept the checksums in a table at the end: "checksum name version (source)" = "…".
      const old = /^checksum (\S+ \S+ \(.*\))$/u.exec(entry?.[2] ?? "")?.[1];
      if (old !== undefined) oldChecksums.set(old, unquote(entry?.[3] ?? ""));
      return;
    }
    if (inDependencies || entry?.[1] === "dependencies") {
      for (const match of content.matchAll(/"([^"]*)"/gu)) draft.dependencies.push(match[1] ?? "");
      inDependencies = !content.trimEnd().endsWith("]");
      return;
    }
    const value = unquote(entry?.[3] ?? "");
    switch (entry?.[1]) {
      case "name":
        draft.name = value;
        break;
      case "version":
        draft.version = value;
        draft.line = line;
        draft.endColumn = content.length + 1;
        break;
      case "source":
        draft.source = value;
        draft.sourceLine = line;
        break;
      case "checksum":
        draft.checksum = value;
        break;
    }
  });
  const whole = drafts.filter((one) => one.name !== "" && one.version !== "");
  const hashes = lineHashes(
    text,
    whole.map((one) => one.line),
  );
  return whole.map((one, index) => ({
    ...one,
    checksum: one.checksum ?? oldChecksums.get(`${one.name} ${one.version} (${one.source})`) ?? null,
    lineHash: hashes[index] ?? "",
  }));
}

/** Finds the entry of a package; the source decides where two have one name and version. */
export function findLocked(
  locked: readonly LockedPackage[],
  name: string,
  version: string,
  source: string | null,
): LockedPackage | null {
  const candidates = locked.filter((one) => one.name === name && one.version === version);
  if (candidates.length < 2) return candidates[0] ?? null;
  return candidates.find((one) => one.source === source) ?? null;
}

interface Draft {
  name: string;
  version: string;
  source: string | null;
  checksum: string | null;
  dependencies: string[];
  line: number;
  endColumn: number;
  sourceLine: number | null;
}

function newDraft(): Draft {
  return {
    name: "",
    version: "",
    source: null,
    checksum: null,
    dependencies: [],
    line: 0,
    endColumn: 0,
    sourceLine: null,
  };
}

function unquote(text: string): string {
  return /^"((?:[^"\\]|\\.)*)"/u.exec(text)?.[1] ?? "";
}
