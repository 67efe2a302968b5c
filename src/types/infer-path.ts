/**
 * Paths as values: variables, functions, constructors, constants, associated items.
 *
 * Input: a path where a value (or a constant pattern) stands. Output: its type; the resolution is noted for the node.
 */
import type { DefId } from "../names/defs.ts";
import type { Path } from "../syntax/ast.ts";
import type { Expr, Pat } from "../syntax/ast-body.ts";
import type { ValueRes } from "./context.ts";
import { findHandWritten, findLocal, type Local } from "./infer-locals.ts";
import { type Fcx, fail, solve, unknown } from "./infer-state.ts";
import { isPat } from "./infer-tables.ts";
import type { Ty } from "./ty.ts";
import type { Resolution } from "./typed-body.ts";

/** Resolves the path and gives the type of its value. */
export function resolveValuePath(f: Fcx, node: Expr | Pat, path: Path): Ty {
  f.nodes++;
  const single = singleName(path);
  if (single !== null && !isPat(node)) {
    const local = findLocal(f.locals, single.name, single.context);
    if (local !== null) return useLocal(f, node, local);
    if (single.name === "self") return useSelf(f, node);
  }
  let res = f.ctx.resolvePath(f.table, path, "value", f.scope);
  if (res.k === "stuck") {
    solve(f);
    res = f.ctx.resolvePath(f.table, path, "value", f.scope);
  }
  return useResolved(f, node, path, res);
}

/** A path as text, for messages. */
export function pathText(path: Path): string {
  const text = path.segments.map((segment) => segment.name).join("::");
  return path.qself === null ? text : `<_>::${text}`;
}

function singleName(path: Path): { readonly name: string; readonly context: number } | null {
  const [segment] = path.segments;
  if (
    segment === undefined ||
    path.segments.length !== 1 ||
    path.global ||
    path.dollarCrate !== null ||
    path.qself !== null
  )
    return null;
  return segment.args === null ? segment : null;
}

function note(f: Fcx, node: Expr | Pat, resolution: Resolution): void {
  (isPat(node) ? f.tables.patResolutions : f.tables.exprResolutions).set(node.id, resolution);
}

function useLocal(f: Fcx, node: Expr | Pat, local: Local): Ty {
  note(f, node, { k: "local", binding: local.binding });
  return f.bindingTys.get(local.binding) ?? unknown(f, "not-inferred");
}

function useSelf(f: Fcx, node: Expr | Pat): Ty {
  const ty = f.bindingTys.get(-1);
  if (ty === undefined) return unresolved(f, node, "self", "unresolved-path", []);
  note(f, node, { k: "self-param" });
  return ty;
}

function useResolved(f: Fcx, node: Expr | Pat, path: Path, res: ValueRes): Ty {
  const text = pathText(path);
  switch (res.k) {
    case "def":
      note(f, node, { k: "def", def: res.def, args: res.args });
      return valueTy(f, res.def, res.args);
    case "local": {
      // A macro's own text may mean a variable that was in sight where the macro was defined.
      const local = isPat(node) ? null : findHandWritten(f.locals, res.name);
      return local === null ? unresolved(f, node, text, "unresolved-path", []) : useLocal(f, node, local);
    }
    case "const-param":
      note(f, node, { k: "const-param", ty: res.ty });
      return res.valueTy;
    case "type":
      return typeAsValue(f, node, res.ty, text);
    case "unresolved": {
      const single = singleName(path);
      const local = single === null || isPat(node) ? null : findHandWritten(f.locals, single.name);
      if (local !== null) return useLocal(f, node, local);
      return unresolved(f, node, text, res.reason, res.candidates);
    }
    case "stuck":
      return unresolved(f, node, text, "not-inferred", []);
    default:
      return unreachable(res);
  }
}

/** `Self` of a unit or tuple struct. */
function typeAsValue(f: Fcx, node: Expr | Pat, ty: Ty, text: string): Ty {
  const known = f.table.shallow(ty);
  if (known.k !== "adt") return unresolved(f, node, text, known.k === "unknown" ? known.reason : "unresolved-path", []);
  note(f, node, { k: "def", def: known.def, args: known.args });
  return valueTy(f, known.def, known.args);
}

function unresolved(
  f: Fcx,
  node: Expr | Pat,
  text: string,
  reason: Parameters<typeof unknown>[1],
  candidates: readonly DefId[],
): Ty {
  note(f, node, { k: "unresolved", reason, text, candidates: candidates.slice(0, 8) });
  return fail(f, node, reason, text);
}

/** Type of an item's value with these generics. */
function valueTy(f: Fcx, def: DefId, args: readonly Ty[]): Ty {
  const { ctx } = f;
  const info = ctx.names.def(def);
  switch (info.kind) {
    case "fn":
      ctx.registerPredicates(f.table, def, args);
      return ctx.tys.fnDef(def, args);
    case "const":
    case "static":
      return ctx.instantiate(f.table, ctx.typeOf(def), args);
    case "struct":
      return info.item?.k === "struct" && info.item.shape === "tuple"
        ? ctx.tys.fnDef(def, args)
        : ctx.tys.adt(def, args);
    case "variant":
      if (info.variant?.shape === "tuple") return ctx.tys.fnDef(def, args);
      return info.parent === null ? unknown(f, "unresolved-path") : ctx.tys.adt(info.parent, args);
    default:
      return unknown(f, "unresolved-path");
  }
}

function unreachable(value: never): never {
  return value;
}
