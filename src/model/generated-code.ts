/**
 * rules/derives.json, rules/attributes.json and rules/macros.json: what macros make of an item, as far as data can say it.
 *
 * A derive is known by its name and the packages that provide it; its impls are templates of Rust text (names/derive-template.ts says
 * which forms they have). An attribute is `transparent` where the item means what is written, `absent` where
 * nothing of it is left in a program that is no test. A macro by example is known by its rules, so that what
 * they come to need not be worked out step by step. What is not listed is not invented: it stays a blind spot.
 */
import { checkAgainst } from "./schema-check.ts";

export interface DeriveImpl {
  /** `$crate::Trait`, `$core::convert::From`: $crate is the crate that provides the derive. */
  readonly trait: string;
  /** One impl for each field with this helper attribute; `$ty` is its type then. */
  readonly each?: string;
  /** The trait's type arguments. */
  readonly args?: readonly "$ty"[];
  /** Bound put on each type parameter. */
  readonly bound?: string;
  readonly members?: readonly string[];
}
export interface DeriveRule {
  readonly name: string;
  /** Packages through which it is named. */
  readonly packages: readonly string[];
  readonly versions?: string;
  readonly impls: readonly DeriveImpl[];
  readonly cite: readonly string[];
}
export interface AttributeRule {
  readonly names: readonly string[];
  readonly packages: readonly string[];
  readonly as: "transparent" | "around" | "absent";
  readonly cite: readonly string[];
}
/** Macros by example whose rules choose the first arm that is compiled. */
interface MacroRule {
  readonly as: "cfg-if";
  /** Hashes of their rules (names/cfg-if.ts). */
  readonly rules: readonly string[];
  readonly cite: readonly string[];
}
export interface GeneratedCode {
  readonly cfgIf: ReadonlySet<string>;
  readonly derives: readonly DeriveRule[];
  readonly attributes: readonly AttributeRule[];
}

/** The files parsed and checked. Throws a ModelError where one does not fit its schema. */
export function loadGeneratedCode(
  derives: { readonly schema: object | null; readonly value: unknown },
  attributes: { readonly schema: object | null; readonly value: unknown },
  macros: { readonly schema: object | null; readonly value: unknown },
): GeneratedCode {
  const known = checkAgainst<{ readonly macros: readonly MacroRule[] }>(
    "rules/macros.json",
    macros.schema,
    macros.value,
  ).macros;
  return {
    cfgIf: new Set(known.flatMap((one) => one.rules)),
    derives: checkAgainst<{ readonly derives: readonly DeriveRule[] }>(
      "rules/derives.json",
      derives.schema,
      derives.value,
    ).derives,
    attributes: checkAgainst<{ readonly attributes: readonly AttributeRule[] }>(
      "rules/attributes.json",
      attributes.schema,
      attributes.value,
    ).attributes,
  };
}
