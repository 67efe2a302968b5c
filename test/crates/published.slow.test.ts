/**
 * One published crate: with a library it is the root, with the features asked for; without one it is unpacked and is the workspace.
 * Needs cargo and crates.io; skipped, and said so, without them.
 */
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import type { Workspace } from "../../src/crates/crate-graph.ts";
import { loadPublished } from "../../src/crates/published.ts";
import { loadOptions } from "../support/load-options.ts";
import { tempFiles } from "../support/temp-files.ts";

const online: boolean = spawnSync("cargo", ["info", "--quiet", "libc"], { cwd: "/", timeout: 60_000 }).status === 0;
if (!online) console.warn("SKIPPED: cargo or crates.io cannot be reached, so no published crate can be loaded");

function load(
  name: string,
  version: string,
  features: readonly string[] = [],
  plain: boolean = false,
): Promise<Workspace> {
  return loadPublished({ ...loadOptions(tempFiles({})), name, version, features, noDefaultFeatures: plain });
}

describe.runIf(online)("a published crate", () => {
  test("with a library is the root of a program, with the features that were asked for", async () => {
    const workspace = await load("smallvec", "1.13.2", ["union"]);
    expect(workspace).toMatchObject({ origin: "published", manifestPath: null });
    const [program] = workspace.programs;
    expect(program).toMatchObject({ package: "smallvec@1.13.2", features: ["union"], featuresApproximated: false });
    expect(program?.crates.map((one) => [one.package.id, one.isMember])).toEqual([["smallvec@1.13.2", true]]);
    expect(program?.crates[0]?.package.checksum).toMatch(/^[0-9a-f]{64}$/);
  });

  test("has all its features where all are asked for, also those of optional dependencies", async () => {
    const options = { ...loadOptions(tempFiles({})), name: "smallvec", version: "1.13.2", allFeatures: true };
    const [program] = (await loadPublished(options)).programs;
    expect(program?.features).toEqual(
      expect.arrayContaining(["arbitrary", "const_generics", "serde", "union", "write"]),
    );
    expect(program?.crates.map((one) => one.name)).toContain("serde");
  });

  test("with a library and helper binaries is one program whose library has users", async () => {
    const [program, ...others] = (await load("os_pipe", "1.2.3")).programs;
    expect(others).toEqual([]);
    expect(program?.kind).toBe("lib");
    const kinds = program?.roots.map((root) => program.crates[root]?.kind);
    expect(new Set(kinds)).toEqual(new Set(["lib", "bin"]));
  });

  test("without one is unpacked and linted as the workspace it is, with its own lockfile", async () => {
    const workspace = await load("shellharden", "4.3.1");
    expect(workspace.programs.map((one) => [one.package, one.kind])).toEqual([["shellharden@4.3.1", "bin"]]);
    expect(workspace.lockfile).toMatch(/shellharden-4\.3\.1\/Cargo\.lock$/);
  });

  test("that there is not is an error with cargo's words", async () => {
    await expect(load("smallvec", "99.0.0")).rejects.toMatchObject({ name: "CrateError", exitCode: 2 });
    await expect(load("smallvec", "1.13.2", ["no-such-feature"])).rejects.toMatchObject({ exitCode: 2 });
    await expect(load("../evil", "1.0.0")).rejects.toMatchObject({ message: expect.stringMatching(/no crate's name/) });
  });
});
