/**
 * Writes a file whole or not at all: beside its place first, then renamed over it, so that a reader never sees half of it.
 * What is there and no regular file (a device, a pipe) is written to; a symbolic link stays one. A link of the repository that is worked in leads nowhere
 * but into its files: a change under review may bring one to the user's own.
 */
import { randomBytes } from "node:crypto";
import { lstatSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isInside, projectRoot } from "../crates/cargo-process.ts";

/** Writes the text, or throws the system's error and leaves no trace. */
export function writeFileWhole(file: string, text: string): void {
  const there = statSync(file, { throwIfNoEntry: false });
  if (there !== undefined && leadsOut(file)) throw new Error("it is a link of the repository that leads out of it");
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

function leadsOut(file: string): boolean {
  if (!lstatSync(file).isSymbolicLink()) return false;
  const project = projectRoot(process.cwd());
  const isOurs = isInside(path.dirname(file), project);
  return isOurs && (!isInside(file, project) || isInside(file, path.join(project, ".git")));
}
