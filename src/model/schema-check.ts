/**
 * Holds a parsed JSON value against a JSON Schema (draft 07): the typed value, or a ModelError that says where and what to do.
 *
 * Our own data and the rule files of users go through the same check. It reports the first place that does not fit: of the
 * errors that ajv collects, the one deepest in the value, since those above it only say that their parts did not fit. ajv is loaded with the first
 * schema: most runs have none, and it is as many files as a third of the program.
 */
import { createRequire } from "node:module";
import type { Ajv as AjvClass, ErrorObject, ValidateFunction } from "ajv";
import { pushAll } from "../base/push-all.ts";

/** A rule file that cannot be used: `file`, the JSON pointer of the place in it, and the way out. */
export class ModelError extends Error {
  readonly file: string;
  readonly place: string;
  readonly help: string;
  constructor(file: string, place: string, problem: string, help: string) {
    super(`${file}${place === "" ? "" : `: at ${place}`}: ${problem}`);
    this.name = "ModelError";
    this.file = file;
    this.place = place;
    this.help = help;
  }
}

const compiled = { all: new WeakMap<object, ValidateFunction>(), first: new WeakMap<object, ValidateFunction>() };
/** In a value of more parts than this the first error is told, not the deepest: ajv copies all that it has for each that it finds. */
const maxParts = 2000;

/**
 * Returns `value` as `T` if it fits `schema`; `file` and `help` are for the error. `T` must describe what the schema says. No schema (null): data that
 * ships with this tool, which its tests hold against the schema, so that a run need not.
 */
export function checkAgainst<T>(file: string, schema: object | null, value: unknown, help?: string): T {
  if (schema === null) return value as T;
  const allErrors = !hasMoreParts(value, maxParts);
  const known = allErrors ? compiled.all : compiled.first;
  let validate = known.get(schema);
  if (validate === undefined) {
    const { Ajv } = createRequire(import.meta.url)("ajv") as { readonly Ajv: typeof AjvClass };
    validate = new Ajv({ allErrors, strict: false, messages: true }).compile(schema);
    known.set(schema, validate);
  }
  if (validate(value)) return value as T;
  const worst = deepest(validate.errors ?? []);
  const place = worst?.instancePath ?? "";
  const wayOut = help ?? `correct ${place === "" ? "it" : place} so that it fits the schema`;
  throw new ModelError(file, place, worst === null ? "does not fit its schema" : said(worst), wayOut);
}

function hasMoreParts(value: unknown, most: number): boolean {
  const parts: unknown[] = [value];
  // The list grows while it is walked.
  for (const one of parts) {
    if (parts.length > most) return true;
    if (typeof one === "object" && one !== null) pushAll(parts, Object.values(one));
  }
  return false;
}

function deepest(errors: readonly ErrorObject[]): ErrorObject | null {
  let best: ErrorObject | null = null;
  for (const error of errors) if (best === null || depth(error) > depth(best)) best = error;
  return best;
}

function depth(error: ErrorObject): number {
  return error.instancePath.split("/").length;
}

/** ajv's message leaves out which key or which values it means. */
function said(error: ErrorObject): string {
  const { additionalProperty, allowedValues, allowedValue } = error.params;
  if (typeof additionalProperty === "string") return `unknown key ${JSON.stringify(additionalProperty)}`;
  if (Array.isArray(allowedValues))
    return `must be one of ${allowedValues.map((one) => JSON.stringify(one)).join(", ")}`;
  if (allowedValue !== undefined) return `must be ${JSON.stringify(allowedValue)}`;
  if (error.keyword === "false schema") return "does not go together with another key beside it";
  return error.message ?? "does not fit its schema";
}
