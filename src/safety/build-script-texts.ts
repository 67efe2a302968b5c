/**
 * The texts that a build script is made of, or makes something of: the file that the manifest names, its modules, and files that it includes or reads.
 *
 * A search through text: `mod name;` (with a `path`, too), and the first literal in what includes or reads a file, which is looked for beside the
 * text, and from the package's root, where build scripts run. Paths that are put together are not followed. Each file is read once.
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

/** The script's own text first. */
export function scriptTexts(files: FilePort, crate: CrateNode): readonly ScriptText[] {
  const { buildScript, package: owner } = crate;
  const found: ScriptText[] = [];
  if (buildScript === null) return found;
  const seen = new Set<string>();
  const pending: { readonly file: string; readonly isModule: boolean }[] = [{ file: buildScript, isModule: true }];
  for (const { file, isModule } of pending) {
    const isOwn = file === buildScript || file.startsWith(`${owner.root}${path.sep}`);
    if (seen.has(file) || found.length >= MAX_FILES || !isOwn) continue;
    seen.add(file);
    const text = file === buildScript || files.exists(file, crate) ? files.text(file, crate)?.text : undefined;
    if (text === undefined) continue;
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
  }
  return found;
}
