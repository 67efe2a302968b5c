/**
 * Where the files that ship beside the program are: the grammar, the rules, signal-safety.json.
 *
 * The program runs from `src/` (through tsx or vitest) and from `dist/src/` (built); both see the same package root, so
 * nothing is copied at build time. This answers with a path only: reading it is for `crates`, `load` and `cli`.
 */
import { fileURLToPath } from "node:url";

/** The absolute path of a file of this package, given relative to its root: `rules/schema.json`. */
export function packageFile(path: string): string {
  // TypeScript's own suffix tells a source file from a built one, whatever the folders above are called.
  const root = import.meta.url.endsWith(".ts") ? "../../" : "../../../";
  return fileURLToPath(new URL(root + path, import.meta.url));
}
