/**
 * The source of a file, whose offsets are those a person sees, and of text of our own making. Expansions get theirs from `print-tokens.ts`.
 */
import type { FileId, Span } from "../base/span.ts";
import type { Edition, Source, SourceForm } from "./ast.ts";

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
    form: ofFile,
  };
}

/** Text that stands for what a person wrote at `span`. */
export function textSource(text: string, span: Span, macro: string, edition: Edition): Source {
  return {
    file: span.file,
    text,
    edition,
    expansion: { call: span, macro, depth: 1 },
    spanOf: () => span,
    originAt: () => null,
    contextAt: () => 0,
    form: ofText,
  };
}

const ofFile: SourceForm = { k: "file" };
const ofText: SourceForm = { k: "text" };
