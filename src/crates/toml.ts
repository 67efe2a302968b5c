/**
 * TOML as checked data: parsing with a place in the error, and typed look-ups that never throw.
 *
 * Input: a file's text. Output: plain tables. A file that is no TOML is a `CrateError` with line and column.
 */
import { parse, TomlError } from "smol-toml";
import { CrateError } from "./crate-error.ts";

export type TomlTable = { readonly [key: string]: unknown };

/** Parses a TOML file's text; `file` is for the error. */
export function parseToml(text: string, file: string): TomlTable {
  try {
    const table = parse(text) as TomlTable;
    if (!isDeeper(table, maxDepth)) return table;
  } catch (error) {
    if (error instanceof TomlError) {
      const first = error.message.split("\n")[0] ?? "";
      throw new CrateError(`${first.replace(/^Invalid TOML document: /u, "invalid TOML: ")}`, {
        file,
        line: error.line,
        column: error.column,
        help: "correct the file; `cargo metadata` refuses it too",
      });
    }
    throw new CrateError("invalid TOML: nested too deeply or too large", { file });
  }
  const help = "write it with fewer tables in each other; cargo refuses it too";
  throw new CrateError(`invalid TOML: more than ${maxDepth} tables in each other`, { file, help });
}

/** Cargo's parser takes 80. Dotted keys make as many as they have dots, and who goes through tables need not fear for the stack. */
const maxDepth = 100;

function isDeeper(table: TomlTable, depth: number): boolean {
  let level: unknown[] = [table];
  for (let at = 0; at < depth && level.length > 0; at += 1) {
    const below: unknown[] = [];
    for (const one of level) {
      if (!isTable(one) && !Array.isArray(one)) continue;
      for (const value of Object.values(one)) if (typeof value === "object") below.push(value);
    }
    level = below;
  }
  return level.length > 0;
}

/** Whether a TOML value is a table. */
export function isTable(value: unknown): value is TomlTable {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** The own value of a key: a hostile `__proto__` or `constructor` is a key like any other. */
export function valueOf(table: TomlTable | null, key: string): unknown {
  return table !== null && Object.hasOwn(table, key) ? table[key] : undefined;
}

/** The table at a key; null where it is none. */
export function tableOf(table: TomlTable | null, key: string): TomlTable | null {
  const value = valueOf(table, key);
  return isTable(value) ? value : null;
}

/** The string at a key; null where it is none. */
export function stringOf(table: TomlTable | null, key: string): string | null {
  const value = valueOf(table, key);
  return typeof value === "string" ? value : null;
}

/** The boolean at a key; null where it is none. */
export function booleanOf(table: TomlTable | null, key: string): boolean | null {
  const value = valueOf(table, key);
  return typeof value === "boolean" ? value : null;
}

/** The strings of an array; other elements are left out; `null` where the key is no array. */
export function stringsOf(table: TomlTable | null, key: string): readonly string[] | null {
  const value = valueOf(table, key);
  return Array.isArray(value) ? value.filter((element) => typeof element === "string") : null;
}
