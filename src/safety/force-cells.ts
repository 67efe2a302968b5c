/**
 * Which static, parameter or call's result a place of a body leads to, as far as assignments made once tell.
 *
 * Places are followed backwards through copies, casts, borrows and reborrows. A place that is set twice, or that a call
 * made, ends the walk: what it leads to is then only known as "the result of that call". Nothing here guesses.
 */
import type { StaticPlace } from "../calls/call-graph.ts";
import type { Mir, Operand, Place, Projection, Terminator } from "../calls/mir.ts";
import { factsOf } from "../calls/mir-facts.ts";

export type Root =
  | { readonly k: "static"; readonly place: StaticPlace }
  /** A parameter (0 = the first), and the steps from it. */
  | { readonly k: "param"; readonly index: number; readonly steps: readonly Projection[] }
  /** The result of a call of this body. */
  | { readonly k: "result"; readonly term: Terminator & { k: "call" }; readonly block: number };

const MAX_STEPS = 64;

/** What a place is, seen from the body's entry. */
export function rootOf(mir: Mir, place: Place): Root | null {
  const facts = factsOf(mir);
  let { local, proj } = place;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    if (local >= 1 && local <= mir.argCount) return { k: "param", index: local - 1, steps: proj };
    const definition = facts.definition(local);
    if (definition === null) return null;
    if (definition.k === "call") {
      return proj.length === 0 ? { k: "result", term: definition.term, block: definition.block } : null;
    }
    const { value } = definition;
    if (value.k === "ref") {
      if (proj[0]?.k !== "deref") return null;
      local = value.place.local;
      proj = [...value.place.proj, ...proj.slice(1)];
    } else if (value.k === "use" || value.k === "cast") {
      const { operand } = value;
      if (operand.k === "const") return staticRoot(operand, proj);
      local = operand.place.local;
      proj = [...operand.place.proj, ...proj];
    } else return null;
  }
  return null;
}

/** What an operand is, looked at through these steps. */
export function rootOfOperand(mir: Mir, operand: Operand, steps: readonly Projection[]): Root | null {
  if (operand.k === "const") return staticRoot(operand, steps);
  return rootOf(mir, { local: operand.place.local, proj: [...operand.place.proj, ...steps] });
}

function staticRoot(operand: Operand & { k: "const" }, proj: readonly Projection[]): Root | null {
  if (operand.value.k !== "static" || proj[0]?.k !== "deref") return null;
  const fields: number[] = [];
  for (const step of proj.slice(1)) {
    if (step.k !== "field" || step.variant !== null) return null;
    fields.push(step.index);
  }
  return { k: "static", place: { def: operand.value.def, fields } };
}

/** A key for maps. */
export function cellKey(place: StaticPlace): string {
  return `${place.def}:${place.fields.join(".")}`;
}

/** The cell that `forced` stands for holds what `wanted` needs: it is the same place, or the whole of it. */
export function coversCell(forced: StaticPlace, wanted: StaticPlace): boolean {
  return forced.def === wanted.def && forced.fields.every((field, at) => wanted.fields[at] === field);
}
