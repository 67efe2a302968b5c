/**
 * `// sigsafe: …` comments of the workspace's own sources: `allow(RULE, …) REASON [until DATE]`, `handler`, `safe`,
 * `requires(FUNCTION)`.
 *
 * A comment after code is about its line; one on lines of its own about the next line of code, and where a function starts
 * there, about the whole function. Comments of dependencies are not read: nobody silences findings about himself in
 * somebody else's program. What is written wrong is a problem, never ignored.
 */
import type { Bodies } from "../calls/bodies.ts";
import { withDeclared } from "../calls/declared-in-body.ts";
import { RULE_OF } from "../model/vocabulary.ts";
import type { DefId } from "../names/defs.ts";
import type { Places } from "./places.ts";
import type { ReportProblem } from "./report-model.ts";
import type { Allow } from "./suppressions.ts";

export interface SourceComments {
  readonly allows: readonly Allow[];
  /** Functions that are entries because their comment says so. */
  readonly handlers: readonly DefId[];
  /** Functions that are claimed to be safe in a handler. */
  readonly safe: readonly DefId[];
  /** Functions whose callers must have called another function before. */
  readonly requires: readonly Requirement[];
  readonly problems: readonly ReportProblem[];
}

export interface Requirement {
  readonly def: DefId;
  /** The other function's path, as it is written. */
  readonly init: string;
  readonly at: { readonly package: string; readonly file: string; readonly line: number };
}

/** All of them, of the members of the program. */
export function sourceComments(bodies: Bodies, places: Places): SourceComments {
  const found = {
    allows: [] as Allow[],
    handlers: [] as DefId[],
    safe: [] as DefId[],
    requires: [] as Requirement[],
    problems: [] as ReportProblem[],
  };
  for (const [key, file] of memberFiles(bodies, places)) {
    const starting = byFirstLines(file.functions);
    for (const comment of commentsIn(file.text)) {
      const [owner = "", path = ""] = key.split("\n");
      const at = { package: owner, file: path, line: comment.line };
      const problem = (message: string): void => {
        found.problems.push({ level: "warning", message, ...at });
      };
      const fn = comment.own ? starting.get(comment.about) : null;
      const [, word = "", rest = ""] = /^(\w+)\s*(.*)$/su.exec(comment.text) ?? [];
      if (word === "allow")
        readAllow(rest, { ...at, from: comment.about, to: fn?.to ?? comment.about }, found.allows, problem);
      else if (word !== "handler" && word !== "safe" && word !== "requires")
        problem(`\`sigsafe: ${word}\` is not known: allow(RULE), handler, safe, requires(FUNCTION)`);
      else if (fn === null || fn === undefined) problem(`\`sigsafe: ${word}\` belongs on the line above a function`);
      else if (word === "requires") readRequirement(rest, fn.def, at, found.requires, problem);
      else (word === "handler" ? found.handlers : found.safe).push(fn.def);
    }
  }
  return found;
}

interface FunctionLines {
  readonly def: DefId;
  readonly from: number;
  readonly key: number;
  readonly to: number;
}
/** The function that starts on a line: from its attributes to its `fn`. */
function byFirstLines(functions: readonly FunctionLines[]): ReadonlyMap<number, FunctionLines> {
  const found = new Map<number, FunctionLines>();
  for (const one of functions)
    for (let line = one.from; line <= one.key; line += 1) if (!found.has(line)) found.set(line, one);
  return found;
}

interface MemberFile {
  readonly text: string;
  readonly functions: FunctionLines[];
}

/** Files of members in which functions were found, by package and path. */
function memberFiles(bodies: Bodies, places: Places): Map<string, MemberFile> {
  const { names } = bodies;
  const files = new Map<string, MemberFile>();
  for (const crate of names.program.crates) {
    if (!crate.isMember || !names.mayMention(crate.id, ["sigsafe:"])) continue;
    for (const def of withDeclared(names, bodies.ofCrate(crate.id, ["sigsafe"]), (text) => text.includes("sigsafe:"))) {
      const { item } = names.def(def);
      if (item === null || item.source.expansion !== null || !item.source.text.includes("sigsafe:")) continue;
      const span = { file: item.source.file, start: item.start, end: item.end };
      const start = places.at(span);
      const key = `${start.package}\n${start.file}`;
      const file = files.get(key) ?? { text: item.source.text, functions: [] };
      files.set(key, file);
      if (item.k !== "fn") continue;
      const to = places.at({ ...span, start: Math.max(span.start, span.end - 1) }).line;
      file.functions.push({ def, from: start.line, key: places.at(item.keySpan).line, to });
    }
  }
  return new Map([...files].sort(([left], [right]) => (left < right ? -1 : 1)));
}

interface Comment {
  /** 1-based. */
  readonly line: number;
  /** What follows `sigsafe:`. */
  readonly text: string;
  /** It stands on a line of its own. */
  readonly own: boolean;
  /** The line of code that it is about. */
  readonly about: number;
}

function commentsIn(text: string): Comment[] {
  const lines = text.split(/\r\n|\n|\r/u);
  const found: Comment[] = [];
  /** By line, the first one from it on that is neither blank, comment nor attribute. */
  const code = new Int32Array(lines.length);
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    const skipped = at < lines.length - 1 && /^\s*(?:\/\/.*|#!?\[.*\]\s*)?$/u.test(lines[at] ?? "");
    code[at] = skipped ? (code[at + 1] ?? at) : at;
  }
  for (const [index, line] of lines.entries()) {
    const [, before, said] = /^(.*?)\/\/[/!]?\s*sigsafe:\s*(.*)$/u.exec(line) ?? [];
    if (before === undefined || said === undefined || inString(before)) continue;
    const own = before.trim() === "";
    const about = own ? (code[index] ?? index) : index;
    found.push({ line: index + 1, text: said.trim(), own, about: about + 1 });
  }
  return found;
}

function inString(before: string): boolean {
  const quotes = before.replace(/\\.|'"'/gu, "").match(/"/gu)?.length ?? 0;
  return quotes % 2 === 1 || before.includes("//");
}

function readRequirement(
  rest: string,
  def: DefId,
  at: Requirement["at"],
  requires: Requirement[],
  problem: (message: string) => void,
): void {
  const init = /^\(\s*((?:\w+\s*::\s*)*\w+)\s*\)/u.exec(rest)?.[1];
  if (init === undefined) return problem("`requires` names a function: `requires(init)`");
  requires.push({ def, init: init.replaceAll(/\s/gu, ""), at });
}

const RULES: ReadonlySet<string> = new Set(Object.values(RULE_OF));

function readAllow(
  rest: string,
  at: {
    readonly package: string;
    readonly file: string;
    readonly line: number;
    readonly from: number;
    readonly to: number;
  },
  allows: Allow[],
  problem: (message: string) => void,
): void {
  const [, names, said] = /^\(([^)]*)\)\s*(.*)$/su.exec(rest) ?? [];
  if (names === undefined || said === undefined) return problem("an allow names its rules: `allow(RULE) REASON`");
  const until = /(?:^|\s)until (\d{4}-\d{2}-\d{2})\b/u.exec(said)?.[1] ?? null;
  const reason = said
    .replace(/(?:^|\s)until \d{4}-\d{2}-\d{2}\b/u, "")
    .replace(/^[\s:,-]+/u, "")
    .trim();
  if (reason === "") return problem(`\`allow(${names})\` says no reason and does nothing`);
  for (const name of names.split(",").map((one) => one.trim())) {
    if (!RULES.has(name)) {
      const rule = Object.entries(RULE_OF).find(([kind]) => kind === name)?.[1];
      problem(`\`${name}\` is no rule${rule === undefined ? "" : `: \`${rule}\``}`);
      continue;
    }
    const { package: owner, file, line, from, to } = at;
    const scope = { k: "lines", package: owner, file, from, to } as const;
    allows.push({ rule: name, reason, until, source: `${file}:${line}`, scope, at: { package: owner, file, line } });
  }
}
