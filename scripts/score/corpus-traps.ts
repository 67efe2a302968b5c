/**
 * What must not be said of a case: findings at its traps, handlers that are none, errors and too many warnings where all is well.
 */
import type { Report, SitePlace } from "../../src/safety/report-model.ts";
import { bare, type Checks, type CorpusCase, describe, handlerNames, handlersOf } from "./corpus-cases.ts";
import type { WarningCount } from "./outcome.ts";

/** Handlers that are named and not found; a case may call the crate by another name than its library has. */
export function missingHandlers(report: Report, one: CorpusCase, checks: Checks): readonly string[] {
  const several = one.handler.path.includes("; ");
  if (checks.handlers === undefined && !several) {
    return one.sinks.length > 0 || handlersOf(report, one).length > 0 ? [] : [`handler ${one.handler.path}`];
  }
  const seen = report.handlers.map((handler) => bare(handler.function));
  const wanted = checks.handlers ?? handlerNames(one);
  const lost = wanted.filter((name) => {
    const short = checks.handlers === undefined ? name.replace(`${one.crate.split("-")[0]}::`, "") : name;
    return !seen.some((found) => found === name || found.endsWith(`::${short}`));
  });
  return lost.map((name) => `handler ${name}`);
}

/** Handlers that are found and not named, where the case names all. */
export function strangers(report: Report, { handlers }: Checks): readonly string[] {
  if (handlers === undefined) return [];
  const known = new Set(handlers);
  const others = report.handlers.filter((handler) => !known.has(bare(handler.function)));
  return others.map((handler) => `handler ${handler.function} at ${handler.file}:${handler.line}`);
}

/** Findings at a trap. */
export function trapped(report: Report, { never }: Checks): readonly string[] {
  const said = report.findings.filter((found) => found.level !== "note" && found.suppressed === null);
  return (never ?? []).flatMap((trap) => {
    const at = (place: SitePlace): boolean =>
      (trap.package === undefined || trap.package === place.package) &&
      (trap.file === undefined || trap.file === place.file) &&
      (trap.lines === undefined || (trap.lines[0] <= place.line && place.line <= trap.lines[1])) &&
      (trap.function === undefined || place.function.includes(trap.function));
    const hits = said.filter(
      (found) =>
        (trap.kinds === undefined || trap.kinds.includes(found.kind)) &&
        (trap.callee === undefined || found.callee.includes(trap.callee)) &&
        (trap.site === true ? at(found.site) : [found.site, ...found.trace].some(at)),
    );
    return hits.map((found) => `trap (${trap.why}): ${describe(found)}`);
  });
}

/** Errors where none is due. */
export function errorsOf(report: Report, code: number | null): readonly string[] {
  const errors = report.findings.filter((found) => found.level === "error").map(describe);
  return code === 0 ? errors : [`exit ${code}`, ...errors];
}

/** How many warnings each handler has, and how many can be told apart: a sampling profiler's handler does more than others. */
export function warningsOf(report: Report): readonly WarningCount[] {
  return report.handlers.map((handler) => ({
    handler: handler.function,
    count: report.findings.filter((found) => found.handler === handler.id && found.level === "warning").length,
    limit: handler.function.endsWith("::perf_signal_handler") ? 8 : 3,
  }));
}

/** Handlers with more warnings than that. */
export function tooManyWarnings(report: Report): readonly string[] {
  return warningsOf(report).flatMap(({ handler, count, limit }) => {
    if (count <= limit) return [];
    const own = new Set(report.handlers.filter((one) => one.function === handler).map((one) => one.id));
    const told = report.findings.filter((found) => own.has(found.handler) && found.level === "warning");
    return [`${count} warnings in ${handler}, at most ${limit}: ${told.map(describe).join(" / ")}`];
  });
}
