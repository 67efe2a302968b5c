/** A git repository of a test's own: no configuration of the machine's, and a commit for every state of its files. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Runs git in a directory and gives what it prints. */
export function git(directory: string, ...args: readonly string[]): string {
  const env = { PATH: process.env["PATH"], GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
  const identity = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main"];
  return execFileSync("git", [...identity, ...args], { cwd: directory, env, encoding: "utf8" }).trim();
}

/** Writes files and commits everything; gives the commit. The first time it makes the repository. */
export function commitFiles(directory: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  git(directory, "init", "-q");
  git(directory, "add", "-A");
  git(directory, "commit", "-q", "--allow-empty", "-m", "state");
  return git(directory, "rev-parse", "HEAD");
}
