/**
 * The text that `include_str!` stands for: of a file that is named by a literal, or by one behind the package's directory.
 *
 * What a build script has made, and names that are put together otherwise, are not known.
 */
import path from "node:path";
import type { Span } from "../base/span.ts";
import type { CrateNode } from "../crates/crate-graph.ts";
import type { FilePort } from "../load/port.ts";
import { stringArgument } from "../syntax/literals.ts";

/** `argument` is what stands between the macro's brackets, in the file of `at`; null where it cannot be told or read. */
export function includedText(files: FilePort, crate: CrateNode, at: Span, argument: string): string | null {
  const below = inPackage.exec(argument)?.[0] ?? null;
  const named =
    below === null
      ? argument
      : argument
          .slice(below.length)
          .trimEnd()
          .replace(/[)}\]],?$/, "");
  const written = stringArgument(named);
  if (written === null) return null;
  const from = path.dirname(files.pathOf(at.file));
  const file = below === null ? path.resolve(from, written) : crate.package.root + written;
  return files.text(file, crate)?.text ?? null;
}

const inPackage = /^\s*concat\s*!\s*[({[]\s*env\s*!\s*[({[]\s*"CARGO_MANIFEST_DIR"\s*[)}\]]\s*,/;
