/**
 * What is read of git: revisions that could be flags are refused, nothing that a repository's configuration names is run, a
 * base is found in CI and locally, a shallow clone is told what to do, and a commit's files are written out and compared.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { decidingFiles, workTree, writeBase } from "../../src/crates/base-tree.ts";
import type { CrateError } from "../../src/crates/crate-error.ts";
import { findBase } from "../../src/crates/find-base.ts";
import { contentsOf, type Git, openGit, resolveCommit, safeArguments } from "../../src/crates/git.ts";
import { commitFiles, git as run } from "../support/git-repository.ts";
import { snapshotOf, tempFiles } from "../support/temp-files.ts";

const present: boolean = spawnSync("git", ["--version"]).status === 0;
if (!present) console.warn("SKIPPED: git is missing");

const env = { PATH: process.env["PATH"], HOME: "/nonexistent" };

function open(directory: string): Git {
  const git = openGit(env, directory);
  if (git === null) throw new Error("no repository");
  return git;
}

function helpOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as CrateError).render();
  }
  throw new Error("nothing was refused");
}

describe.runIf(present)("a repository", () => {
  const root = tempFiles({});
  let [first, second] = ["", ""];
  beforeAll(() => {
    first = commitFiles(root, { "Cargo.toml": "[workspace]\n", "src/lib.rs": "", "README.md": "one" });
    second = commitFiles(root, { "src/lib.rs": "fn f() {}", "README.md": "two" });
  });

  test("outside one there is none", () => {
    expect(openGit(env, tempFiles({}))).toBeNull();
  });

  test("a revision is never a flag", () => {
    for (const bad of ["-x", "--upload-pack=touch x", "a\nb"]) {
      expect(helpOf(() => resolveCommit(open(root), bad))).toMatch(/is no revision/);
    }
    expect(resolveCommit(open(root), "HEAD~1")).toBe(first);
    expect(resolveCommit(open(root), "none")).toBeNull();
    expect(resolveCommit(open(root), "HEAD:src/lib.rs")).toBeNull();
  });

  test("nothing that its configuration names is run", () => {
    const hostile = tempFiles({});
    const ran = join(tempFiles({}), "ran");
    const commit = commitFiles(hostile, { "a.rs": "a", ".gitattributes": "*.rs filter=x diff=x\n" });
    const script = join(hostile, "run.sh");
    writeFileSync(script, `#!/bin/sh\necho "$0 $@" >> ${ran}\n`);
    chmodSync(script, 0o755);
    const keys = [
      "core.fsmonitor",
      "core.pager",
      "pager.ls-tree",
      "diff.external",
      "filter.x.smudge",
      "diff.x.textconv",
    ];
    for (const key of [...keys, "core.sshCommand", "uploadpack.packObjectsHook", "core.editor"]) {
      run(hostile, "config", key, script);
    }
    const git = open(hostile);
    const files = decidingFiles(git, findBase(git, commit, {}).commit);
    expect(workTree(git, files).changed).toEqual([]);
    const out = tempFiles({});
    writeBase(git, files, out);
    expect([readFileSync(join(out, "a.rs"), "utf8"), existsSync(ran)]).toEqual(["a", false]);
  });

  test("only files that decide a verdict count as changed", () => {
    const git = open(root);
    expect(workTree(git, decidingFiles(git, second)).changed).toEqual([]);
    expect(workTree(git, decidingFiles(git, first)).changed).toEqual(["src/lib.rs"]);
    const before = snapshotOf(root);
    writeFileSync(join(root, "README.md"), "three");
    expect(workTree(git, decidingFiles(git, second)).changed).toEqual([]);
    writeFileSync(join(root, "build.rs"), "");
    rmSync(join(root, "Cargo.toml"));
    expect(workTree(git, decidingFiles(git, second)).changed).toEqual(["Cargo.toml", "build.rs"]);
    rmSync(join(root, "build.rs"));
    writeFileSync(join(root, "Cargo.toml"), before["Cargo.toml"] ?? "");
  });

  test("a commit is written out as it was, links that leave it are not", () => {
    const linked = tempFiles({ "src/lib.rs": "l" });
    symlinkSync("src", join(linked, "inside"));
    symlinkSync("/etc", join(linked, "absolute"));
    symlinkSync("../..", join(linked, "above"));
    commitFiles(linked, {});
    const git = open(linked);
    const out = tempFiles({});
    writeBase(git, decidingFiles(git, resolveCommit(git, "HEAD") ?? ""), out);
    expect(readFileSync(join(out, "inside/lib.rs"), "utf8")).toBe("l");
    expect([existsSync(join(out, "absolute")), existsSync(join(out, "above"))]).toEqual([false, false]);
  });
});

/** A repository whose configuration names a program that notes that it ran. */
function hostile(): { readonly root: string; readonly script: string; readonly ran: () => boolean } {
  const [root, out] = [tempFiles({}), tempFiles({})];
  commitFiles(root, { "a.rs": "a" });
  const script = join(out, "run.sh");
  writeFileSync(script, `#!/bin/sh\necho "$0 $@" >> ${join(out, "ran")}\n`, { mode: 0o755 });
  return { root, script, ran: () => existsSync(join(out, "ran")) };
}

describe.runIf(present)("each way in which git could run something", () => {
  const ways: readonly (readonly [string, readonly string[]])[] = [
    ["core.fsmonitor", ["status"]],
    ["diff.external", ["diff"]],
    ["core.hooksPath", ["update-ref", "refs/heads/more", "HEAD"]],
  ];
  test.each(ways)("%s is switched off, whatever is called", (key, command) => {
    for (const careful of [false, true]) {
      const { root, script, ran } = hostile();
      writeFileSync(join(root, "a.rs"), "b");
      const hooks = join(root, "hooks");
      const value = key === "core.hooksPath" ? hooks : script;
      if (value === hooks) {
        mkdirSync(hooks);
        symlinkSync(script, join(hooks, "reference-transaction"));
      }
      run(root, "config", key, value);
      spawnSync("git", careful ? safeArguments(command) : command, {
        cwd: root,
        env: { ...env, GIT_TERMINAL_PROMPT: "0" },
      });
      expect([key, careful, ran()]).toEqual([key, careful, !careful]);
    }
  });

  /** A clone that lacks an object and would fetch it through a program of its configuration's choice. */
  function partial(how: "file" | "ssh"): ReturnType<typeof hostile> {
    const made = hostile();
    const { root, script } = made;
    const object = run(root, "rev-parse", "HEAD:a.rs").trim();
    rmSync(join(root, ".git/objects", object.slice(0, 2), object.slice(2)));
    const words = {
      file: {
        "remote.origin.url": "/nonexistent",
        "remote.origin.uploadpack": script,
        "protocol.file.allow": "always",
      },
      ssh: { "remote.origin.url": "ssh://a/b", "core.sshCommand": script, "protocol.ssh.allow": "always" },
    };
    const keys = { "extensions.partialClone": "origin", "remote.origin.promisor": "true", ...words[how] };
    for (const [key, value] of Object.entries(keys)) run(root, "config", key, value);
    return made;
  }

  test.each(["file", "ssh"] as const)("a missing object is not fetched (%s): by either variable alone", (how) => {
    for (const without of ["GIT_NO_LAZY_FETCH", "GIT_ALLOW_PROTOCOL", null]) {
      const { root, ran } = partial(how);
      const git = open(root);
      const read = { ...git, env: Object.fromEntries(Object.entries(git.env).filter(([name]) => name !== without)) };
      expect(helpOf(() => contentsOf(read, decidingFiles(git, resolveCommit(git, "HEAD") ?? "")))).toMatch(
        /not in this clone|cannot read the base's files/,
      );
      expect([how, without, ran()]).toEqual([how, without, false]);
    }
    const { root, ran } = partial(how);
    spawnSync("git", ["cat-file", "-p", "HEAD:a.rs"], { cwd: root, env });
    expect(ran()).toBe(true);
  });

  test("ssh is none of the configuration's, whatever else is allowed", () => {
    const { root, ran } = partial("ssh");
    spawnSync("git", safeArguments(["cat-file", "-p", "HEAD:a.rs"]), { cwd: root, env });
    expect(ran()).toBe(false);
  });

  /** Each of the words and variables has an attack above or below that needs it, save LC_ALL: git's own words are read. */
  test("nothing else is said to git", () => {
    const config = ["core.fsmonitor=", "core.hooksPath=/dev/null", "core.sshCommand=false", "diff.external="];
    expect(safeArguments(["x"])).toEqual([...config.flatMap((one) => ["-c", one]), "x"]);
    const own = ["GIT_ALLOW_PROTOCOL", "GIT_NO_LAZY_FETCH", "GIT_NO_REPLACE_OBJECTS", "LC_ALL"];
    const { env: given } = open(hostile().root);
    expect(
      Object.keys(given)
        .filter((name) => given[name] !== undefined && env[name as "PATH"] === undefined)
        .sort(),
    ).toEqual(own);
  });

  test("nothing in .git is written, whatever git would refresh", () => {
    const { root } = hostile();
    // Its time is another than the index says: `git status` would write the index anew.
    utimesSync(join(root, "a.rs"), 1, 1);
    const before = snapshotOf(join(root, ".git"));
    const git = open(root);
    expect(workTree(git, decidingFiles(git, findBase(git, "HEAD", {}).commit)).changed).toEqual([]);
    expect(snapshotOf(join(root, ".git"))).toEqual(before);
    run(root, "status");
    expect(snapshotOf(join(root, ".git"))).not.toEqual(before);
  });

  test("variables of git do not lead to another repository, and replaced objects are not taken", () => {
    const [root, other] = [tempFiles({}), tempFiles({})];
    const commit = commitFiles(root, { "a.rs": "a" });
    const later = commitFiles(root, { "a.rs": "b" });
    commitFiles(other, { "x.rs": "x" });
    const led = openGit({ ...env, GIT_DIR: join(other, ".git"), GIT_WORK_TREE: other }, root);
    expect(led === null ? null : resolveCommit(led, "HEAD")).toBe(later);
    run(root, "replace", commit, later);
    const git = open(root);
    expect(contentsOf(git, decidingFiles(git, commit)).map(String)).toEqual(["a"]);
  });
});

describe.runIf(present)("the base", () => {
  const origin = tempFiles({});
  const clone = join(tempFiles({}), "clone");
  let [main, head] = ["", ""];
  beforeAll(() => {
    commitFiles(origin, { "a.rs": "1" });
    main = commitFiles(origin, { "a.rs": "2" });
    run(origin, "clone", "-q", `file://${origin}`, clone);
    run(clone, "checkout", "-q", "-b", "topic");
    head = commitFiles(clone, { "a.rs": "3" });
    commitFiles(origin, { "b.rs": "4" });
  });

  test("is what was named, what CI says, or where the branch left the main one", () => {
    const git = open(clone);
    expect(findBase(git, "HEAD", {})).toEqual({ commit: head, from: "HEAD" });
    expect(findBase(git, null, {})).toEqual({ commit: main, from: "where HEAD left origin/HEAD" });
    expect(findBase(git, null, { GITHUB_BASE_REF: "main" })).toMatchObject({ commit: main });
    expect(findBase(git, null, { CI_MERGE_REQUEST_DIFF_BASE_SHA: main })).toMatchObject({ commit: main });
    const event = join(tempFiles({ "event.json": JSON.stringify({ before: main }) }), "event.json");
    expect(findBase(git, null, { GITHUB_ACTIONS: "true", GITHUB_EVENT_PATH: event })).toMatchObject({ commit: main });
  });

  test("of a pull request's merge is its first parent", () => {
    run(clone, "checkout", "-q", "-b", "merged", main);
    run(clone, "merge", "-q", "--no-ff", "-m", "merge", "topic");
    expect(findBase(open(clone), null, { GITHUB_BASE_REF: "main" })).toEqual({ commit: main, from: "the tip of main" });
    run(clone, "checkout", "-q", "topic");
  });

  test("in a shallow clone is an error that says what to set", () => {
    const shallow = join(tempFiles({}), "shallow");
    run(origin, "clone", "-q", "--depth", "1", "--no-single-branch", `file://${clone}`, shallow);
    run(shallow, "remote", "remove", "origin");
    const git = open(shallow);
    expect(helpOf(() => findBase(git, null, {}))).toMatch(/shallow clone[\s\S]*git fetch --unshallow/);
    const github = { GITHUB_ACTIONS: "true", GITHUB_BASE_REF: "main" };
    expect(helpOf(() => findBase(git, null, github))).toMatch(/shallow clone[\s\S]*fetch-depth: 2/);
    const gitlab = { GITLAB_CI: "true", CI_MERGE_REQUEST_DIFF_BASE_SHA: `${"0".repeat(39)}1` };
    expect(helpOf(() => findBase(git, null, gitlab))).toMatch(/merge request's base[\s\S]*GIT_DEPTH/);
  });
});
