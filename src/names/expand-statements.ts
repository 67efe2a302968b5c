/**
 * What a macro call leaves where it stands in a body: its text, or the statements that it makes.
 *
 * By its rules, by the arm of a conditional one that is compiled, or because the compiler provides it. Nothing is entered into names here.
 */
import type { Span } from "../base/span.ts";
import type { MacroCall } from "../syntax/ast.ts";
import type { Body, Expr, MacroFailure, Stmt } from "../syntax/ast-body.ts";
import { lowerStmtsExpansion } from "../syntax/body.ts";
import { builtinExpr } from "./builtin-exprs.ts";
import { selectedArm } from "./cfg-select.ts";
import type { Scope } from "./defs.ts";
import {
  type ExpandedTokens,
  type Expansion,
  expandTokens,
  type MadeTokens,
  macroName,
  resolveMacro,
  withoutItems,
} from "./expand.ts";
import type { CrateState, MacroScope, Store } from "./store.ts";

export type Statements =
  | {
      readonly k: "stmts";
      readonly stmts: readonly Stmt[];
      /** What could not be parsed. */
      readonly errors: readonly Span[];
      /** Impls that were not parsed. */
      readonly made: MadeTokens | null;
    }
  | { readonly k: "failed"; readonly failure: MacroFailure };

/** Where the call stands, and the body whose arena its statements are numbered in; `splits`: impls are not parsed but given as their tokens. */
export interface StatementsAt {
  readonly store: Store;
  readonly crate: CrateState;
  readonly body: Body;
  readonly scope: Scope;
  readonly macros: MacroScope | null;
  readonly splits: boolean;
}

/** The statements that a call stands for. */
export function expandStatements(at: StatementsAt, call: MacroCall): Statements {
  const { store, crate, body } = at;
  const macro = resolveMacro(store, at.scope.module, at.macros, call.path);
  const { arena } = body;
  const expansion = tokensOf(store, crate, macro, call);
  if (expansion?.k === "failed") return expansion;
  if (expansion !== null) {
    const { made, source } = withoutItems(expansion, at.splits ? "impls" : "none");
    const lowered = source === null ? noStatements : lowerStmtsExpansion(source, arena);
    if (lowered !== null) return { k: "stmts", ...lowered, made };
    return failed("parse-error", `${macroName(call.path)}!: its expansion cannot be read`);
  }
  const name = call.path.segments.at(-1)?.name ?? "";
  const builtin = macro?.k === "proc-macro" ? null : builtinExpr(name, call, arena, crate.cfg);
  if (builtin === "build-output") return failed("build-output", `${name}!`);
  if (builtin === null) return failed("unknown-macro", `${macroName(call.path)}!`);
  const expr = { id: arena.nextExpr++, span: call.span, attrs: [], ...builtin } as Expr;
  return { k: "stmts", stmts: [{ k: "expr", expr, semi: true, attrs: [], span: call.span }], errors: [], made: null };
}

/** What a macro leaves as text: by its rules, or the arm that is compiled; null for one that is neither. */
export function textOf(
  store: Store,
  crate: CrateState,
  macro: ReturnType<typeof resolveMacro>,
  call: MacroCall,
): Expansion | null {
  const expanded = tokensOf(store, crate, macro, call);
  return expanded?.k === "trees" ? { k: "source", source: expanded.print(expanded.trees) } : expanded;
}

function tokensOf(
  store: Store,
  crate: CrateState,
  macro: ReturnType<typeof resolveMacro>,
  call: MacroCall,
): ExpandedTokens | null {
  if (macro?.k === "def") return expandTokens(store, macro.def, call, crate.cfg);
  if (macro?.k === "proc-macro" || call.path.segments.at(-1)?.name !== "cfg_select") return null;
  const source = selectedArm(call, crate.cfg);
  if (source !== null) return { k: "source", source };
  return failed("parse-error", `${macroName(call.path)}!: no arm is compiled`);
}

const noStatements = { stmts: [], errors: [] } as const;

function failed(
  reason: MacroFailure["reason"],
  text: string,
): { readonly k: "failed"; readonly failure: MacroFailure } {
  return { k: "failed", failure: { reason, text } };
}
