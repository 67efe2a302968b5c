/**
 * A small interpreter for constant expressions: integers and booleans, locals, `if`, `match`, loops, const functions,
 * `size_of`, integer methods.
 *
 * Input: an expanded body with the arguments of its generics. Output: the value, or null as soon as anything is met that
 * is not understood. Steps and nesting are bounded.
 */
import type { DefId, ExpandedBody, Scope } from "../names/defs.ts";
import type { Path } from "../syntax/ast.ts";
import type { Block, Expr, Literal, Pat, Stmt } from "../syntax/ast-body.ts";
import { binaryInts, type IntValue, intMethod, wrapInt } from "./const-ints.ts";
import type { Env } from "./context.ts";
import type { Core } from "./core.ts";
import { isIntName } from "./intern.ts";
import type { Ty } from "./ty.ts";

export interface ConstQuestion {
  readonly expanded: ExpandedBody;
  /** Arguments for the parameters in sight. */
  readonly args: readonly Ty[];
  /** Type of the whole, where it is a primitive. */
  readonly expected: string | null;
}
type Value = IntValue | { readonly k: "bool"; readonly value: boolean } | { readonly k: "unit" };
interface Frame {
  readonly core: Core;
  readonly expanded: ExpandedBody;
  readonly args: readonly Ty[];
  readonly locals: { name: string; context: number; value: Value }[];
  readonly budget: { steps: number; depth: number };
  scope: Scope;
  /** Set when the frame is being left. */
  jump: { readonly k: "return" | "break" | "continue"; readonly value: Value } | null;
}

const maxSteps = 20_000;
const maxDepth = 64;
const unit: Value = { k: "unit" };

/** The value as text. */
export function evalConstExpr(core: Core, question: ConstQuestion): string | null {
  const { expanded, args } = question;
  const frame: Frame = {
    core,
    expanded,
    args,
    locals: [],
    budget: { steps: maxSteps, depth: 0 },
    scope: expanded.scope,
    jump: null,
  };
  const value = evaluate(frame, expanded.body.root);
  if (value === null || value.k === "unit" || (frame.jump !== null && frame.jump.k !== "return")) return null;
  if (value.k === "bool") return String(value.value);
  // What is less than zero is no length: the const argument's own type, which is not known here, has a sign.
  if (value.value < 0n && question.expected === "usize") return value.value.toString();
  return wrapInt(value.value, question.expected ?? value.ty ?? "i32").toString();
}

function evaluate(frame: Frame, expr: Expr): Value | null {
  if (frame.budget.steps-- <= 0 || frame.budget.depth > maxDepth) return null;
  frame.budget.depth++;
  try {
    return step(frame, expr);
  } finally {
    frame.budget.depth--;
  }
}

function step(frame: Frame, expr: Expr): Value | null {
  switch (expr.k) {
    case "literal":
      return literal(expr.lit);
    case "path":
      return path(frame, expr.path);
    case "block":
      return block(frame, expr.block);
    case "macro":
      return expr.expanded === null ? null : evaluate(frame, expr.expanded);
    case "unary": {
      const value = evaluate(frame, expr.operand);
      if (value === null || expr.op === "deref") return null;
      if (expr.op === "not") {
        return value.k === "bool"
          ? { k: "bool", value: !value.value }
          : value.k === "int"
            ? { ...value, value: value.ty === null ? ~value.value : wrapInt(~value.value, value.ty) }
            : null;
      }
      return value.k === "int" ? { ...value, value: -value.value } : null;
    }
    case "binary":
      return binary(frame, expr);
    case "cast": {
      const value = evaluate(frame, expr.operand);
      const ty = frame.core.lowerType(expr.ty, frame.scope);
      if (value === null || ty.k !== "prim" || !isIntName(ty.name)) return null;
      if (value.k === "bool") return { k: "int", value: value.value ? 1n : 0n, ty: ty.name };
      return value.k === "int" ? { k: "int", value: wrapInt(value.value, ty.name), ty: ty.name } : null;
    }
    case "if": {
      const cond = evaluate(frame, expr.cond);
      if (cond?.k !== "bool") return null;
      if (cond.value) return block(frame, expr.then);
      return expr.otherwise === null ? unit : evaluate(frame, expr.otherwise);
    }
    case "match": {
      const value = evaluate(frame, expr.scrutinee);
      if (value === null) return null;
      for (const arm of expr.arms) {
        const fits = matches(frame, arm.pat, value);
        if (fits === null || arm.guard !== null) return null;
        if (fits) return evaluate(frame, arm.body);
      }
      return null;
    }
    case "while":
    case "loop":
      return loop(frame, expr);
    case "assign":
      return assign(frame, expr);
    case "return":
    case "break": {
      const value = expr.value === null ? unit : evaluate(frame, expr.value);
      if (value === null) return null;
      frame.jump = { k: expr.k, value };
      return value;
    }
    case "continue":
      frame.jump = { k: "continue", value: unit };
      return unit;
    case "call":
      return call(frame, expr);
    case "method": {
      const self = evaluate(frame, expr.receiver);
      const args = expr.args.map((arg) => evaluate(frame, arg));
      if (self?.k !== "int" || args.some((arg) => arg?.k !== "int")) return null;
      return intMethod(
        self,
        expr.name,
        args.flatMap((arg) => (arg?.k === "int" ? [arg.value] : [])),
      );
    }
    default:
      return null;
  }
}

function literal(lit: Literal): Value | null {
  switch (lit.k) {
    case "int":
      return /^(0[xob][\da-fA-F]+|\d+)$/.test(lit.value)
        ? { k: "int", value: BigInt(lit.value), ty: lit.suffix }
        : null;
    case "bool":
      return { k: "bool", value: lit.value };
    case "byte":
      return { k: "int", value: BigInt(lit.value), ty: "u8" };
    case "char":
      return { k: "int", value: BigInt(lit.value), ty: "u32" };
    default:
      return null;
  }
}

function path(frame: Frame, written: Path): Value | null {
  const { core } = frame;
  if (written.segments.length === 1 && written.qself === null) {
    const name = written.segments[0]?.name;
    const context = written.segments[0]?.context;
    const local = frame.locals.findLast((one) => one.name === name && one.context === context);
    if (local !== undefined) return local.value;
  }
  const table = core.newTable(envHere(frame), null);
  const res = core.resolvePath(table, written, "value", frame.scope);
  if (res.k === "const-param") return fromTy(core.subst(res.ty, frame.args), core.print(res.valueTy));
  if (res.k !== "def") return null;
  const { kind } = core.names.def(res.def);
  // A variant stands for its discriminant, which only a cast asks for.
  if (kind === "variant") {
    const value = core.constValue(res.def, []);
    return value === null ? null : { k: "int", value: BigInt(value), ty: null };
  }
  if (kind !== "const") return null;
  table.solvePending();
  const args = res.args.map((ty) => core.normalizeIn(core.subst(table.final(ty), frame.args), core.envFrom([]), true));
  const value = core.constValue(res.def, args);
  return value === null ? null : fromText(value, core.print(core.typeOf(res.def)));
}

/** What holds where the expression stands: `Self::N` in a trait is found by `Self: Trait`. */
function envHere(frame: Frame): Env {
  const { owner } = frame.scope;
  return owner === null ? frame.core.envFrom([]) : frame.core.envOf(owner);
}

function fromTy(ty: Ty, name: string): Value | null {
  return ty.k === "const" && !ty.value.startsWith("#") ? fromText(ty.value, name) : null;
}

function fromText(text: string, ty: string): Value {
  return text === "true" || text === "false"
    ? { k: "bool", value: text === "true" }
    : { k: "int", value: BigInt(text), ty: isIntName(ty) ? ty : null };
}

function binary(frame: Frame, expr: Expr & { readonly k: "binary" }): Value | null {
  const left = evaluate(frame, expr.left);
  if (left === null) return null;
  if (expr.op === "and" || expr.op === "or") {
    if (left.k !== "bool") return null;
    return left.value === (expr.op === "or") ? left : evaluate(frame, expr.right);
  }
  const right = evaluate(frame, expr.right);
  if (right === null) return null;
  if (left.k === "int" && right.k === "int") return binaryInts(expr.op, left, right);
  if (left.k !== "bool" || right.k !== "bool") return null;
  switch (expr.op) {
    case "eq":
      return { k: "bool", value: left.value === right.value };
    case "ne":
    case "bitxor":
      return { k: "bool", value: left.value !== right.value };
    case "bitand":
      return { k: "bool", value: left.value && right.value };
    case "bitor":
      return { k: "bool", value: left.value || right.value };
    default:
      return null;
  }
}

function block(frame: Frame, node: Block): Value | null {
  const height = frame.locals.length;
  const outer = frame.scope;
  frame.scope = frame.expanded.blockScopes.get(node) ?? outer;
  const value = statements(frame, node.stmts)
    ? frame.jump !== null
      ? frame.jump.value
      : node.tail === null
        ? unit
        : evaluate(frame, node.tail)
    : null;
  frame.scope = outer;
  frame.locals.length = height;
  return value;
}

function statements(frame: Frame, stmts: readonly Stmt[]): boolean {
  for (const stmt of stmts) {
    if (frame.jump !== null) return true;
    switch (stmt.k) {
      case "let": {
        if (stmt.init === null || stmt.otherwise !== null || stmt.pat.k !== "ident") return false;
        const value = evaluate(frame, stmt.init);
        if (value === null) return false;
        const ty = stmt.ty === null ? null : frame.core.lowerType(stmt.ty, frame.scope);
        const typed = value.k === "int" && ty?.k === "prim" && isIntName(ty.name) ? { ...value, ty: ty.name } : value;
        frame.locals.push({ name: stmt.pat.name, context: stmt.pat.context, value: typed });
        break;
      }
      case "expr":
        if (evaluate(frame, stmt.expr) === null) return false;
        break;
      case "macro":
        if (stmt.expanded === null || !statements(frame, stmt.expanded)) return false;
        break;
      case "item":
        break;
      default:
        return unreachable(stmt);
    }
  }
  return true;
}

function loop(frame: Frame, expr: Expr & { readonly k: "while" | "loop" }): Value | null {
  if (expr.label !== null) return null;
  for (;;) {
    if (frame.budget.steps-- <= 0) return null;
    if (expr.k === "while") {
      const cond = evaluate(frame, expr.cond);
      if (cond?.k !== "bool") return null;
      if (!cond.value) return unit;
    }
    if (block(frame, expr.body) === null) return null;
    const { jump } = frame;
    if (jump?.k === "return") return jump.value;
    frame.jump = null;
    if (jump?.k === "break") return jump.value;
  }
}

function assign(frame: Frame, expr: Expr & { readonly k: "assign" }): Value | null {
  const target = expr.left.k === "path" ? expr.left.path.segments[0] : undefined;
  const local =
    target === undefined
      ? undefined
      : frame.locals.findLast((one) => one.name === target.name && one.context === target.context);
  const right = evaluate(frame, expr.right);
  if (local === undefined || right === null) return null;
  if (expr.op === null) local.value = right;
  else {
    const value = local.value.k === "int" && right.k === "int" ? binaryInts(expr.op, local.value, right) : null;
    if (value === null) return null;
    local.value = value;
  }
  return unit;
}

function matches(frame: Frame, pat: Pat, value: Value): boolean | null {
  switch (pat.k) {
    case "wild":
      return true;
    case "literal": {
      const lit = literal(pat.lit);
      if (lit?.k === "int" && value.k === "int") return (pat.negative ? -lit.value : lit.value) === value.value;
      return lit?.k === "bool" && value.k === "bool" ? lit.value === value.value : null;
    }
    case "or": {
      for (const one of pat.alternatives) {
        const fits = matches(frame, one, value);
        if (fits !== false) return fits;
      }
      return false;
    }
    default:
      return null;
  }
}

function call(frame: Frame, expr: Expr & { readonly k: "call" }): Value | null {
  const { core } = frame;
  if (expr.callee.k !== "path") return null;
  const table = core.newTable(envHere(frame), null);
  const res = core.resolvePath(table, expr.callee.path, "value", frame.scope);
  if (res.k !== "def" || core.names.def(res.def).kind !== "fn") return null;
  const generics = res.args.map((ty) => core.subst(table.final(ty), frame.args));
  const size = sizeFn(core, res.def, generics);
  if (size !== null) return { k: "int", value: BigInt(size), ty: "usize" };
  const { item } = core.names.def(res.def);
  const body = item?.k === "fn" && item.const ? core.names.body(res.def) : null;
  const values = expr.args.map((arg) => evaluate(frame, arg));
  if (body === null || body.body.selfParam !== null || values.includes(null)) return null;
  const inner: Frame = {
    core,
    expanded: body,
    args: generics,
    locals: [],
    budget: frame.budget,
    scope: body.scope,
    jump: null,
  };
  for (const [index, param] of body.body.params.entries()) {
    const value = values[index];
    if (param.pat.k !== "ident" || value == null) return null;
    const ty = core.lowerType(param.ty, body.scope);
    inner.locals.push({
      name: param.pat.name,
      context: param.pat.context,
      value: value.k === "int" && ty.k === "prim" ? { ...value, ty: ty.name } : value,
    });
  }
  return evaluate(inner, body.body.root);
}

/** `size_of::<T>()`. */
function sizeFn(core: Core, def: DefId, args: readonly Ty[]): number | null {
  const [ty] = args;
  if (ty === undefined || core.names.def(def).name !== "size_of" || !core.names.isPackCrate(core.names.def(def).crate))
    return null;
  return core.sizeOf(ty);
}

function unreachable(value: never): never {
  return value;
}
