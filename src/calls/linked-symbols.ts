/**
 * What a declaration in an `extern` block is linked to, where the program itself defines it (`#[no_mangle]`, `#[export_name = "…"]`).
 *
 * Input: a symbol, or the definition of a declaration. Output: the function or static that is exported under it; null where no text of the program exports one,
 * so that it is a library's or C's. Each symbol is looked for once.
 */
import type { CrateId } from "../crates/crate-graph.ts";
import type { DefId } from "../names/defs.ts";
import type { Bodies } from "./bodies.ts";

interface Linked {
  readonly exporting: readonly CrateId[];
  readonly bySymbol: Map<string, DefId | null>;
}
const known = new WeakMap<Bodies, Linked>();

/** The function or static of the program that is exported under a symbol. */
export function linkedUnder(bodies: Bodies, symbol: string): DefId | null {
  let linked = known.get(bodies);
  if (linked === undefined) {
    linked = { exporting: exportingCrates(bodies), bySymbol: new Map() };
    known.set(bodies, linked);
  }
  let def = linked.bySymbol.get(symbol);
  if (def === undefined) {
    def = definitionOf(bodies, linked.exporting, symbol);
    linked.bySymbol.set(symbol, def);
  }
  return def;
}

/** What a declaration is linked to in the program; any other definition is itself. */
export function linkedTo(bodies: Bodies, def: DefId): DefId {
  const { foreign } = bodies.names.def(def);
  return foreign === null ? def : (linkedUnder(bodies, foreign.symbol) ?? def);
}

/** Crates in whose text, or in a macro that they call, an item may be exported under a symbol. */
function exportingCrates({ names }: Bodies): CrateId[] {
  const attributes = ["no_mangle", "export_name"];
  return names.program.crates
    .map((one) => one.id)
    .filter((id) => names.mayMention(id, [...attributes, ...names.macrosMentioning(attributes, id)]));
}

function definitionOf(bodies: Bodies, exporting: readonly CrateId[], symbol: string): DefId | null {
  const { names } = bodies;
  for (const id of exporting) {
    // The symbol stands in an attribute, or in what a macro writes, and may stand nowhere in the item itself.
    const isSaid = names.mayMention(id, [symbol]) && names.mayMention(id, ["export_name"]);
    for (const def of new Set([
      ...bodies.mentioning(id, [symbol]),
      ...(isSaid ? bodies.ofCrate(id, [symbol, "export_name"]) : []),
    ])) {
      const { name, attrs, kind } = names.def(def);
      if (kind !== "fn" && kind !== "static") continue;
      if (name === symbol && attrs.some((attr) => attr.path === "no_mangle")) return def;
      if (attrs.some((attr) => attr.path === "export_name" && attr.tokens.trim() === `"${symbol}"`)) return def;
    }
  }
  return null;
}
