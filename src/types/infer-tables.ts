/**
 * The side tables that inference fills for one body, by the ids of expressions and patterns.
 *
 * Types in them may hold inference variables until `writeback` has gone over them. Nothing here decides anything.
 */
import type { Expr, Pat } from "../syntax/ast-body.ts";
import type { Ty } from "./ty.ts";
import type { Adjustment, Resolution, TypedBody } from "./typed-body.ts";

export type OperatorCall = ReturnType<TypedBody["operatorCalls"]>[number];
export type OperatorRole = OperatorCall["role"];
export type BindingMode = ReturnType<TypedBody["binding"]>;

export interface Tables {
  readonly exprTys: (Ty | undefined)[];
  readonly patTys: (Ty | undefined)[];
  readonly adjustments: Map<number, Adjustment[]>;
  readonly patDerefs: Map<number, Ty[]>;
  readonly bindings: Map<number, BindingMode>;
  readonly exprResolutions: Map<number, Resolution>;
  readonly patResolutions: Map<number, Resolution>;
  readonly operatorCalls: Map<number, OperatorCall[]>;
  readonly fieldIndices: Map<number, number>;
}

/** Empty tables. */
export function newTables(): Tables {
  return {
    exprTys: [],
    patTys: [],
    adjustments: new Map(),
    patDerefs: new Map(),
    bindings: new Map(),
    exprResolutions: new Map(),
    patResolutions: new Map(),
    operatorCalls: new Map(),
    fieldIndices: new Map(),
  };
}

/** Expressions and patterns are numbered apart: is this node a pattern? */
export function isPat(node: Expr | Pat): node is Pat {
  return !("attrs" in node);
}
