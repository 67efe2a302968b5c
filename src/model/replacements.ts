/** rules/replacements.json: crates that take another's place under its name, for who looks for a way out of a finding. */
import { checkAgainst } from "./schema-check.ts";

export interface Replacement {
  readonly crate: string;
  readonly replacement: string;
  readonly why: string;
  readonly references: readonly string[];
}

/** Those of one crate, in the file's order. Throws a ModelError where the file does not fit its schema. */
export function replacementsOf(schema: object, value: unknown, crate: string): Replacement[] {
  const data = checkAgainst<{ readonly replacements: readonly Replacement[] }>(
    "rules/replacements.json",
    schema,
    value,
  );
  return data.replacements.filter((one) => one.crate === crate);
}
