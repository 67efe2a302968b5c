/**
 * `explain RULE|FUNCTION` and `rules`: the lints' own texts for a terminal. Functions: src/cli/explain-function.ts.
 */
import type { Lint, Lints } from "../model/lints.ts";
import { CliError } from "./cli-error.ts";

/** What a rule means, or what is known of a function; an unknown name is an error that lists the rules. */
export function explainText(lints: Lints, name: string, functions: (name: string) => string | null): string {
  const lint = lints.find(name);
  if (lint === null) {
    const known = functions(name);
    if (known !== null) return known;
    throw new CliError(
      `there is no rule named \`${name}\`, and no C function or function of std that is known`,
      `rules: ${lints.all.map((one) => one.id).join(", ")}`,
    );
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
