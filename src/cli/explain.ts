/**
 * `explain RULE` and `rules`: the lints' own texts for a terminal.
 */
import type { Lint, Lints } from "../model/lints.ts";
import { CliError } from "./cli-error.ts";

/** What a rule means; an unknown name is an error that lists the rules. */
export function explainText(lints: Lints, name: string): string {
  const lint = lints.find(name);
  if (lint === null) {
    throw new CliError(`there is no rule named \`${name}\``, `rules: ${lints.all.map((one) => one.id).join(", ")}`);
  }
  return `${head(lint)}\n\n${lint.explanation.trimEnd()}\n\nWhat to do: ${lint.help}\n${references(lint)}`;
}

/** One line for each rule. */
export function rulesText(lints: Lints): string {
  const width = Math.max(...lints.all.map((one) => one.id.length));
  return `${lints.all.map((one) => `${one.id.padEnd(width)}  ${one.level.padEnd(7)}  ${one.short}`).join("\n")}\n`;
}

function head(lint: Lint): string {
  return `${lint.id} (${lint.level}): ${lint.title}`;
}

function references(lint: Lint): string {
  return lint.references.length === 0 ? "" : `\nReferences:\n${lint.references.map((one) => `  ${one}\n`).join("")}`;
}
