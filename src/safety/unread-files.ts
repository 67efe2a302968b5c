/**
 * Files of a program that are there and were not read: too large, outside their package, no text. Which handlers they install is not known, and a
 * program with such a file is never said to have none. A file that is not there is no such file: without it nothing compiles.
 */
import path from "node:path";
import type { Program } from "../crates/crate-graph.ts";
import type { FilePort, FileProblem } from "../load/port.ts";
import type { BlindSpot } from "./report-model.ts";

/** What is said of a file; null where other problems say it. */
export const unreadTexts: Readonly<Record<FileProblem["reason"], string | null>> = {
  missing: "is not there",
  outside: "lies outside the package and is not read",
  "not-a-file": "is no regular file",
  "too-large": "is too large to be parsed",
  unreadable: "cannot be read",
  "not-utf8": "is not UTF-8",
  "parse-error": null,
};

/** One blind spot for each, in the order in which they were asked for. */
export function unreadFiles(program: Program, files: FilePort): BlindSpot[] {
  const seen = new Set<string>();
  return files.problems().flatMap((one): BlindSpot[] => {
    const text = unreadTexts[one.reason];
    if (text === null || one.reason === "missing" || seen.has(one.path)) return [];
    seen.add(one.path);
    const root = program.crates.find((crate) => crate.package.id === one.crate)?.package.root ?? "";
    const file = path.relative(root, one.path).replaceAll("\\", "/");
    const reason = one.reason === "too-large" ? "limit" : "parse-error";
    const at = { package: one.crate, file, line: 1, column: 1 };
    return [
      {
        handler: null,
        reason,
        function: file,
        ...at,
        text: `the file ${text}: which handlers it installs is not known`,
      },
    ];
  });
}
