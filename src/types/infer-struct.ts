/**
 * Struct literals: `S { a: x, ..base }`, of structs, unions and variants, through aliases and `Self`.
 */
import type { DefId } from "../names/defs.ts";
import type { Expr } from "../syntax/ast-body.ts";
import { coerce } from "./coerce.ts";
import { pathText } from "./infer-path.ts";
import { demandEqual, type Expect, type Fcx, fail, has, onlyHas, solve, structurally, unknown } from "./infer-state.ts";
import type { Ty } from "./ty.ts";

/** Checks the fields; the literal's type. */
export function checkStruct(f: Fcx, expr: Expr & { readonly k: "struct" }, expect: Expect): Ty {
  f.nodes++;
  const found = literalOf(f, expr);
  if (found === null) {
    for (const field of expr.fields) f.checkExpr(f, field.value, null);
    if (expr.base !== null) f.checkExpr(f, expr.base, null);
    const resolution = f.tables.exprResolutions.get(expr.id);
    return unknown(f, resolution?.k === "unresolved" ? resolution.reason : "unresolved-path");
  }
  const { ty, def } = found;
  const wanted = onlyHas(f, expect);
  // What is expected of the whole says what its fields are, if it can be.
  if (wanted !== null && wanted.k !== "infer") f.table.unify(ty, wanted);
  f.ctx.registerPredicates(f.table, ty.def, ty.args);
  const declared = fields(f, def, ty.args);
  const names = f.ctx.fieldNames(def);
  for (const field of expr.fields) {
    const index = names.indexOf(field.name);
    const target = declared[index];
    if (target === undefined) {
      f.checkExpr(f, field.value, null);
      fail(f, field.value, "unresolved-field", `${pathText(expr.path)}.${field.name}`);
      continue;
    }
    coerce(f, field.value, f.checkExpr(f, field.value, has(target)), target);
  }
  if (expr.base !== null) demandEqual(f, expr.base, ty, f.checkExpr(f, expr.base, has(ty)));
  return ty;
}

function fields(f: Fcx, def: DefId, args: readonly Ty[]): readonly Ty[] {
  return f.ctx.fieldTys(def).map((field) => f.ctx.instantiate(f.table, field, args));
}

function literalOf(
  f: Fcx,
  expr: Expr & { readonly k: "struct" },
): { readonly ty: Ty & { readonly k: "adt" }; readonly def: DefId } | null {
  let res = f.ctx.resolvePath(f.table, expr.path, "type", f.scope);
  if (res.k === "stuck") {
    solve(f);
    res = f.ctx.resolvePath(f.table, expr.path, "type", f.scope);
  }
  let ty: Ty | null = null;
  let def: DefId | null = null;
  if (res.k === "type") ty = structurally(f, res.ty);
  else if (res.k === "def") {
    const info = f.ctx.names.def(res.def);
    if (info.kind === "variant" && info.parent !== null) {
      ty = f.ctx.tys.adt(info.parent, res.args);
      def = res.def;
    } else if (info.kind === "struct") ty = f.ctx.tys.adt(res.def, res.args);
  }
  if (ty?.k === "adt") {
    const literal = { ty, def: def ?? ty.def };
    f.tables.exprResolutions.set(expr.id, { k: "def", def: literal.def, args: ty.args });
    return literal;
  }
  const reason = res.k === "unresolved" ? res.reason : ty?.k === "unknown" ? ty.reason : "unresolved-path";
  const candidates = res.k === "unresolved" ? res.candidates : [];
  f.tables.exprResolutions.set(expr.id, { k: "unresolved", reason, text: pathText(expr.path), candidates });
  fail(f, expr, reason, pathText(expr.path));
  return null;
}
