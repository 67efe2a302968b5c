/**
 * `requires(init)`: a function's claim that its callers have called another function before, and whether those that can be seen have.
 *
 * Input: the claims of the sources. What `init` forces on every return is owed at every call of the function in the program. A claim that
 * names no function, or one that forces nothing, and a call that owes it, are problems with their place.
 */
import type { Bodies } from "../calls/bodies.ts";
import { callSitesOf } from "../calls/call-sites.ts";
import type { DefId } from "../names/defs.ts";
import type { Path } from "../syntax/ast.ts";
import type { InitGuards } from "./guard-init.ts";
import type { MustForce } from "./must-force.ts";
import type { Places } from "./places.ts";
import type { ReportProblem } from "./report-model.ts";
import type { Requirement } from "./source-comments.ts";

/** The functions that the claims are about, with those that they require; and what is wrong with the others. */
export function readDuties(
  bodies: Bodies,
  requires: readonly Requirement[],
): { readonly required: ReadonlyMap<DefId, DefId>; readonly problems: readonly ReportProblem[] } {
  const required = new Map<DefId, DefId>();
  const problems: ReportProblem[] = [];
  for (const { def, init, at } of requires) {
    const found = functionCalled(bodies, def, init);
    if (found !== null) required.set(def, found);
    else
      problems.push({
        level: "warning",
        message: `\`requires(${init})\`: no function of that name is in sight`,
        ...at,
      });
  }
  return { required, problems };
}

function functionCalled({ names }: Bodies, from: DefId, path: string): DefId | null {
  const { item } = names.def(from);
  if (item === null) return null;
  const written: Path = {
    global: false,
    dollarCrate: null,
    qself: null,
    qselfPosition: 0,
    segments: path.split("::").map((name) => ({ name, args: null, span: item.span, context: 0 })),
    span: item.span,
  };
  const found = names.resolve(names.scopeOf(from), written, "value");
  return found.k === "def" && names.def(found.def).kind === "fn" ? found.def : null;
}

/** Calls that owe what their callee requires. */
export function unmetDuties(
  bodies: Bodies,
  places: Places,
  required: ReadonlyMap<DefId, DefId>,
  force: MustForce,
  guards: InitGuards,
): ReportProblem[] {
  const { names } = bodies;
  const problems: ReportProblem[] = [];
  for (const [def, init] of required) {
    const owed = [...force.after({ def: init, closure: null }).keys()];
    for (const { body, block } of callSitesOf(bodies, { def, closure: null }).calls) {
      const term = bodies.mir(body)?.blocks[block]?.term;
      const done = guards.at({ body, block });
      if (term?.k !== "call" || owed.every((key) => done.has(key))) continue;
      const { package: owner, file, line } = places.at(term.span);
      const message = `\`${names.pathOf(def)}\` requires \`${names.pathOf(init)}\`, which is not called on every way to this call`;
      problems.push({ level: "error", message, package: owner, file, line });
    }
  }
  return problems;
}
