/**
 * The text of one source file, or why there is none: missing, too large, not UTF-8, no regular file, outside every source root.
 *
 * Nothing throws. What the text says is not looked at.
 */
import { isAscii } from "node:buffer";
import { readFileSync, realpathSync, statSync } from "node:fs";
import { isInsideAny } from "./inside.ts";
import type { FileProblem } from "./port.ts";

export type SourceText =
  | { readonly text: string; readonly isAscii: boolean }
  | { readonly text: null; readonly problem: FileProblem["reason"] };

/**
 * Longer files (UTF-16 units) are not read. Of what is parsed at a time the limit is lower (syntax/parser.ts): a table of 7 MB is a few lines
 * where only items are wanted.
 */
const maxFileLength = 32 << 20;

/** Reads a file below these directories, links resolved; `known` is its text where that was read for another question. */
export function sourceText(file: string, roots: readonly string[], known: string | null): SourceText {
  try {
    const stat = statSync(file);
    if (!stat.isFile()) return failed("not-a-file");
    if (stat.size > maxFileLength * 2) return failed("too-large");
    const resolved = realpathSync(file);
    if (!isInsideAny(resolved, roots)) return failed("outside");
    const bytes = known === null ? readFileSync(resolved) : null;
    const text = known ?? new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes ?? undefined);
    if (text.length > maxFileLength) return failed("too-large");
    return { text, isAscii: bytes === null || isAscii(bytes) };
  } catch (error) {
    if (error instanceof TypeError) return failed("not-utf8");
    const code = (error as NodeJS.ErrnoException).code;
    return failed(code === "ENOENT" || code === "ENOTDIR" ? "missing" : "unreadable");
  }
}

function failed(problem: FileProblem["reason"]): SourceText {
  return { text: null, problem };
}
