/**
 * What a closure takes from around it, and which of Fn, FnMut, FnOnce it therefore is.
 *
 * Input: a typed body's tables and a closure expression. Output: captured bindings with their mode, and the kind.
 * A place used in several ways is captured in the strongest; which places those are is capture-places.ts's to say. Refuses nothing: unknown
 * types count as not `Copy`, so a value used up is a move.
 */
import type { Block, Expr, Pat, Stmt } from "../syntax/ast-body.ts";
import { type FieldPath, type Mode, placeKey, stronger } from "./capture-places.ts";
import { type PlaceInput, partOf, placesTaken, placeTy, type Uses } from "./captured-parts.ts";
import type { BindingMode, OperatorCall } from "./infer-tables.ts";
import type { Ty } from "./ty.ts";
import type { ClosureFacts } from "./typed-body.ts";

export interface CaptureInput extends PlaceInput {
  patTy(pat: Pat): Ty;
  binding(pat: Pat): BindingMode;
  operatorCalls(expr: Expr): readonly OperatorCall[];
  /** How a call uses its callee: by the Fn* trait it goes through. */
  calleeUse(call: Expr & { readonly k: "call" }): "ref" | "ref-mut" | "move";
}
type CaptureFacts = Pick<ClosureFacts, "kind" | "captures">;
type ClosureExpr = Expr & { readonly k: "closure" };

interface Walk {
  readonly input: CaptureInput;
  readonly uses: Uses;
  readonly declared: Set<number>;
}

/** Captures and kind of one closure; nested closures and async blocks count as uses of what they take. */
export function captureFacts(input: CaptureInput, closure: ClosureExpr): CaptureFacts {
  return capturesOf(input, closureUses(input, closure), closure.move);
}

/** What an async block takes into its future. */
export function asyncFacts(input: CaptureInput, it: Block): CaptureFacts {
  return capturesOf(input, asyncUses(input, it), it.flavor === "async-move");
}

/** What the future of an async closure takes: the captures of the closure, lent or copied for each call. */
export function asyncClosureFacts(input: CaptureInput, closure: ClosureExpr): CaptureFacts {
  const { captures } = capturesOf(input, closureUses(input, closure), closure.move);
  return { kind: "fn-once", captures: captures.map((one) => (one.mode === "move" ? { ...one, mode: "ref" } : one)) };
}

function capturesOf(input: CaptureInput, uses: Uses, movesAll: boolean): CaptureFacts {
  let kind: ClosureFacts["kind"] = "fn";
  const captures = placesTaken(input, uses, movesAll).map(({ binding, path, mode }) => {
    if (mode === "move") kind = "fn-once";
    else if (mode === "ref-mut" && kind === "fn") kind = "fn-mut";
    const taken = movesAll || mode === "move" ? "move" : mode === "ref-mut" ? "ref-mut" : "ref";
    return { binding, path, mode: taken, ty: placeTy(input, binding, path) } as const;
  });
  return { kind, captures };
}

function closureUses(input: CaptureInput, closure: ClosureExpr): Uses {
  const walk: Walk = { input, uses: new Map(), declared: new Set() };
  for (const param of closure.params) declare(walk, param.pat);
  value(walk, closure.body);
  return outsideUses(walk);
}

function outsideUses({ uses, declared }: Walk): Uses {
  for (const [key, { binding }] of uses) if (declared.has(binding)) uses.delete(key);
  return uses;
}

function note(walk: Walk, binding: number, path: FieldPath, mode: Mode): void {
  const key = placeKey(binding, path);
  const before = walk.uses.get(key)?.mode ?? "none";
  walk.uses.set(key, { binding, path, mode: stronger(before, mode) });
}

/** The expression's value (after adjustments) is used up: copied or moved. */
function value(walk: Walk, expr: Expr): void {
  const adjustments = walk.input.adjustments(expr);
  use(walk, expr, adjustments.length, copyOrMove(walk, typeAt(walk, expr, adjustments.length)));
}

function copyOrMove(walk: Walk, ty: Ty): Mode {
  return walk.input.isCopy(ty) ? "copy" : "move";
}

function typeAt(walk: Walk, expr: Expr, count: number): Ty {
  if (count === 0) return walk.input.exprTy(expr);
  const adjustment = walk.input.adjustments(expr)[count - 1];
  return adjustment === undefined ? walk.input.exprTy(expr) : adjustment.to;
}

/** The place (or value) that `expr` is after its first `count` adjustments is used in `mode`. */
function use(walk: Walk, expr: Expr, count: number, mode: Mode): void {
  let place = mode;
  for (let n = count; n > 0; n--) {
    const adjustment = walk.input.adjustments(expr)[n - 1];
    if (adjustment === undefined) continue;
    const inner = typeAt(walk, expr, n - 1);
    switch (adjustment.k) {
      case "deref":
        place = throughDeref(inner, place);
        break;
      case "overloaded-deref":
      case "borrow":
        place = adjustment.mut ? "ref-mut" : "ref";
        break;
      case "unsize":
      case "reify":
      case "never-to-any":
        place = copyOrMove(walk, inner);
        break;
      default:
        unreachable(adjustment);
    }
  }
  raw(walk, expr, place);
}

/** How the pointer of type `pointer` is used when what it points to is used in `mode`. */
function throughDeref(pointer: Ty, mode: Mode): Mode {
  if (pointer.k === "ref") {
    if (!pointer.mut) return mode === "none" ? "none" : "ref";
    return mode === "ref-mut" || mode === "move" ? "ref-mut" : mode === "none" ? "none" : "ref";
  }
  if (pointer.k === "ptr") return mode === "none" ? "none" : "ref";
  return mode;
}

function raw(walk: Walk, expr: Expr, mode: Mode): void {
  switch (expr.k) {
    case "path": {
      const resolution = walk.input.resolution(expr);
      if (resolution?.k === "local") note(walk, resolution.binding, [], mode);
      else if (resolution?.k === "self-param") note(walk, -1, [], mode);
      return;
    }
    case "field": {
      const part = partOf(walk.input, expr);
      if (part !== null) note(walk, part.binding, part.path, mode);
      else use(walk, expr.base, walk.input.adjustments(expr.base).length, mode);
      return;
    }
    case "index":
      place(walk, expr.base, overloadedMode(walk, expr) ?? mode);
      value(walk, expr.index);
      return;
    case "unary":
      if (expr.op !== "deref") value(walk, expr.operand);
      else {
        const overloaded = overloadedMode(walk, expr);
        if (overloaded !== null) return place(walk, expr.operand, overloaded);
        const count = walk.input.adjustments(expr.operand).length;
        use(walk, expr.operand, count, throughDeref(typeAt(walk, expr.operand, count), mode));
      }
      return;
    case "macro":
      if (expr.expanded !== null) {
        const count = walk.input.adjustments(expr.expanded).length;
        use(walk, expr.expanded, count, mode);
      }
      return;
    default:
      children(walk, expr);
  }
}

/** An overloaded index or dereference borrows its base. */
function overloadedMode(walk: Walk, expr: Expr): Mode | null {
  const [call] = walk.input.operatorCalls(expr);
  if (call === undefined) return null;
  return call.role === "index-mut" || call.role === "deref-mut" ? "ref-mut" : "ref";
}

function place(walk: Walk, expr: Expr, mode: Mode): void {
  use(walk, expr, walk.input.adjustments(expr).length, mode);
}

/** A place or value is matched against patterns: the strongest of what their bindings do with it. */
function matched(walk: Walk, expr: Expr, pats: readonly Pat[]): void {
  let mode: Mode = "none";
  for (const pat of pats) {
    mode = stronger(mode, patUse(walk, pat));
  }
  place(walk, expr, mode);
}

function patUse(walk: Walk, pat: Pat): Mode {
  const inner = (pats: readonly Pat[], least: Mode): Mode => {
    let mode = least;
    for (const sub of pats) {
      mode = stronger(mode, patUse(walk, sub));
    }
    return mode;
  };
  switch (pat.k) {
    case "wild":
    case "rest":
    case "error":
      return "none";
    case "ident": {
      const how = walk.input.binding(pat);
      if (how === "item") return "ref";
      const own: Mode = how === "move" ? copyOrMove(walk, walk.input.patTy(pat)) : how;
      return pat.sub === null ? own : inner([pat.sub], own);
    }
    case "path":
    case "literal":
    case "range":
    case "const-block":
      return "ref";
    case "tuple-struct":
      return inner(pat.elems, "none");
    case "tuple":
      return inner(pat.elems, "none");
    case "slice":
      return inner(pat.elems, "ref");
    case "struct":
      return inner(
        pat.fields.map((field) => field.pat),
        "none",
      );
    case "ref": {
      const own = patUse(walk, pat.inner);
      return own === "ref-mut" || own === "none" ? own : "ref";
    }
    case "or":
      return inner(pat.alternatives, "ref");
    case "macro":
      return pat.expanded === null ? "none" : patUse(walk, pat.expanded);
    default:
      return unreachable(pat);
  }
}

function declare(walk: Walk, pat: Pat): void {
  switch (pat.k) {
    case "ident":
      walk.declared.add(pat.id);
      if (pat.sub !== null) declare(walk, pat.sub);
      return;
    case "tuple-struct":
    case "tuple":
    case "slice":
      for (const elem of pat.elems) declare(walk, elem);
      return;
    case "struct":
      for (const field of pat.fields) declare(walk, field.pat);
      return;
    case "ref":
      declare(walk, pat.inner);
      return;
    case "or":
      for (const alternative of pat.alternatives) declare(walk, alternative);
      return;
    case "macro":
      if (pat.expanded !== null) declare(walk, pat.expanded);
      return;
    default:
      return;
  }
}

function block(walk: Walk, it: Block): void {
  for (const stmt of it.stmts) statement(walk, stmt);
  if (it.tail !== null) value(walk, it.tail);
}

function statement(walk: Walk, stmt: Stmt): void {
  switch (stmt.k) {
    case "let":
      declare(walk, stmt.pat);
      if (stmt.init !== null) matched(walk, stmt.init, [stmt.pat]);
      if (stmt.otherwise !== null) value(walk, stmt.otherwise);
      return;
    case "expr":
      // `x;` of a place moves nothing that matters less than a use; rustc moves it too.
      value(walk, stmt.expr);
      return;
    case "macro":
      for (const inner of stmt.expanded ?? []) statement(walk, inner);
      return;
    case "item":
      return;
    default:
      unreachable(stmt);
  }
}

/** Everything that is no place: its parts are used as values. */
function children(walk: Walk, expr: Expr): void {
  switch (expr.k) {
    case "call":
      call(walk, expr);
      return;
    case "method":
      value(walk, expr.receiver);
      for (const arg of expr.args) value(walk, arg);
      return;
    case "ref":
      place(walk, expr.operand, expr.mut ? "ref-mut" : "ref");
      return;
    case "binary":
      for (const side of [expr.left, expr.right]) {
        if (comparisons.has(expr.op)) place(walk, side, "ref");
        else value(walk, side);
      }
      return;
    case "assign":
      value(walk, expr.right);
      assignee(walk, expr.left);
      return;
    case "cast":
      value(walk, expr.operand);
      return;
    case "range":
      if (expr.from !== null) value(walk, expr.from);
      if (expr.to !== null) value(walk, expr.to);
      return;
    case "tuple":
    case "array":
      for (const elem of expr.elems) value(walk, elem);
      return;
    case "repeat":
      value(walk, expr.value);
      return;
    case "struct":
      for (const field of expr.fields) value(walk, field.value);
      if (expr.base !== null) place(walk, expr.base, copyOrMove(walk, walk.input.exprTy(expr.base)));
      return;
    case "block":
      if (expr.block.flavor === "async" || expr.block.flavor === "async-move") asyncBlock(walk, expr.block);
      else block(walk, expr.block);
      return;
    case "if":
      value(walk, expr.cond);
      block(walk, expr.then);
      if (expr.otherwise !== null) value(walk, expr.otherwise);
      return;
    case "let":
      declare(walk, expr.pat);
      matched(walk, expr.value, [expr.pat]);
      return;
    case "match":
      for (const arm of expr.arms) declare(walk, arm.pat);
      matched(
        walk,
        expr.scrutinee,
        expr.arms.map((arm) => arm.pat),
      );
      for (const arm of expr.arms) {
        if (arm.guard !== null) value(walk, arm.guard);
        value(walk, arm.body);
      }
      return;
    case "while":
      value(walk, expr.cond);
      block(walk, expr.body);
      return;
    case "loop":
      block(walk, expr.body);
      return;
    case "for":
      declare(walk, expr.pat);
      value(walk, expr.iter);
      block(walk, expr.body);
      return;
    case "break":
    case "return":
      if (expr.value !== null) value(walk, expr.value);
      return;
    case "closure":
      nested(walk, closureUses(walk.input, expr), expr.move);
      return;
    case "try":
    case "await":
      value(walk, expr.operand);
      return;
    case "format-args":
      for (const arg of expr.args) place(walk, arg.value, "ref");
      return;
    case "panic":
      for (const arg of expr.args) place(walk, arg, "ref");
      return;
    case "asm":
      for (const operand of expr.operands) {
        if (operand.mode === "in" || operand.mode === "label") value(walk, operand.value);
        else if (operand.mode === "out" || operand.mode === "inout") assignee(walk, operand.value);
      }
      return;
    default:
      return;
  }
}

const comparisons: ReadonlySet<string> = new Set(["eq", "ne", "lt", "le", "gt", "ge"]);

function call(walk: Walk, expr: Expr & { readonly k: "call" }): void {
  const count = walk.input.adjustments(expr.callee).length;
  const mode = walk.input.calleeUse(expr);
  use(walk, expr.callee, count, mode === "move" ? copyOrMove(walk, typeAt(walk, expr.callee, count)) : mode);
  for (const arg of expr.args) value(walk, arg);
}

function assignee(walk: Walk, expr: Expr): void {
  if (expr.k === "tuple" || expr.k === "array") for (const elem of expr.elems) assignee(walk, elem);
  else if (expr.k === "struct") for (const field of expr.fields) assignee(walk, field.value);
  else if (expr.k === "call") for (const arg of expr.args) assignee(walk, arg);
  else if (expr.k !== "underscore") place(walk, expr, "ref-mut");
}

function asyncBlock(walk: Walk, it: Block): void {
  nested(walk, asyncUses(walk.input, it), it.flavor === "async-move");
}

function asyncUses(input: CaptureInput, it: Block): Uses {
  const walk: Walk = { input, uses: new Map(), declared: new Set() };
  block(walk, it);
  return outsideUses(walk);
}

function nested(walk: Walk, uses: Uses, taken: boolean): void {
  const { input } = walk;
  for (const { binding, path, mode } of placesTaken(input, uses, taken))
    note(walk, binding, path, taken ? copyOrMove(walk, placeTy(input, binding, path)) : mode);
}

function unreachable(value: never): never {
  return value;
}
