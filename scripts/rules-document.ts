/**
 * docs/rules.md out of rules/lints.json: `npx tsx scripts/rules-document.ts`. A test holds that the document is what this makes.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

export interface LintText {
  readonly id: string;
  readonly kinds: readonly string[];
  readonly level: string;
  readonly title: string;
  readonly short: string;
  readonly help: string;
  readonly explanation: string;
  readonly references: readonly string[];
}

const root: URL = new URL("../", import.meta.url);

/** The whole document. */
export function rulesDocument(lints: readonly LintText[]): string {
  const rows = lints.map(
    ({ id, kinds, level, short }) =>
      `| [\`${id}\`](#${id}) | ${kinds.map((kind) => `\`${kind}\``).join(", ") || "–"} | ${level} | ${short} |`,
  );
  return [
    "# Rules",
    "",
    "Made from `rules/lints.json`; the examples are programs that the tests lint. Levels are those for handlers of asynchronous signals, before conditions and certainty lower them.",
    "`sigsafe-lint explain RULE` prints the same.",
    "",
    "| rule | kind | level | what |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
    ...lints.map(section),
  ].join("\n");
}

/** An example's code: the block below `**Bad**` or `**Good**`. */
export function exampleOf({ id, explanation }: LintText, which: "bad" | "good"): string {
  const heading = which === "bad" ? "Bad" : "Good";
  const code = new RegExp(`\\*\\*${heading}\\*\\*\\n\\n\`\`\`rust\\n([\\s\\S]*?)\`\`\``).exec(explanation)?.[1];
  if (code === undefined) throw new Error(`${id} has no example under ${heading}`);
  return code;
}

function section({ id, title, explanation, help, references }: LintText): string {
  const links = references.map((one) => `- <${one}>`);
  return [`## ${id}`, "", `**${title}.** ${help}`, "", explanation.trimEnd(), "", ...links, ""].join("\n");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { lints } = JSON.parse(readFileSync(new URL("rules/lints.json", root), "utf8"));
  writeFileSync(new URL("docs/rules.md", root), rulesDocument(lints));
}
