/**
 * What the layers above may ask of files: the port through which names gets item trees, and nothing else of `load`.
 *
 * Everything here is synchronous and gives the same object for the same question. Types only.
 */
import type { FileId } from "../base/span.ts";
import type { CrateNode } from "../crates/crate-graph.ts";
import type { Edition, FileItems } from "../syntax/ast.ts";
import type { MacroWords } from "./macro-words.ts";

/** Reads and parses files; the same file gives the same object. Null: it cannot be read (a problem was recorded by load). */
export interface FilePort {
  file(path: string, crate: CrateNode): FileItems | null;
  exists(path: string, crate: CrateNode): boolean;
  pathOf(file: FileId): string;
  /** Does one of the words stand anywhere in the files that the crate may be made of? Nothing is parsed; true where it cannot be told. */
  mentions(crate: CrateNode, words: readonly string[]): boolean;
  /** C and C++ files of the crate's package in which one of the words stands; not `whole` where there were too many to read. */
  native(
    crate: CrateNode,
    words: readonly string[],
  ): { readonly files: readonly NativeText[]; readonly whole: boolean };
  /** The text of a file, whatever it is written in; null where it cannot be read, or is no UTF-8. */
  text(path: string, crate: CrateNode): { readonly id: FileId; readonly text: string } | null;
  /** The texts in which the word stands, of the files that the crate may be made of; none where it cannot be told. */
  textsWith(crate: CrateNode, word: string): readonly { readonly id: FileId; readonly text: string }[];
  /** Was the file asked for as a module, or included as items? */
  isParsed(file: FileId): boolean;
  /** Files that were asked for and not read, or not whole. */
  problems(): readonly FileProblem[];
  /** The same as `mentions` with a pattern, comments included. */
  matches(crate: CrateNode, pattern: RegExp): boolean;
  /** What is written behind `name as`, anywhere in the files that the crate may be made of; null where it cannot be told. */
  otherNames(crate: CrateNode, name: string): readonly string[] | null;
  /** The macros that the crate may define, unparsed. */
  macros(crate: CrateNode): readonly MacroWords[];
  /** Lets go of texts that are kept in case something is asked of them; what is asked of them later is read again. */
  forgetTexts(): void;
}

/** A file that is not Rust; its text one byte a character. */
export interface NativeText {
  readonly path: string;
  readonly text: string;
}

/** Text of a std crate printed from the rule packs; `core`, `alloc`, `std` in dependency order. */
export interface PackCrate {
  readonly name: string;
  /** Parsed when they are asked for: not where the build has kept what would be made of them. */
  items(): FileItems;
  /** The macros by example that its text defines, unparsed. */
  macros(): readonly MacroWords[];
  readonly edition: Edition;
  readonly deps: readonly string[];
  /** Where the text decides by more than what every Linux target has. */
  readonly cfg?: CrateNode["cfg"];
}

/** A file that could not be read, or of which only a part could be parsed. */
export interface FileProblem {
  readonly path: string;
  readonly crate: string;
  readonly reason: "missing" | "outside" | "not-a-file" | "too-large" | "unreadable" | "not-utf8" | "parse-error";
  /** The line of the first item that could not be parsed; null where nothing of the file was read. */
  readonly line: number | null;
}
