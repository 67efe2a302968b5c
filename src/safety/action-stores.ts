/**
 * Where an action struct cannot be followed: may it hold a function that is no handler of the program yet?
 *
 * Each action comes from a place that writes its handler's field, or from the kernel (what was installed before). Where every
 * store into that field, anywhere in the program, is of functions that are handlers anyway or of none, an installation of an action that
 * was kept somewhere installs nothing new. One store that cannot be followed, and the answer is no.
 */
import type { BodyKey, Mir, Operand } from "../calls/mir.ts";
import type { ValuePlace } from "../model/registrars.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import type { HandlerValues } from "./handler-found.ts";
import { handlerValues, type ValueQuery } from "./handler-values.ts";
import { operandTy, placeTy, stepsInto } from "./value-places.ts";

/** Do all stores into the field hold only functions that `known` accepts? */
export function storesAreKnown(
  query: ValueQuery,
  body: BodyKey,
  operand: Operand,
  place: ValuePlace,
  known: (ty: Ty) => boolean,
): boolean {
  const mir = query.bodies.mir(body);
  const field = mir === null ? null : handlerField(query, mir, operand, place);
  if (field === null) return false;
  const all: readonly HandlerValues[] = storesOf(query, field).map((one) =>
    handlerValues(query, one.body, one.operand, { arg: 0 }),
  );
  return all.every(({ callables, unknown }) => unknown.length === 0 && callables.every(known));
}

interface Field {
  readonly adt: DefId;
  readonly index: number;
}

function handlerField(query: ValueQuery, mir: Mir, operand: Operand, place: ValuePlace): Field | null {
  const at = stepsInto(query.bodies, mir, operand, place);
  const last = at.k === "const" ? undefined : at.place.proj.at(-1);
  if (at.k === "const" || last?.k !== "field" || place.fields === undefined) return null;
  const owner = operandTy(mir, { k: "copy", place: { local: at.place.local, proj: at.place.proj.slice(0, -1) } });
  return owner?.k === "adt" ? { adt: owner.def, index: last.index } : null;
}

function storesOf(query: ValueQuery, { adt, index }: Field): { readonly body: BodyKey; readonly operand: Operand }[] {
  const { bodies } = query;
  const name = bodies.types.fieldNames(adt)[index];
  const found: { body: BodyKey; operand: Operand }[] = [];
  if (name === undefined) return found;
  for (const crate of bodies.cratesThatSee(adt)) {
    for (const id of bodies.mentioning(crate, [name])) {
      for (const body of bodies.withClosures(id)) {
        const mir = bodies.mir(body);
        for (const { stmts } of mir?.blocks ?? []) {
          for (const { place, value } of stmts) {
            if (value.k === "aggregate" && value.kind.k === "adt" && value.kind.def === adt) {
              const given = value.fields[value.kind.indices.indexOf(index)];
              if (given !== undefined) found.push({ body, operand: given });
            }
            const last = place.proj.at(-1);
            if (mir === null || last?.k !== "field" || last.index !== index) continue;
            const owner = placeTy(mir, { local: place.local, proj: place.proj.slice(0, -1) });
            if (owner?.k !== "adt" || owner.def !== adt) continue;
            found.push({ body, operand: { k: "copy", place } });
          }
        }
      }
    }
  }
  return found;
}
