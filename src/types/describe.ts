/**
 * What inference says about the nodes on one line: the instrument for asking why a call went where it went.
 *
 * Input: a body's facts and the span of a line. Output: one entry per node that starts there and means something (paths,
 * calls, methods, fields, operators, macros, bindings), in source order, as text. Decides nothing.
 */
import { compareSpans, type Span } from "../base/span.ts";
import type { DefId } from "../names/defs.ts";
import type { Expr, Pat } from "../syntax/ast-body.ts";
import type { Types } from "./api.ts";
import { pathText } from "./infer-path.ts";
import { isPat } from "./infer-tables.ts";
import type { Ty } from "./ty.ts";
import type { Adjustment, Resolution, TypedBody } from "./typed-body.ts";
import { visitBody } from "./visit-body.ts";

export interface DescribedNode {
  readonly span: Span;
  /** `path`, `method`, `call`, `field`, `operator`, `index`, `macro`, `closure`, `pattern`, `binding`, `struct`, `try`, `for`, `await`. */
  readonly kind: string;
  /** The name that stands there. */
  readonly text: string;
  readonly ty: string;
  /** Type of the receiver, base or callee as written, before adjustments; null where there is none. */
  readonly receiver: string | null;
  /** What is done to the receiver (or to the value itself), in order. */
  readonly steps: readonly string[];
  /** What the name means: paths with their generics; more than one for operators with several calls. */
  readonly resolvesTo: readonly string[];
  /** Why nothing is known, with what might be meant. */
  readonly unresolved: { readonly reason: string; readonly candidates: readonly string[] } | null;
}

/** Entries for the nodes that start within `line`. */
export function describeLine(types: Types, body: TypedBody, line: Span): readonly DescribedNode[] {
  const found: DescribedNode[] = [];
  const inside = (span: Span): boolean => span.file === line.file && span.start >= line.start && span.start < line.end;
  visitBody(body.expanded.body, {
    expr: (expr) => {
      const at = expr.k === "method" ? expr.nameSpan : expr.span;
      if (!inside(at)) return;
      const node = describeExpr(types, body, expr);
      if (node !== null) found.push(node);
    },
    pat: (pat) => {
      if (
        inside(pat.span) &&
        (pat.k === "ident" || pat.k === "path" || pat.k === "tuple-struct" || pat.k === "struct")
      ) {
        found.push(describePat(types, body, pat));
      }
    },
  });
  return found.sort((a, b) => compareSpans(a.span, b.span));
}

/** A definition with its full generics, as a person would write it. */
export function printDef(types: Types, def: DefId, args: readonly Ty[]): string {
  const path = types.names.pathOf(def);
  return args.length === 0 ? path : `${path}<${args.map(types.print).join(", ")}>`;
}

type Named = { readonly kind: string; readonly text: string; readonly base: Expr | null };

function nameOf(expr: Expr): Named | null {
  switch (expr.k) {
    case "path":
      return { kind: "path", text: pathText(expr.path), base: null };
    case "struct":
      return { kind: "struct", text: pathText(expr.path), base: null };
    case "method":
      return { kind: "method", text: expr.name, base: expr.receiver };
    case "call":
      return { kind: "call", text: "()", base: expr.callee };
    case "field":
      return { kind: "field", text: expr.name, base: expr.base };
    case "index":
      return { kind: "index", text: "[]", base: expr.base };
    case "unary":
      return { kind: "operator", text: expr.op, base: expr.operand };
    case "binary":
      return { kind: "operator", text: expr.op, base: expr.left };
    case "assign":
      return expr.op === null ? null : { kind: "operator", text: `${expr.op}=`, base: expr.left };
    case "macro":
      return { kind: "macro", text: `${pathText(expr.call.path)}!`, base: null };
    case "closure":
      return { kind: "closure", text: `closure ${expr.closure}`, base: null };
    case "try":
      return { kind: "try", text: "?", base: expr.operand };
    case "await":
      return { kind: "await", text: "await", base: expr.operand };
    case "for":
      return { kind: "for", text: "for", base: expr.iter };
    default:
      return null;
  }
}

function describeExpr(types: Types, body: TypedBody, expr: Expr): DescribedNode | null {
  const named = nameOf(expr);
  if (named === null) return null;
  const resolution = body.resolution(expr);
  const calls = body.operatorCalls(expr).map((call) => `${call.role}: ${printDef(types, call.def, call.args)}`);
  const own = resolution === null ? [] : printResolution(types, resolution);
  const failure = body.unresolved.find((one) => one.node === expr);
  return {
    span: expr.k === "method" ? expr.nameSpan : expr.span,
    kind: named.kind,
    text: named.text,
    ty: types.print(body.exprTy(expr)),
    receiver: named.base === null ? null : types.print(body.exprTy(named.base)),
    steps: body.adjustments(named.base ?? expr).map((one) => printAdjustment(types, one)),
    resolvesTo: [...own, ...calls],
    unresolved: unresolvedOf(types, resolution, failure?.reason ?? null),
  };
}

function describePat(types: Types, body: TypedBody, pat: Pat): DescribedNode {
  const resolution = body.resolution(pat);
  const failure = body.unresolved.find((one) => isPat(one.node) && one.node === pat);
  const text =
    pat.k === "ident"
      ? pat.name
      : pat.k === "path" || pat.k === "tuple-struct" || pat.k === "struct"
        ? pathText(pat.path)
        : pat.k;
  const mode = pat.k === "ident" ? body.binding(pat) : "item";
  return {
    span: pat.span,
    kind: mode === "item" ? "pattern" : "binding",
    text,
    ty: types.print(body.patTy(pat)),
    receiver: null,
    steps: [
      ...body.patDerefs(pat).map((ty) => `deref ${types.print(ty)}`),
      ...(mode === "ref" || mode === "ref-mut" ? [`binds by ${mode}`] : []),
    ],
    resolvesTo: resolution === null ? [] : printResolution(types, resolution),
    unresolved: unresolvedOf(types, resolution, failure?.reason ?? null),
  };
}

function unresolvedOf(types: Types, resolution: Resolution | null, reason: string | null): DescribedNode["unresolved"] {
  if (resolution?.k === "unresolved") {
    return { reason: resolution.reason, candidates: resolution.candidates.map((def) => types.names.pathOf(def)) };
  }
  return reason === null ? null : { reason, candidates: [] };
}

function printResolution(types: Types, resolution: Resolution): readonly string[] {
  switch (resolution.k) {
    case "def":
      return [printDef(types, resolution.def, resolution.args), ...dispatched(types, resolution.def, resolution.args)];
    case "local":
      return [`variable ${resolution.binding}`];
    case "self-param":
      return ["self"];
    case "const-param":
      return [`const parameter ${types.print(resolution.ty)}`];
    case "unresolved":
      return [];
    default:
      return unreachable(resolution);
  }
}

/** A trait's member with a known Self: the impl's function behind it. */
function dispatched(types: Types, def: DefId, args: readonly Ty[]): readonly string[] {
  const { parent } = types.names.def(def);
  if (parent === null || types.names.def(parent).kind !== "trait") return [];
  const target = types.resolveMember(def, args);
  return target.def === null || target.def === def ? [] : [`dispatched to ${printDef(types, target.def, target.args)}`];
}

function printAdjustment(types: Types, one: Adjustment): string {
  switch (one.k) {
    case "deref":
      return `deref to ${types.print(one.to)}`;
    case "overloaded-deref":
      return `${one.mut ? "DerefMut::deref_mut" : "Deref::deref"} of ${types.print(one.selfTy)} to ${types.print(one.to)}`;
    case "borrow":
      return `borrow to ${types.print(one.to)}`;
    case "unsize":
      return `unsize to ${types.print(one.to)}`;
    case "reify":
      return `function pointer ${types.print(one.to)}`;
    case "never-to-any":
      return `never to ${types.print(one.to)}`;
    default:
      return unreachable(one);
  }
}

function unreachable(value: never): never {
  return value;
}
