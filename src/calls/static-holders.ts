/**
 * Which locals of a body hold the address of a static, and what of it a place through them is.
 */
import type { DefId } from "../names/defs.ts";
import { placeKey, prefixOf } from "./flow-places.ts";
import { writesTo } from "./local-writes.ts";
import type { Mir, Operand, Place, Projection, Rvalue } from "./mir.ts";

/** Locals that hold the address of (a part of) a static, or the value of a constant, directly or through reborrows. */
export function staticHolders(mir: Mir, def: DefId): Set<number> {
  const holders = new Set<number>();
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of mir.blocks) {
      for (const stmt of block.stmts) {
        if (stmt.place.proj.length > 0 || holders.has(stmt.place.local)) continue;
        const { value } = stmt;
        const operand = value.k === "use" || value.k === "cast" ? value.operand : null;
        const isStatic =
          operand?.k === "const" &&
          (operand.value.k === "static" || operand.value.k === "const") &&
          operand.value.def === def;
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

/** The locals of a body through which what of a static lies behind `rest` may be set, with what of it is left behind them; `all` hold some part. */
export function waysInto(
  mir: Mir,
  def: DefId,
  rest: readonly Projection[],
): readonly {
  readonly holders: ReadonlySet<number>;
  readonly left: readonly Projection[];
  readonly all: ReadonlySet<number>;
}[] {
  const all = staticHolders(mir, def);
  if (all.size === 0) return [];
  return holdersByPart(mir, all).flatMap(({ part, holders }) => {
    if (part === null) return [{ holders, left: [], all }];
    // A part of what is asked for, or the other way round; else it is another part.
    return prefixOf(part, rest) || prefixOf(rest, part) ? [{ holders, left: rest.slice(part.length), all }] : [];
  });
}

/**
 * The same locals by which part of the static they hold the address of, as steps from the static; null stands for locals that may hold several.
 */
function holdersByPart(
  mir: Mir,
  holders: ReadonlySet<number>,
): readonly { readonly part: readonly Projection[] | null; readonly holders: ReadonlySet<number> }[] {
  const parts = new Map<number, readonly Projection[] | null>();
  // To a fixed point: a local is told where what it is copied or borrowed from has been.
  for (let size = -1; size !== parts.size; ) {
    size = parts.size;
    for (const { stmts } of mir.blocks) {
      for (const { place, value } of stmts) {
        if (place.proj.length > 0 || !holders.has(place.local) || parts.has(place.local)) continue;
        const part = partOf(value, parts);
        if (part !== undefined) parts.set(place.local, assignedOnce(mir, place.local) ? part : null);
      }
    }
  }
  const groups = new Map<string, { part: readonly Projection[] | null; holders: Set<number> }>();
  for (const local of holders) {
    const part = parts.get(local) ?? null;
    const key = part === null ? "?" : placeKey({ local: 0, proj: part });
    const group = groups.get(key) ?? { part, holders: new Set<number>() };
    groups.set(key, group);
    group.holders.add(local);
  }
  return [...groups.values()];
}

/** Undefined where the source is not told yet. */
function partOf(
  value: Rvalue,
  parts: ReadonlyMap<number, readonly Projection[] | null>,
): readonly Projection[] | null | undefined {
  if (value.k === "ref") {
    const base = parts.get(value.place.local);
    return base === undefined || base === null ? base : [...base, ...value.place.proj.slice(1)];
  }
  if (value.k !== "use" && value.k !== "cast") return null;
  return value.operand.k === "const" ? [] : parts.get(value.operand.place.local);
}

/** The same locals, and those that are a copy, or a reborrow of the whole, of one of them and nothing else. */
export function withCopies(mir: Mir, holders: ReadonlySet<number>): ReadonlySet<number> {
  const all = new Set(holders);
  for (let size = -1; size !== all.size; ) {
    size = all.size;
    for (const { stmts } of mir.blocks) {
      for (const { place, value } of stmts) {
        if (place.proj.length > 0 || all.has(place.local)) continue;
        const from = value.k === "use" || value.k === "cast" ? value.operand : null;
        const copied = from !== null && from.k !== "const" && from.place.proj.length === 0 && all.has(from.place.local);
        const again = value.k === "ref" && all.has(value.place.local) && isWhole(value.place);
        if ((copied || again) && assignedOnce(mir, place.local)) all.add(place.local);
      }
    }
  }
  return all;
}

function isWhole({ proj }: Place): boolean {
  return proj.length === 1 && proj[0]?.k === "deref";
}

function assignedOnce(mir: Mir, local: number): boolean {
  let times = 0;
  for (const { stmts, term } of mir.blocks) {
    for (const { place } of stmts) if (place.local === local && place.proj.length === 0) times += 1;
    if (term.k === "call" && term.dest.local === local && term.dest.proj.length === 0) times += 1;
  }
  return times === 1;
}

/** What of the static a place is, where its local holds the address; null for other places. */
export function insideStatic(place: Place, holders: ReadonlySet<number>): readonly Projection[] | null {
  return holders.has(place.local) && place.proj[0]?.k === "deref" ? place.proj.slice(1) : null;
}

/** Is the operand the address of a static, or of a part of one? */
export function isStaticAddress(mir: Mir, operand: Operand): boolean {
  let at = operand;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    if (at.k === "const") return at.value.k === "static";
    const { local, proj } = at.place;
    // What is read behind an address is not the address.
    if (proj.length > 0) return false;
    const [write, ...more] = writesTo(mir, local).filter((one) => one.k === "call" || one.stmt.place.proj.length === 0);
    if (write?.k !== "stmt" || more.length > 0) return false;
    const { value } = write.stmt;
    if (value.k === "ref" && value.place.proj[0]?.k === "deref")
      at = { k: "copy", place: { local: value.place.local, proj: [] } };
    else if (value.k === "use" || value.k === "cast") at = value.operand;
    else return false;
  }
  return false;
}
const MAX_STEPS = 8;

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
