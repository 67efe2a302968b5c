/**
 * The text that `include_str!` stands for, and the expression that `include!` does: of a file that is named by a literal, or by one behind the package's directory.
 *
 * What a build script has made, and names that are put together otherwise, are not known.
 */
import path from "node:path";
import type { Span } from "../base/span.ts";
import type { CrateNode } from "../crates/crate-graph.ts";
import type { FilePort } from "../load/port.ts";
import type { MacroCall } from "../syntax/ast.ts";
import type { BodyArena, Expr } from "../syntax/ast-body.ts";
import { lowerExprExpansion } from "../syntax/body.ts";
import { stringArgument } from "../syntax/literals.ts";
import { fileSource } from "../syntax/source.ts";

/** The expression of `include!("x.in")`, numbered in the arena of the body that it stands in; null where the file cannot be told or read, or is none. */
export function includedExpr(files: FilePort, crate: CrateNode, call: MacroCall, arena: BodyArena): Expr | null {
  const { source, start, end, span } = call;
  const written = stringArgument(source.text.slice(start, end));
  if (written === null) return null;
  const found = files.text(path.resolve(path.dirname(files.pathOf(span.file)), written), crate);
  const lowered = found === null ? null : lowerExprExpansion(fileSource(found.text, found.id, crate.edition), arena);
  return lowered === null || lowered.errors.length > 0 ? null : lowered.expr;
}

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
