/**
 * Packages of a program that ship C or C++ which installs signal handlers: what those do is not seen, and that is said.
 *
 * A search through text, of packages with a build script alone (nothing else compiles C): calls of functions that install
 * handlers, with a handler that is not SIG_DFL, SIG_IGN or null. Comments, strings, declarations, and methods of the same name
 * are no calls. A file with a `main` of its own is another program, unless the build script has a word for it. Whether a file is compiled for this target
 * is not known; the first call of a package stands for the rest.
 */
import { lineIndex } from "../base/line-index.ts";
import type { CrateNode, Program } from "../crates/crate-graph.ts";
import type { FilePort, NativeText } from "../load/port.ts";
import type { Registrars } from "../model/registrars.ts";
import { scriptTexts } from "./build-script-texts.ts";
import type { BlindSpot } from "./report-model.ts";

/** One blind spot for each such package. */
export function cSources(program: Program, files: FilePort, registrars: Registrars): BlindSpot[] {
  const symbols = registrars.all.flatMap((one) =>
    one.entryKind === "signal" && one.match.where === undefined ? (one.match.symbols ?? []) : [],
  );
  const name = `\\b(?:${symbols.join("|")})[ \\t]*`;
  const call = new RegExp(`${name}\\(`, "g");
  // Nearly all files only speak of signals: their comments need not be found.
  const likely = new RegExp(`${name}[(/]`);
  const seen = new Set<string>();
  const found: BlindSpot[] = [];
  for (const crate of program.crates) {
    const { root } = crate.package;
    if (crate.buildScript === null || seen.has(root)) continue;
    seen.add(root);
    const { files: texts, whole } = files.native(crate, symbols);
    const inFiles = texts.map((one) => (likely.test(one.text) ? sitesIn(one, call) : []));
    const sites = inFiles.filter((one) => !isOtherProgram(files, crate, one[0]?.file)).flat();
    const [first] = sites;
    if (first !== undefined) found.push(spot(crate, first, sites.length));
    else if (!whole) found.push(unsearched(crate));
  }
  return found;
}

interface Site {
  readonly file: NativeText;
  readonly offset: number;
  readonly text: string;
}

function sitesIn(file: NativeText, call: RegExp): Site[] {
  const code = withoutComments(file.text);
  const sites: Site[] = [];
  for (const match of code.matchAll(call)) {
    if (!isCall(code.slice(Math.max(0, match.index - 80), match.index))) continue;
    const args = argumentsAt(code, match.index + match[0].length);
    if (args.length < 2 || !installs(args[1] ?? "")) continue;
    const name = match[0].slice(0, -1).trim();
    sites.push({ file, offset: match.index, text: `${name}(${args.map((one) => one.trim()).join(", ")})` });
  }
  return sites;
}

/** Does it define `main`, whatever is defined for the preprocessor, so that it cannot be linked into a program of Rust? */
function isOtherProgram(files: FilePort, crate: CrateNode, file: NativeText | undefined): boolean {
  if (file === undefined) return false;
  const code = withoutComments(file.text);
  for (const { index } of code.matchAll(/\bmain\s?\(/g)) {
    if (!/\b(?:int|void)\s{1,8}$/.test(code.slice(Math.max(0, index - 80), index))) continue;
    const from = code.indexOf("(", index) + 1;
    const end = code.indexOf(")", from);
    if (end < 0 || !/^\s{0,80}\{/.test(code.slice(end + 1, end + 82)) || isConditional(code.slice(0, index))) continue;
    // `-Dmain=other`
    return !scriptTexts(files, crate).some(({ text }) => /\bD?main\b["=]/.test(text));
  }
  return false;
}

/** Is an `#if` open at the end of the text? */
function isConditional(before: string): boolean {
  let depth = 0;
  for (const [, word = ""] of before.matchAll(/^[ \t]*#[ \t]*(if|endif)/gm)) depth += word === "if" ? 1 : -1;
  return depth > 0;
}

/** Before a call stands an operator, a bracket, a statement's end or `return`; before a declaration its type. */
function isCall(before: string): boolean {
  const text = before.trimEnd();
  if (/(?:^|\W)(?:return|else|do)$/.test(text)) return true;
  if (/\w::$/.test(text)) return false;
  return !/(?:[\w.*\]"]|->)$/.test(text) && !/#\s*define\s+$/.test(before);
}

function installs(handler: string): boolean {
  const value = handler.replace(/\([^()]*\)/g, "").trim();
  return value !== "" && !/^(?:NULL|nullptr|0|SIG_DFL|SIG_IGN|SIG_ERR)$/.test(value);
}

const MAX_ARGUMENTS = 400;

function argumentsAt(code: string, start: number): string[] {
  const args: string[] = [];
  let depth = 0;
  let from = start;
  for (let at = start; at < code.length && at < start + MAX_ARGUMENTS; at += 1) {
    const one = code[at];
    if (one === "(" || one === "{" || one === "[") depth += 1;
    else if (one === ")" && depth === 0) return [...args, code.slice(from, at)];
    else if (one === ")" || one === "}" || one === "]") depth -= 1;
    else if (one === ";" && depth === 0) return [];
    else if (one === "," && depth === 0) {
      args.push(code.slice(from, at));
      from = at + 1;
    }
  }
  return [];
}

/** The same text with comments and strings blanked; offsets stay. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"/g, (found) => found.replace(/[^\n]/g, " "));
}

function spot(crate: CrateNode, site: Site, number: number): BlindSpot {
  const { line, column } = lineIndex(site.file.text).at(site.offset);
  const file = relativeTo(crate, site.file.path);
  const more = number > 1 ? `, and ${number - 1} more calls` : "";
  const text = `${site.text.replace(/\s+/g, " ")} in C${more}: which handlers it installs is not known`;
  return { handler: null, reason: "c-source", function: file, package: crate.package.id, file, line, column, text };
}

function unsearched(crate: CrateNode): BlindSpot {
  const text = "more C than is searched for calls that install handlers";
  const at = { package: crate.package.id, file: "Cargo.toml", line: 1, column: 1 };
  return { handler: null, reason: "c-source", function: crate.name, ...at, text };
}

function relativeTo(crate: CrateNode, path: string): string {
  return path.slice(crate.package.root.replace(/[\\/]$/, "").length + 1).replaceAll("\\", "/");
}
