/**
 * Closures, async blocks and async closures to MIR: the value that holds what they take from around them.
 *
 * Making one runs none of its body; a body has a MIR of its own (`mir-build`), entered where the value is called or polled.
 */
import type { Expr } from "../syntax/ast-body.ts";
import { ASYNC_BLOCK } from "../types/intern.ts";
import type { Operand, Place } from "./mir.ts";
import { assign, type Builder } from "./mir-builder.ts";
import { takeCapture } from "./mir-captures.ts";

/** `|..| ..`: an environment of its captures. */
export function closureInto(builder: Builder, dest: Place, expr: Expr & { k: "closure" }): void {
  environment(builder, dest, expr, expr.closure, []);
}

/** `async { .. }`, or what an async closure with these arguments gives: a future that holds its captures. */
export function futureInto(builder: Builder, dest: Place, expr: Expr, args: readonly Operand[] = []): void {
  environment(builder, dest, expr, ASYNC_BLOCK + expr.id, args);
}

function environment(builder: Builder, dest: Place, expr: Expr, closure: number, args: readonly Operand[]): void {
  const captures = builder.typed.closure(closure).captures.map((one) => takeCapture(builder, one, expr));
  const fields = [...captures, ...args];
  assign(builder, dest, { k: "aggregate", kind: { k: "closure", closure }, fields }, expr.span);
}
