/**
 * A text as its tokens, and rewrites of it that move no character: what `misread.ts` and `normalise.ts` have in common.
 *
 * Doc comments are no tokens here. Finding where groups end costs one walk over the tokens, however many ask.
 */
import type { Edition } from "./ast.ts";
import { type RawToken, scan } from "./scan.ts";

/** The characters from `start` to `end` become `with`, which is as long. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly with: string;
}
export interface View {
  readonly text: string;
  readonly tokens: readonly RawToken[];
  /** The text of a token; empty where there is none. */
  word(at: number): string;
  /** Index of the token that closes the group opened at `at`; -1 where none does. */
  closeOf(at: number): number;
}

/** A text's tokens. */
export function viewOf(text: string, edition: Edition): View {
  const tokens = scan(text, 0, text.length, edition).filter(({ k }) => k !== "outer-doc" && k !== "inner-doc");
  let closers: ReadonlyMap<number, number> | null = null;
  return {
    text,
    tokens,
    word(at) {
      const token = tokens[at];
      return token === undefined ? "" : text.slice(token.start, token.end);
    },
    closeOf(at) {
      closers ??= closersOf(tokens);
      return closers.get(at) ?? -1;
    },
  };
}

function closersOf(tokens: readonly RawToken[]): ReadonlyMap<number, number> {
  const closers = new Map<number, number>();
  const open: number[] = [];
  for (const [at, { k }] of tokens.entries()) {
    if (k === "open") open.push(at);
    const last = k === "close" ? open.pop() : undefined;
    if (last !== undefined) closers.set(last, at);
  }
  return closers;
}

/** Index of the first token of the path that ends at `at`: `a` of `a::b::c`. */
export function pathStart(view: View, at: number): number {
  let first = at;
  while (view.word(first - 1) === ":" && view.word(first - 2) === ":" && view.tokens[first - 3]?.k === "ident")
    first -= 3;
  return first;
}

/** Blanks instead of what stands there. */
export function blank({ start, end }: { readonly start: number; readonly end: number }): Edit {
  return { start, end, with: " ".repeat(end - start) };
}

/** The text with its edits, which come from front to back; one that begins within another is left out. */
export function applied(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const edit of edits) {
    if (edit.start < at) continue;
    parts.push(text.slice(at, edit.start), keepNewlines(text.slice(edit.start, edit.end), edit.with));
    at = edit.end;
  }
  parts.push(text.slice(at));
  return parts.join("");
}

/** Blanks stay on their lines: a line break is kept where the rewrite has a blank. */
function keepNewlines(was: string, now: string): string {
  if (!was.includes("\n")) return now;
  return [...now].map((char, index) => (char === " " && was[index] === "\n" ? "\n" : char)).join("");
}
