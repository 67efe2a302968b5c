/**
 * Which locals of a body hold the address of a static, and what of it a place through them is.
 */
import type { DefId } from "../names/defs.ts";
import type { Mir, Place, Projection } from "./mir.ts";

/** Locals that hold the address of (a part of) a static, directly or through reborrows. */
export function staticHolders(mir: Mir, def: DefId): Set<number> {
  const holders = new Set<number>();
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of mir.blocks) {
      for (const stmt of block.stmts) {
        if (stmt.place.proj.length > 0 || holders.has(stmt.place.local)) continue;
        const { value } = stmt;
        const operand = value.k === "use" || value.k === "cast" ? value.operand : null;
        const isStatic = operand?.k === "const" && operand.value.k === "static" && operand.value.def === def;
        const copied =
          operand !== null &&
          operand.k !== "const" &&
          operand.place.proj.length === 0 &&
          holders.has(operand.place.local);
        const reborrowed = value.k === "ref" && holders.has(value.place.local) && value.place.proj[0]?.k === "deref";
        if (isStatic || copied || reborrowed) {
          holders.add(stmt.place.local);
          changed = true;
        }
      }
    }
  }
  return holders;
}

/** What of the static a place is, where its local holds the address; null for other places. */
export function insideStatic(place: Place, holders: ReadonlySet<number>): readonly Projection[] | null {
  return holders.has(place.local) && place.proj[0]?.k === "deref" ? place.proj.slice(1) : null;
}

/** The static whose address a temporary holds. */
export function staticAddress(mir: Mir, local: number): DefId | null {
  for (const block of mir.blocks) {
    for (const stmt of block.stmts) {
      if (stmt.place.local !== local || stmt.place.proj.length > 0 || stmt.value.k !== "use") continue;
      const { operand } = stmt.value;
      if (operand.k === "const" && operand.value.k === "static") return operand.value.def;
    }
  }
  return null;
}
