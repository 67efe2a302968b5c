/**
 * `let` statements to MIR: what they bind, which temporaries live on with them, and the `else` of a refutable one.
 */
import type { Expr, Pat, Stmt } from "../syntax/ast-body.ts";
import { type Builder, goto, innermostScope, inScope, newBlock, newTemp, terminate } from "./mir-builder.ts";
import { adjustedTy, exprInto, exprPlace, isPlaceExpr } from "./mir-expr.ts";
import { bindPattern, declareBindings, testPattern } from "./mir-pattern.ts";

/** Evaluates the initialiser and binds the pattern's variables, which live in the innermost scope. */
export function letStatement(builder: Builder, stmt: Stmt & { k: "let" }): void {
  const { pat, init, otherwise } = stmt;
  const outer = innermostScope(builder);
  declareBindings(builder, pat);
  if (init === null) return;
  if (pat.k === "ident" && pat.sub === null && builder.typed.binding(pat) === "move") {
    const place = builder.bindings.get(pat.id);
    if (place !== undefined && otherwise === null) {
      const extended = extendsTemporaries(init);
      const work = (): void => exprInto(builder, place, init);
      if (extended) withTempScope(builder, outer, work);
      else inScope(builder, stmt.span, true, work);
      return;
    }
  }
  const work = (): void => {
    if (pat.k === "wild") {
      if (isPlaceExpr(builder, init)) exprPlace(builder, init);
      else if (extendsTemporaries(init))
        exprInto(builder, newTemp(builder, adjustedTy(builder, init), init.span), init);
      else exprInto(builder, newTemp(builder, adjustedTy(builder, init), init.span), init);
      return;
    }
    const scrutinee = exprPlace(builder, init);
    if (otherwise === null) {
      bindPattern(builder, pat, scrutinee, adjustedTy(builder, init));
      return;
    }
    const fail = newBlock(builder);
    testPattern(builder, pat, scrutinee, adjustedTy(builder, init), fail);
    bindPattern(builder, pat, scrutinee, adjustedTy(builder, init));
    const done = newBlock(builder);
    goto(builder, done, fail);
    exprInto(builder, newTemp(builder, builder.typed.exprTy(otherwise), otherwise.span), otherwise);
    terminate(builder, { k: "unreachable" }, done);
  };
  if (bindsByReference(pat) || extendsTemporaries(init)) withTempScope(builder, outer, work);
  else inScope(builder, stmt.span, true, work);
}

function withTempScope(builder: Builder, scope: number, work: () => void): void {
  const saved = builder.tempScope;
  builder.tempScope = scope;
  work();
  builder.tempScope = saved;
}

/** `let x = &temp()`: the temporary lives as long as x (reference: "temporary lifetime extension"). */
function extendsTemporaries(init: Expr): boolean {
  switch (init.k) {
    case "ref":
      return true;
    case "tuple":
    case "array":
      return init.elems.some(extendsTemporaries);
    case "struct":
      return init.fields.some((field) => extendsTemporaries(field.value));
    case "cast":
      return extendsTemporaries(init.operand);
    case "block":
      return init.block.tail !== null && extendsTemporaries(init.block.tail);
    case "macro":
      return init.expanded !== null && extendsTemporaries(init.expanded);
    default:
      return false;
  }
}

/** `let ref x = temp()`, and patterns with such a part: the temporary lives as long as x. */
function bindsByReference(pat: Pat): boolean {
  switch (pat.k) {
    case "ident":
      return pat.byRef || (pat.sub !== null && bindsByReference(pat.sub));
    case "tuple":
    case "tuple-struct":
    case "slice":
      return pat.elems.some(bindsByReference);
    case "struct":
      return pat.fields.some((field) => bindsByReference(field.pat));
    case "or":
      return pat.alternatives.some(bindsByReference);
    default:
      return false;
  }
}
