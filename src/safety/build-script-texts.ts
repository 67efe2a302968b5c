/**
 * The texts that a build script is made of, or makes something of: the file that the manifest names, its modules, and files that it includes or reads.
 *
 * A search through text: `mod name;` (with a `path`, too), and the first literal in what includes or reads a file, which is looked for beside the
 * text, and from the package's root, where build scripts run. Where a path is put together instead (`concat!`, `join`), the script's literals are tried for
 * its pieces. Directories that it goes through are not. Each file is read once.
 */
import path from "node:path";
import type { CrateNode } from "../crates/crate-graph.ts";
import type { FilePort } from "../load/port.ts";

export interface ScriptText {
  readonly file: string;
  readonly text: string;
}

/** So many files are read for one script. */
const MAX_FILES = 64;
const MODULES = /(?:#\[path\s*=\s*"([^"\n]+)"\]\s*)?\bmod\s+(?:r#)?([A-Za-z_]\w*)\s*;/g;
const READ =
  /\b(?:include_str|include_bytes|include)\s*!\s*[([{]\s*"([^"\n]+)"|\b(?:read_to_string|read|copy|open)\s*\(\s*"([^"\n]+)"/g;

/** What reads or includes something that is no literal. */
const READ_OTHER =
  /\b(?:include_str|include_bytes|include)\s*!\s*[([{]\s*[^"\s]|\b(?:read_to_string|read|copy|open)\s*\(\s*[^"\s)]/;
const PIECES = /"\/?([\w.+-][\w./+-]{0,120})"/g;
const MAX_PIECES = 40;
const MAX_DIRECTORIES = 8;
const MAX_RUN = 4;

/** The script's own text first. */
export function scriptTexts(files: FilePort, crate: CrateNode): readonly ScriptText[] {
  const { buildScript, package: owner } = crate;
  const found: ScriptText[] = [];
  if (buildScript === null) return found;
  const seen = new Set<string>();
  const pending: Pending[] = [{ file: buildScript, isModule: true }];
  for (const { file, isModule, isGuess } of pending) {
    const isOwn = file === buildScript || file.startsWith(`${owner.root}${path.sep}`);
    if (seen.has(file) || found.length >= MAX_FILES || !isOwn) continue;
    seen.add(file);
    const read = file === buildScript || files.exists(file, crate) ? files.text(file, crate) : null;
    // What may be the path of a module is read for other reasons.
    if (read === null || (isGuess === true && files.isParsed(read.id))) continue;
    const { text } = read;
    found.push({ file, text });
    if (!isModule) continue;
    const here = path.dirname(file);
    const below = file === buildScript || path.basename(file) === "mod.rs" ? here : file.replace(/\.rs$/, "");
    for (const [, given, name = ""] of text.matchAll(MODULES)) {
      const places = given === undefined ? [`${below}/${name}.rs`, `${below}/${name}/mod.rs`] : [`${here}/${given}`];
      for (const one of places) pending.push({ file: path.normalize(one), isModule: true });
    }
    for (const [, included, read] of text.matchAll(READ)) {
      const named = included ?? read ?? "";
      const from = included === undefined ? owner.root : here;
      pending.push({ file: path.resolve(from, named), isModule: false });
    }
    if (!READ_OTHER.test(text)) continue;
    for (const named of putTogether(text))
      for (const from of new Set([owner.root, here]))
        pending.push({ file: path.join(from, named), isModule: false, isGuess: true });
  }
  return found;
}

interface Pending {
  readonly file: string;
  readonly isModule: boolean;
  /** The path was put together out of literals that may have nothing to do with one another. */
  readonly isGuess?: boolean;
}

/** Paths that end in a file's name: of literals that follow one another, and below each literal that may be a directory. */
function putTogether(text: string): ReadonlySet<string> {
  const pieces = [...text.matchAll(PIECES)].map(([, piece = ""]) => piece);
  const directories = [...new Set(pieces.filter((one) => !isFile(one)))].slice(0, MAX_DIRECTORIES);
  const found = new Set<string>();
  let tried = 0;
  for (const [at, piece] of pieces.entries()) {
    if (!isFile(piece) || tried >= MAX_PIECES) continue;
    tried += 1;
    for (let length = 1; length <= MAX_RUN && length <= at + 1; length += 1)
      found.add(pieces.slice(at + 1 - length, at + 1).join("/"));
    for (const directory of directories) found.add(`${directory}/${piece}`);
  }
  return found;
}

function isFile(piece: string): boolean {
  return path.posix.basename(piece).includes(".");
}
