/**
 * Starts git, to read commits of a repository that is not trusted: no hook, pager, file watcher, external diff, filter or
 * alias of its configuration runs, nothing is fetched, and no file of the work tree or of .git is written.
 *
 * Only commands that read objects are called (rev-parse, merge-base, ls-tree, cat-file): what a checkout would run (filters,
 * hooks) has no occasion, nor has a pager, since nothing is printed to a terminal, nor a lock, since the index is not looked at; what configuration could
 * still start (a file watcher, the transport that fetches a missing object) is switched off. A revision that begins like a flag is refused. Kept by
 * test/crates/git.test.ts: what stands here is what an attack there needs.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { isInside, projectRoot } from "./cargo-process.ts";
import type { Environment } from "./compile-flags.ts";
import { CrateError } from "./crate-error.ts";

export interface Git {
  readonly binary: string;
  /** The repository's top directory. */
  readonly top: string;
  readonly env: Environment;
}

const maxOutputBytes = 1024 * 1024 * 1024;
const timeoutMs = 120_000;

const safeConfig: readonly string[] = [
  "core.fsmonitor=",
  "core.hooksPath=/dev/null",
  "core.sshCommand=false",
  "diff.external=",
].flatMap((one) => ["-c", one]);

/** The repository around a directory; null where there is none. Throws where git itself is missing. */
export function openGit(env: Environment, directory: string): Git | null {
  const binary = findGit(env, projectRoot(directory));
  if (binary === null)
    throw new CrateError("git was not found", { help: "install git, or give a stored report with --base FILE" });
  const { PATH, HOME, USER, LOGNAME, TMPDIR, SYSTEMROOT } = env as Record<string, string | undefined>;
  const clean: Environment = {
    ...{ PATH, HOME, USER, LOGNAME, TMPDIR, SYSTEMROOT },
    // Two, since a git before 2.45 knows only the second; either of them beats what a configuration allows.
    GIT_NO_LAZY_FETCH: "1",
    GIT_ALLOW_PROTOCOL: "none",
    GIT_NO_REPLACE_OBJECTS: "1",
    // Its words are read.
    LC_ALL: "C",
  };
  const git = { binary, top: directory, env: clean };
  const top = runGit(git, ["rev-parse", "--show-toplevel"]);
  if (top.code === 0) return { ...git, top: top.stdout.toString("utf8").replace(/\n$/u, "") };
  const words = top.stderr.trim();
  if (/dubious ownership/u.test(words)) {
    throw new CrateError("git does not trust this repository's owner", { file: directory, detail: words });
  }
  return null;
}

/** The commit of a revision; null where there is none. */
export function resolveCommit(git: Git, revision: string): string | null {
  if (revision.startsWith("-") || /[\0\n]/u.test(revision)) {
    throw new CrateError(`\`${revision}\` is no revision`, { help: "give a branch, a tag or a commit" });
  }
  const run = runGit(git, ["rev-parse", "--verify", "--quiet", `${revision}^{commit}`]);
  const commit = run.stdout.toString("latin1").trim();
  return run.code === 0 && isCommit(commit) ? commit : null;
}

/** The best common ancestor of two commits; null where the history here does not reach it. */
export function mergeBase(git: Git, left: string, right: string): string | null {
  const run = runGit(git, ["merge-base", checked(left), checked(right)]);
  const commit = run.stdout.toString("latin1").trim();
  return run.code === 0 && isCommit(commit) ? commit : null;
}

/** True where older commits are missing here. */
export function isShallow(git: Git): boolean {
  return runGit(git, ["rev-parse", "--is-shallow-repository"]).stdout.toString("latin1").trim() === "true";
}

/** The parents of a commit. */
export function parentsOf(git: Git, commit: string): string[] {
  const run = runGit(git, ["cat-file", "commit", checked(commit)]);
  const [head] = run.stdout.toString("latin1").split("\n\n");
  return (head ?? "").split("\n").flatMap((line) => /^parent ([0-9a-f]{40,64})$/u.exec(line)?.[1] ?? []);
}

export interface TreeFile {
  /** From the repository's top, forward slashes. */
  readonly path: string;
  readonly mode: string;
  readonly object: string;
}

/** Every file of a commit, links and submodules too, by their modes. */
export function filesOf(git: Git, commit: string): TreeFile[] {
  const run = runGit(git, ["ls-tree", "-r", "-z", "--full-tree", checked(commit)]);
  if (run.code !== 0) throw new CrateError("git cannot read the base commit", { detail: run.stderr });
  return run.stdout
    .toString("utf8")
    .split("\0")
    .flatMap((entry): TreeFile[] => {
      const [, mode, object, path] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/su.exec(entry) ?? [];
      return mode === undefined || object === undefined || path === undefined ? [] : [{ path, mode, object }];
    });
}

/** The contents of files of a commit, in their order. Throws where one is not there (a partial clone). */
export function contentsOf(git: Git, files: readonly TreeFile[]): Buffer[] {
  if (files.length === 0) return [];
  const input = files.map((one) => `${checked(one.object)}\n`).join("");
  const run = runGit(git, ["cat-file", "--batch"], input);
  if (run.code !== 0) throw new CrateError("git cannot read the base's files", { detail: run.stderr });
  let at = 0;
  return files.map((file) => {
    const end = run.stdout.indexOf(10, at);
    const [, , size] = run.stdout.subarray(at, end).toString("latin1").split(" ");
    if (size === undefined || end < 0) {
      throw new CrateError(`the base's ${file.path} is not in this clone`, {
        help: "fetch the whole commit: `git fetch --refetch origin`, or clone without --filter",
      });
    }
    const from = end + 1;
    at = from + Number(size) + 1;
    return run.stdout.subarray(from, at - 1);
  });
}

/** A command's arguments behind those that keep git from running what a repository's configuration names. */
export function safeArguments(args: readonly string[]): string[] {
  return [...safeConfig, ...args];
}

interface GitRun {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

function runGit(git: Git, args: readonly string[], input?: string): GitRun {
  const run = spawnSync(git.binary, safeArguments(args), {
    cwd: git.top,
    env: git.env as NodeJS.ProcessEnv,
    stdio: ["pipe", "pipe", "pipe"],
    input: input ?? "",
    maxBuffer: maxOutputBytes,
    timeout: timeoutMs,
    windowsHide: true,
  });
  if (run.error !== undefined) throw new CrateError(`git failed: ${run.error.message}`, { file: git.binary });
  return { code: run.status ?? 1, stdout: run.stdout, stderr: run.stderr.toString("utf8") };
}

function isCommit(text: string): boolean {
  return /^[0-9a-f]{40,64}$/u.test(text);
}

function checked(object: string): string {
  if (!isCommit(object)) throw new CrateError(`\`${object}\` is no object of git`);
  return object;
}

/** git on the part of PATH that lies outside the project. */
function findGit(env: Environment, project: string): string | null {
  const name = process.platform === "win32" ? "git.exe" : "git";
  for (const directory of (env["PATH"] ?? env["Path"] ?? "").split(delimiter)) {
    const file = join(directory, name);
    if (!isAbsolute(directory) || isInside(file, project)) continue;
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {}
  }
  return null;
}
