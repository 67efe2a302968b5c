/**
 * The language of `#[cfg(…)]`: its type, parser, printer and three-valued evaluation, and nothing else.
 *
 * Input: the text between the parentheses of `cfg(…)`, and the set of cfgs a crate is compiled with.
 * Output: "true", "false", or "unknown" where only a build script could tell. What is declared nowhere is false,
 * as it is for rustc. Never throws: text that is not a cfg predicate becomes an opaque part, which is unknown.
 */

export type CfgExpr =
  | { readonly k: "all"; readonly of: readonly CfgExpr[] }
  | { readonly k: "any"; readonly of: readonly CfgExpr[] }
  | { readonly k: "not"; readonly of: CfgExpr }
  | { readonly k: "name"; readonly name: string }
  | { readonly k: "value"; readonly name: string; readonly value: string }
  | { readonly k: "const"; readonly value: boolean }
  | { readonly k: "opaque"; readonly text: string };

export type Truth = "true" | "false" | "unknown";

/** The cfgs of one crate. Keys are spelled as rustc prints them: `unix`, `feature="std"`. */
export interface CfgSet {
  readonly known: ReadonlySet<string>;
  /** May be set by the build script: keys, or prefixes ending in `*` (`backend=*`, `has_*`, `*`). */
  readonly maybe: ReadonlySet<string>;
}
