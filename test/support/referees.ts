/**
 * Programs of others that give a second opinion, where `.ci/referees` has installed them: SIGSAFE_REFEREES names the directory. What is
 * not there is null: a test that needs it skips, and says so.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { packageFile } from "../../src/base/package-file.ts";
import { tempFiles } from "./temp-files.ts";

const directory: string = process.env["SIGSAFE_REFEREES"] ?? "";

/** Absolute path of an installed program; null, said once on stderr, where it is not there. */
export function referee(path: string, what: string): string | null {
  const file = join(directory, path);
  if (directory !== "" && existsSync(file)) return file;
  process.stderr.write(`SKIPPED: ${what}; SIGSAFE_REFEREES names no directory with ${path} (.ci/referees makes one)\n`);
  return null;
}

/** Microsoft's Multitool. */
export function multitool(): string | null {
  return referee("node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool", "SARIF before Microsoft's Multitool");
}

/** Runs the Multitool; what it finds is told by the log it writes, not by how it ends. */
export function runMultitool(program: string, ...args: readonly string[]): void {
  try {
    execFileSync(program, args, { stdio: "pipe" });
  } catch (error) {
    if (!("status" in (error as object))) throw error;
  }
}

/**
 * Errors and warnings of logs by the Sarif and Ghas rules, as `file rule level`. All rules are on: GH1001 to GH1007 are off by
 * default.
 */
export function multitoolVerdicts(program: string, logs: Readonly<Record<string, string>>): string[] {
  const files = Object.entries(logs).map(([name, text]): [string, string] => [`${name}.sarif`, text]);
  const at = tempFiles(Object.fromEntries(files.map(([name, text]) => [join("in", name), text])));
  runMultitool(program, "export-validation-config", join(at, "all.xml"));
  const keys = readFileSync(join(at, "all.xml"), "utf8").match(/GH10\d+\.\w+(?=\.Options)/g) ?? [];
  const enabled = [...new Set(keys)].map(
    (key) =>
      `<Properties Key="${key}.Options"><Property Key="RuleEnabled" Value="Error" Type="Driver.RuleEnabledState" /></Properties>`,
  );
  if (enabled.length < 10) throw new Error("the Multitool names too few rules");
  writeFileSync(
    join(at, "gh.xml"),
    `<?xml version="1.0" encoding="utf-8"?>\n<Properties>${enabled.join("")}</Properties>`,
  );
  mkdirSync(join(at, "out"));
  const kinds = ["--rule-kind", "Sarif;Ghas", "--config", join(at, "gh.xml"), "--level", "Error;Warning"];
  const limits = ["--max-file-size-in-kb", "100000", "--log", "ForceOverwrite"];
  const names = files.map(([name]) => join(at, "in", name));
  runMultitool(program, "validate", ...names, ...kinds, ...limits, "-o", join(at, "out.sarif"));
  const out = JSON.parse(readFileSync(join(at, "out.sarif"), "utf8"));
  const found: readonly {
    readonly ruleId: string;
    readonly level?: string;
    readonly locations?: readonly {
      readonly physicalLocation?: { readonly artifactLocation?: { readonly uri?: string } };
    }[];
  }[] = out.runs[0].results ?? [];
  const nameOf = (one: (typeof found)[number]): string =>
    (one.locations?.[0]?.physicalLocation?.artifactLocation?.uri ?? "").split("/").at(-1) ?? "";
  return [...new Set(found.map((one) => `${nameOf(one)} ${one.ruleId} ${one.level ?? "warning"}`))].sort();
}

const schema: Readonly<Record<string, unknown>> = JSON.parse(
  readFileSync(packageFile("test/report/sarif-2.1.0.json"), "utf8"),
);
let compiled: ValidateFunction | null = null;

/** What OASIS's schema has against a log, by ajv; needs nothing that is not there. */
export function schemaErrors(log: unknown): readonly unknown[] {
  compiled ??= new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  return compiled(log) ? [] : (compiled.errors ?? []);
}

/** The check of a log that GitHub's upload action does itself; null where its validator is not there. */
export function githubCheck(): ((log: unknown) => string[]) | null {
  const validator = referee("node_modules/jsonschema/package.json", "SARIF before the validator of GitHub's upload");
  if (validator === null) return null;
  const { Validator } = createRequire(validator)("jsonschema") as {
    readonly Validator: new () => {
      validate(value: unknown, schema: object): { readonly errors: readonly { readonly stack: string }[] };
    };
  };
  return (log) => new Validator().validate(log, schema).errors.map((one) => one.stack);
}
