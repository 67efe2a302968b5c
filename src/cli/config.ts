/**
 * The project's configuration: `sigsafe.toml` beside the workspace's root manifest, or `[workspace.metadata.sigsafe]` there
 * (`[package.metadata.sigsafe]` for a single package); `--config FILE` names another file.
 *
 * Input: a workspace's root. Output: the settings that stand for flags, and the entries of `[[allow]]` and `[[handler]]` as
 * tables with their places. Refused, with file, line and "did you mean": keys that are not known, values of the wrong kind,
 * and two configurations at once. schemas/config.schema.json says the same; test/cli/config.test.ts holds them equal.
 */
import path from "node:path";
import { isNamed, readRegularFile, readTextFile, unreadWords, utf8Text } from "../crates/regular-file.ts";
import { isTable, parseToml, type TomlTable, tableOf, valueOf } from "../crates/toml.ts";
import type { RuleFile } from "../model/rule-file.ts";
import type { Level } from "../model/vocabulary.ts";
import { CliError } from "./cli-error.ts";
import { nearestName } from "./did-you-mean.ts";

export type FaultLevel = "warning" | "error";

export interface Config {
  /** Absolute path of the file it was read from; null where there is none. */
  readonly file: string | null;
  readonly failOn?: Level | "never";
  readonly maxBlindSpots?: number;
  readonly strictPosix?: boolean;
  readonly forkEntries?: boolean;
  readonly profile?: string;
  readonly targets?: readonly string[];
  /** What an error is in a fault handler. */
  readonly faultErrors?: FaultLevel;
  /** The same for handlers of single packages, by name. */
  readonly faultErrorsOf?: Readonly<Record<string, FaultLevel>>;
  /** Rule packs of the user's own: the files that `rules` names, read. */
  readonly rules: readonly RuleFile[];
  /** `[[allow]]`, each checked by whoever reads it. */
  readonly allow: readonly ConfigEntry[];
  /** `[[handler]]`, each checked by whoever reads it. */
  readonly handlers: readonly ConfigEntry[];
}

/** One `[[…]]` table of the configuration, and where it stands. */
export interface ConfigEntry {
  readonly table: TomlTable;
  readonly file: string;
  /** Of its `[[…]]` line; null where it is written in another way. */
  readonly line: number | null;
}

export const NO_CONFIG: Config = { file: null, rules: [], allow: [], handlers: [] };

const maxBytes = 4 * 1024 * 1024;

/** The configuration of the workspace with this root directory; `named` is the file of `--config`. */
export function loadConfig(root: string | null, named: string | null, cwd: string): Config {
  if (named !== null) {
    const file = path.resolve(cwd, named);
    const text = readTextFile(file, maxBytes);
    if (text === null) throw new CliError(`the file of --config cannot be read: ${named}`);
    return readConfig(text, file, (one) => readTextFile(one, maxBytes));
  }
  return root === null ? NO_CONFIG : configIn(root, textOnDisk);
}

/** The text of a file; null where there is none. What is there and cannot be read would be taken for nothing said. */
function textOnDisk(file: string): string | null {
  const found = readRegularFile(file, maxBytes);
  if (found.k === "bytes") {
    const text = utf8Text(found.bytes);
    if (text !== null) return text;
    throw unreadable(file, "is not UTF-8");
  }
  if (found.reason !== "missing") throw unreadable(file, unreadWords(found.reason, maxBytes));
  if (isNamed(file)) throw unreadable(file, "is a link that leads nowhere");
  return null;
}

function unreadable(file: string, why: string): CliError {
  const help = "correct it or take it away: what it says would be passed over";
  return new CliError(`${path.basename(file)} ${why}\n  --> ${file}`, help);
}

/** The configuration of a root directory, whose files are read by `textOf`: those of the disk, or of a commit. */
export function configIn(root: string, textOf: (file: string) => string | null): Config {
  const file = path.join(root, "sigsafe.toml");
  const text = textOf(file);
  const manifest = path.join(root, "Cargo.toml");
  const inManifest = manifestConfig(manifest, textOf(manifest), textOf);
  if (text === null) return inManifest ?? NO_CONFIG;
  if (inManifest !== null) {
    throw new CliError(
      `there are two configurations: ${file} and \`metadata.sigsafe\` of ${inManifest.file}`,
      "keep one of them",
    );
  }
  return readConfig(text, file, textOf);
}

/** Reads the text of a `sigsafe.toml`; `file` is for errors, `textOf` reads the rule packs that it names. */
export function readConfig(text: string, file: string, textOf: TextOf = () => null): Config {
  return configOf(parseToml(text, file), { text, file, prefix: "", textOf });
}

type TextOf = (file: string) => string | null;

function manifestConfig(manifest: string, text: string | null, textOf: TextOf): Config | null {
  if (text === null) return null;
  const table = parseToml(text, manifest);
  for (const owner of ["workspace", "package"]) {
    const found = valueOf(tableOf(tableOf(table, owner), "metadata"), "sigsafe");
    const source = { text, file: manifest, prefix: `${owner}.metadata.sigsafe`, textOf };
    if (found === undefined) continue;
    if (!isTable(found)) throw configError(`\`${source.prefix}\` must be a table`, source, null);
    return configOf(found, source);
  }
  return null;
}

interface Source {
  readonly text: string;
  readonly file: string;
  /** The table of a manifest it stands in; empty for a file of its own. */
  readonly prefix: string;
  /** Reads another file that belongs to the configuration. */
  readonly textOf: TextOf;
}

type Reader = (value: unknown, key: string, source: Source) => Partial<Config>;

/** Every key, and how it is read: the one list that errors, the schema's test and `init` go by. */
const KEYS: Readonly<Record<string, Reader>> = {
  "fail-on": (value, key, source) => ({
    failOn: oneOf(value, ["error", "warning", "note", "never"], key, source),
  }),
  "max-blind-spots": (value, key, source) => ({ maxBlindSpots: whole(value, key, source) }),
  "strict-posix": (value, key, source) => ({ strictPosix: flag(value, key, source) }),
  "fork-entries": (value, key, source) => ({ forkEntries: flag(value, key, source) }),
  "fault-errors": faultLevels,
  profile: (value, key, source) => ({ profile: text(value, key, source) }),
  targets: (value, key, source) => ({ targets: texts(value, key, source) }),
  rules: (value, key, source) => ({ rules: ruleFiles(value, key, source) }),
  allow: (value, key, source) => ({ allow: entries(value, key, source) }),
  handler: (value, key, source) => ({ handlers: entries(value, key, source) }),
};

/** The names of all keys. */
export const CONFIG_KEYS: readonly string[] = Object.keys(KEYS);

function configOf(table: TomlTable, source: Source): Config {
  let config: Config = { ...NO_CONFIG, file: source.file };
  for (const [key, value] of Object.entries(table)) {
    const read = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
    if (read === undefined) throw unknownKey(key, CONFIG_KEYS, source.file, keyLine(source, key));
    config = { ...config, ...read(value, key, source) };
  }
  return config;
}

/** Throws where an entry has a key that is not among `known`. */
export function checkEntryKeys(entry: ConfigEntry, known: readonly string[]): void {
  const unknown = Object.keys(entry.table).find((key) => !known.includes(key));
  if (unknown !== undefined) throw unknownKey(unknown, known, entry.file, entry.line);
}

/** The error for something wrong with an entry. */
export function entryError(entry: ConfigEntry, message: string, help: string | null = null): CliError {
  return new CliError(`${message}\n  --> ${entry.file}${entry.line === null ? "" : `:${entry.line}`}`, help);
}

function unknownKey(key: string, known: readonly string[], file: string, line: number | null): CliError {
  const near = nearestName(key, known);
  return new CliError(
    `unknown key \`${key}\`\n  --> ${file}${line === null ? "" : `:${line}`}`,
    near === null ? `known keys: ${known.join(", ")}` : `did you mean \`${near}\`?`,
  );
}

function configError(message: string, source: Source, line: number | null): CliError {
  return new CliError(`${message}\n  --> ${source.file}${line === null ? "" : `:${line}`}`);
}

function wrong(expected: string, key: string, source: Source): CliError {
  return configError(`\`${key}\` must be ${expected}`, source, keyLine(source, key));
}

function oneOf<T extends string>(value: unknown, known: readonly T[], key: string, source: Source): T {
  const found = known.find((one) => one === value);
  if (found === undefined) throw wrong(`one of ${known.map((one) => `"${one}"`).join(", ")}`, key, source);
  return found;
}

/** One level for all, or a table of them by package, in which `default` stands for the others. */
function faultLevels(value: unknown, key: string, source: Source): Partial<Config> {
  const levelOf = (one: unknown): FaultLevel => oneOf(one, ["warning", "error"], key, source);
  if (!isTable(value)) return { faultErrors: levelOf(value) };
  const levels = Object.entries(value).map(([name, one]) => [name, levelOf(one)] as const);
  const others = levels.find(([name]) => name === "default")?.[1];
  const faultErrorsOf = Object.fromEntries(levels.filter(([name]) => name !== "default"));
  return { ...(others === undefined ? {} : { faultErrors: others }), faultErrorsOf };
}

function whole(value: unknown, key: string, source: Source): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw wrong("a number", key, source);
  return value;
}

function flag(value: unknown, key: string, source: Source): boolean {
  if (typeof value !== "boolean") throw wrong("true or false", key, source);
  return value;
}

function text(value: unknown, key: string, source: Source): string {
  if (typeof value !== "string" || value === "") throw wrong("a text", key, source);
  return value;
}

function texts(value: unknown, key: string, source: Source): string[] {
  if (!Array.isArray(value)) throw wrong("a list of texts", key, source);
  return value.map((one) => text(one, key, source));
}

/** Paths are relative to the configuration's own file. */
function ruleFiles(value: unknown, key: string, source: Source): RuleFile[] {
  return texts(value, key, source).map((name) => {
    const file = path.resolve(path.dirname(source.file), name);
    const text = source.textOf(file);
    if (text === null) {
      const place = keyLine(source, key);
      throw configError(`the rule pack \`${name}\` cannot be read`, source, place);
    }
    return { file: name, text };
  });
}

function entries(value: unknown, key: string, source: Source): ConfigEntry[] {
  if (!Array.isArray(value) || !value.every(isTable)) throw wrong(`written as \`[[${key}]]\``, key, source);
  const header = source.prefix === "" ? key : `${source.prefix}.${key}`;
  const lines = linesMatching(source, (line) => line.replaceAll(/\s/gu, "").startsWith(`[[${header}]]`));
  return value.map((table, at) => ({ table, file: source.file, line: lines[at] ?? null }));
}

/** The line of `key = …` or of its header; null where it was not found. A guess by text: only for messages. */
function keyLine(source: Source, key: string): number | null {
  const lines = source.text.split(/\r?\n/u);
  const compact = lines.map((line) => line.replaceAll(/[\s"']/gu, ""));
  const from = source.prefix === "" ? 0 : compact.indexOf(`[${source.prefix}]`) + 1;
  const headers = [`[${key}]`, `[[${key}]]`, `[${source.prefix}.${key}]`, `[[${source.prefix}.${key}]]`];
  for (let at = from; at < compact.length; at += 1) {
    const line = compact[at] ?? "";
    if (line.startsWith(`${key}=`) || headers.some((one) => line.startsWith(one))) return at + 1;
  }
  return null;
}

function linesMatching(source: Source, matches: (line: string) => boolean): number[] {
  return source.text.split(/\r?\n/u).flatMap((line, at) => (matches(line) ? [at + 1] : []));
}
