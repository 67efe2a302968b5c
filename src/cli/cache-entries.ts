/**
 * What is kept in the cache, as bytes and back. The cache is a directory that other programs and restored archives write to, so whatever
 * comes back is held against its schema, and what does not fit, or swells beyond a bound when it is unpacked, is no entry.
 */
import { readFileSync } from "node:fs";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { packageFile } from "../base/package-file.ts";
import { fits, type Schema } from "../model/schema-fit.ts";

/** An unpacked entry takes no more than this. */
const maxBytes = 64 << 20;

type Definitions = Readonly<Record<string, Schema>>;
let report: Definitions | null = null;

const text: Schema = { type: "string" };
const texts: Schema = listOf(text);
const textOrNull: Schema = { type: ["string", "null"] };
const integer: Schema = { type: "integer" };
const closure: Definitions = { packages: texts, words: texts };

/** `StoredProgram` of program-cache.ts; its allowances are those that sources hold. */
const program: Schema = object({
  summary: object({
    program: of("program"),
    parts: listOf(
      object({
        handler: of("handler"),
        findings: listOf(of("finding")),
        guards: listOf(of("guard")),
        blindSpots: listOf(of("blindSpot")),
      }),
    ),
    blindSpots: listOf(of("blindSpot")),
    problems: listOf(of("problem")),
    allows: listOf(
      object({
        rule: textOrNull,
        reason: text,
        until: textOrNull,
        source: text,
        scope: object({ k: { const: "lines" }, package: text, file: text, from: integer, to: integer }),
        at: object({ package: textOrNull, file: textOrNull, line: { type: ["integer", "null"] } }),
      }),
    ),
    namedHandlers: texts,
    closure: object(closure),
  }),
  problems: listOf(of("problem")),
  stdVersion: text,
  others: listOf({ ...texts, minItems: 2 }),
});

/** `ClosureRecord` of closure-record.ts. */
const record: Schema = object({
  ...closure,
  around: listOf(object({ name: text, folder: textOrNull, deps: texts })),
});

/** `KeptAnswer` of crates/kept-answers.ts. */
const answer: Schema = object({
  run: object({ code: { const: 0 }, stdout: text, stderr: text }),
  manifests: listOf({ ...texts, minItems: 2 }),
});

const kinds: Readonly<Record<"program" | "record" | "answer", Schema>> = { program, record, answer };

/** The bytes of a value; null where they would not be read back. */
export function packEntry(value: unknown): Buffer | null {
  const bytes = Buffer.from(JSON.stringify(value));
  return bytes.length > maxBytes ? null : deflateRawSync(bytes, { level: 1 });
}

/** What the bytes stand for, which `T` must describe as the schema does; null where they are no such entry. */
export function unpackEntry<T>(kind: keyof typeof kinds, bytes: Buffer | null): T | null {
  const value = bytes === null ? null : parsed(bytes);
  if (value === null) return null;
  report ??= definitions();
  return fits(kinds[kind], report, value) ? (value as T) : null;
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(inflateRawSync(bytes, { maxOutputLength: maxBytes }).toString("utf8"));
  } catch {
    return null;
  }
}

function definitions(): Definitions {
  const schema = JSON.parse(readFileSync(packageFile("schemas/report.schema.json"), "utf8")) as Schema;
  return schema["definitions"] as Definitions;
}

function object(properties: Definitions): Schema {
  return { type: "object", required: Object.keys(properties), properties };
}

function listOf(items: Schema): Schema {
  return { type: "array", items };
}

function of(name: string): Schema {
  return { $ref: `#/definitions/${name}` };
}
