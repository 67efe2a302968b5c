/**
 * The commit that a change is compared with: the one that is named, else what CI says, else where the branch left the main one.
 *
 * A history that does not reach back that far (CI clones are shallow) is an error that says what to set.
 */
import { readFileSync } from "node:fs";
import type { Environment } from "./compile-flags.ts";
import { CrateError } from "./crate-error.ts";
import { type Git, isShallow, mergeBase, parentsOf, resolveCommit } from "./git.ts";

export interface Base {
  readonly commit: string;
  /** Why this one, for people. */
  readonly from: string;
}

/** The base commit; `revision` is what `--base` names. */
export function findBase(git: Git, revision: string | null, env: Environment): Base {
  if (revision !== null) {
    const commit = resolveCommit(git, revision);
    if (commit === null) throw notHere(git, `\`${revision}\``, env);
    return { commit, from: revision };
  }
  const head = resolveCommit(git, "HEAD");
  if (head === null)
    throw new CrateError("the repository has no commit yet", { help: "give a stored report with --base FILE" });
  return ofGitHub(git, head, env) ?? ofGitLab(git, env) ?? ofMainBranch(git, head, env);
}

function ofGitHub(git: Git, head: string, env: Environment): Base | null {
  const branch = env["GITHUB_BASE_REF"] ?? "";
  if (env["GITHUB_ACTIONS"] === undefined && branch === "") return null;
  if (branch !== "") {
    // actions/checkout checks the merge out: its first parent is what the change is merged into.
    const parents = parentsOf(git, head);
    const first = parents[0] ?? "";
    if (parents.length > 1) {
      if (resolveCommit(git, first) === null) throw notHere(git, `the merge's parent ${first.slice(0, 12)}`, env);
      return { commit: first, from: `the tip of ${branch}` };
    }
    return branchPoint(git, head, [`origin/${branch}`, branch], env);
  }
  const event = eventOf(env);
  const sha = event["before"] ?? event["base_sha"];
  if (sha === undefined || /^0+$/u.test(sha)) return null;
  if (resolveCommit(git, sha) === null) throw notHere(git, `the commit before the push, ${sha.slice(0, 12)},`, env);
  return { commit: sha, from: "the commit before the push" };
}

/** What started the workflow: `before` of a push, `base_sha` of a merge queue. */
function eventOf(env: Environment): Readonly<Record<string, string | undefined>> {
  try {
    const event = JSON.parse(readFileSync(env["GITHUB_EVENT_PATH"] ?? "", "utf8"));
    const sha = (value: unknown): string | undefined =>
      typeof value === "string" && /^[0-9a-f]{40,64}$/u.test(value) ? value : undefined;
    return { before: sha(event?.before), base_sha: sha(event?.merge_group?.base_sha) };
  } catch {
    return {};
  }
}

function ofGitLab(git: Git, env: Environment): Base | null {
  const sha = env["CI_MERGE_REQUEST_DIFF_BASE_SHA"] ?? "";
  if (sha === "") return null;
  if (resolveCommit(git, sha) === null) throw notHere(git, `the merge request's base ${sha.slice(0, 12)}`, env);
  return { commit: sha, from: "the merge request's base" };
}

function ofMainBranch(git: Git, head: string, env: Environment): Base {
  const known = ["origin/HEAD", "origin/main", "origin/master"].find((one) => resolveCommit(git, one) !== null);
  if (known !== undefined) return branchPoint(git, head, [known], env);
  const before = resolveCommit(git, "HEAD~1");
  if (before !== null) return { commit: before, from: "HEAD~1" };
  if (isShallow(git)) throw notHere(git, "the commit before HEAD", env);
  return { commit: head, from: "HEAD, the only commit" };
}

function branchPoint(git: Git, head: string, names: readonly string[], env: Environment): Base {
  for (const name of names) {
    const tip = resolveCommit(git, name);
    const commit = tip === null ? null : mergeBase(git, tip, head);
    if (commit !== null) return { commit, from: `where HEAD left ${name}` };
  }
  throw notHere(git, `where HEAD left ${names[0] ?? ""}`, env);
}

function notHere(git: Git, what: string, env: Environment): CrateError {
  const shallow = isShallow(git);
  const advice =
    env["GITHUB_ACTIONS"] !== undefined
      ? "give actions/checkout `fetch-depth: 2` for pull requests (or 0 for the whole history)"
      : env["GITLAB_CI"] !== undefined
        ? "set the variable GIT_DEPTH: 0 for this job"
        : "run `git fetch --unshallow`";
  return new CrateError(`${what} is not in this ${shallow ? "shallow clone" : "repository"}`, {
    file: git.top,
    help: shallow ? advice : "fetch it, or give another revision or a stored report with --base",
  });
}
