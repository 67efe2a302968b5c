/**
 * The report as one page for a person who must decide: handlers with verdicts, each finding with its path as a call tree and
 * the code at every frame, guards, what was not followed. The page needs nothing but itself: its policy allows its own style and
 * script by their hashes and no request; foreign text is escaped, and the page can be read without the script.
 */
import { createHash } from "node:crypto";
import type { Report, ReportHandler } from "../safety/report-model.ts";
import { findingHtml } from "./html-finding.ts";
import { SCRIPT } from "./html-script.ts";
import { STYLE } from "./html-style.ts";
import { broken, escaped, placeLink, prose } from "./html-text.ts";
import { byCrate, grouped, itemsOf } from "./merge-findings.ts";
import { causeOf, count, coveredCalls, enteredBy, verdictText, wayOutOf } from "./wording.ts";

/** The page. */
export function renderHtml(report: Report): string {
  const policy = [
    "default-src 'none'",
    `style-src '${digest(STYLE)}'`,
    `script-src '${digest(SCRIPT)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const title = `${report.tool.name}: ${[...new Set(report.programs.map((one) => one.package))].join(", ")}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${report.input.changesOnly === true ? "What a change brings to signal handlers" : "What signal handlers reach"}</h1>
${programs(report)}
${tally(report)}
</header>
<main>
${BAR}
${[problems(report), handlers(report), ...findings(report), blindSpots(report), guards(report), suppressed(report)].join("\n")}
</main>
<footer>${escaped(report.tool.name)} ${escaped(report.tool.version)}, models of std ${escaped(report.input.stdVersion)}, profile ${escaped(report.input.profile)}</footer>
${KEYS}
<script>${SCRIPT}</script>
</body>
</html>
`;
}

const BAR = `<div class="bar" role="search">
<input id="search" type="search" placeholder="Search functions, files, crates, rules  ( / )" aria-label="Search" autocomplete="off" spellcheck="false">
<span id="matches" class="dim" aria-live="polite"></span>
<button id="open" type="button">Open all</button><button id="close" type="button">Close all</button>
<button id="theme" type="button">Light/dark</button><button id="help" type="button" aria-label="Keyboard shortcuts">?</button>
</div>`;

const KEYS = `<dialog id="keys" aria-label="Keyboard shortcuts"><form method="dialog">
<dl><dt><kbd>/</kbd></dt><dd>search; <kbd>Esc</kbd> clears, <kbd>Enter</kbd> goes to the first</dd>
<dt><kbd>j</kbd> <kbd>k</kbd></dt><dd>next, previous</dd>
<dt><kbd>o</kbd></dt><dd>open or close</dd>
<dt><kbd>e</kbd> <kbd>c</kbd></dt><dd>open all, close all</dd>
<dt><kbd>t</kbd></dt><dd>light or dark</dd></dl>
<p><button>Close</button></p></form></dialog>`;

function digest(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function programs(report: Report): string {
  return report.programs
    .map((one) => {
      const features = one.features.length === 0 ? "" : `, features <code>${escaped(one.features.join(", "))}</code>`;
      const allocator = one.allocator === null ? "" : `, allocator <code>${broken(one.allocator.type)}</code>`;
      const approximated = one.featuresApproximated ? " (features worked out without cargo)" : "";
      return `<div>${badge(one.verdict)}<b>${escaped(one.package)}</b> <span class="dim">for ${escaped(one.target)}${features}${allocator}${approximated}</span></div>`;
    })
    .join("\n");
}

function tally(report: Report): string {
  const told = report.findings.filter((one) => one.suppressed === null);
  const parts = (["error", "warning", "note"] as const).flatMap((level) => {
    const number = told.filter((one) => one.level === level).length;
    return number === 0
      ? []
      : [`<a href="#${level}s" class="${level}"><b>${number}</b> ${level}${number === 1 ? "" : "s"}</a>`];
  });
  const blind = report.blindSpots.length;
  if (blind > 0) parts.push(`<a href="#blind-spots"><b>${blind}</b> not followed</a>`);
  if (report.guards.length > 0)
    parts.push(`<a href="#guards" class="good">${count(report.guards.length, "guard")}</a>`);
  return `<nav class="tally" aria-label="Contents">${parts.join("")}</nav>`;
}

function badge(verdict: string, shown: string = verdict): string {
  return `<span class="badge ${escaped(verdict)}">${escaped(shown)}</span>`;
}

function section(id: string, title: string, number: number, body: string): string {
  return `<section id="${id}" data-group><h2>${title} <span class="n">${number}</span></h2>\n${body}\n</section>`;
}

function problems(report: Report): string {
  if (report.problems.length === 0) return "";
  const list = report.problems.map((one) => {
    const at =
      one.file === null
        ? ""
        : ` <span class="at">${broken(`${one.file}${one.line === null ? "" : `:${one.line}`}`)}</span>`;
    return `<div class="card">${badge(one.level)}${prose(one.message)}${at}</div>`;
  });
  return section("problems", "Problems of the analysis", list.length, list.join("\n"));
}

function handlers(report: Report): string {
  if (report.handlers.length === 0)
    return `<p>No signal handler was found; looked for installations in ${count(report.packages.length, "package")}.</p>`;
  const cards = report.handlers.map((one) => handlerCard(report, one));
  return section("handlers", "Handlers", cards.length, cards.join("\n"));
}

function handlerCard(report: Report, handler: ReportHandler): string {
  const { reached } = handler;
  const panics = handler.panicSites === 0 ? "" : `; can panic at ${count(handler.panicSites, "place")}`;
  const from = handler.installedFrom;
  const path = from.path.map((one) => `<code>${broken(one)}</code>`).join(" → ");
  const rows = [
    ["defined at", placeLink(report, handler)],
    ["installed at", handler.registeredAt.map((one) => placeLink(report, one)).join(", ")],
    [
      "installed from",
      `${from.reachable === "yes" ? "" : from.reachable === "no" ? "nothing in the program reaches it" : "unknown"}${path}`,
    ],
    ["flags", escaped(handler.flags.join(", "))],
    [
      "reached",
      `${count(reached.functions, "function")}, ${count(reached.calls, "call")}: ${reached.resolved} followed, ${reached.modelled} modelled, ${reached.external} C functions, ${reached.unresolved} not followed${panics}`,
    ],
  ];
  const list = rows.flatMap(([name, value]) => (value === "" ? [] : [`<dt>${name}</dt><dd>${value}</dd>`]));
  const verdict = badge(handler.verdict, verdictText(handler, report.blindSpots));
  return `<div class="card" id="h-${escaped(handler.id)}">${verdict}<span class="fn">${broken(handler.function)}</span> <span class="dim">${escaped(enteredBy(handler))}</span><dl>${list.join("")}</dl></div>`;
}

function findings(report: Report): string[] {
  const titles = { error: "Errors", warning: "Warnings", note: "Notes" } as const;
  const byId = new Map(report.handlers.map((one) => [one.id, one]));
  return (["error", "warning", "note"] as const).flatMap((level) => {
    const items = itemsOf(report.findings, level);
    if (items.length === 0) return [];
    const number = items.flatMap((one) => one.all).length;
    const crates = byCrate(items).map(({ package: name, items: list }) => {
      const body = list
        .map((item) => findingHtml(item, byId.get(item.finding.handler), report, level === "error"))
        .join("\n");
      return `<div data-group><h3>to be fixed in ${escaped(name)}</h3>\n${body}</div>`;
    });
    return [section(`${level}s`, titles[level], number, crates.join("\n"))];
  });
}

function blindSpots(report: Report): string {
  const groups = [...grouped(report.blindSpots, (one) => one.reason).values()];
  if (groups.length === 0) return "";
  const list = groups.flatMap((spots) => {
    const [first] = spots;
    if (first === undefined) return [];
    const rows = spots.map(
      (one) =>
        `<tr><td><code>${escaped(one.text)}</code></td><td>${placeLink(report, one)}</td><td><code>${broken(one.function)}</code></td></tr>`,
    );
    return [
      `<details class="item"><summary><span class="badge incomplete">${escaped(first.reason)}</span>${count(spots.length, "call")}: ${escaped(causeOf(first.reason))}</summary><div class="body"><p>${prose(wayOutOf(first.reason))}.</p><div class="scroll"><table><thead><tr><th>call</th><th>where</th><th>in</th></tr></thead><tbody>${rows.join("")}</tbody></table></div></div></details>`,
    ];
  });
  return section("blind-spots", "Not followed", report.blindSpots.length, list.join("\n"));
}

function guards(report: Report): string {
  if (report.guards.length === 0) return "";
  const list = report.guards.map((guard) => {
    const forced = guard.forcedAt;
    const by =
      forced === null ? "" : `<p>By <code>${broken(forced.function)}</code> at ${placeLink(report, forced)}.</p>`;
    const excluded = coveredCalls(guard.excludes);
    const rows = excluded.map(
      (one) =>
        `<tr><td>${escaped(one.kind)}</td><td><code>${broken(one.callee)}</code></td><td>${placeLink(report, one.site)}</td></tr>`,
    );
    const table = `<div class="scroll"><table><thead><tr><th>kind</th><th>call</th><th>where</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
    const about = guard.static === "" ? placeLink(report, guard) : `<code>${broken(guard.static)}</code>`;
    return `<details class="item"><summary><span class="badge good">${escaped(guard.guard)}</span>${about} <span class="dim">excludes ${count(excluded.length, "effect")}</span></summary><div class="body">${by}<p>At ${placeLink(report, guard)}.</p>${rows.length === 0 ? "" : table}</div></details>`;
  });
  return section("guards", "Guards", list.length, list.join("\n"));
}

function suppressed(report: Report): string {
  const list = report.findings.flatMap((one) => {
    if (one.suppressed === null) return [];
    const until = one.suppressed.until === null ? "" : ` until ${escaped(one.suppressed.until)}`;
    return [
      `<div class="card">${badge(one.level, one.rule)}${prose(one.message)}<p class="dim">${placeLink(report, one.site)}; suppressed${until}: ${escaped(one.suppressed.reason)} (${escaped(one.suppressed.source)})</p></div>`,
    ];
  });
  return list.length === 0 ? "" : section("suppressed", "Suppressed", list.length, list.join("\n"));
}
