/**
 * A rule file of the user's: its text as a checked value, or a refusal that says file, JSON pointer, line, what was expected and the way out.
 *
 * Which kind a file is stands in it: one with `registrars` says what installs handlers, any other is a rule pack.
 */
import { firstJsonError, lineAt, lineOfPointer } from "../base/json-lines.ts";
import { checkAgainst, ModelError } from "./schema-check.ts";

export interface RuleFile {
  /** As errors name it. */
  readonly file: string;
  readonly text: string;
}

/** The file's value, held against the schema and `check`. Throws a ModelError whose message ends in `--> file:line`. */
export function readRuleFile<T>(
  schema: object,
  { file, text }: RuleFile,
  check: (value: T) => void = () => undefined,
): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const offset = firstJsonError(text);
    const what = offset >= text.length ? "the text ends too early" : `\`${text[offset]}\` cannot stand here`;
    throw placed(file, "", lineAt(text, offset), `is no JSON: ${what}`);
  }
  try {
    const typed = checkAgainst<T>(file, schema, value);
    check(typed);
    return typed;
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const problem = error.message.slice(`${file}${error.place === "" ? "" : `: at ${error.place}`}: `.length);
    throw placed(file, error.place, lineOfPointer(text, error.place), problem);
  }
}

/** Does the file say what installs handlers? */
export function holdsRegistrars({ text }: RuleFile): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "registrars" in value;
  } catch {
    return false;
  }
}

/** The error for a place in a rule file. */
export function placed(file: string, place: string, line: number, problem: string): ModelError {
  const where = `\n  --> ${file}:${line}`;
  const help = "correct it, or take the file out of `rules` in the configuration";
  return new ModelError(file, place, `${problem}${where}`, help);
}
