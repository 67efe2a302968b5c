/**
 * Attributes as the crate sees them: `cfg_attr` applied, `cfg` evaluated, what the language itself defines told from macros.
 */
import { type CfgSet, evalCfg, parseCfg } from "../crates/cfg.ts";
import type { Attr } from "../syntax/ast.ts";
import { attrWith } from "../syntax/attributes.ts";
import { splitTopLevel } from "./text-split.ts";

export interface CfgResult {
  /** False where a cfg is false. */
  readonly present: boolean;
  /** A cfg could not be decided. */
  readonly assumed: boolean;
  /** Attributes after `cfg_attr`, cfg itself left out. */
  readonly attrs: readonly Attr[];
}

const plain: CfgResult = { present: true, assumed: false, attrs: [] };

/** Applies cfg and cfg_attr of a list of attributes. */
export function applyCfg(attrs: readonly Attr[], cfg: CfgSet): CfgResult {
  if (attrs.length === 0) return plain;
  if (!attrs.some((attr) => attr.path === "cfg" || attr.path === "cfg_attr")) return { ...plain, attrs };
  const kept: Attr[] = [];
  let present = true;
  let assumed = false;
  const pending = [...attrs].reverse();
  for (let steps = 0; steps < 1000; steps += 1) {
    const attr = pending.pop();
    if (attr === undefined) break;
    if (attr.path === "cfg") {
      const truth = evalCfg(parseCfg(attr.tokens), cfg);
      // What stands under a condition that nobody knows takes nothing away for sure.
      if (truth === "false" && attr.undecided !== true) present = false;
      else if (truth !== "true") assumed = true;
    } else if (attr.path === "cfg_attr") {
      const [condition = "", ...inner] = splitTopLevel(attr.tokens, ",");
      // An attribute that may or may not be there is taken: it adds a derive or a path, which can be followed.
      const truth = evalCfg(parseCfg(condition), cfg);
      if (truth === "false") continue;
      const under = truth === "unknown" || attr.undecided === true ? ({ undecided: true } as const) : {};
      for (const text of inner.reverse())
        if (text.trim() !== "") pending.push({ ...attrWith(attr.inner, attr.span, text), ...under });
    } else kept.push(attr);
  }
  return { present, assumed, attrs: kept };
}

/** The attribute of a path, the first where there are several. */
export function attrNamed(attrs: readonly Attr[], path: string): Attr | null {
  return attrs.find((attr) => attr.path === path) ?? null;
}

/** The text of a string literal, as in `#[path = "x.rs"]`; null for anything else. */
export function stringOf(tokens: string): string | null {
  const text = tokens.trim();
  const raw = /^r(#*)"([\s\S]*)"\1$/.exec(text);
  if (raw !== null) return raw[2] ?? null;
  const quoted = /^"((?:[^"\\]|\\[\s\S])*)"$/.exec(text);
  return quoted === null ? null : (quoted[1] ?? "").replace(/\\(["\\])/g, "$1");
}

const language: ReadonlySet<string> = new Set(
  (
    "allow allow_internal_unsafe allow_internal_unstable automatically_derived bench cfg cfg_attr cfg_eval cold coverage crate_name crate_type " +
    "debugger_visualizer deny deprecated derive doc expect export_name feature ffi_const ffi_pure forbid fundamental global_allocator ignore " +
    "inline instruction_set lang link link_name link_ordinal link_section linkage macro_export macro_use marker may_dangle must_not_suspend must_use " +
    "naked no_builtins no_core no_coverage no_implicit_prelude no_link no_main no_mangle no_sanitize no_std non_exhaustive optimize panic_handler path pointee " +
    "prelude_import proc_macro proc_macro_attribute proc_macro_derive recursion_limit repr should_panic sigsafe_entry stable start target_feature " +
    "test test_case thread_local track_caller type_const type_length_limit unstable used warn windows_subsystem default"
  ).split(" "),
);

/** Is the attribute part of the language (or a tool's), so that the item stays as it is written? */
export function isLanguageAttr(path: string): boolean {
  if (language.has(path)) return true;
  const [first = ""] = path.split("::");
  return first.startsWith("rustc") || ["clippy", "rustfmt", "diagnostic", "miri"].includes(first);
}
