/**
 * Is a where-clause about a type?
 *
 * To say so its subject is lowered, and to lower `T::Item` the bounds of `T` are looked for in the clauses again: what cannot mean the type by
 * its form is passed over before that (or twenty parameters with an associated type each take longer than anybody waits), a
 * clause that is being lowered is about nothing, and after so many steps below one question so is every other.
 */
import type { Scope } from "../names/defs.ts";
import type { Generics, Path } from "../syntax/ast.ts";
import type { Core } from "./core.ts";
import type { Ty } from "./ty.ts";

type Clause = Generics["where"][number];

const maxSteps = 2000;

/** True where the clause's subject is the type. */
export function isAbout(core: Core, clause: Clause, subject: Ty, scope: Scope): boolean {
  const { activeNodes, subjects } = core.memo;
  if (activeNodes.has(clause) || !mayMean(core, clause, subject, scope)) return false;
  const isOutermost = subjects.nesting === 0;
  if (isOutermost) subjects.steps = 0;
  if (subjects.steps >= maxSteps) return false;
  subjects.steps += 1;
  subjects.nesting += 1;
  activeNodes.add(clause);
  try {
    return core.lowerType(clause.ty, scope) === subject;
  } finally {
    activeNodes.delete(clause);
    subjects.nesting -= 1;
  }
}

/** By its form alone: a parameter is a path of one segment, and what ends in `::Name` an associated type of that name. */
function mayMean(core: Core, { ty }: Clause, subject: Ty, scope: Scope): boolean {
  if (ty.k === "macro" || ty.k === "error" || ty.k === "infer") return true;
  if (ty.k !== "path") return subject.k !== "param" && subject.k !== "proj";
  if (ty.path.qself !== null) return isNamed(core, subject, ty.path);
  const res = core.names.resolve(scope, ty.path, "type");
  if (res.k === "partial") return isNamed(core, subject, ty.path);
  if (res.k !== "def") return true;
  const { kind } = core.names.def(res.def);
  return (kind !== "struct" && kind !== "enum") || (subject.k === "adt" && subject.def === res.def);
}

function isNamed(core: Core, subject: Ty, path: Path): boolean {
  return subject.k === "proj" && core.names.def(subject.assoc).name === path.segments.at(-1)?.name;
}
