/**
 * Writes a file whole or not at all: beside its place first, then renamed over it, so that a reader never sees half of it.
 * What is there and no regular file (a device, a pipe) is written to; a symbolic link stays one.
 */
import { randomBytes } from "node:crypto";
import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Writes the text, or throws the system's error and leaves no trace. */
export function writeFileWhole(file: string, text: string): void {
  const there = statSync(file, { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile()) return writeFileSync(file, text);
  const target = there === undefined ? file : realpathSync(file);
  const draft = path.join(path.dirname(target), `.${path.basename(target)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    writeFileSync(draft, text, { flag: "wx", mode: there?.mode ?? 0o666 });
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
