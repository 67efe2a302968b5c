/** Declarations of a dependency changed in a manifest: every way to write one, inheritance, renames, targets, patches. */
import { describe, expect, test } from "vitest";
import {
  type DependencyChange,
  declaredFeatures,
  type EditedManifest,
  editDependency,
} from "../../src/crates/edit-dependency.ts";
import { parseToml } from "../../src/crates/toml.ts";

const none: DependencyChange = { name: "pprof", replacement: null, requirement: null, git: null, features: [] };

function edited(text: string, change: Partial<DependencyChange>): EditedManifest {
  return editDependency(parseToml(text, "Cargo.toml"), { ...none, ...change });
}

describe("a requirement", () => {
  const cases: readonly (readonly [string, string, unknown])[] = [
    ["a version", '[dependencies]\npprof = "0.14"\n', { dependencies: { pprof: { version: "=0.15.0" } } }],
    [
      "a table",
      '[dependencies.pprof]\nversion = "0.14"\nfeatures = ["a"]\n',
      { dependencies: { pprof: { version: "=0.15.0", features: ["a"] } } },
    ],
    [
      "a renamed one",
      '[dependencies]\nprof = { package = "pprof", version = "0.14" }\n',
      { dependencies: { prof: { package: "pprof", version: "=0.15.0" } } },
    ],
    [
      "one of a target, of development, of the build",
      '[target.\'cfg(unix)\'.dependencies]\npprof = "1"\n[dev-dependencies]\npprof = "1"\n[build-dependencies]\npprof = "1"\n',
      {
        target: { "cfg(unix)": { dependencies: { pprof: { version: "=0.15.0" } } } },
        "dev-dependencies": { pprof: { version: "=0.15.0" } },
        "build-dependencies": { pprof: { version: "=0.15.0" } },
      },
    ],
    [
      "the workspace's, and not what inherits it",
      '[workspace.dependencies]\npprof = "0.14"\n[dependencies]\npprof.workspace = true\n',
      { workspace: { dependencies: { pprof: { version: "=0.15.0" } } }, dependencies: { pprof: { workspace: true } } },
    ],
    [
      "and no patch that would hide it",
      '[dependencies]\npprof = "0.14"\n[patch.crates-io]\npprof = { path = "x" }\nother = { path = "y" }\n',
      { dependencies: { pprof: { version: "=0.15.0" } }, patch: { "crates-io": { other: { path: "y" } } } },
    ],
  ];
  for (const [name, text, expected] of cases) {
    test(name, () => expect(edited(text, { requirement: "=0.15.0" }).table).toEqual(expected));
  }

  test("does not touch another package under that key, nor one of a path or repository", () => {
    const other = '[dependencies]\npprof = { package = "fork", version = "1" }\n';
    expect(edited(other, { requirement: "=2.0.0" })).toMatchObject({ edits: [], elsewhere: [] });
    const local = '[dependencies]\npprof = { path = "../pprof" }\n';
    expect(edited(local, { requirement: "=2.0.0" })).toMatchObject({ edits: [], elsewhere: ["dependencies.pprof"] });
  });
});

test("another package keeps the name under which code knows it, and its features", () => {
  const text = '[dependencies]\npprof = { version = "0.15", features = ["framehop"] }\n';
  const { table, edits } = edited(text, { replacement: "pprof-fork", requirement: "=1.0.0" });
  expect(edits).toEqual(["dependencies.pprof"]);
  expect(table).toEqual({
    dependencies: { pprof: { version: "=1.0.0", features: ["framehop"], package: "pprof-fork" } },
  });
});

test("a revision replaces what chose one before; a repository is needed", () => {
  const git = { url: null, kind: "rev", value: "abc" } as const;
  expect(edited('[dependencies]\npprof = { git = "u", branch = "b", version = "1" }\n', { git }).table).toEqual({
    dependencies: { pprof: { git: "u", rev: "abc" } },
  });
  expect(edited('[patch.crates-io]\npprof = { git = "u", tag = "t" }\n', { git }).table).toEqual({
    patch: { "crates-io": { pprof: { git: "u", rev: "abc" } } },
  });
  const plain = '[dependencies]\npprof = "1"\n';
  expect(edited(plain, { git })).toMatchObject({ edits: [], withoutGit: ["dependencies.pprof"] });
  expect(edited(plain, { git: { ...git, url: "u" } }).table).toEqual({
    dependencies: { pprof: { git: "u", rev: "abc" } },
  });
});

test("features are added to those that are there", () => {
  const text = '[dependencies]\npprof = { version = "1", features = ["a"] }\n';
  expect(edited(text, { features: ["b", "a"] }).table).toEqual({
    dependencies: { pprof: { version: "1", features: ["a", "b"] } },
  });
});

describe("features switched off", () => {
  const text = `[workspace.dependencies]
a = { version = "1", features = ["x", "y"] }
[dependencies]
a = { workspace = true, features = ["x", "z"] }
[target.'cfg(unix)'.dependencies]
b = { package = "a", version = "1", default-features = false, features = ["w"] }
[dev-dependencies]
a = "1"
`;

  test("are taken out of every declaration, inherited ones too; the default ones of what chooses them", () => {
    expect(declaredFeatures(parseToml(text, "Cargo.toml"), "a")).toEqual(["default", "w", "x", "y", "z"]);
    const { table, edits } = edited(text, { name: "a", off: ["x", "default"] });
    expect(table).toMatchObject({
      workspace: { dependencies: { a: { features: ["y"], "default-features": false } } },
      dependencies: { a: { workspace: true, features: ["z"] } },
      "dev-dependencies": { a: { version: "1", "default-features": false } },
    });
    expect(edits).toContain("workspace.dependencies.a");
  });
});
