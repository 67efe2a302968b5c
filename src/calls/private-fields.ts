/**
 * What code outside a crate hands over in a struct of that crate: where a field is private, only what the crate itself put there.
 *
 * Input: a place inside a parameter. Output: the first private field on the way to it (further in, values of the type that others keep count too),
 * and all that the program stores into that field of any value of the type: aggregates, assignments, and locals that hold a reference to it (a
 * cell takes values through a shared one). Memory that is copied or transmuted into such a struct is not seen. Source: the Rust Reference, "Visibility and Privacy".
 */
import { keptPer } from "../base/kept-per.ts";
import type { Span } from "../base/span.ts";
import type { DefId } from "../names/defs.ts";
import { HAS_PARAM } from "../types/intern.ts";
import type { Bodies } from "./bodies.ts";
import { bodiesPass, fieldKey } from "./body-index.ts";
import { namingField } from "./field-mentions.ts";
import { type FieldInPlace, fieldsOnTheWay } from "./flow-places.ts";
import type { BodyKey, CallTerm, Mir, Operand, Place, Projection, Rvalue } from "./mir.ts";
import { changesShared, operandTy, placeTyIn } from "./value-types.ts";

/** More bodies than these are not looked at where there is another answer. */
const MANY_BODIES = 100;

export type FieldStore =
  | { readonly k: "operand"; readonly body: BodyKey; readonly operand: Operand }
  /** The type's constructor is kept somewhere, and may be called with anything. */
  | { readonly k: "any"; readonly body: BodyKey; readonly span: Span }
  /** The type's constructor is passed on as a value, with this. */
  | { readonly k: "beside"; readonly body: BodyKey; readonly operand: Operand }
  /** An assignment to the field or a part of it. */
  | {
      readonly k: "value";
      readonly body: BodyKey;
      readonly at: readonly Projection[];
      readonly value: Rvalue;
      readonly span: Span;
    }
  /** A call's result is put there. */
  | {
      readonly k: "result";
      readonly body: BodyKey;
      readonly term: CallTerm;
      readonly at: readonly Projection[];
    }
  /** A local holds a reference into it. */
  | { readonly k: "lent"; readonly body: BodyKey; readonly holder: number };

/** The first field on the way to a place that code outside its crate cannot set; null where there is none. */
export function privateField(bodies: Bodies, mir: Mir, place: Place): FieldInPlace | null {
  for (const one of fieldsOnTheWay(mir, place)) if (isPrivate(bodies, one)) return one;
  return null;
}

/** Can only code of the crate that declares the field name it? */
export function isPrivate({ names }: Bodies, { owner, index }: FieldInPlace): boolean {
  const { item, crate } = names.def(owner);
  const vis = item?.k === "struct" ? item.fields[index]?.vis : undefined;
  return !names.isPackCrate(crate) && vis !== undefined && (vis.k !== "public" || !names.withinReach(owner));
}

/** A place in a list that is walked (`(*(*p).next).next.hook`): its last private field, where it leads through some field twice; else null. */
export function fieldInList(bodies: Bodies, mir: Mir, place: Place): FieldInPlace | null {
  if (place.proj.length < 4) return null;
  const passed = new Set<string>();
  let repeats = false;
  let last: FieldInPlace | null = null;
  for (const one of fieldsOnTheWay(mir, place, bodies.types)) {
    const key = `${one.owner}:${one.index}`;
    repeats ||= passed.has(key) && !bodies.names.isPackCrate(bodies.names.def(one.owner).crate);
    passed.add(key);
    if (isPrivate(bodies, one)) last = one;
  }
  return repeats ? last : null;
}

/**
 * The first field of a struct of the program on the way to a place; null where there is none, or where its type is chosen by who
 * makes the struct: then what others put there says little.
 */
export function ownField({ names, types }: Bodies, mir: Mir, place: Place): FieldInPlace | null {
  for (const one of fieldsOnTheWay(mir, place)) {
    const { kind, crate } = names.def(one.owner);
    const ty = types.fieldTys(one.owner)[one.index];
    if (kind === "struct" && !names.isPackCrate(crate))
      return ty === undefined || (ty.flags & HAS_PARAM) !== 0 ? null : one;
  }
  return null;
}

const memo = keptPer<Bodies, number, readonly FieldStore[]>();

/** All that the program stores into the field. */
export function storesIntoField(bodies: Bodies, { owner, index }: FieldInPlace): readonly FieldStore[] {
  return memo(bodies, fieldKey(owner, index), () => collect(bodies, owner, index));
}

/** Does it put a value there that was not there before? Lending what is there does not, nor does cloning the whole. */
export function putsThere({ names, types }: Bodies, store: FieldStore): boolean {
  if (store.k === "lent") return false;
  if (store.k === "any") return true;
  const { parent } = names.def(store.body.def);
  const trait = parent === null || names.def(parent).kind !== "impl" ? undefined : types.implTraitRef(parent)?.trait;
  return trait === undefined || names.def(trait).name !== "Clone" || !names.isPackCrate(names.def(trait).crate);
}

/** May so many bodies set the field, by their text, that looking at them all is not worth it? */
export function isSetByMany(bodies: Bodies, { owner, index }: FieldInPlace): boolean {
  let count = 0;
  for (const ids of naming(bodies, owner, index)) {
    count += ids.length;
    if (count > MANY_BODIES) return true;
  }
  return false;
}

function* naming(bodies: Bodies, owner: DefId, index: number): Generator<readonly DefId[]> {
  const { names, types } = bodies;
  const name = types.fieldNames(owner)[index];
  if (name === undefined) return;
  const { item, crate: own } = names.def(owner);
  const isPublic = item?.k !== "struct" || item.fields[index]?.vis.k === "public";
  const crates = isPublic ? bodies.cratesThatSee(owner) : [own];
  for (const crate of crates) yield namingField(bodies, crate, { owner, name }, crates);
}

function collect(bodies: Bodies, owner: DefId, index: number): readonly FieldStore[] {
  const found: FieldStore[] = [];
  const key = fieldKey(owner, index);
  for (const ids of naming(bodies, owner, index)) {
    for (const id of ids) {
      if (!bodiesPass(bodies, id, ({ fields, defs }) => fields.has(key) || defs.has(owner))) continue;
      for (const body of bodies.withClosures(id)) ofBody(bodies, body, owner, index, found);
    }
  }
  return found;
}

function ofBody(bodies: Bodies, body: BodyKey, owner: DefId, index: number, found: FieldStore[]): void {
  const mir = bodies.mir(body);
  if (mir === null) return;
  const inside = (place: Place): readonly Projection[] | null => {
    for (const one of fieldsOnTheWay(mir, place)) if (one.owner === owner && one.index === index) return one.rest;
    return null;
  };
  for (const { stmts, term } of mir.blocks) {
    for (const { place, value, span } of stmts) {
      if (value.k === "aggregate" && value.kind.k === "adt" && value.kind.def === owner) {
        const operand = value.fields[value.kind.indices.indexOf(index)];
        if (operand !== undefined) found.push({ k: "operand", body, operand });
      }
      const isKept =
        (value.k === "cast" && isConstructor(mir, value.operand, owner)) ||
        (value.k === "aggregate" && value.fields.some((one) => isConstructor(mir, one, owner)));
      if (isKept) found.push({ k: "any", body, span });
      const at = inside(place);
      if (at !== null) found.push({ k: "value", body, at, value, span });
      const writes =
        value.k === "ref" && (value.mut || value.raw || changesShared(bodies.types, placeTyIn(mir, value.place)));
      if (writes && place.proj.length === 0 && inside(value.place) !== null)
        found.push({ k: "lent", body, holder: place.local });
    }
    if (term.k !== "call") continue;
    if (term.args.some((arg) => isConstructor(mir, arg, owner))) {
      // `made.map(Wrapper)`: what the constructor is called with comes from what stands beside it.
      const isOfPack = term.callee.k === "def" && bodies.names.isPackCrate(bodies.names.def(term.callee.def).crate);
      if (!isOfPack) found.push({ k: "any", body, span: term.span });
      for (const operand of term.args)
        if (!isConstructor(mir, operand, owner)) found.push({ k: "beside", body, operand });
    }
    const called =
      term.callee.k === "value" && isConstructor(mir, term.callee.operand, owner) ? term.args[index] : undefined;
    if (called !== undefined) found.push({ k: "operand", body, operand: called });
    const at = inside(term.dest);
    if (at !== null) found.push({ k: "result", body, term, at });
  }
}

function isConstructor(mir: Mir, operand: Operand, owner: DefId): boolean {
  let ty = operandTy(mir, operand);
  while (ty?.k === "ref") ty = ty.inner;
  return ty?.k === "fn-def" && ty.def === owner;
}
