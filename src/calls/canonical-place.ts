/**
 * Places in one body under one name, as far as temporaries hide them: `(*t).f` with `t = &v` is `v.f`.
 */
import type { Operand, Place, Projection } from "./mir.ts";
import type { MirFacts } from "./mir-facts.ts";

const MAX_STEPS = 16;

/** A key that is equal for equal places; places behind statics are named by the static. */
export function placeName(facts: MirFacts, place: Place, steps = 0): string {
  const base = `_${place.local}`;
  const [first] = place.proj;
  if (steps > MAX_STEPS) return base + suffix(place.proj);
  const definition = facts.definition(place.local);
  if (definition?.k !== "value") return base + suffix(place.proj);
  const { value } = definition;
  if (first?.k === "deref") {
    const rest = place.proj.slice(1);
    if (value.k === "ref")
      return placeName(facts, { local: value.place.local, proj: [...value.place.proj, ...rest] }, steps + 1);
    if (value.k !== "use" && value.k !== "cast") return base + suffix(place.proj);
    const { operand } = value;
    if (operand.k === "const")
      return operand.value.k === "static" ? `static ${operand.value.def}${suffix(rest)}` : base + suffix(place.proj);
    return placeName(facts, { local: operand.place.local, proj: [...operand.place.proj, ...place.proj] }, steps + 1);
  }
  if ((value.k === "use" || value.k === "cast") && value.operand.k !== "const") {
    const { operand } = value;
    return placeName(facts, { local: operand.place.local, proj: [...operand.place.proj, ...place.proj] }, steps + 1);
  }
  return base + suffix(place.proj);
}

/** The place that a reference operand leads to; null for constants. */
export function referentName(facts: MirFacts, operand: Operand | undefined): string | null {
  if (operand === undefined || operand.k === "const") return null;
  return placeName(facts, { local: operand.place.local, proj: [...operand.place.proj, { k: "deref" }] });
}

function suffix(proj: readonly Projection[]): string {
  return proj.map((one) => (one.k === "deref" ? ".*" : one.k === "index" ? "[]" : `.${one.index}`)).join("");
}
