/**
 * Token trees printed as text that lexes to the same tokens, with the way back: a source whose spans lead to where each token
 * was written.
 *
 * A token of a macro's definition must be given the span of the call before it comes here; a range over tokens of several
 * places then has the call's span. An invisible group is printed in parentheses or angle brackets where it would fall apart.
 */
import { exact } from "../base/exact.ts";
import { pushAll } from "../base/push-all.ts";
import type { FileId, Span } from "../base/span.ts";
import type { Edition, Source, TokenGroup, TokenTree, WrittenToken } from "./ast.ts";

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
  const origins = newOrigins();
  let length = 0;
  let glued = true;
  let last = "";
  const written: WrittenToken[] = [];
  const put = (text: string, span: Span, context: number, joint: boolean, origin?: Span | null): void => {
    // The grammar knows `macro_rules!` and `$name` as one token each.
    if (!glued && !(last === "macro_rules" && text === "!") && last !== "$") {
      parts.push(" ");
      length += 1;
    }
    addOrigin(origins, length, span, context);
    if (origin !== undefined && origin !== null && headWords.has(text)) written.push({ at: length, origin });
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
  }[] = [{ trees, at: 0, close: "", group: null }];
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
    const open = openingOf(tree, top.trees[top.at]);
    if (open !== "") put(open, tree.span, 0, false, tree.origin);
    stack.push({ trees: tree.trees, at: 0, close: closing[open] ?? "", group: tree });
  }
  return expansionSource(parts.join(""), origins.numbers.slice(0, origins.length), exact(written), options);
}

/** What an item can begin or end with: of other tokens nobody asks where their macro has them. */
const headWords: ReadonlySet<string> = new Set(["pub", "fn", "const", "async", "unsafe", "extern", "default", "}"]);

function lastOf(span: Span): Span {
  return { ...span, start: Math.max(span.start, span.end - 1) };
}

function originOf(written: readonly WrittenToken[], offset: number): Span | null {
  let low = 0;
  let high = written.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((written[middle]?.at ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  const found = written[low];
  return found?.at === offset ? found.origin : null;
}

/** Where printed tokens come from: numbers, because expansions are kept and spans as objects take five times as much. */
interface Origins {
  numbers: Int32Array;
  length: number;
}

/** Numbers of a run of tokens: where the first was printed, file, start and end of their span, context. */
const stride = 5;
const reused: Origins = { numbers: new Int32Array(stride << 12), length: 0 };

function newOrigins(): Origins {
  reused.length = 0;
  return reused;
}

/** A token from where the one before comes from needs no numbers of its own: most of an expansion has the span of its call. */
function addOrigin(origins: Origins, at: number, span: Span, context: number): void {
  if (isLastOrigin(origins, span, context)) return;
  if (origins.length === origins.numbers.length) {
    const wider = new Int32Array(origins.length * 2);
    wider.set(origins.numbers);
    origins.numbers = wider;
  }
  const { numbers, length } = origins;
  numbers[length] = at;
  numbers[length + 1] = span.file;
  numbers[length + 2] = span.start;
  numbers[length + 3] = span.end;
  numbers[length + 4] = context;
  origins.length = length + stride;
}

function isLastOrigin({ numbers, length }: Origins, { file, start, end }: Span, context: number): boolean {
  return (
    length > 0 &&
    numbers[length - 4] === file &&
    numbers[length - 3] === start &&
    numbers[length - 2] === end &&
    numbers[length - 1] === context
  );
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

/** What a group is printed in. A matched type is a path's start before `::`, and keeps its bounds together. */
function openingOf(group: TokenGroup, next: TokenTree | undefined): string {
  if (group.delimiter !== "") return group.delimiter;
  if (group.fragment === "type") {
    if (next?.k === "punct" && next.text === ":" && next.joint) return "<";
    return group.trees.some((tree) => tree.k === "punct" && tree.text === "+") ? "(" : "";
  }
  return group.fragment === "expr" && group.trees.length > 1 ? "(" : "";
}

/** The source of printed text; `origins` has five numbers for each run of tokens of one place, in order: where it was printed, file, start and end of its span, context. */
export function expansionSource(
  text: string,
  origins: Int32Array,
  written: readonly WrittenToken[],
  options: PrintOptions,
): Source {
  const { call } = options;
  /** The answer before: whoever asks goes through the text in order. */
  let recent = 0;
  /** Index into `origins` of the run that an offset lies in, or behind which it does. */
  const runAt = (offset: number): number => {
    for (let at = recent; at < recent + 2 * stride && (origins[at] ?? offset + 1) <= offset; at += stride) {
      if ((origins[at + stride] ?? offset + 1) > offset) {
        recent = at;
        return at;
      }
    }
    let low = 0;
    let high = origins.length / stride;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((origins[middle * stride] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    recent = Math.max(0, low - 1) * stride;
    return recent;
  };
  return {
    file: options.file,
    text,
    edition: options.edition,
    expansion: { call, macro: options.macro, depth: options.depth },
    spanOf: (start, end) => {
      if (origins.length === 0) return call;
      const first = runAt(start);
      const last = end > start ? runAt(end - 1) : first;
      const file = origins[first + 1] as Span["file"];
      const from = origins[first + 2] ?? 0;
      if (file !== origins[last + 1] || from > (origins[last + 2] ?? 0)) return call;
      const to = Math.max(origins[first + 3] ?? 0, origins[last + 3] ?? 0);
      return file === call.file && from === call.start && to === call.end ? call : { file, start: from, end: to };
    },
    originAt: (offset) => originOf(written, offset),
    contextAt: (offset) => origins[runAt(offset) + 4] ?? 0,
    form: { k: "printed", origins, written },
  };
}
