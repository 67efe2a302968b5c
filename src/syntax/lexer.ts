/**
 * A range of a source as token trees: what macro matching and expansion work on.
 *
 * Doc comments become `#[doc = "…"]`, as they do for rustc's macros. Never fails: `balanced` is false where a delimiter is
 * missing or wrong, and the trees then hold what could be read. Iterative: nesting is bounded by nothing but the input.
 */

import { exact } from "../base/exact.ts";
import { pushAll } from "../base/push-all.ts";
import type { Source, Token, TokenGroup, TokenTree } from "./ast.ts";
import { type RawToken, scan } from "./scan.ts";

interface Open {
  readonly delimiter: "(" | "[" | "{";
  readonly start: number;
  readonly trees: TokenTree[];
}

/** The token trees of [start, end) of a source. */
export function lexTokens(
  source: Source,
  start: number,
  end: number,
): { readonly trees: readonly TokenTree[]; readonly balanced: boolean } {
  const { text } = source;
  const root: TokenTree[] = [];
  const stack: Open[] = [];
  let balanced = true;
  const raw = scan(text, start, end, source.edition);
  let trees = root;
  for (let index = 0; index < raw.length; index += 1) {
    const token = raw[index];
    if (token === undefined) break;
    if (token.k === "open") {
      trees = [];
      stack.push({ delimiter: text[token.start] as Open["delimiter"], start: token.start, trees });
    } else if (token.k === "close") {
      const open = stack.pop();
      if (open === undefined || closing[open.delimiter] !== text[token.start]) balanced = false;
      trees = stack.at(-1)?.trees ?? root;
      if (open !== undefined) trees.push(groupOf(source, open, token.end));
    } else if (token.k === "outer-doc" || token.k === "inner-doc") pushAll(trees, docAttribute(source, token));
    else trees.push(leaf(source, token, raw[index + 1]));
  }
  while (stack.length > 0) {
    balanced = false;
    const open = stack.pop();
    if (open !== undefined) (stack.at(-1)?.trees ?? root).push(groupOf(source, open, end));
  }
  return { trees: exact(root), balanced };
}

const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

function groupOf(source: Source, open: Open, end: number): TokenGroup {
  const span = source.spanOf(open.start, end);
  const last = source.originAt(end - 1);
  return { k: "group", delimiter: open.delimiter, trees: exact(open.trees), span, origin: last };
}

function leaf(source: Source, token: RawToken, next: RawToken | undefined): Token {
  const joint = token.k === "punct" && (next?.k === "punct" || next?.k === "lifetime") && next.start === token.end;
  const k = token.k as Token["k"];
  const origin = k === "ident" ? source.originAt(token.start) : null;
  return {
    k,
    text: source.text.slice(token.start, token.end),
    joint,
    span: source.spanOf(token.start, token.end),
    context: k === "punct" ? 0 : source.contextAt(token.start),
    origin,
  };
}

function docAttribute(source: Source, token: RawToken): TokenTree[] {
  const span = source.spanOf(token.start, token.end);
  const make = (k: Token["k"], text: string): Token => ({ k, text, joint: false, span, context: 0 });
  const group: TokenGroup = {
    k: "group",
    delimiter: "[",
    trees: [
      make("ident", "doc"),
      make("punct", "="),
      { ...make("literal", docText(source.text.slice(token.start, token.end))), doc: true },
    ],
    span,
  };
  const start = [make("punct", "#")];
  if (token.k === "inner-doc") start.push(make("punct", "!"));
  return [...start, group];
}

/** Longer comments are without their text: no macro's rule asks for that, and expansions repeat them. */
const MAX_DOC = 40;

/** What rustc makes of a doc comment: `/// SAFETY:` is `r" SAFETY:"`. */
function docText(comment: string): string {
  if (comment.length > MAX_DOC) return '""';
  const content = comment.startsWith("//") ? comment.slice(3).replace(/\r$/, "") : comment.slice(3, -2);
  let hashes = "";
  while (content.includes(`"${hashes}`)) hashes += "#";
  return `r${hashes}"${content}"${hashes}`;
}
