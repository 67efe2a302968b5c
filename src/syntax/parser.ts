/**
 * The one place that runs tree-sitter: text in, flat tree out, the tree itself deleted at once.
 *
 * `initParser` is called once per process or worker and is the only asynchronous step; every other function of this folder
 * is synchronous and needs it done. What takes longer than the deadline or is larger than the limit gives null; so does
 * everything after web-assembly memory ran out (`parserAlive` then says so, and the worker must be replaced).
 * web-tree-sitter's own `parse(string)` can split a surrogate pair between two chunks; the chunks given here never do.
 */
import { Language, Parser, type Tree } from "web-tree-sitter";
import { readWithCursor } from "./cursor-reader.ts";
import { type FlatBuilder, type FlatTree, finishTree, flatBuilder } from "./flat-tree.ts";
import { useGrammar } from "./grammar.ts";

/** Texts longer than this (UTF-16 units) are not parsed; the largest real file that was seen has 1.3 M. */
export const maxTextLength: number = 4 << 20;
const deadlineMilliseconds = 5000;
const chunkLength = 5000;

interface Engine {
  readonly parser: Parser;
  readonly builder: FlatBuilder;
  readonly comments: ReadonlySet<number>;
  alive: boolean;
}

let engine: Engine | null = null;
let starting: Promise<void> | null = null;

/** Loads the grammar, given as bytes or as the path of its .wasm; later calls wait for the first and do nothing else. */
export function initParser(options: { readonly grammarWasm: Uint8Array | string }): Promise<void> {
  starting ??= start(options.grammarWasm);
  return starting;
}

/** Whether the parser can still be used; false after the web-assembly module has aborted. */
export function parserAlive(): boolean {
  return engine?.alive ?? false;
}

/** Parses a text as a source file; null where a limit was hit. */
export function parseText(text: string): FlatTree | null {
  if (engine === null) throw new Error("initParser() was not awaited before the first parse");
  if (!engine.alive || text.length > maxTextLength) return null;
  const deadline = performance.now() + deadlineMilliseconds;
  let tree: Tree | null = null;
  try {
    tree = engine.parser.parse(chunksOf(text), null, { progressCallback: () => performance.now() > deadline });
    if (tree === null) {
      engine.parser.reset();
      return null;
    }
    readWithCursor(tree, engine.builder, engine.comments);
    return finishTree(engine.builder);
  } catch {
    engine.alive = false;
    return null;
  } finally {
    if (engine.alive) tree?.delete();
  }
}

function chunksOf(text: string): (index: number) => string {
  return (index) => {
    let end = index + chunkLength;
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last < 0xdc00) end -= 1;
    return text.slice(index, end);
  };
}

async function start(grammarWasm: Uint8Array | string): Promise<void> {
  await Parser.init();
  const language = await Language.load(grammarWasm);
  const parser = new Parser();
  parser.setLanguage(language);
  if (!useGrammar(language)) throw new Error("the grammar lacks fields that this program needs");
  const comments = ["line_comment", "block_comment"].map((name) => language.idForNodeType(name, true) ?? -1);
  engine = { parser, builder: flatBuilder(), comments: new Set(comments), alive: true };
}
