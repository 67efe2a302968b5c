/**
 * Workflow commands of GitHub Actions: an annotation for each error, and one for the warnings of each line, at lines of the
 * repository. GitHub shows ten of each level in a step; what is over that is said in a notice. The summary is `markdown.ts`.
 *
 * @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */

import { inert } from "../base/inert.ts";
import { pushAll } from "../base/push-all.ts";
import type { Finding, Report } from "../safety/report-model.ts";
import { type FindingItem, grouped, itemsOf, reasonOf } from "./merge-findings.ts";
import { pathNames } from "./path-names.ts";
import { type Repository, type RepositoryPlace, repositoryOf } from "./repository.ts";
import { count, placeText, verdictText } from "./wording.ts";

const MAX_SHOWN = 10;
const COMMANDS = { error: "error", warning: "warning", note: "notice" } as const;

/** The commands, one a line. `prefix` is the report's working directory relative to the repository's root. */
export function renderGithub(report: Report, prefix: string): string {
  const repository = repositoryOf(report, prefix);
  const lines: string[] = [];
  const left: string[] = [];
  for (const level of ["error", "warning"] as const) {
    const all = annotations(report, repository, level);
    pushAll(lines, all.slice(0, MAX_SHOWN));
    if (all.length > MAX_SHOWN) left.push(count(all.length - MAX_SHOWN, `more ${level}`));
  }
  for (const one of report.problems.slice(0, MAX_SHOWN))
    lines.push(command(one.level, null, "sigsafe-lint", [one.message]));
  if (left.length > 0)
    lines.push(command("note", null, "sigsafe-lint", [`${left.join(" and ")}: see the job summary`]));
  for (const one of report.handlers)
    lines.push(`handler ${inert(one.function)}: ${verdictText(one, report.blindSpots)}`);
  return lines.length === 0 ? "no signal handler was found\n" : `${lines.join("\n")}\n`;
}

function annotations(report: Report, repository: Repository, level: "error" | "warning"): string[] {
  const items = itemsOf(report.findings, level).map((item) => ({ item, place: repository.placeOf(item.finding) }));
  const key = ({ item, place }: { readonly item: FindingItem; readonly place: RepositoryPlace | null }): string =>
    level === "error" ? `${item.finding.id}` : `${place?.file}\n${place?.line}`;
  return [...grouped(items, key).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { item, place } = first;
    if (group.length === 1) return [command(level, place, item.rules.join(", "), itemLines(item))];
    const places = count(group.length, "place");
    const names = [...new Set(group.map((one) => one.item.finding.site.package))].join(", ");
    return [
      command(
        level,
        place,
        `warnings at ${places} in ${names}`,
        group.map((one) => itemLine(one.item)),
      ),
    ];
  });
}

function itemLines(item: FindingItem): string[] {
  const { finding } = item;
  const reason = reasonOf(finding);
  return [
    itemLine(item),
    ...(finding.cause === undefined
      ? []
      : [`Brought by ${finding.cause.file}:${finding.cause.line}: ${finding.cause.why}.`]),
    ...(reason === "" ? [] : [`Why: ${reason}.`]),
    `Path: ${pathNames(finding).join(" → ")}`,
    ...(finding.help === "" ? [] : [`What to do: ${finding.help}`]),
  ];
}

function itemLine(item: FindingItem): string {
  return `${item.message} (${placeText(item.finding.site)})`;
}

function command(
  level: Finding["level"],
  place: RepositoryPlace | null,
  title: string,
  lines: readonly string[],
): string {
  const at = place === null ? [] : [`file=${property(place.file)}`, `line=${place.line}`];
  const properties = [...at, `title=${property(title)}`].join(",");
  return `::${COMMANDS[level]} ${properties}::${lines.map(data).join("%0A")}`;
}

function data(text: string): string {
  return inert(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
