/**
 * Whether a case's sinks are reported: at the place, on the way or in `covers`, of a fitting kind and at the level that DESIGN gives.
 */
import type { Finding, Report, SitePlace } from "../../src/safety/report-model.ts";
import { type CorpusCase, handlersOf, type Sink } from "./corpus-cases.ts";

export interface SinkResult {
  readonly findings: readonly Finding[];
  readonly complaint: string | null;
}

/** For each required sink the findings that stand for it, and what is wrong with them. */
export function sinkFindings(report: Report, one: CorpusCase): readonly SinkResult[] {
  const handlers = new Set(handlersOf(report, one).map((handler) => handler.id));
  const said = report.findings.filter((found) => handlers.has(found.handler) && found.level !== "note");
  return one.sinks.flatMap((sink): SinkResult[] => {
    const owner = (sink.in_crate ?? `${one.crate}-${one.version}`).replace(/-(?=\d)/, "@");
    const kinds = kindsOf(sink.kind);
    const result = (slack: number): SinkResult => {
      const at = (place: SitePlace): boolean =>
        place.package === owner && place.file === sink.file && Math.abs(place.line - sink.line) <= slack;
      const findings = said.filter((found) => [found.site, ...found.trace, ...(found.beyond ?? [])].some(at));
      const covering = said.filter((found) => found.covers.some((below) => at(below.site) && fits(below.kind, kinds)));
      const all = [...new Set([...findings, ...covering])];
      // What merely passes through the place and does something else is another finding.
      const own = all.filter((found) => [found, ...found.covers].some((effect) => fits(effect.kind, kinds)));
      return { findings: own, complaint: complaintOf(sink, kinds, all, report) };
    };
    const exact = result(0);
    // Cases name the statement; an effect of it may stand on one of its next lines.
    const near = exact.complaint === null ? exact : result(NEAR);
    if (sink.optional === true && near.complaint !== null) return [];
    return [near.complaint === null ? near : exact];
  });
}

const NEAR = 3;

function fits(kind: string, kinds: readonly string[]): boolean {
  return kinds.length === 0 || kinds.includes(kind);
}

function complaintOf(
  sink: Sink,
  kinds: readonly string[],
  findings: readonly Finding[],
  report: Report,
): string | null {
  const what = `${sink.kind} at ${sink.file}:${sink.line}`;
  if (findings.length === 0) return what;
  const fitting = findings.filter((found) => [found, ...found.covers].some((effect) => fits(effect.kind, kinds)));
  if (fitting.length === 0)
    return `${what} (there only ${[...new Set(findings.map((found) => found.kind))].join(", ")})`;
  const mustFail = kinds.some((kind) => errorKinds.has(kind)) && sink.condition === undefined;
  const lowered = (found: Finding): boolean =>
    found.conditions.some((condition) => lowering.has(condition)) ||
    report.handlers.find((handler) => handler.id === found.handler)?.delivery === "fault";
  const ok = !mustFail || fitting.some((found) => found.level === "error" || lowered(found));
  return ok ? null : `${what} only as ${fitting.map((found) => `${found.level} (${found.why})`).join(", ")}`;
}

const lowering: ReadonlySet<string> = new Set(["guarded", "error-path", "spill", "first-in-thread", "foreign-data"]);
const errorKinds: ReadonlySet<string> = new Set(["alloc", "dealloc", "lock", "spin", "stdio", "exit", "init"]);

/** Kinds that answer for a sink's description; empty where any does. */
function kindsOf(kind: string): readonly string[] {
  const table: readonly (readonly [RegExp, readonly string[]])[] = [
    [/^lazy init/, ["init", "lock"]],
    [/^alloc/, ["alloc", "init"]],
    [/^lock/, ["lock", "spin"]],
    [/^free/, ["dealloc"]],
    [/^std I\/O/, ["stdio"]],
    [/^thread_local/, ["tls"]],
    [/^logging/, ["user-code"]],
    [/^opaque dyn/, ["user-code"]],
    [/^panic/, ["panic"]],
    [/^RefCell/, ["panic", "reentrancy"]],
    [/^errno/, ["errno"]],
    [/\(exit\)$/, ["exit"]],
  ];
  return table.find(([pattern]) => pattern.test(kind))?.[1] ?? [];
}
