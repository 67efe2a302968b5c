/**
 * Expansions of one macro call as an expression or a pattern: one, or a choice between several of which nobody knows which is compiled.
 *
 * Nothing is expanded or entered into names here; what could not be read is told to the asker.
 */
import type { Span } from "../base/span.ts";
import type { MacroCall } from "../syntax/ast.ts";
import type { BodyArena, Expr, MacroFailure, Pat } from "../syntax/ast-body.ts";
import { lowerExprExpansion, lowerPatExpansion, lowerStmtsExpansion } from "../syntax/body.ts";
import { asText, type ExpandedTokens, type Expansion, macroName } from "./expand.ts";
import { asBlock } from "./statement-values.ts";
import { either } from "./undecided.ts";

/** The expressions of a call, or why there is none: where there are several, one that could not be made is told and is an error among them. */
export function expandedExpr(
  arena: BodyArena,
  call: MacroCall,
  expansions: readonly ExpandedTokens[],
  span: Span,
  tell: (failure: MacroFailure, at: Span | null) => void,
): Expr | MacroFailure {
  const exprs: Expr[] = [];
  for (const one of expansions) {
    const made = exprOf(arena, call, asText(one), span, tell);
    if ("k" in made) exprs.push(made);
    else if (expansions.length === 1) return made;
    else {
      tell(made, null);
      exprs.push({ id: arena.nextExpr++, span, attrs: [], k: "error", reason: "parse-error", text: made.text });
    }
  }
  return either(arena, exprs, span);
}

/** The pattern of a call, or why there is none. */
export function expandedPat(
  arena: BodyArena,
  call: MacroCall,
  expansions: readonly ExpandedTokens[],
  span: Span,
): Pat | MacroFailure {
  const pats: Pat[] = [];
  for (const one of expansions.map(asText)) {
    if (one.k === "failed") return one.failure;
    const lowered = lowerPatExpansion(one.source, arena);
    if (lowered === null) return { reason: "parse-error", text: `${macroName(call.path)}!` };
    pats.push(lowered.pat);
  }
  const [first] = pats;
  if (first === undefined) return { reason: "unknown-macro", text: `${macroName(call.path)}!` };
  return pats.length === 1 ? first : { id: arena.nextPat++, span, k: "or", alternatives: pats };
}

function exprOf(
  arena: BodyArena,
  call: MacroCall,
  expansion: Expansion,
  span: Span,
  tell: (failure: MacroFailure, at: Span | null) => void,
): Expr | MacroFailure {
  if (expansion.k === "failed") return expansion.failure;
  const name = macroName(call.path);
  // An attribute at its head may take the whole value away: that is for the statements of a block.
  const statements = call.delimiter === "{" || /^\s*#/.test(expansion.source.text);
  const single = statements ? null : lowerExprExpansion(expansion.source, arena);
  if (single !== null && single.errors.length === 0) return single.expr;
  const lowered = lowerStmtsExpansion(expansion.source, arena);
  if (lowered === null) return { reason: "parse-error", text: `${name}!: its expansion cannot be read` };
  for (const at of lowered.errors) tell({ reason: "parse-error", text: `in the expansion of ${name}!` }, at);
  return asBlock(arena, span, lowered.stmts);
}
