/**
 * Token trees printed as text that lexes to the same tokens, with the way back: a source whose spans lead to where each token
 * was written.
 *
 * A token of a macro's definition must be given the span of the call before it comes here; a range over tokens of several
 * places then has the call's span. An invisible group is printed in parentheses or angle brackets where it would fall apart; in the arguments of
 * a macro, whose rules take it for one tree, a type's always is.
 */
import { packRows, unpacked } from "../base/packed-rows.ts";
import { pushAll } from "../base/push-all.ts";
import type { FileId, Span } from "../base/span.ts";
import type { Edition, Source, TokenGroup, TokenTree } from "./ast.ts";

export interface PrintOptions {
  readonly file: FileId;
  readonly edition: Edition;
  /** Where the macro was called, what was called, and how many expansions this one stands in. */
  readonly call: Span;
  readonly macro: string;
  readonly depth: number;
}

/** The text of trees as a source. */
export function printTokens(trees: readonly TokenTree[], options: PrintOptions): Source {
  const parts: string[] = [];
  origins.length = 0;
  written.length = 0;
  let length = 0;
  let glued = true;
  let last = "";
  const put = (text: string, span: Span, context: number, joint: boolean, origin?: Span | null): void => {
    // The grammar knows `macro_rules!` and `$name` as one token each.
    if (!glued && !(last === "macro_rules" && text === "!") && last !== "$") {
      parts.push(" ");
      length += 1;
    }
    if (!isLastOrigin(span, context)) addRow(origins, length, span, context);
    if (origin !== undefined && origin !== null && headWords.has(text)) addRow(written, length, origin, 0);
    parts.push(text);
    length += text.length;
    glued = joint;
    last = text;
  };
  const stack: {
    readonly trees: readonly TokenTree[];
    at: number;
    readonly close: string;
    readonly group: TokenGroup | null;
    /** Within the arguments of a macro. */
    readonly inCall: boolean;
  }[] = [{ trees, at: 0, close: "", group: null, inCall: false }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const tree = top.trees[top.at];
    if (tree === undefined) {
      stack.pop();
      if (top.close !== "" && top.group !== null)
        put(top.close, lastOf(top.group.span), 0, false, top.group.origin && lastOf(top.group.origin));
      continue;
    }
    top.at += 1;
    if (tree.k !== "group") {
      put(tree.text, tree.span, tree.context, tree.k === "punct" && tree.joint, tree.origin);
      continue;
    }
    const inCall = top.inCall || isArguments(top.trees, top.at - 1);
    const open = openingOf(tree, top.trees[top.at], inCall);
    if (open !== "") put(open, tree.span, 0, false, tree.origin);
    stack.push({ trees: tree.trees, at: 0, close: closing[open] ?? "", group: tree, inCall });
  }
  return expansionSource(parts.join(""), packed(origins), packed(written), options);
}

/** What an item can begin or end with: of other tokens nobody asks where their macro has them. */
const headWords: ReadonlySet<string> = new Set(["pub", "fn", "const", "async", "unsafe", "extern", "default", "}"]);

function lastOf(span: Span): Span {
  return { ...span, start: Math.max(span.start, span.end - 1) };
}

/** The origin of the token that was printed at an offset. */
function originOf(written: Int32Array, offset: number): Span | null {
  const at = rowAt(written, offset);
  return written[at] === offset ? spanOfRow(written, at) : null;
}

/** Rows while a text is printed: numbers, because expansions are kept and spans as objects take ten times as much. */
interface Rows {
  numbers: Int32Array;
  length: number;
}

/** Numbers of a row: where a token was printed, file, start and end of where it comes from, context. */
const stride = 5;
/** One for each run of tokens: one from where the one before comes from needs none of its own, and most of an expansion has the span of its call. */
const origins: Rows = { numbers: new Int32Array(stride << 12), length: 0 };
/** One for each word or brace of a macro's definition that somebody asks for, with its place there. */
const written: Rows = { numbers: new Int32Array(stride << 10), length: 0 };

function packed({ numbers, length }: Rows): Uint8Array {
  return packRows(numbers, length, stride);
}

function addRow(rows: Rows, at: number, span: Span, context: number): void {
  if (rows.length === rows.numbers.length) {
    const wider = new Int32Array(rows.length * 2);
    wider.set(rows.numbers);
    rows.numbers = wider;
  }
  const { numbers, length } = rows;
  numbers[length] = at;
  numbers[length + 1] = span.file;
  numbers[length + 2] = span.start;
  numbers[length + 3] = span.end;
  numbers[length + 4] = context;
  rows.length = length + stride;
}

function isLastOrigin({ file, start, end }: Span, context: number): boolean {
  const { numbers, length } = origins;
  return (
    length > 0 &&
    numbers[length - 4] === file &&
    numbers[length - 3] === start &&
    numbers[length - 2] === end &&
    numbers[length - 1] === context
  );
}

/** Index of the last row that begins at or before an offset; 0 where none does. */
function rowAt(rows: Int32Array, offset: number): number {
  let low = 0;
  let high = rows.length / stride;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle * stride] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1) * stride;
}

function spanOfRow(rows: Int32Array, at: number): Span {
  return { file: rows[at + 1] as Span["file"], start: rows[at + 2] ?? 0, end: rows[at + 3] ?? 0 };
}

const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "<": ">" };

/** Would lexing the printed text give other trees? An invisible group is gone there, or stands in parentheses. */
export function holdsInvisible(trees: readonly TokenTree[]): boolean {
  const pending = [...trees];
  for (let tree = pending.pop(); tree !== undefined; tree = pending.pop()) {
    if (tree.k !== "group") continue;
    if (tree.delimiter === "") return true;
    pushAll(pending, tree.trees);
  }
  return false;
}

/** Does `name !` stand before the group? */
function isArguments(trees: readonly TokenTree[], at: number): boolean {
  const mark = trees[at - 1];
  return mark?.k === "punct" && mark.text === "!" && trees[at - 2]?.k === "ident";
}

/** What a group is printed in. A matched type is a path's start before `::`, and keeps its bounds together. */
function openingOf(group: TokenGroup, next: TokenTree | undefined, inCall: boolean): string {
  if (group.delimiter !== "") return group.delimiter;
  if (group.fragment === "type") {
    if (next?.k === "punct" && next.text === ":" && next.joint) return "<";
    return inCall || group.trees.some((tree) => tree.k === "punct" && tree.text === "+") ? "(" : "";
  }
  return group.fragment === "expr" && group.trees.length > 1 ? "(" : "";
}

/** The source of printed text: packed rows of `origins`, where each run of tokens comes from, and of `written`, where words of a macro's definition stand there. */
export function expansionSource(text: string, origins: Uint8Array, written: Uint8Array, options: PrintOptions): Source {
  const { call } = options;
  /** The answer before: whoever asks goes through the text in order. */
  let recent = 0;
  /** Index of the row of the run that an offset lies in, or behind which it does. */
  const runAt = (rows: Int32Array, offset: number): number => {
    for (let at = recent; at < recent + 2 * stride && (rows[at] ?? offset + 1) <= offset; at += stride) {
      if ((rows[at + stride] ?? offset + 1) > offset) {
        recent = at;
        return at;
      }
    }
    recent = rowAt(rows, offset);
    return recent;
  };
  return {
    file: options.file,
    text,
    edition: options.edition,
    expansion: { call, macro: options.macro, depth: options.depth },
    spanOf: (start, end) => {
      const rows = unpacked(origins, stride);
      if (rows.length === 0) return call;
      const first = runAt(rows, start);
      const last = end > start ? runAt(rows, end - 1) : first;
      const file = rows[first + 1] as Span["file"];
      const from = rows[first + 2] ?? 0;
      if (file !== rows[last + 1] || from > (rows[last + 2] ?? 0)) return call;
      const to = Math.max(rows[first + 3] ?? 0, rows[last + 3] ?? 0);
      return file === call.file && from === call.start && to === call.end ? call : { file, start: from, end: to };
    },
    originAt: (offset) => (written.length === 0 ? null : originOf(unpacked(written, stride), offset)),
    contextAt: (offset) => {
      const rows = unpacked(origins, stride);
      return rows[runAt(rows, offset) + 4] ?? 0;
    },
    form: { k: "printed", origins, written },
  };
}
