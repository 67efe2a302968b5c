/**
 * Token trees printed as text that lexes to the same tokens, with the way back: a source whose spans lead to where each token
 * was written.
 *
 * A token of a macro's definition must be given the span of the call before it comes here; a range over tokens of several
 * places then has the call's span. An invisible group is printed in parentheses or angle brackets where it would fall apart.
 */
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
  const starts: number[] = [];
  const spans: Span[] = [];
  const contexts: number[] = [];
  let length = 0;
  let glued = true;
  const put = (text: string, span: Span, context: number, joint: boolean): void => {
    if (!glued) {
      parts.push(" ");
      length += 1;
    }
    starts.push(length);
    spans.push(span);
    contexts.push(context);
    parts.push(text);
    length += text.length;
    // The grammar knows `macro_rules!` and `$name` as one token each.
    glued = joint || text === "macro_rules" || text === "$";
  };
  const stack: { readonly trees: readonly TokenTree[]; at: number; readonly close: string; readonly span: Span }[] = [
    { trees, at: 0, close: "", span: options.call },
  ];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const tree = top.trees[top.at];
    if (tree === undefined) {
      stack.pop();
      if (top.close !== "")
        put(top.close, { ...top.span, start: Math.max(top.span.start, top.span.end - 1) }, 0, false);
      continue;
    }
    top.at += 1;
    if (tree.k !== "group") {
      put(tree.text, tree.span, tree.context, tree.k === "punct" && tree.joint);
      continue;
    }
    const open = openingOf(tree, top.trees[top.at]);
    if (open !== "") put(open, tree.span, 0, false);
    stack.push({ trees: tree.trees, at: 0, close: closing[open] ?? "", span: tree.span });
  }
  return expansionSource(parts.join(""), starts, spans, contexts, options);
}

const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "<": ">" };

/** What a group is printed in. A matched type is a path's start before `::`, and keeps its bounds together. */
function openingOf(group: TokenGroup, next: TokenTree | undefined): string {
  if (group.delimiter !== "") return group.delimiter;
  if (group.fragment === "type") {
    if (next?.k === "punct" && next.text === ":" && next.joint) return "<";
    return group.trees.some((tree) => tree.k === "punct" && tree.text === "+") ? "(" : "";
  }
  return group.fragment === "expr" && group.trees.length > 1 ? "(" : "";
}

function expansionSource(
  text: string,
  starts: readonly number[],
  spans: readonly Span[],
  contexts: readonly number[],
  options: PrintOptions,
): Source {
  const { call } = options;
  const tokenAt = (offset: number): number => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };
  return {
    file: options.file,
    text,
    edition: options.edition,
    expansion: { call, macro: options.macro, depth: options.depth },
    spanOf: (start, end) => {
      const first = spans[Math.max(0, tokenAt(start))] ?? call;
      const last = end > start ? (spans[Math.max(0, tokenAt(end - 1))] ?? call) : first;
      if (first.file !== last.file || first.start > last.end) return call;
      return first === last ? first : { file: first.file, start: first.start, end: Math.max(first.end, last.end) };
    },
    contextAt: (offset) => contexts[Math.max(0, tokenAt(offset))] ?? 0,
  };
}
