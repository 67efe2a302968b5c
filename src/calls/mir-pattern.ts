/**
 * Patterns to MIR: tests that jump to a failure block, and bindings.
 *
 * Arms are tested in order, one variant or literal at a time, not as rustc's decision tree: the same code is reached.
 * Constants and ranges of integers are compared; others are opaque two-way tests (a constant pattern compares structurally, no user code runs).
 */
import { pushAll } from "../base/push-all.ts";
import type { Pat } from "../syntax/ast-body.ts";
import type { Ty } from "../types/ty.ts";
import type { Operand, Place } from "./mir.ts";
import { bindAlternative, bindAny } from "./mir-alternatives.ts";
import {
  assign,
  type Builder,
  innermostScope,
  newBlock,
  newLocal,
  project,
  scheduleDrop,
  terminate,
} from "./mir-builder.ts";
import { exprOperand } from "./mir-expr.ts";
import { elementPatterns } from "./mir-slice-pattern.ts";
import { isUnion } from "./value-types.ts";

/** Makes the variables of a pattern; those of the alternatives of an or-pattern share by name. Drops are scheduled unless told otherwise. */
export function declareBindings(builder: Builder, pat: Pat, schedule = true): void {
  const byName = new Map<string, Place>();
  visitIdents(pat, (ident) => {
    if (builder.typed.binding(ident) === "item") return;
    const key = `${ident.name}#${ident.context}`;
    let place = byName.get(key);
    if (place === undefined) {
      const local = newLocal(builder, bindingTy(builder, ident), ident.name, ident.span);
      place = { local, proj: [] };
      byName.set(key, place);
      if (schedule) scheduleDrop(builder, local, innermostScope(builder));
    }
    builder.bindings.set(ident.id, place);
  });
}

/** Type of the variable (a reference where the binding is by reference). */
function bindingTy(builder: Builder, ident: Pat & { k: "ident" }): Ty {
  return builder.typed.patTy(ident);
}

function visitIdents(pat: Pat, visit: (ident: Pat & { k: "ident" }) => void): void {
  const pending: Pat[] = [pat];
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    switch (one.k) {
      case "ident":
        visit(one);
        if (one.sub !== null) pending.push(one.sub);
        break;
      case "tuple":
      case "slice":
      case "tuple-struct":
        pushAll(pending, [...one.elems].reverse());
        break;
      case "struct":
        pushAll(pending, one.fields.map((field) => field.pat).reverse());
        break;
      case "or":
        pushAll(pending, [...one.alternatives].reverse());
        break;
      case "ref":
        pending.push(one.inner);
        break;
      case "macro":
        if (one.expanded !== null) pending.push(one.expanded);
        break;
      default:
        break;
    }
  }
}

/** Falls through where `place` matches; else jumps to `fail`. */
export function testPattern(builder: Builder, pat: Pat, place: Place, ty: Ty, fail: number): void {
  const target = throughDerefs(builder, pat, place, ty);
  switch (pat.k) {
    case "ident":
      if (builder.typed.binding(pat) === "item") testItem(builder, pat, target.place, target.ty, fail);
      else if (pat.sub !== null) testPattern(builder, pat.sub, target.place, target.ty, fail);
      return;
    case "path":
      testItem(builder, pat, target.place, target.ty, fail);
      return;
    case "tuple-struct":
    case "struct":
      testVariant(builder, pat, target.place, target.ty, fail);
      for (const field of subPatterns(builder, pat, target.place, target.ty))
        testPattern(builder, field.pat, field.place, field.ty, fail);
      return;
    case "tuple":
      for (const field of subPatterns(builder, pat, target.place, target.ty))
        testPattern(builder, field.pat, field.place, field.ty, fail);
      return;
    case "slice":
      if (target.ty.k !== "array") twoWay(builder, pat, fail);
      for (const field of subPatterns(builder, pat, target.place, target.ty))
        testPattern(builder, field.pat, field.place, field.ty, fail);
      return;
    case "ref":
      testPattern(builder, pat.inner, project(target.place, { k: "deref" }), innerTy(target.ty), fail);
      return;
    case "literal":
      testLiteral(builder, pat, target.place, fail);
      return;
    case "range":
      testRange(builder, pat, target.place, target.ty, fail);
      return;
    case "const-block":
    case "error":
      twoWay(builder, pat, fail);
      return;
    case "or":
      testAlternatives(builder, pat, place, ty, fail);
      return;
    case "macro":
      if (pat.expanded !== null) testPattern(builder, pat.expanded, place, ty, fail);
      else twoWay(builder, pat, fail);
      return;
    case "wild":
    case "rest":
      return;
  }
}

function testAlternatives(builder: Builder, pat: Pat & { k: "or" }, place: Place, ty: Ty, fail: number): void {
  const matched = newBlock(builder);
  const last = pat.alternatives.length - 1;
  for (const [index, alternative] of pat.alternatives.entries()) {
    const next = index === last ? fail : newBlock(builder);
    testPattern(builder, alternative, place, ty, next);
    // Bindings of this alternative are made here: behind the join nobody knows which one it was.
    if (isDeclared(builder, alternative)) {
      bindAlternative(builder, pat, alternative, place, ty, false);
      builder.boundByTest.add(pat);
    }
    terminate(builder, { k: "goto", target: matched }, index === last ? matched : next);
  }
  if (last < 0) terminate(builder, { k: "goto", target: fail }, matched);
}

function isDeclared(builder: Builder, pat: Pat): boolean {
  let declared = false;
  visitIdents(pat, (ident) => {
    if (builder.bindings.has(ident.id)) declared = true;
  });
  return declared;
}

/** Gives the variables of a pattern that matched their values; with `peek`, without moving (for guards). */
export function bindPattern(builder: Builder, pat: Pat, place: Place, ty: Ty, peek = false): void {
  const target = throughDerefs(builder, pat, place, ty);
  switch (pat.k) {
    case "ident": {
      const mode = builder.typed.binding(pat);
      const variable = builder.bindings.get(pat.id);
      if (mode !== "item" && variable !== undefined) {
        if (mode === "move") {
          const copy = peek || builder.types.isCopy(target.ty, builder.env);
          const operand: Operand = copy ? { k: "copy", place: target.place } : { k: "move", place: target.place };
          assign(builder, variable, { k: "use", operand }, pat.span);
        } else {
          assign(builder, variable, { k: "ref", mut: mode === "ref-mut", raw: false, place: target.place }, pat.span);
        }
      }
      if (pat.sub !== null) bindPattern(builder, pat.sub, target.place, target.ty, peek);
      return;
    }
    case "tuple-struct":
    case "struct":
    case "tuple":
    case "slice":
      for (const field of subPatterns(builder, pat, target.place, target.ty))
        if (!bindRest(builder, field, target.ty, peek)) bindPattern(builder, field.pat, field.place, field.ty, peek);
      return;
    case "ref":
      bindPattern(builder, pat.inner, project(target.place, { k: "deref" }), innerTy(target.ty), peek);
      return;
    case "or":
      if (!builder.boundByTest.has(pat)) bindAny(builder, pat, place, ty, peek);
      return;
    case "macro":
      if (pat.expanded !== null) bindPattern(builder, pat.expanded, place, ty, peek);
      return;
    default:
      return;
  }
}

/** `rest @ ..` by value takes each element that it holds; false where it is another binding. */
function bindRest(builder: Builder, { pat, held }: SubPattern, array: Ty, peek: boolean): boolean {
  const variable = pat.k === "ident" ? builder.bindings.get(pat.id) : undefined;
  if (held == null || pat.k !== "ident" || variable === undefined || builder.typed.binding(pat) !== "move")
    return false;
  const copy = peek || builder.types.isCopy(array, builder.env);
  const fields = held.map((place): Operand => (copy ? { k: "copy", place } : { k: "move", place }));
  assign(builder, variable, { k: "aggregate", kind: { k: "array" }, fields }, pat.span);
  return true;
}

/** The place and type that a pattern matches, behind the references that it is matched through by default. */
export function throughDerefs(builder: Builder, pat: Pat, place: Place, ty: Ty): { place: Place; ty: Ty } {
  let current = { place, ty };
  for (const _ of builder.typed.patDerefs(pat)) {
    current = { place: project(current.place, { k: "deref" }), ty: innerTy(current.ty) };
  }
  return current;
}

function innerTy(ty: Ty): Ty {
  return ty.k === "ref" || ty.k === "ptr" ? ty.inner : ty;
}

/** A pattern inside another, and what it is matched with. */
export interface SubPattern {
  readonly pat: Pat;
  readonly place: Place;
  readonly ty: Ty;
  /** Of `rest @ ..`: the places of what it holds. */
  readonly held?: readonly Place[] | null;
}

/** The patterns in a pattern, each with the part of the place that it matches. */
export function subPatterns(
  builder: Builder,
  pat: Pat & { k: "tuple-struct" | "struct" | "tuple" | "slice" },
  place: Place,
  ty: Ty,
): SubPattern[] {
  if (pat.k === "slice") {
    const elem = ty.k === "slice" || ty.k === "array" ? ty.inner : ty;
    return elementPatterns(pat.elems, place, ty).map((one) => ({
      ...one,
      ty: one.isRest ? builder.typed.patTy(one.pat) : elem,
    }));
  }
  if (pat.k === "tuple") {
    const tys = ty.k === "tuple" ? ty.elems : [];
    return positional(builder, pat.elems, tys, place, null);
  }
  const { types, typed } = builder;
  const resolution = typed.resolution(pat);
  const def = resolution?.k === "def" ? types.names.def(resolution.def) : null;
  const variant = def?.kind === "variant" ? def.index : null;
  const owner = def?.kind === "variant" ? def.id : ty.k === "adt" ? ty.def : null;
  if (owner === null || ty.k !== "adt") return [];
  const tys = types.fieldTys(owner).map((one) => types.normalize(types.subst(one, ty.args), builder.env));
  if (pat.k === "tuple-struct") return positional(builder, pat.elems, tys, place, variant);
  const names = types.fieldNames(owner);
  const union = isUnion(types.names, ty) ? ({ union: true } as const) : {};
  return pat.fields.flatMap((field) => {
    const index = names.indexOf(field.name);
    const fieldTy = tys[index];
    if (fieldTy === undefined) return [];
    const step = { k: "field", index, variant, ty: fieldTy, ...union } as const;
    return [{ pat: field.pat, place: project(place, step), ty: fieldTy }];
  });
}

/** `(a, .., z)`: positions behind `..` count from the end. */
function positional(
  builder: Builder,
  elems: readonly Pat[],
  tys: readonly Ty[],
  place: Place,
  variant: number | null,
): SubPattern[] {
  const rest = elems.findIndex((one) => one.k === "rest");
  return elems.flatMap((pat, position) => {
    if (pat.k === "rest") return [];
    const index = rest !== -1 && position > rest ? tys.length - (elems.length - position) : position;
    const ty = tys[index] ?? builder.typed.patTy(pat);
    return [{ pat, place: project(place, { k: "field", index, variant, ty }), ty }];
  });
}

function testItem(builder: Builder, pat: Pat, place: Place, ty: Ty, fail: number): void {
  const resolution = builder.typed.resolution(pat);
  const def = resolution?.k === "def" ? builder.types.names.def(resolution.def) : null;
  if (def?.kind === "variant") testVariant(builder, pat, place, ty, fail);
  else if (def?.kind === "struct") return;
  else if (def?.kind === "const" && resolution?.k === "def" && isPlain(ty)) {
    const constant: Operand = { k: "const", value: { k: "const", def: def.id, args: resolution.args, ty } };
    testCompared(builder, "eq", pat, place, constant, fail);
  } else twoWay(builder, pat, fail);
}

function testRange(builder: Builder, pat: Pat & { k: "range" }, place: Place, ty: Ty, fail: number): void {
  if (!isPlain(ty)) return twoWay(builder, pat, fail);
  if (pat.from !== null) testCompared(builder, "ge", pat, place, exprOperand(builder, pat.from), fail);
  if (pat.to !== null)
    testCompared(builder, pat.inclusive ? "le" : "lt", pat, place, exprOperand(builder, pat.to), fail);
}

/** Integers and truth values. */
function isPlain(ty: Ty): boolean {
  return ty.k === "prim" && (ty.name === "bool" || /^[iu]\d|size$/.test(ty.name));
}

function testCompared(builder: Builder, op: string, pat: Pat, place: Place, right: Operand, fail: number): void {
  const holds: Place = { local: newLocal(builder, builder.types.boolTy, null, pat.span), proj: [] };
  assign(builder, holds, { k: "binary", op, left: { k: "copy", place }, right }, pat.span);
  const match = newBlock(builder);
  const targets = [
    { value: "true", target: match },
    { value: "false", target: fail },
  ];
  const on = { k: "bool", condition: { k: "copy", place: holds } } as const;
  terminate(builder, { k: "switch", on, targets, otherwise: null, span: pat.span }, match);
}

function testVariant(builder: Builder, pat: Pat, place: Place, ty: Ty, fail: number): void {
  const resolution = builder.typed.resolution(pat);
  const def = resolution?.k === "def" ? builder.types.names.def(resolution.def) : null;
  if (def?.kind !== "variant") return;
  const parent = def.parent === null ? null : builder.types.names.def(def.parent);
  if (parent !== null && parent.children.length === 1) return;
  const match = newBlock(builder);
  const targets = [{ value: String(def.index), target: match }];
  terminate(builder, { k: "switch", on: { k: "variant", place, ty }, targets, otherwise: fail, span: pat.span }, match);
}

function testLiteral(builder: Builder, pat: Pat & { k: "literal" }, place: Place, fail: number): void {
  const { lit } = pat;
  if (lit.k === "bool") {
    const match = newBlock(builder);
    const targets = [
      { value: String(lit.value), target: match },
      { value: String(!lit.value), target: fail },
    ];
    terminate(
      builder,
      { k: "switch", on: { k: "bool", condition: { k: "copy", place } }, targets, otherwise: null, span: pat.span },
      match,
    );
    return;
  }
  if (lit.k === "int" || lit.k === "byte" || lit.k === "char") {
    const match = newBlock(builder);
    const value = `${pat.negative ? "-" : ""}${lit.value}`;
    const targets = [{ value, target: match }];
    terminate(
      builder,
      { k: "switch", on: { k: "value", operand: { k: "copy", place } }, targets, otherwise: fail, span: pat.span },
      match,
    );
    return;
  }
  twoWay(builder, pat, fail);
}

/** Goes on, or to the failure block: which of them is not known. */
export function twoWay(builder: Builder, pat: Pat, fail: number): void {
  const match = newBlock(builder);
  const targets = [{ value: "match", target: match }];
  terminate(builder, { k: "switch", on: { k: "opaque" }, targets, otherwise: fail, span: pat.span }, match);
}
