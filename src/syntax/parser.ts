/**
 * The one place that runs tree-sitter: text in, flat tree out, the tree itself deleted at once.
 *
 * `initParser` is called once per process or worker and is the only asynchronous step; every other function of this folder
 * is synchronous and needs it done. What takes longer than the deadline or is larger than the limit gives null; so does
 * everything after web-assembly memory ran out.
 * web-tree-sitter's own `parse(string)` can split a surrogate pair between two chunks; the chunks given here never do.
 */
import { Language, Parser, type Tree } from "web-tree-sitter";
import { readWithCursor } from "./cursor-reader.ts";
import { type FlatBuilder, type FlatTree, finishTree, flatBuilder, sameTree } from "./flat-tree.ts";
import { useGrammar } from "./grammar.ts";
import { type MemoryReader, memoryReader, type WasmViews } from "./memory-reader.ts";

/** Texts longer than this (UTF-16 units) are not parsed; the largest real file that was seen has 1.3 M. */
export const maxTextLength: number = 4 << 20;
const deadlineMilliseconds = 5000;
const chunkLength = 5000;
/** Fields, aliases, hidden nodes, long lists, comments, what is wrong, what is missing, and what is not ASCII. */
const probe = `//! \u{1F980}
impl<'a, T: Fn(u8) -> u8 + 'a> Trait<T> for S<'a, { 1 + 2 }> where T: Copy { /* é */ const N: usize = -1; }
fn f(mut a: [u8; 3], b: &dyn A::B) -> Result<(), ()> { let S { a, .. } = x.0.y?; loop { m!(a; [b] "s"); break 'l; } }
struct P<T>(pub(crate) T); enum E { A = 1, B { #[a] c: u8 } } use a::{self, b as c, d::*};
fn g() { match x { 1 | 2 if y => async move |z| z as u8, _ => {} }; let = ; if let Some(v) = w.f::<T>() { v[0] += 1 }
@ ) fn h( { static S: &str = r#"\u{1F980}"#; } mod m { const A: [u8; 9] = [1, 2, 3, 4, 5, 6, 7, 8, 9]; `;

interface Engine {
  readonly parser: Parser;
  readonly builder: FlatBuilder;
  readonly comments: ReadonlySet<number>;
  /** Fills a builder from a tree: out of memory where that proved equal, through the cursor otherwise. */
  readonly read: MemoryReader;
  alive: boolean;
  /** Texts that it gave up for want of time or memory: another run may get further. */
  givenUp: number;
}

let engine: Engine | null = null;
let starting: Promise<void> | null = null;

/** Loads the grammar, given as bytes or as the path of its .wasm; later calls wait for the first and do nothing else. */
export function initParser(options: { readonly grammarWasm: Uint8Array | string }): Promise<void> {
  starting ??= start(options.grammarWasm);
  return starting;
}

/** Parses a text as a source file; null where a limit was hit. */
export function parseText(text: string): FlatTree | null {
  if (engine === null) throw new Error("initParser() was not awaited before the first parse");
  if (text.length > maxTextLength) return null;
  if (!engine.alive) {
    engine.givenUp += 1;
    return null;
  }
  const isOver = overdue();
  let tree: Tree | null = null;
  try {
    tree = engine.parser.parse(chunksOf(text), null, { progressCallback: isOver });
    if (tree === null) {
      engine.givenUp += 1;
      engine.parser.reset();
      return null;
    }
    engine.read(tree, engine.builder, engine.comments);
    return finishTree(engine.builder);
  } catch {
    engine.alive = false;
    engine.givenUp += 1;
    return null;
  } finally {
    if (engine.alive) tree?.delete();
  }
}

/** Is a text's time over? Half of it by the clock, then as much of CPU time: a machine that is busy with something else takes nothing of that. */
function overdue(): () => boolean {
  const byClock = performance.now() + deadlineMilliseconds / 2;
  let since: NodeJS.CpuUsage | null = null;
  return () => {
    // Asking for CPU time costs more than parsing most texts.
    if (performance.now() <= byClock) return false;
    since ??= process.cpuUsage();
    return cpuMilliseconds(since) > deadlineMilliseconds / 2;
  };
}

function cpuMilliseconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

/** How many texts were given up so far for want of time or memory: what was made of them depends on the machine, too. */
export function textsGivenUp(): number {
  return engine?.givenUp ?? 0;
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
  const views: WasmViews = {};
  await Parser.init(views);
  const language = await Language.load(grammarWasm);
  const parser = new Parser();
  parser.setLanguage(language);
  if (!useGrammar(language)) throw new Error("the grammar lacks fields that this program needs");
  const comments = new Set(["line_comment", "block_comment"].map((name) => language.idForNodeType(name, true) ?? -1));
  const fast = memoryReader(language, views);
  const read = fast !== null && agreesWithCursor(fast, parser, comments) ? fast : readWithCursor;
  engine = { parser, builder: flatBuilder(), comments, read, alive: true, givenUp: 0 };
}

/** Whether a reader sees in a text with all kinds of nodes what the cursor sees; what it throws is a no. */
function agreesWithCursor(read: MemoryReader, parser: Parser, comments: ReadonlySet<number>): boolean {
  const tree = parser.parse(probe);
  if (tree === null) return false;
  try {
    const [slow, quick] = [readWithCursor, read].map((reader) => {
      const builder = flatBuilder();
      reader(tree, builder, comments);
      return finishTree(builder);
    });
    return slow !== undefined && quick !== undefined && sameTree(slow, quick);
  } catch {
    return false;
  } finally {
    tree.delete();
  }
}
