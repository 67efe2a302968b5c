/**
 * Patterns: types of their parts, binding modes (match ergonomics), and the variables they bring.
 *
 * Input: a pattern and the type of what it is matched against. Output: entries in the tables; variables come into sight.
 * `patTy` of a pattern is the type of the value before implicit dereferences (`patDerefs` lists those); of a binding the
 * variable's type. A name that names calls an item is a constant or unit variant, else it binds.
 */
import { pushAll } from "../base/push-all.ts";
import type { DefId } from "../names/defs.ts";
import type { Pat } from "../syntax/ast-body.ts";
import { bindLocal } from "./infer-locals.ts";
import { resolveValuePath } from "./infer-path.ts";
import { demandEqual, type Fcx, fail, has, mismatch, structurally, unknown } from "./infer-state.ts";
import { literalTy } from "./literals.ts";
import type { Ty } from "./ty.ts";

type Mode = "move" | "ref" | "ref-mut";
/** Variables of one whole pattern, by name and context: alternatives of an or-pattern share theirs. */
type Binders = Map<string, { readonly id: number; readonly ty: Ty; readonly name: string; readonly context: number }>;
interface PatCx {
  readonly f: Fcx;
  readonly binders: Binders;
}

/** Checks a whole pattern; its variables are in sight afterwards. */
export function checkPat(f: Fcx, pat: Pat, expected: Ty): void {
  const binders: Binders = new Map();
  check({ f, binders }, pat, expected, "move", 0);
  for (const { id, name, context } of binders.values()) bindLocal(f.locals, { name, context, binding: id });
}

/** Does the pattern borrow mutably what it is matched against (an explicit `ref mut`)? */
export function hasRefMut(pat: Pat): boolean {
  return explicitRefs(pat).includes("ref-mut");
}

/** Does the pattern hold an explicit `ref`? */
export function hasExplicitRef(pat: Pat): boolean {
  return explicitRefs(pat).length > 0;
}

function explicitRefs(pat: Pat): readonly Mode[] {
  const found: Mode[] = [];
  const pending: Pat[] = [pat];
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    if (one.k === "ident") {
      if (one.byRef) found.push(one.mut ? "ref-mut" : "ref");
      if (one.sub !== null) pending.push(one.sub);
    } else pushAll(pending, partsOf(one));
  }
  return found;
}

function partsOf(pat: Pat): readonly Pat[] {
  switch (pat.k) {
    case "tuple":
    case "slice":
    case "tuple-struct":
      return pat.elems;
    case "struct":
      return pat.fields.map((field) => field.pat);
    case "or":
      return pat.alternatives;
    case "ref":
      return [pat.inner];
    case "macro":
      return pat.expanded === null ? [] : [pat.expanded];
    default:
      return [];
  }
}

function check(cx: PatCx, pat: Pat, expected: Ty, mode: Mode, depth: number): void {
  const { f } = cx;
  f.tables.patTys[pat.id] = expected;
  if (depth > 100 || ++f.steps > 200_000) return;
  switch (pat.k) {
    case "wild":
    case "rest":
      return;
    case "error":
      fail(f, pat, pat.reason === "limit" ? "limit" : "parse-error", "pattern");
      return;
    case "ident":
      return checkIdent(cx, pat, expected, mode, depth);
    case "path":
      return checkItem(cx, pat, expected, mode);
    case "tuple-struct": {
      const [value, inner] = peel(cx, pat, expected, mode);
      return checkTupleStruct(cx, pat, value, inner, depth);
    }
    case "struct": {
      const [value, inner] = peel(cx, pat, expected, mode);
      return checkStruct(cx, pat, value, inner, depth);
    }
    case "tuple": {
      const [value, inner] = peel(cx, pat, expected, mode);
      return checkTuple(cx, pat, value, inner, depth);
    }
    case "slice": {
      const [value, inner] = peel(cx, pat, expected, mode);
      return checkSlice(cx, pat, value, inner, depth);
    }
    case "ref":
      return checkRef(cx, pat, expected, depth);
    case "literal": {
      const ty = literalTy(f, pat.lit, null);
      if (ty.k === "ref") return checkStrLiteral(cx, pat, expected, ty);
      const [value] = peel(cx, pat, expected, mode);
      demandEqual(f, pat, value, ty);
      return;
    }
    case "range": {
      const [value] = peel(cx, pat, expected, mode);
      for (const side of [pat.from, pat.to])
        if (side !== null) demandEqual(f, pat, value, f.checkExpr(f, side, has(value)));
      return;
    }
    case "or":
      for (const alternative of pat.alternatives) check(cx, alternative, expected, mode, depth + 1);
      return;
    case "const-block":
      demandEqual(f, pat, expected, f.checkExpr(f, pat.value, has(expected)));
      return;
    case "macro":
      f.nodes++;
      if (pat.expanded === null) fail(f, pat, "macro", pat.failure?.text ?? "pattern macro");
      else check(cx, pat.expanded, expected, mode, depth + 1);
      return;
    default:
      unreachable(pat);
  }
}

/** Goes through references that the pattern does not mention; bindings below are then by reference. */
function peel(cx: PatCx, pat: Pat, expected: Ty, mode: Mode): readonly [Ty, Mode] {
  const { f } = cx;
  const derefs: Ty[] = [];
  let ty = structurally(f, expected);
  let inner = mode;
  while (ty.k === "ref") {
    derefs.push(ty);
    inner = ty.mut && inner !== "ref" ? "ref-mut" : "ref";
    ty = structurally(f, ty.inner);
  }
  if (derefs.length > 0) f.tables.patDerefs.set(pat.id, derefs);
  return [ty, inner];
}

function checkIdent(cx: PatCx, pat: Pat & { readonly k: "ident" }, expected: Ty, mode: Mode, depth: number): void {
  const { f } = cx;
  if (!pat.byRef && !pat.mut && pat.sub === null && namesItem(f, pat)) {
    f.tables.bindings.set(pat.id, "item");
    return checkItem(cx, pat, expected, mode);
  }
  const own: Mode = pat.byRef ? (pat.mut ? "ref-mut" : "ref") : pat.mut ? "move" : mode;
  f.tables.bindings.set(pat.id, own);
  const ty = own === "move" ? expected : f.ctx.tys.ref(expected, own === "ref-mut");
  f.tables.patTys[pat.id] = ty;
  f.bindingTys.set(pat.id, ty);
  const key = `${pat.name}#${pat.context}`;
  const shared = cx.binders.get(key);
  if (shared === undefined) cx.binders.set(key, { id: pat.id, ty, name: pat.name, context: pat.context });
  else demandEqual(f, pat, shared.ty, ty);
  if (pat.sub !== null && pat.sub.k !== "rest") check(cx, pat.sub, expected, mode, depth + 1);
}

/** Constants, unit structs and unit variants do not bind; functions and statics may be shadowed. */
function namesItem(f: Fcx, pat: Pat & { readonly k: "ident" }): boolean {
  const segment = { name: pat.name, args: null, span: pat.span, context: pat.context };
  const path = { global: false, dollarCrate: null, qself: null, qselfPosition: 0, segments: [segment], span: pat.span };
  const res = f.ctx.names.resolve(f.scope, path, "value");
  if (res.k !== "def") return false;
  const def = f.ctx.names.def(res.def);
  switch (def.kind) {
    case "const":
      return true;
    case "static":
      return false;
    case "struct":
      return def.item?.k === "struct" && def.item.shape === "unit";
    case "variant":
      return def.variant?.shape === "unit";
    default:
      return false;
  }
}

/** A path (or name) of a constant or unit value. */
function checkItem(cx: PatCx, pat: Pat & { readonly k: "ident" | "path" }, expected: Ty, mode: Mode): void {
  const { f } = cx;
  const path =
    pat.k === "path"
      ? pat.path
      : {
          global: false,
          dollarCrate: null,
          qself: null,
          qselfPosition: 0,
          span: pat.span,
          segments: [{ name: pat.name, args: null, span: pat.span, context: pat.context }],
        };
  const ty = resolveValuePath(f, pat, path);
  const resolution = f.tables.patResolutions.get(pat.id);
  const kind = resolution?.k === "def" ? f.ctx.names.def(resolution.def).kind : null;
  if (kind === "const" || kind === "static" || kind === null) {
    // A constant may be a reference itself.
    if (ty.k === "ref" || kind === null || structurally(f, expected).k !== "ref") {
      if (kind !== null) demandEqual(f, pat, expected, ty);
      return;
    }
  }
  const [value] = peel(cx, pat, expected, mode);
  demandEqual(f, pat, value, ty);
}

/** The struct or variant a pattern names, its type, and its fields' types. */
function constructor(
  cx: PatCx,
  pat: Pat & { readonly k: "tuple-struct" | "struct" },
  expected: Ty,
): { readonly fields: readonly Ty[]; readonly names: readonly string[] } | null {
  const { f } = cx;
  f.nodes++;
  const res = f.ctx.resolvePath(f.table, pat.path, pat.k === "struct" ? "type" : "value", f.scope);
  const text = pat.path.segments.map((segment) => segment.name).join("::");
  let ty: Ty | null = null;
  let def = res.k === "def" ? res.def : null;
  if (res.k === "type") ty = structurally(f, res.ty);
  else if (res.k === "def") ty = adtOf(f, res.def, res.args);
  if (ty?.k === "adt" && def === null) def = ty.def;
  if (ty?.k !== "adt" || def === null) {
    const reason = res.k === "unresolved" ? res.reason : ty?.k === "unknown" ? ty.reason : "unresolved-path";
    const candidates = res.k === "unresolved" ? res.candidates : [];
    f.tables.patResolutions.set(pat.id, { k: "unresolved", reason, text, candidates });
    fail(f, pat, reason, text);
    return null;
  }
  demandEqual(f, pat, expected, ty);
  const { args } = ty;
  f.tables.patResolutions.set(pat.id, { k: "def", def, args });
  const fields = f.ctx.fieldTys(def).map((field) => f.ctx.instantiate(f.table, field, args));
  return { fields, names: f.ctx.fieldNames(def) };
}

/** Type that a struct or variant makes. */
function adtOf(f: Fcx, def: DefId, args: readonly Ty[]): Ty | null {
  const info = f.ctx.names.def(def);
  if (info.kind === "struct") return f.ctx.tys.adt(def, args);
  if (info.kind === "variant" && info.parent !== null) return f.ctx.tys.adt(info.parent, args);
  return null;
}

function checkTupleStruct(
  cx: PatCx,
  pat: Pat & { readonly k: "tuple-struct" },
  value: Ty,
  mode: Mode,
  depth: number,
): void {
  const found = constructor(cx, pat, value);
  positional(cx, pat.elems, found?.fields ?? [], mode, depth);
}

function checkStruct(cx: PatCx, pat: Pat & { readonly k: "struct" }, value: Ty, mode: Mode, depth: number): void {
  const found = constructor(cx, pat, value);
  for (const field of pat.fields) {
    const ty =
      found?.fields[found.names.indexOf(field.name)] ??
      unknown(cx.f, found === null ? "unresolved-path" : "unresolved-field");
    check(cx, field.pat, ty, mode, depth + 1);
  }
}

function checkTuple(cx: PatCx, pat: Pat & { readonly k: "tuple" }, value: Ty, mode: Mode, depth: number): void {
  const { f } = cx;
  let tys: readonly Ty[] = [];
  if (value.k === "tuple") tys = value.elems;
  else if (!pat.elems.some((elem) => elem.k === "rest")) {
    tys = pat.elems.map(() => f.table.fresh());
    demandEqual(f, pat, value, f.ctx.tys.tuple(tys));
  }
  positional(cx, pat.elems, tys, mode, depth);
}

/** Sub-patterns by position; those behind `..` count from the end. */
function positional(cx: PatCx, elems: readonly Pat[], tys: readonly Ty[], mode: Mode, depth: number): void {
  const rest = elems.findIndex((elem) => elem.k === "rest");
  for (const [position, elem] of elems.entries()) {
    if (elem.k === "rest") continue;
    const index = rest !== -1 && position > rest ? tys.length - (elems.length - position) : position;
    check(cx, elem, tys[index] ?? unknown(cx.f, "not-inferred"), mode, depth + 1);
  }
}

function checkSlice(cx: PatCx, pat: Pat & { readonly k: "slice" }, value: Ty, mode: Mode, depth: number): void {
  const { f } = cx;
  const { tys } = f.ctx;
  const isRest = (elem: Pat): boolean => elem.k === "rest" || (elem.k === "ident" && elem.sub?.k === "rest");
  let elemTy: Ty = unknown(f, "not-inferred");
  let restTy: Ty = tys.slice(elemTy);
  if (value.k === "slice") {
    elemTy = value.inner;
    restTy = value;
  } else if (value.k === "array") {
    elemTy = value.inner;
    const len = f.table.shallow(value.len);
    const taken = pat.elems.filter((elem) => !isRest(elem)).length;
    const left = len.k === "const" ? Number(len.value) - taken : Number.NaN;
    restTy = tys.array(elemTy, Number.isInteger(left) && left >= 0 ? tys.constant(String(left)) : f.table.fresh());
  } else if (value.k === "infer") {
    elemTy = f.table.fresh();
    const len = pat.elems.some(isRest) ? null : tys.constant(String(pat.elems.length));
    if (len !== null) f.table.unify(value, tys.array(elemTy, len));
    restTy = tys.slice(elemTy);
  } else if (value.k !== "unknown") mismatch(f, pat, tys.slice(elemTy), value);
  for (const elem of pat.elems) if (elem.k !== "rest") check(cx, elem, isRest(elem) ? restTy : elemTy, mode, depth + 1);
}

function checkRef(cx: PatCx, pat: Pat & { readonly k: "ref" }, expected: Ty, depth: number): void {
  const { f } = cx;
  const value = structurally(f, expected);
  let inner: Ty;
  if (value.k === "ref") inner = value.inner;
  else {
    inner = f.table.fresh();
    demandEqual(f, pat, value, f.ctx.tys.ref(inner, pat.mut));
  }
  // A written `&` ends what the patterns outside have made implicit.
  check(cx, pat.inner, inner, "move", depth + 1);
}

/** `"x"` and `b"x"` are references themselves; a byte string also matches slices. */
function checkStrLiteral(cx: PatCx, pat: Pat & { readonly k: "literal" }, expected: Ty, literal: Ty): void {
  const { f } = cx;
  const value = structurally(f, expected);
  if (literal.k === "ref" && literal.inner.k === "array") {
    const target = value.k === "ref" ? structurally(f, value.inner) : value;
    if (target.k === "slice" || target.k === "array") return;
  }
  if (value.k === "prim" && value.name === "str") return;
  demandEqual(f, pat, value, literal);
}

function unreachable(value: never): never {
  return value;
}
