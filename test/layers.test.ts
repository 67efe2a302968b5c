/**
 * Holds the layer table of `.dependency-cruiser.mjs` against the sources, and the tool that checks it against its own blindness:
 * it must have seen every module under src, and it must find what is planted for it in a copy.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

interface Table {
  readonly layers: Readonly<Record<string, readonly string[]>>;
  readonly outside: Readonly<Record<string, { readonly modules: string; readonly only: readonly string[] }>>;
  readonly packages: Readonly<Record<string, readonly string[]>>;
}
interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}
interface CruiseResult {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: { readonly violations: readonly Violation[] };
}

const root: string = fileURLToPath(new URL("../", import.meta.url));
const table: Table = await import(pathToFileURL(join(root, ".dependency-cruiser.mjs")).href);
const folders: readonly string[] = Object.keys(table.layers);

describe("the sources", () => {
  const result = cruise(root);

  test("the folders of src are those of the table", () => {
    const entries = readdirSync(join(root, "src"), { withFileTypes: true });
    expect(entries.filter((entry) => !entry.isDirectory() || !folders.includes(entry.name))).toEqual([]);
  });

  test("every module under src was seen", () => {
    const seen = result.modules.map((module) => module.source).filter((source) => source.startsWith("src/"));
    expect(seen.sort()).toEqual(sourceFiles(root));
  });

  test("nothing violates the table", () => {
    const violations = result.summary.violations.filter(({ rule }) => rule.name !== "no-dead-wood");
    expect(violations.map(describeViolation)).toEqual([]);
  });

  test("every module is reachable from a command's entry", () => {
    const dead = result.summary.violations.filter(({ rule }) => rule.name === "no-dead-wood");
    expect(dead.map(({ to }) => to)).toEqual([]);
  });
});

test("a layer imports only folders that stand before it", () => {
  for (const [at, folder] of folders.entries()) {
    const below = (table.layers[folder] ?? []).map((entry) => entry.split("/")[0] ?? "");
    expect(below.filter((entry) => !folders.slice(0, at).includes(entry))).toEqual([]);
  }
});

describe("planted violations", () => {
  const copy = mkdtempSync(join(tmpdir(), "sigsafe-layers-"));
  let found: readonly Violation[] = [];

  beforeAll(() => {
    cpSync(join(root, ".dependency-cruiser.mjs"), join(copy, ".dependency-cruiser.mjs"));
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    for (const folder of folders) plant(copy, `src/${folder}/planted-target.ts`, "export type Target = 1;");
    plant(copy, "src/safety/report-model.ts", "export type Model = 1;");
    plant(copy, "src/load/port.ts", "export type Port = 1;");
    for (const folder of folders) {
      const imports = folders
        .filter((to) => to !== folder)
        .map((to) => `import type {} from "../${to}/planted-target.ts";`);
      plant(copy, `src/${folder}/planted-imports.ts`, imports.join("\n"));
      plant(
        copy,
        `src/${folder}/planted-core.ts`,
        coreModules()
          .map((name) => `import "${name}";`)
          .join("\n"),
      );
      const packages = [...Object.keys(table.packages), "vitest"];
      plant(copy, `src/${folder}/planted-packages.ts`, packages.map((name) => `import "${name}";`).join("\n"));
    }
    plant(copy, "test/support/planted.ts", "export type Support = 1;");
    plant(copy, "src/base/planted-test.ts", 'import type {} from "../../test/support/planted.ts";');
    plant(copy, "src/base/planted-gone.ts", 'import "./not-there.ts";');
    plant(copy, "src/report/planted-model.ts", 'import type {} from "../safety/report-model.ts";');
    plant(copy, "src/base/left-one.ts", 'import "./right-one.ts";');
    plant(copy, "src/base/right-one.ts", 'import "./left-one.ts";');
    plant(copy, "src/base/family-one.ts", 'import "./family-two.ts";');
    plant(copy, "src/base/family-two.ts", 'import "./family-one.ts";');
    plant(copy, "src/cli/main.ts", 'import "./wired.ts";');
    plant(copy, "src/cli/wired.ts", "export const wired = 1;");
    found = cruise(copy).summary.violations;
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  test("each import of a folder that the table does not allow, type-only ones too, and no other", () => {
    const expected = folders.flatMap((from) =>
      folders
        .filter((to) => to !== from && !(table.layers[from] ?? []).includes(to))
        .map((to) => `${from}-imports-only-below: src/${from}/planted-imports.ts -> src/${to}/planted-target.ts`),
    );
    expect(expected.length).toBeGreaterThan(50);
    expect(violationsOf((name) => name.endsWith("-imports-only-below"))).toEqual(expected.sort());
  });

  test("disk, processes, threads and network outside their folders", () => {
    const expected = Object.entries(table.outside).flatMap(([what, { modules, only }]) =>
      folders
        .filter((folder) => !only.includes(folder))
        .flatMap((folder) =>
          coreModules()
            .filter((name) => new RegExp(modules).test(name))
            .map((name) => `${what}-only-where-allowed: src/${folder}/planted-core.ts -> ${name.replace("node:", "")}`),
        ),
    );
    const names = Object.keys(table.outside).map((what) => `${what}-only-where-allowed`);
    expect(violationsOf((name) => names.includes(name))).toEqual(expected.sort());
  });

  test("packages outside their folders, and packages that the table does not list", () => {
    for (const [name, only] of Object.entries(table.packages)) {
      const violations = found.filter(({ rule }) => rule.name === `${name}-only-where-allowed`);
      const expected = folders
        .filter((folder) => !only.includes(folder))
        .map((folder) => `src/${folder}/planted-packages.ts`);
      expect(violations.map(({ from }) => from).sort()).toEqual(expected.sort());
    }
    expect(found.filter(({ rule }) => rule.name === "no-unlisted-package")).toHaveLength(folders.length);
  });

  test("tests, lost imports, cycles across families and dead wood", () => {
    const rules = (file: string): string[] => found.filter(({ from }) => from === file).map(({ rule }) => rule.name);
    expect(rules("src/base/planted-test.ts")).toContain("src-imports-src-only");
    expect(rules("src/base/planted-gone.ts")).toContain("no-unresolved-import");
    expect(rules("src/base/left-one.ts")).toContain("no-cycle");
    expect(rules("src/base/family-one.ts")).not.toContain("no-cycle");
    expect(rules("src/report/planted-model.ts")).not.toContain("report-imports-only-below");
    expect(found.filter(({ rule }) => rule.name === "no-dead-wood").map(({ to }) => to)).toContain(
      "src/base/left-one.ts",
    );
    expect(found.map(({ to }) => to)).not.toContain("src/cli/wired.ts");
  });

  function violationsOf(wanted: (name: string) => boolean): string[] {
    return found
      .filter(({ from, rule }) => from.includes("/planted-") && wanted(rule.name))
      .map(describeViolation)
      .sort();
  }
});

function cruise(folder: string): CruiseResult {
  const bin = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const args = [bin, "src", "--config", ".dependency-cruiser.mjs", "--output-type", "json"];
  const run = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 28 });
  if (run.error !== undefined || run.stdout === "")
    throw new Error(`dependency-cruiser did not run: ${run.stderr}`, { cause: run.error });
  return JSON.parse(run.stdout);
}

function describeViolation({ from, to, rule }: Violation): string {
  return `${rule.name}: ${from} -> ${to}`;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(folder, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replaceAll("\\", "/"))
    .sort();
}

function plant(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), `${text}\n`);
}

function coreModules(): readonly string[] {
  return [
    "node:fs",
    "node:fs/promises",
    "node:child_process",
    "node:worker_threads",
    "node:net",
    "node:https",
    "node:path",
  ];
}
