/**
 * Inline assembly to MIR: one terminator with what its instructions are given; afterwards nothing is known of what they write.
 *
 * The blocks of `label` operands may run where the instructions end, or not. What the template says is for others to read.
 */
import type { Expr } from "../syntax/ast-body.ts";
import type { AsmInput, Place } from "./mir.ts";
import { assign, type Builder, goto, newBlock, newTemp, terminate } from "./mir-builder.ts";
import { exprInto, exprOperand, exprPlace, isPlaceExpr } from "./mir-expr.ts";

/** The macro's value is put into the place, and its results where it says. */
export function asmInto(builder: Builder, dest: Place, expr: Expr & { readonly k: "asm" }): void {
  const { template, operands, attSyntax, naked, span } = expr;
  const inputs = operands.flatMap(({ mode, register, label, value }): AsmInput[] =>
    mode === "out" || mode === "label" ? [] : [{ register, label, operand: exprOperand(builder, value) }],
  );
  const places = operands.flatMap(({ mode, value }) =>
    (mode === "out" || mode === "inout") && isPlaceExpr(builder, value) ? [exprPlace(builder, value)] : [],
  );
  // Where they are all that a function consists of, instructions without an end of their own return all the same.
  const next = newBlock(builder);
  terminate(builder, { k: "asm", template, inputs, attSyntax, naked, next, span }, next);
  for (const place of places) assign(builder, place, { k: "opaque" }, span);
  assign(builder, dest, { k: "opaque" }, span);
  for (const { mode, value } of operands) if (mode === "label") mayRun(builder, value);
}

/** A block that is jumped to, or not. */
function mayRun(builder: Builder, block: Expr): void {
  const [inside, after] = [newBlock(builder), newBlock(builder)];
  const targets = [{ value: "label", target: inside }];
  terminate(builder, { k: "switch", on: { k: "opaque" }, targets, otherwise: after, span: block.span }, inside);
  exprInto(builder, newTemp(builder, builder.typed.exprTy(block), block.span), block);
  goto(builder, after, after);
}
