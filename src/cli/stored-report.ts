/**
 * A stored JSON report, read back for `report --from`: held against its schema first, so that what cannot be printed is
 * an error with a way out and never half a page.
 */
import { closeSync, openSync, readFileSync } from "node:fs";
import { packageFile } from "../base/package-file.ts";
import { readUpTo } from "../crates/regular-file.ts";
import { checkAgainst } from "../model/schema-check.ts";
import type { Report } from "../safety/report-model.ts";
import { CliError } from "./cli-error.ts";

const help = "make one with `sigsafe-lint check --output json=FILE`";

const maxBytes = 256 << 20;
const firstBytes = 1 << 20;

let schema: object | null = null;

/** The report in a file, or on the standard input for `-`. */
export function readStoredReport(file: string): Report {
  const name = file === "-" ? "the standard input" : file;
  let text: string;
  try {
    text = readWhole(file === "-" ? 0 : file);
  } catch (error) {
    throw error instanceof CliError ? error : new CliError(`${name} cannot be read: ${(error as Error).message}`, help);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CliError(`${name} is no JSON: ${(error as Error).message}`, help);
  }
  const version = versionOf(value);
  if (version === undefined) throw new CliError(`${name} is no report of sigsafe-lint: it has no schemaVersion`, help);
  if (version !== 1)
    throw new CliError(
      `${name} has schemaVersion ${JSON.stringify(version)}, and this program reads 1`,
      "print it with the version of sigsafe-lint that wrote it, or lint again",
    );
  schema ??= JSON.parse(readFileSync(packageFile("schemas/report.schema.json"), "utf8")) as object;
  return checkAgainst<Report>(name, schema, value, help);
}

/** A file, or what a pipe gives, up to a limit: a device would go on until memory ends. */
function readWhole(file: string | number): string {
  const handle = typeof file === "number" ? file : openSync(file, "r");
  try {
    const bytes = readUpTo(handle, maxBytes + 1, firstBytes);
    if (bytes.length <= maxBytes) return bytes.toString("utf8");
  } finally {
    if (typeof file === "string") closeSync(handle);
  }
  throw new CliError(`${file === 0 ? "the standard input" : file} is larger than 256 MB`, help);
}

function versionOf(value: unknown): unknown {
  if (value === null || typeof value !== "object") return undefined;
  return "schemaVersion" in value ? value.schemaVersion : undefined;
}
