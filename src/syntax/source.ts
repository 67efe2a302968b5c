/**
 * The source of a file: offsets of the text are the offsets a person sees. Expansions get theirs from `print-tokens.ts`.
 */
import type { FileId } from "../base/span.ts";
import type { Edition, Source } from "./ast.ts";

/** A file's text as a source; nothing in it has hygiene of its own. */
export function fileSource(text: string, file: FileId, edition: Edition): Source {
  return {
    file,
    text,
    edition,
    expansion: null,
    spanOf: (start, end) => ({ file, start, end }),
    originAt: () => null,
    contextAt: () => 0,
  };
}
