/**
 * Whether a parsed JSON value fits a schema, as yes or no and at once: for data of our own that comes back from a place where anybody may have
 * written (the cache), in runs that are over before a schema is compiled (`schema-check.ts` takes 0.2 s for the first value).
 *
 * It knows the part of JSON Schema (draft 07) that `schemas/report.schema.json` is written in. A schema with any other word is refused with an Error,
 * never passed over. Recursion goes by the schema, and where that leads back to itself by the value.
 */
export type Schema = Readonly<Record<string, unknown>>;
type Definitions = Readonly<Record<string, Schema>>;

const notes: ReadonlySet<string> = new Set(["$schema", "title", "description", "definitions"]);

/** True where `value` fits; `#/definitions/X` in the schema are looked up in `definitions`. */
export function fits(schema: Schema, definitions: Definitions, value: unknown): boolean {
  return Object.entries(schema).every(([word, given]) => notes.has(word) || holds(word, given, definitions, value));
}

function holds(word: string, given: unknown, definitions: Definitions, value: unknown): boolean {
  switch (word) {
    case "$ref": {
      const named = definitions[String(given).replace("#/definitions/", "")];
      if (named === undefined) throw new Error(`no definition ${given}`);
      return fits(named, definitions, value);
    }
    case "type":
      return (Array.isArray(given) ? given : [given]).some((one) => isOf(one, value));
    case "const":
      return value === given;
    case "enum":
      return (given as readonly unknown[]).includes(value);
    case "minimum":
      return typeof value !== "number" || value >= (given as number);
    case "minItems":
      return !Array.isArray(value) || value.length >= (given as number);
    case "anyOf":
      return (given as readonly Schema[]).some((one) => fits(one, definitions, value));
    case "items":
      return !Array.isArray(value) || value.every((one) => fits(given as Schema, definitions, one));
    case "required":
      return !isOf("object", value) || (given as readonly string[]).every((key) => Object.hasOwn(value as object, key));
    case "properties":
      return !isOf("object", value) || propertiesFit(given as Definitions, definitions, value as Schema);
    default:
      throw new Error(`the word ${word} of a schema is not known here`);
  }
}

function propertiesFit(schemas: Definitions, definitions: Definitions, value: Schema): boolean {
  return Object.entries(schemas).every(
    ([key, one]) => !Object.hasOwn(value, key) || fits(one, definitions, value[key]),
  );
}

function isOf(type: unknown, value: unknown): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    case "string":
    case "number":
    case "boolean":
      return typeof value === type;
    default:
      throw new Error(`the type ${type} of a schema is not known here`);
  }
}
