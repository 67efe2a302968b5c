/**
 * Files of a program that are there and were not read, or not whole: too large, outside their package, no text, items that cannot be parsed. Which
 * handlers they install is not known, and a program with such a file is never said to have none. A file that is not there is no such
 * file: without it nothing compiles. One with items that cannot be parsed is, where a handler reaches its package or its text may install one.
 */
import path from "node:path";
import type { CrateNode, Program } from "../crates/crate-graph.ts";
import type { FilePort, FileProblem } from "../load/port.ts";
import type { HandlerClosure } from "./handler-closure.ts";
import { mayName } from "./registrar-words.ts";
import type { BlindSpot, ReportProblem } from "./report-model.ts";

/** What is said of a file. */
const texts: Readonly<Record<FileProblem["reason"], string>> = {
  missing: "is not there",
  outside: "lies outside the package and is not read",
  "not-a-file": "is no regular file",
  "too-large": "is too large to be read",
  unreadable: "cannot be read",
  "not-utf8": "is not UTF-8",
  "parse-error": "has items that cannot be parsed",
};

/** One blind spot for each, in the order in which they were asked for. */
export function unreadFiles(program: Program, files: FilePort, closure: HandlerClosure): BlindSpot[] {
  const seen = new Set<string>();
  return files.problems().flatMap((one): BlindSpot[] => {
    if (one.reason === "missing" || seen.has(one.path)) return [];
    const { crate, file } = placeOf(program, one);
    if (one.reason === "parse-error" && !matters(one.path, crate, files, closure)) return [];
    seen.add(one.path);
    return [
      {
        handler: null,
        reason: one.reason === "too-large" ? "limit" : "parse-error",
        function: file,
        package: one.crate,
        file,
        line: one.line ?? 1,
        column: 1,
        text: `the file ${texts[one.reason]}: which handlers it installs is not known`,
      },
    ];
  });
}

/** The same as problems of the run: what was not analysed, whether that matters or not. */
export function fileProblems(program: Program, files: FilePort): ReportProblem[] {
  return files.problems().map((one): ReportProblem => {
    const { file } = placeOf(program, one);
    const isPart = one.reason === "parse-error";
    const message = `${file} ${texts[one.reason]}; what ${isPart ? "they hold" : "it holds"} was not analysed`;
    return { level: isPart ? "note" : "warning", message, package: one.crate, file, line: one.line };
  });
}

/** Items that nobody saw may be impls of types that a handler drops, or install one. */
function matters(file: string, crate: CrateNode | null, files: FilePort, closure: HandlerClosure): boolean {
  if (crate === null || closure.packages.includes(crate.package.name)) return true;
  const text = files.text(file, crate)?.text ?? "";
  return mayName(new Set(closure.words), (one) => one.test(text));
}

function placeOf(program: Program, one: FileProblem): { readonly crate: CrateNode | null; readonly file: string } {
  const crate = program.crates.find(({ package: owner }) => owner.id === one.crate) ?? null;
  return { crate, file: path.relative(crate?.package.root ?? "", one.path).replaceAll("\\", "/") };
}
