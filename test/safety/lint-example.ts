/**
 * The examples in rules/lints.json as whole programs.
 *
 * fixtures/lints has the program around each: the example stands where `//# example` is; `//# bad TEXT` and `//# good TEXT` are lines of one of the two.
 */
import { readFileSync } from "node:fs";
import { exampleOf, type LintText } from "../../scripts/rules-document.ts";

const root: URL = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

/** What of libc the examples use. */
export const libcText: string = read("fixtures/safety/libc.rs.txt");

export const lints: readonly LintText[] = JSON.parse(read("rules/lints.json")).lints;

/** The program of an example. */
export function exampleProgram(lint: LintText, which: "bad" | "good"): string {
  return read(`fixtures/lints/${lint.id}.rs.txt`)
    .split("\n")
    .flatMap((line) => {
      if (line === "//# example") return [exampleOf(lint, which)];
      const only = /^\/\/# (bad|good) (.*)$/.exec(line);
      return only === null ? [line] : only[1] === which ? [only[2] ?? ""] : [];
    })
    .join("\n");
}
