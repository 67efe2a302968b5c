/**
 * All Rust text of one package, unparsed: for asking whether a word stands in it at all.
 *
 * Directories that cannot hold code of a crate's library (`target`, `tests`, …) are read too when they are named by nothing but
 * convention: only `target` and hidden ones are skipped. Null where the package is larger than the limit or leaves the roots.
 */
import { readdirSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";

const maxBytes = 200 << 20;
const maxFiles = 100_000;

/** The text of all `.rs` files below a directory, one byte a character; null where it cannot be told. */
export function packageText(root: string, allowed: readonly string[]): string | null {
  const parts: string[] = [];
  let bytes = 0;
  const pending: string[] = [root];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    try {
      const resolved = realpathSync(directory);
      if (!allowed.some((one) => resolved === one || resolved.startsWith(one + path.sep))) return null;
      for (const entry of readdirSync(directory, { withFileTypes: true })) {
        const full = path.join(directory, entry.name);
        if (entry.isDirectory()) {
          if (entry.name !== "target" && !entry.name.startsWith(".")) pending.push(full);
        } else if (entry.isSymbolicLink()) return null;
        else if (entry.isFile() && entry.name.endsWith(".rs")) {
          const text = readFileSync(full, "latin1");
          bytes += text.length;
          parts.push(text);
          if (bytes > maxBytes || parts.length > maxFiles) return null;
        }
      }
    } catch {
      return null;
    }
  }
  return parts.join("\n");
}
