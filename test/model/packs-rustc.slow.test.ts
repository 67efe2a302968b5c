/**
 * The packs of core, alloc and std are programs: rustc accepts every declaration and body of them.
 *
 * What is a const fn in std is declared so although its body here may call what is not const; the checks of constness are left out, all others count.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { indexPacks } from "../../src/model/pack-index.ts";
import { shippedPacks } from "../calls/program-of.ts";
import { compilePackCrate } from "./rustc-harness.ts";

const version: string = spawnSync("rustc", ["--version"], { encoding: "utf8" }).stdout ?? "";
const described = /^rustc 1\.95\./.test(version);
if (!described) console.warn("rustc 1.95 is missing: the packs were not type-checked");

/** Calls in const fns, const drops, unstable const features, evaluation at compile time. */
const constness = /^(E0015|E0493|E0658|E0080|E0764|E0133)?$/;

describe.skipIf(!described)("rustc accepts", () => {
  const folder = mkdtempSync(join(tmpdir(), "packs-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  for (const crate of indexPacks(shippedPacks()).texts) {
    test(crate.name, { timeout: 300_000 }, () => {
      const errors = compilePackCrate(folder, crate).filter(({ code }) => !constness.test(code));
      expect(errors.map(({ code, line, message }) => `${code} ${message}\n  ${line.slice(0, 300)}`)).toEqual([]);
    });
  }
});
