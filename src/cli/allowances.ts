/**
 * What the configuration allows and names: `[[allow]]`, `[[handler]]`, and the file of `--baseline`.
 *
 * Input: checked tables with their places. Output: allowances and paths for the analysis. An entry that is wrong is refused with
 * its file and line: an allowance that does not do what was meant must not be passed over.
 */
import path from "node:path";
import validRange from "semver/ranges/valid.js";
import { readTextFile } from "../crates/regular-file.ts";
import { stringOf } from "../crates/toml.ts";
import type { Lints } from "../model/lints.ts";
import type { Allow, AllowScope } from "../safety/suppressions.ts";
import { CliError } from "./cli-error.ts";
import { type Config, type ConfigEntry, checkEntryKeys, entryError } from "./config.ts";
import { nearestName } from "./did-you-mean.ts";
import { satisfies } from "./rule-files.ts";

const ALLOW_KEYS = ["rule", "reason", "handler", "site", "until", "version", "checksum"] as const;
const HANDLER_KEYS = ["path"] as const;
const maxBytes = 256 * 1024 * 1024;

/** The allowances of `[[allow]]`. */
export function configAllows(config: Config, lints: () => Lints, cwd: string): Allow[] {
  if (config.allow.length === 0) return [];
  const known = lints();
  return config.allow.map((entry) => allowOf(entry, known, cwd));
}

/** The functions of `[[handler]]`. */
export function configHandlers(config: Config): string[] {
  return config.handlers.map((entry) => {
    checkEntryKeys(entry, HANDLER_KEYS);
    return required(entry, "path", "`path` is the function's path, as `graph` prints it");
  });
}

/** Refuses entries of `[[handler]]` that name no function of any program. */
export function checkHandlersFound(config: Config, found: ReadonlySet<string>): void {
  for (const entry of config.handlers) {
    const name = stringOf(entry.table, "path") ?? "";
    if (!found.has(name)) {
      throw entryError(
        entry,
        `no function of the program is called \`${name}\``,
        "write the path with its crate: `my_crate::module::function`",
      );
    }
  }
}

/** What was known when a JSON report was stored. */
export function baselineAllow(file: string, cwd: string): Allow {
  const text = readTextFile(path.resolve(cwd, file), maxBytes);
  if (text === null) throw new CliError(`the file of --baseline cannot be read: ${file}`);
  const ids = idsIn(text);
  if (ids === null) {
    throw new CliError(
      `the file of --baseline is no report of sigsafe-lint: ${file}`,
      `store one with --output json=${file}`,
    );
  }
  const shown = relative(path.resolve(cwd, file), cwd);
  return {
    rule: null,
    reason: "known when the baseline was stored",
    until: null,
    source: shown,
    scope: { k: "ids", ids: new Set(ids) },
    at: { package: null, file: shown, line: null },
  };
}

function idsIn(text: string): string[] | null {
  try {
    const value = JSON.parse(text) as { readonly findings?: unknown } | null;
    const list = value?.findings;
    if (!Array.isArray(list)) return null;
    const ids = list.map((one: unknown) => (one as { readonly id?: unknown } | null)?.id);
    return ids.every((id) => typeof id === "string") ? ids : null;
  } catch {
    return null;
  }
}

function allowOf(entry: ConfigEntry, lints: Lints, cwd: string): Allow {
  checkEntryKeys(entry, ALLOW_KEYS);
  const rule = required(entry, "rule", "`rule` is one of those that `sigsafe-lint rules` lists");
  if (lints.find(rule) === null) {
    const near = nearestName(
      rule,
      lints.all.map((one) => one.id),
    );
    throw entryError(
      entry,
      `\`${rule}\` is no rule`,
      near === null ? "see `sigsafe-lint rules`" : `did you mean \`${near}\`?`,
    );
  }
  const reason = required(entry, "reason", "`reason` says why the finding is no problem");
  const until = optional(entry, "until");
  if (until !== null && !isDay(until)) throw entryError(entry, "`until` must be a day like 2027-01-31");
  const range = optional(entry, "version");
  if (range !== null && validRange(range.replaceAll(",", " ")) === null) {
    throw entryError(entry, `\`${range}\` is no range of versions`);
  }
  const scope: AllowScope = {
    k: "match",
    handler: optional(entry, "handler"),
    site: optional(entry, "site"),
    checksum: optional(entry, "checksum"),
    version: range === null ? null : (id) => satisfies(id.slice(id.lastIndexOf("@") + 1), range),
  };
  const file = relative(entry.file, cwd);
  const source = entry.line === null ? file : `${file}:${entry.line}`;
  return { rule, reason, until, source, scope, at: { package: null, file, line: entry.line } };
}

function required(entry: ConfigEntry, key: string, help: string): string {
  const value = optional(entry, key);
  if (value === null) throw entryError(entry, `\`${key}\` is missing`, help);
  return value;
}

function optional(entry: ConfigEntry, key: string): string | null {
  const value = entry.table[key];
  if (value === undefined) return null;
  if (key === "until" && value instanceof Date) return value.toISOString().slice(0, 10);
  if (typeof value !== "string" || value.trim() === "") throw entryError(entry, `\`${key}\` must be a text`);
  return value;
}

function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/u.test(text) ? Date.parse(text) : Number.NaN;
  // The 30th of February would be a day in March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function relative(file: string, cwd: string): string {
  return path.relative(cwd, file).replaceAll("\\", "/");
}
