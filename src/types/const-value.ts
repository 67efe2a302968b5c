/**
 * Values of constants, as far as integers and booleans go.
 *
 * `constValue`: a const item or associated const with known arguments. `lowerConst`: an array length or const argument as a type: a
 * value, a const parameter, or unknown("not-inferred"). A constant that needs itself has no value.
 */
import type { DefId, Scope } from "../names/defs.ts";
import { variantsOf } from "../names/variants.ts";
import type { Source } from "../syntax/ast.ts";
import type { Expr } from "../syntax/ast-body.ts";
import { evalConstExpr } from "./const-eval.ts";
import { type Core, genericParent, memoized, traitOf } from "./core.ts";
import { constParam } from "./lower-args.ts";
import type { Ty } from "./ty.ts";

/** Decimal, "true" or "false"; null where it cannot be told. */
export function constValue(core: Core, def: DefId, args: readonly Ty[]): string | null {
  const key = `${def}|${args.map((ty) => ty.id).join()}`;
  return memoized(
    core,
    core.memo.consts,
    "const",
    key,
    () => null,
    () => computeValue(core, def, args),
  );
}

function computeValue(core: Core, def: DefId, args: readonly Ty[]): string | null {
  if (core.names.def(def).kind === "variant") return discriminantOf(core, def);
  let target = def;
  let generics = args;
  if (traitOf(core, def) !== null) {
    const found = core.resolveMember(def, args, []);
    if (found.def === null) return null;
    target = found.def;
    generics = found.args;
  }
  const body = core.names.def(target).kind === "const" ? core.names.body(target) : null;
  if (body === null) return null;
  const owner = genericParent(core, target);
  const filled = generics.length > 0 || owner === null ? generics : core.identityArgs(owner);
  return evalConstExpr(core, { expanded: body, args: filled, expected: primName(core.typeOf(target)) });
}

/** What stands at the variant, else one more than the variant before it; zero for the first. */
function discriminantOf(core: Core, variant: DefId): string | null {
  const { names } = core;
  const { parent } = names.def(variant);
  const siblings = parent === null ? [] : variantsOf(names, parent);
  let steps = 0n;
  for (let at = siblings.indexOf(variant); at >= 0; at -= 1) {
    const id = siblings[at];
    const body = id === undefined ? null : names.body(id);
    if (body !== null) {
      const value = evalConstExpr(core, { expanded: body, args: [], expected: "isize" });
      return value === null ? null : (BigInt(value) + steps).toString();
    }
    if (at > 0) steps += 1n;
  }
  return siblings.length === 0 ? null : steps.toString();
}

function primName(ty: Ty): string | null {
  return ty.k === "prim" ? ty.name : null;
}

/** An array length or const argument as a type. */
export function lowerConst(core: Core, scope: Scope, source: Source, start: number, end: number): Ty {
  const text = source.text.slice(start, end).trim();
  const literal = literalValue(text);
  if (literal !== null) return core.tys.constant(literal);
  const expanded = core.names.anonBody(scope, source, start, end);
  const param = paramOf(core, expanded.body.root, scope);
  if (param !== null) return param;
  const args = scope.owner === null ? [] : core.identityArgs(core.genericsOwner(scope.owner));
  const value = evalConstExpr(core, { expanded, args, expected: "usize" });
  return value === null ? unevaluated(core, expanded.body.root, scope) : core.tys.constant(value);
}

/** A constant item whose value cannot be told is equal to itself: a constant named by its definition. */
function unevaluated(core: Core, expr: Expr, scope: Scope): Ty {
  if (expr.k === "path" && expr.path.qself === null) {
    const res = core.names.resolve(scope, expr.path, "value");
    if (res.k === "def" && core.names.def(res.def).kind === "const") return core.tys.constant(`#${res.def}`);
  }
  return core.tys.unknown("not-inferred");
}

function literalValue(text: string): string | null {
  if (text === "true" || text === "false") return text;
  const match = /^(\d[\d_]*)(usize|u8|u16|u32|u64|i32|i64|isize)?$/.exec(text);
  return match?.[1] === undefined ? null : BigInt(match[1].replaceAll("_", "")).toString();
}

/** `N` or `{ N }` where N is a const parameter. */
function paramOf(core: Core, expr: Expr, scope: Scope): Ty | null {
  let inner = expr;
  while (inner.k === "block" && inner.block.stmts.length === 0 && inner.block.tail !== null) inner = inner.block.tail;
  if (inner.k !== "path" || inner.path.qself !== null || inner.path.segments.length !== 1) return null;
  const res = core.names.resolve(scope, inner.path, "value");
  return res.k === "base" && res.base.k === "param" && res.base.param.k === "const"
    ? constParam(core, res.base.owner, res.base.index)
    : null;
}
