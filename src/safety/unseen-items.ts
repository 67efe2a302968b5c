/**
 * Items of a program that its own text promises and that were not seen: behind a limit, in an expansion that cannot be read (blind spots: they
 * may install a handler, or be impls of what one drops), in files that are not there, and in what a build script writes for a package that a
 * handler reaches (said once for each). Macros that are not expanded are looked at where they are called, and by their own text (macro-sources.ts).
 */
import type { NameProblem, Names } from "../names/defs.ts";
import type { HandlerClosure } from "./handler-closure.ts";
import type { Places } from "./places.ts";
import type { BlindSpot, ReportProblem } from "./report-model.ts";

export interface UnseenItems {
  readonly blindSpots: readonly BlindSpot[];
  readonly problems: readonly ReportProblem[];
}

/** Everything of the kind that was met so far. */
export function unseenItems(names: Names, places: Places, closure: HandlerClosure): UnseenItems {
  const blindSpots: BlindSpot[] = [];
  const problems: ReportProblem[] = [];
  const built = new Set<string>();
  const isReached = (owner: string): boolean => closure.packages.includes(owner.replace(/@[^@]*$/u, ""));
  for (const one of names.problems()) {
    const at = places.at(one.span);
    const where = { package: at.package, file: at.file, line: at.line };
    if (one.reason === "missing-file") problems.push({ level: "warning", message: one.text, ...where });
    else if (isInBody(names, one)) continue;
    else if (one.reason === "build-output") {
      if (built.has(at.package) || !isReached(at.package)) continue;
      built.add(at.package);
      problems.push({
        level: "note",
        message: "what a build script writes is included here and was not analysed",
        ...where,
      });
    } else if (one.reason === "limit" || one.reason === "parse-error") {
      const text = `${one.text}: which handlers it installs is not known`;
      blindSpots.push({ handler: null, reason: one.reason, function: at.file, ...at, text });
    }
  }
  return { blindSpots, problems };
}

/** In the body of a function, a const or a static: told where a handler reaches it. */
function isInBody(names: Names, { def }: NameProblem): boolean {
  return def !== null && /^(?:fn|const|static)$/.test(names.def(def).kind);
}
