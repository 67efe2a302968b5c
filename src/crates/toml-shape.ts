/**
 * Whether the keys of a TOML file that are read have values of the kind that cargo takes. A value of another kind would be passed over, and what
 * is read then is another program than the one that cargo builds, or refuses to build: it is an error with the key's path. Keys that no shape names are not looked at.
 */
import { CrateError } from "./crate-error.ts";
import { isTable, type TomlTable, valueOf } from "./toml.ts";

/** What may stand at a key: a simple kind, one of several, a table with known keys, the same for each key of a table, or for each element of a list. */
export type Shape =
  | "text"
  | "flag"
  | "texts"
  | "table"
  | { readonly any: readonly Shape[] }
  | { readonly keys: Readonly<Record<string, Shape>> }
  | { readonly each: Shape }
  | { readonly list: Shape };

/** Throws for the first value that is not of its shape. It goes as deep as the shape, whatever the file says. */
export function checkShape(table: TomlTable, shape: Shape, file: string): void {
  const wrong = wrongIn(table, shape, []);
  if (wrong === null) return;
  throw new CrateError(`\`${wrong.path.join(".")}\` must be ${wrong.wanted}`, {
    file,
    help: "correct the file; cargo refuses it too",
  });
}

interface Wrong {
  readonly path: readonly string[];
  readonly wanted: string;
}

function wrongIn(value: unknown, shape: Shape, path: readonly string[]): Wrong | null {
  if (typeof shape === "string") return holds(value, shape) ? null : { path, wanted: wordsOf(shape) };
  if ("any" in shape) {
    const fitting = shape.any.find((one) => isOfKind(value, one));
    return fitting === undefined ? { path, wanted: wordsOf(shape) } : wrongIn(value, fitting, path);
  }
  if (!isOfKind(value, shape)) return { path, wanted: wordsOf(shape) };
  if ("keys" in shape) {
    for (const [key, inner] of Object.entries(shape.keys)) {
      const own = valueOf(value as TomlTable, key);
      const wrong = own === undefined ? null : wrongIn(own, inner, [...path, key]);
      if (wrong !== null) return wrong;
    }
    return null;
  }
  const [entries, inner] =
    "each" in shape ? [Object.entries(value as TomlTable), shape.each] : [Object.entries(value as []), shape.list];
  for (const [key, own] of entries) {
    const wrong = wrongIn(own, inner, [...path, key]);
    if (wrong !== null) return wrong;
  }
  return null;
}

/** Whether it is a text, a list or a table as the shape wants it, whatever stands in it. */
function isOfKind(value: unknown, shape: Shape): boolean {
  if (typeof shape === "string") return holds(value, shape);
  if ("any" in shape) return shape.any.some((one) => isOfKind(value, one));
  return "list" in shape ? Array.isArray(value) : isTable(value);
}

function holds(value: unknown, kind: "text" | "flag" | "texts" | "table"): boolean {
  if (kind === "text") return typeof value === "string";
  if (kind === "flag") return typeof value === "boolean";
  if (kind === "table") return isTable(value);
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function wordsOf(shape: Shape): string {
  if (shape === "text") return "a text";
  if (shape === "flag") return "true or false";
  if (shape === "texts") return "a list of texts";
  if (shape === "table") return "a table";
  if ("any" in shape) return shape.any.map(wordsOf).join(" or ");
  return "list" in shape ? "a list of tables" : "a table";
}
