/**
 * The initialiser of a static cell that keeps its own: what has run to its end whenever the cell was forced.
 *
 * Input: a static whose first use calls what its own initialisation was given (`Lazy::new(f)`). Output: the body of that function or
 * closure. Refused: cells inside larger statics, and initialisations that name more than one function, because it is not told there
 * which of them fills the cell.
 */
import type { Bodies } from "../calls/bodies.ts";
import type { StaticPlace } from "../calls/call-graph.ts";
import type { BodyKey, Operand } from "../calls/mir.ts";

/** The body that fills the cell; null where it is not told. */
export function initialiserOf(bodies: Bodies, cell: StaticPlace): BodyKey | null {
  const mir = cell.fields.length > 0 ? null : bodies.mir({ def: cell.def, closure: null });
  if (mir === null) return null;
  const found = new Map<string, BodyKey>();
  const note = (operand: Operand): void => {
    if (operand.k !== "const" || operand.value.k !== "fn" || operand.value.ty.k !== "fn-def") return;
    const { def } = bodies.types.resolveMember(operand.value.ty.def, operand.value.ty.args);
    found.set(String(def), { def: def ?? operand.value.ty.def, closure: null });
  };
  for (const { stmts, term } of mir.blocks) {
    for (const { value } of stmts) {
      if (value.k === "aggregate" && value.kind.k === "closure") {
        found.set(`closure ${value.kind.closure}`, { def: cell.def, closure: value.kind.closure });
      } else if (value.k === "use" || value.k === "cast") note(value.operand);
    }
    if (term.k === "call") term.args.forEach(note);
  }
  const [only, ...others] = found.values();
  return only === undefined || others.length > 0 ? null : only;
}
