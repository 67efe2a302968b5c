/**
 * Types of literals: by their suffix, else by what is expected, else a variable that falls back to `i32` or `f64`.
 */
import type { Literal } from "../syntax/ast-body.ts";
import { type Expect, expectedTy, type Fcx, unknown } from "./infer-state.ts";
import { isIntName } from "./intern.ts";
import type { Ty } from "./ty.ts";

/** The literal's type. */
export function literalTy(f: Fcx, lit: Literal, expect: Expect): Ty {
  const { tys } = f.ctx;
  switch (lit.k) {
    case "int":
      return lit.suffix !== null ? tys.prim(lit.suffix) : intTy(f, expect);
    case "float":
      return lit.suffix !== null ? tys.prim(lit.suffix) : floatTy(f, expect);
    case "bool":
      return tys.bool;
    case "char":
      return tys.prim("char");
    case "byte":
      return tys.prim("u8");
    case "str":
      return tys.ref(tys.str, false);
    case "byte-str":
      return tys.ref(tys.array(tys.prim("u8"), tys.constant(String(lit.length))), false);
    case "c-str": {
      const def = f.ctx.lang("CStr");
      return def === null ? unknown(f, "unresolved-path") : tys.ref(tys.adt(def, []), false);
    }
    default:
      return unreachable(lit);
  }
}

function intTy(f: Fcx, expect: Expect): Ty {
  const ty = expectedTy(f, expect);
  if (ty?.k === "prim" && isIntName(ty.name)) return ty;
  if (ty?.k === "infer" && ty.kind === "int") return ty;
  if (ty?.k === "prim" && ty.name === "char" && expect?.k === "cast") return f.ctx.tys.prim("u8");
  if ((ty?.k === "ptr" || ty?.k === "fn-ptr") && expect?.k === "cast") return f.ctx.tys.usize;
  return f.table.fresh("int");
}

function floatTy(f: Fcx, expect: Expect): Ty {
  const ty = expectedTy(f, expect);
  if (ty?.k === "prim" && /^f\d+$/.test(ty.name)) return ty;
  if (ty?.k === "infer" && ty.kind === "float") return ty;
  return f.table.fresh("float");
}

function unreachable(value: never): never {
  return value;
}
