/**
 * Proc-macro crates and build scripts that may write an installation of a handler where nobody sees it: that is said.
 *
 * A search through their text for a call of a registrar with a path (`libc::sigaction(`), as code that is written into somebody else's crate
 * names it. What is made of it, and whether it is called, is not known; wrappers of registrars are functions of the program like others. Of build scripts only
 * those count whose package includes what one writes (build-script-texts.ts).
 */
import path from "node:path";
import { lineIndex } from "../base/line-index.ts";
import type { CrateNode, Program } from "../crates/crate-graph.ts";
import type { FilePort } from "../load/port.ts";
import type { Registrars } from "../model/registrars.ts";
import { writesCode } from "../names/written-by-macros.ts";
import { scriptTexts } from "./build-script-texts.ts";
import type { BlindSpot } from "./report-model.ts";

/** One blind spot for each such crate. */
export function macroSources(program: Program, files: FilePort, registrars: Registrars): BlindSpot[] {
  const call = callWithPath(registrars);
  const inText = new RegExp(`"[^"\\n]*${call.source}`);
  // Whether a text mentions a word is answered with a maybe; what is told here must be sure of it.
  const writes = (crate: CrateNode): boolean => files.matches(crate, writesCode) || files.matches(crate, inText);
  return program.macroCrates.filter((crate) => files.matches(crate, call) && writes(crate)).map(spot);
}

/** One blind spot for each package whose build script writes such a call into it. */
export function buildSources(program: Program, files: FilePort, registrars: Registrars): BlindSpot[] {
  const call = callWithPath(registrars);
  const found = new Map<string, BlindSpot>();
  for (const crate of program.crates) {
    const { buildScript, package: owner } = crate;
    if (buildScript === null || found.has(owner.id) || !includesOutput(files, crate)) continue;
    for (const { file: from, text } of scriptTexts(files, crate)) {
      const first = call.exec(text);
      if (first === null) continue;
      const { line, column } = lineIndex(text).at(first.index);
      const file = path.relative(owner.root, from).replaceAll("\\", "/");
      const said =
        "a call that installs a handler, in what the build script writes: which handlers it installs is not known";
      const at = { package: owner.id, file, line, column };
      found.set(owner.id, { handler: null, reason: "unknown-handler", function: crate.name, ...at, text: said });
      break;
    }
  }
  return [...found.values()];
}

/** Words are looked up without reading, so they are asked for first. */
function includesOutput(files: FilePort, crate: CrateNode): boolean {
  return files.mentions(crate, ["OUT_DIR"]) && files.matches(crate, INCLUDED);
}

const INCLUDED = /\benv\s*!\s*[([{]\s*"OUT_DIR"/;

function callWithPath(registrars: Registrars): RegExp {
  const own = registrars.all.filter((one) => one.entryKind === "signal" && one.match.where === undefined);
  const symbols = own.flatMap((one) => one.match.symbols ?? []);
  // By the last two segments: `signal::sigaction` of nix, `signal_hook_registry::register`.
  const paths = own.flatMap((one) => one.match.paths ?? []).map((one) => one.split("::").slice(-2).join("\\s*::\\s*"));
  return new RegExp(`\\b(?:[A-Za-z_]\\w*\\s*::\\s*(?:${symbols.join("|")})|${paths.join("|")})\\s*\\(`);
}

function spot(crate: CrateNode): BlindSpot {
  const file = path.relative(crate.package.root, crate.rootFile).replaceAll("\\", "/");
  const text =
    "a call that installs a handler, in what the procedural macro writes: which handlers it installs is not known";
  const at = { package: crate.package.id, file, line: 1, column: 1 };
  return { handler: null, reason: "unknown-handler", function: crate.name, ...at, text };
}
