/** One finding of the page: what and why, the code, the path as a call tree with the code of each frame, what lies behind. */
import type { Report, ReportHandler, TraceFrame } from "../safety/report-model.ts";
import { broken, codeBlock, escaped, placeLink, prose } from "./html-text.ts";
import { type FindingItem, reasonOf } from "./merge-findings.ts";
import { gapText } from "./path-names.ts";
import { count, coveredCalls, coversText, enteredBy } from "./wording.ts";

/** Nesting ends here; deeper frames stand below each other. */
const MAX_DEPTH = 24;

/** The finding as a `details` element; `handler` is the one that it is about. */
export function findingHtml(
  item: FindingItem,
  handler: ReportHandler | undefined,
  report: Report,
  open: boolean,
): string {
  const { finding } = item;
  const { cause } = finding;
  const badges = item.rules
    .map((rule) => `<span class="badge ${escaped(finding.level)}">${escaped(rule)}</span>`)
    .join("");
  const reason = reasonOf(finding);
  const rows = [
    ["where", placeLink(report, finding.site)],
    [
      "brought by",
      cause === undefined ? "" : `<code>${broken(`${cause.file}:${cause.line}`)}</code>: ${prose(cause.why)}`,
    ],
    [
      "handler",
      handler === undefined
        ? ""
        : `<a href="#h-${escaped(handler.id)}"><code>${broken(handler.function)}</code></a> (${escaped(enteredBy(handler))})`,
    ],
    ["why", prose(reason)],
    ["certainty", escaped([finding.certainty, ...finding.conditions].join(", "))],
    ["what to do", prose(finding.help)],
  ].flatMap(([name, value]) => (value === "" ? [] : [`<dt>${name}</dt><dd>${value}</dd>`]));
  const frames = [...finding.trace, ...(finding.beyond ?? [])];
  const body = [
    finding.excerpt === null ? "" : codeBlock(finding.excerpt, finding.site.line),
    `<dl>${rows.join("")}</dl>`,
    `<h3>The path${finding.otherPaths > 0 ? `, one of ${finding.otherPaths + 1}` : ""}</h3>`,
    tree(frames, finding.trace.length, endOf(item), report),
    covers(item, report),
  ].filter((one) => one !== "");
  return `<details class="item" id="f-${escaped(finding.id)}"${open ? " open" : ""}><summary>${badges}<span class="at">${escaped(`${finding.site.file}:${finding.site.line}`)}</span>${prose(item.message)}</summary><div class="body">${body.join("\n")}</div></details>`;
}

/** Each frame in the one that calls it, as far as nesting can be read. */
function tree(frames: readonly TraceFrame[], later: number, end: string, report: Report): string {
  let out = "";
  let depth = 0;
  for (const [index, frame] of frames.entries()) {
    if (depth < MAX_DEPTH) {
      out += `<ul class="tree">`;
      depth += 1;
    } else out += "</li>";
    const via = index === 0 ? "" : `<span class="via">${escaped(frame.via)}</span>`;
    const code = frame.snippet === "" ? "" : `<code>${escaped(frame.snippet)}</code>`;
    const gap = frame.omitted === undefined ? "" : `<span class="dim">${gapText(frame)}</span> `;
    const head = `${gap}${via}<span class="fn">${broken(frame.function)}</span>`;
    out += `<li${index >= later ? ' class="then"' : ""}>${head}<span class="snip">${placeLink(report, frame)}${code}</span>`;
  }
  return `${out}<ul class="tree"><li class="end">${end}</li></ul>${"</li></ul>".repeat(depth)}`;
}

/** What the path ends in: the effect at its last frame. */
function endOf({ finding }: FindingItem): string {
  const last = finding.beyond?.at(-1);
  const effect = finding.covers.find(
    ({ site }) => site.file === last?.file && site.line === last.line && site.column === last.column,
  );
  return effect === undefined
    ? broken(finding.callee)
    : `${broken(effect.callee)} <span class="dim">(${escaped(effect.kind)})</span>`;
}

function covers(item: FindingItem, report: Report): string {
  const all = coveredCalls(item.all.flatMap((one) => one.covers));
  if (all.length === 0) return "";
  const rows = all.map((one) => {
    const conditions = escaped(one.conditions.join(", "));
    return `<tr><td>${escaped(one.kind)}</td><td><code>${broken(one.callee)}</code></td><td>${placeLink(report, one.site)}</td><td>${conditions}</td></tr>`;
  });
  return `<details><summary>${count(all.length, "effect")} behind it: ${escaped(coversText(all))}</summary><div class="scroll"><table><thead><tr><th>kind</th><th>call</th><th>where</th><th>when</th></tr></thead><tbody>${rows.join("")}</tbody></table></div></details>`;
}
