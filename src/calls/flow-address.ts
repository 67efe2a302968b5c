/**
 * What a reference or raw pointer that is taken is, to value flow: the address of a part of a static, or of a place; a reborrow is what was borrowed.
 */
import type { BodyInContext } from "./flow-context.ts";
import { bodyKeyIn } from "./flow-context.ts";
import { placeKey } from "./flow-places.ts";
import { addValue, ask, type Query } from "./flow-query.ts";
import type { Place } from "./mir.ts";
import { staticAddress } from "./static-holders.ts";

/** The address of a place is among the values. */
export function fromAddress(query: Query, body: BodyInContext, place: Place): void {
  const mir = query.bodies.mir(body);
  if (mir === null) return;
  if (place.proj[0]?.k === "deref") {
    // A reborrow, or the address of a static's part.
    const fields = place.proj.slice(1).flatMap((one) => (one.k === "field" ? [one.index] : []));
    const base = staticAddress(mir, place.local);
    if (base !== null) {
      addValue(query, `static:${base}:${fields.join(".")}`, { k: "static", def: base, fields });
      return;
    }
    if (place.proj.length === 1) return ask(query, body, { local: place.local, proj: [] });
  }
  addValue(query, `address:${bodyKeyIn(body)}:${placeKey(place)}`, { k: "address", body, place });
}
