/**
 * Rust that the grammar does not know, rewritten to Rust that it does, without moving a character.
 *
 * Input: a text whose first parse had errors, and its edition. Output: a text of the same length; strings and comments are
 * untouched. Names are always read from the original text, so that a rewritten `raw` is still called raw. What each rule
 * repairs is in facts of tree-sitter-rust 0.24.0; test/syntax/normalise.test.ts holds one line for each.
 */
import type { Edition } from "./ast.ts";
import { applied, blank, type Edit, pathStart, type View, viewOf } from "./token-edits.ts";
import { beginsType } from "./type-place.ts";

/** The rewritten text; the same string where no rule applies. */
export function normalise(text: string, edition: Edition): string {
  const edits: Edit[] = [];
  const view = viewOf(text, edition);
  for (let at = 0; at < view.tokens.length; at += 1) rewriteAt(view, at, edition, edits);
  return edits.length === 0 ? text : applied(text, edits);
}

function rewriteAt(view: View, at: number, edition: Edition, edits: Edit[]): void {
  const token = view.tokens[at];
  if (token === undefined) return;
  const word = view.word(at);
  const next = view.word(at + 1);
  switch (word) {
    case "unsafe": {
      const open = view.tokens[at + 2]?.k === "literal" ? at + 3 : at + 2;
      if (next === "extern" && view.word(open) === "{") edits.push(blank(token));
      break;
    }
    case "safe":
      if (next === "fn" || next === "static") edits.push(blank(token));
      break;
    case "raw":
      if (view.word(at - 1) === "&" && next !== "const" && next !== "mut") edits.push({ ...token, with: "r_w" });
      break;
    case "try":
      if (edition === "2015" && next === "!") edits.push({ ...token, with: "tr_" });
      break;
    case "pub":
      if (next === "type" && view.word(at + 3) === ";") edits.push(blank(token));
      break;
    case "macro":
      macroTwo(view, at, edits);
      break;
    case "break":
      typedClosure(view, at, edits);
      break;
    case "return":
      typedClosure(view, at, edits);
      break;
    case "gen":
      if (edition !== "2024") edits.push({ ...token, with: "g_n" });
      break;
    case "async":
      if (edition === "2015") edits.push({ ...token, with: "a_ync" });
      break;
    case "auto":
    case "default":
      if (next === "trait" || next === "impl" || (word === "auto" && next === "unsafe")) edits.push(blank(token));
      else if (word === "default" && !beginsItem.test(next)) edits.push({ ...token, with: "d_fault" });
      break;
    case "const":
      if (next === "trait" || (view.word(at - 1) === "impl" && view.tokens[at + 1]?.k === "ident" && next !== "fn"))
        edits.push(blank(token));
      break;
    case "~":
      if (next === "const") edits.push(blank({ start: token.start, end: view.tokens[at + 1]?.end ?? token.end }));
      else edits.push({ ...token, with: "-" });
      break;
    case "<":
      if (next === "=") castBefore(view, at, edits);
      if (view.word(at - 1) === ":") argumentsInPattern(view, at, edits);
      if (next === ">" && view.tokens[at - 1]?.k !== "punct")
        edits.push(blank({ start: token.start, end: view.tokens[at + 1]?.end ?? token.end }));
      break;
    case "+":
      if (next === ">" || next === "," || next === ";" || (/^(?:\{|where)$/.test(next) && inHeader(view, at)))
        edits.push(blank(token));
      break;
    case ":":
      typeTurbofish(view, at, edits);
      emptyBounds(view, at, edits);
      break;
    case "dyn": {
      // `dyn 'a + Trait`: the grammar has lifetimes behind traits alone.
      const [first, last] = [view.tokens[at + 1], view.tokens[at + 2]];
      if (next.startsWith("'") && view.word(at + 2) === "+" && first !== undefined && last !== undefined)
        edits.push(blank({ start: first.start, end: last.end }));
      break;
    }
    case "where":
      whereOfUnit(view, at, edits);
      break;
    case "#":
      chainAttribute(view, at, edits);
      attributeInPattern(view, at, edits);
      break;
    case "-":
      // `I<-5, 5>`: the sign of a const argument.
      if (view.tokens[at + 1]?.k === "literal" && isArgument(view, at)) edits.push(blank(token));
      break;
    case "(":
      unitInClause(view, at, edits);
      break;
    case "$":
      // A lone `$` among the tokens of a macro.
      if (next !== "(" && (view.tokens[at + 1]?.k !== "ident" || view.tokens[at + 1]?.start !== token.end))
        edits.push({ ...token, with: "-" });
      break;
    case "_":
      // `fn(&mut _)`.
      if (view.word(at - 1) === "mut" && view.word(at - 2) === "&" && (next === ")" || next === ","))
        edits.push({ ...token, with: "T" });
      break;
    default:
      if (primitives.test(word) && (next === "!" ? view.tokens[at + 2]?.k === "open" : isTurbofish(view, at + 1)))
        edits.push({ start: token.start, end: token.start + 1, with: "x" });
      // `S { 0: a }` as a pattern.
      if (/^\d+$/.test(word) && next === ":" && /^[{,]$/.test(view.word(at - 1)))
        edits.push({ ...token, with: "x".repeat(word.length) });
      break;
  }
}

function isTurbofish(view: View, at: number): boolean {
  return view.word(at) === ":" && view.word(at + 1) === ":" && view.word(at + 2) === "<";
}

/** Names of macros and functions that the grammar has for types alone. */
const primitives: RegExp = /^(?:[ui](?:8|16|32|64|128|size)|f32|f64|bool|str|char)$/;

/** `a as size_t <= b`: the grammar sees the arguments of a type. What is compared how is read from the text as it was. */
function castBefore(view: View, at: number, edits: Edit[]): void {
  const token = view.tokens[at];
  if (token !== undefined && view.word(pathStart(view, at - 1) - 1) === "as")
    edits.push({ start: token.start, end: token.end, with: "=" });
}

/** `let P::<T> { a } = b`: what the type is given matters to nobody there. */
function argumentsInPattern(view: View, at: number, edits: Edit[]): void {
  if (view.word(pathStart(view, at - 3) - 1) !== "let") return;
  let level = 0;
  for (let close = at; close < at + 200 && close < view.tokens.length; close += 1) {
    const word = view.word(close);
    if (word === "<") level += 1;
    else if (word === ">") level -= 1;
    const [start, end] = [view.tokens[at - 2]?.start, view.tokens[close]?.end];
    if (level > 0 || start === undefined || end === undefined) continue;
    if (view.word(close + 1) === "{") edits.push(blank({ start, end }));
    return;
  }
}

/** `macro name(..) {..}` becomes a module without items. */
function macroTwo(view: View, at: number, edits: Edit[]): void {
  const token = view.tokens[at];
  const open = view.tokens[at + 2];
  if (token === undefined || view.tokens[at + 1]?.k !== "ident" || open === undefined || view.word(at + 1) === "!")
    return;
  if (view.word(at + 2) !== "(" && view.word(at + 2) !== "{") return;
  let close = view.closeOf(at + 2);
  if (view.word(at + 2) === "(") close = view.word(close + 1) === "{" ? view.closeOf(close + 1) : -1;
  const last = view.tokens[close];
  if (close < 0 || last === undefined) return;
  edits.push({ start: token.start, end: token.end, with: "mod  " });
  edits.push({ start: open.start, end: last.end, with: `{${" ".repeat(last.end - open.start - 2)}}` });
}

/** An attribute on a link of a method chain. */
function chainAttribute(view: View, at: number, edits: Edit[]): void {
  if (view.word(at + 1) !== "[") return;
  const close = view.closeOf(at + 1);
  const start = view.tokens[at]?.start ?? 0;
  const end = view.tokens[close]?.end ?? start;
  if (close > 0 && view.word(close + 1) === "." && view.word(close + 2) !== ".") edits.push(blank({ start, end }));
}

/** `A::<T>` where a type stands is `A<T>`. */
function typeTurbofish(view: View, at: number, edits: Edit[]): void {
  const [first, second] = [view.tokens[at], view.tokens[at + 1]];
  if (view.word(at + 1) !== ":" || view.word(at + 2) !== "<" || view.tokens[at - 1]?.k !== "ident") return;
  if (first === undefined || second === undefined) return;
  let start = at - 1;
  while (view.word(start - 1) === ":" && view.word(start - 2) === ":" && view.tokens[start - 3]?.k === "ident")
    start -= 3;
  const after = closingAngle(view, at + 2) + 1;
  const isSubject = view.word(after) === ":" && view.word(after + 1) !== ":" && followsClause(view, start);
  const goesOn = view.word(after) === "(" || (view.word(after) === ":" && !isSubject) || view.word(after) === "!";
  if (view.word(after) === ">" || isSubject || (!goesOn && beginsType(view, start)))
    edits.push(blank({ start: first.start, end: second.end }));
}

/** `trait A: where ..`, `where T: ,` and `<T:>`. */
function emptyBounds(view: View, at: number, edits: Edit[]): void {
  const [token, next] = [view.tokens[at], view.word(at + 1)];
  if (token === undefined) return;
  // `impl<T:> A`.
  if (next === ">" && view.tokens[at - 1]?.k === "ident" && /^[<,]$/.test(view.word(at - 2))) edits.push(blank(token));
  if (!/^(?:where|[,;{])$/.test(next) || !inHeader(view, at)) return;
  const isBound = /^(?:where|,)$/.test(view.word(at - 2)) && next !== "where";
  const start = isBound ? (view.tokens[at - 1]?.start ?? token.start) : token.start;
  const end = next === "," ? (view.tokens[at + 1]?.end ?? token.end) : token.end;
  edits.push(blank({ start, end }));
}

/** `where (): Trait`; between the tokens of a macro may be anything. */
function unitInClause(view: View, at: number, edits: Edit[]): void {
  const [open, close] = [view.tokens[at], view.tokens[at + 1]];
  const isUnit = view.word(at + 1) === ")" && view.word(at + 2) === ":" && view.word(at + 3) !== ":";
  if (!isUnit || open === undefined || close === undefined || !followsClause(view, at)) return;
  edits.push({ start: open.start, end: close.end, with: "T".padEnd(close.end - open.start, "_") });
}

/** `struct A where ..;`, which has no fields that the bounds could be about. */
function whereOfUnit(view: View, at: number, edits: Edit[]): void {
  let open = at;
  while (open > at - MAX_HEADER && !/^(?:[;{}(]|struct)$/.test(view.word(open))) open -= 1;
  if (view.word(open) !== "struct") return;
  let end = at;
  while (end < at + MAX_HEADER && !/^[;{}]$/.test(view.word(end))) end += 1;
  const [first, last] = [view.tokens[at], view.tokens[end]];
  if (view.word(end) === ";" && first !== undefined && last !== undefined)
    edits.push(blank({ start: first.start, end: last.start }));
}

/** So many tokens the part of an item before its braces is looked through. */
const MAX_HEADER = 400;

/** Behind the first word of a trait, or a `where`, with nothing in between that ends an item: not in an expression. */
function inHeader(view: View, at: number): boolean {
  for (let before = at - 1; before >= 0 && before > at - MAX_HEADER; before -= 1) {
    const word = view.word(before);
    if (word === "trait" || word === "where") return true;
    if (word === ";" || word === "{" || word === "}") return false;
  }
  return false;
}

/** Attributes of fields in a pattern, and lints anywhere. The fields' own are read from the text as it is (lower-pat.ts). */
function attributeInPattern(view: View, at: number, edits: Edit[]): void {
  if (view.word(at + 1) !== "[") return;
  const close = view.closeOf(at + 1);
  const start = view.tokens[at]?.start ?? 0;
  const end = view.tokens[close]?.end ?? start;
  if (close < 0) return;
  const lint = /^(allow|expect|warn|deny)$/.test(view.word(at + 2)) && view.word(at + 3) === "(";
  if (lint || (view.tokens[close + 1]?.k === "ident" && inStructPattern(view, at))) edits.push(blank({ start, end }));
}

/** Between braces behind a path, with `=`, `=>`, `if` or `|` behind them or behind what they stand in. */
function inStructPattern(view: View, at: number): boolean {
  let open = openBefore(view, at);
  if (view.word(open) !== "{" || view.tokens[open - 1]?.k !== "ident") return false;
  for (let level = 0; open >= 0 && level < 8; level += 1) {
    const close = view.closeOf(open);
    const [next, second] = [view.word(close + 1), view.word(close + 2)];
    if (next === "if" || (next === "|" && second !== "|") || (next === "=" && second !== "=")) return true;
    if (close < 0 || !/^[),}\]]$/.test(next)) return false;
    open = openBefore(view, open);
  }
  return false;
}

/** The bracket that a token stands in; less than 0 where none is near. */
function openBefore(view: View, at: number): number {
  let level = 0;
  for (let open = at - 1; open >= 0 && open > at - 400; open -= 1) {
    const k = view.tokens[open]?.k;
    if (k === "close") level += 1;
    else if (k === "open" && level > 0) level -= 1;
    else if (k === "open") return open;
  }
  return -1;
}

/** Between `<` or `,` and `,` or `>`, with nothing between a name and its `<`. */
function isArgument(view: View, at: number): boolean {
  const [before, after] = [view.word(at - 1), view.word(at + 2)];
  if (after !== "," && after !== ">") return false;
  if (before === ",") return after === ">";
  return before === "<" && view.tokens[at - 1]?.end === view.tokens[at]?.start;
}

function followsClause(view: View, at: number): boolean {
  return view.word(at - 1) === "where" || view.word(at - 1) === ",";
}

/** Index of the `>` that closes the `<` at `at`; past the text where none does. */
function closingAngle(view: View, at: number): number {
  let level = 0;
  for (let index = at; index < view.tokens.length; index += 1) {
    const word = view.word(index);
    if (word === ";" || word === "{") break;
    if (word === "<") level += 1;
    else if (word === ">" && view.word(index - 1) !== "-") level -= 1;
    if (level === 0) return index;
  }
  return view.tokens.length;
}

/** `return || -> T { .. }` comes with a parameter that lower-control.ts takes away again; where there is no room for one the type goes. */
function typedClosure(view: View, at: number, edits: Edit[]): void {
  const [open, arrow] = [view.tokens[at + 1], view.tokens[at + 3]];
  if (view.text.slice(open?.start, open?.end) !== "|" || open === undefined || arrow === undefined) return;
  if (view.word(at + 2) !== "|" || view.word(at + 3) !== "-" || view.word(at + 4) !== ">") return;
  if (view.word(at) === "return" && /[ \t]/.test(view.text[open.start - 1] ?? "")) {
    edits.push({ start: open.start - 1, end: open.start + 2, with: "|_|" });
    return;
  }
  let end = at + 5;
  while (end < at + MAX_HEADER && !/^[;{}]$/.test(view.word(end))) end += 1;
  const body = view.tokens[end];
  if (view.word(end) === "{" && body !== undefined) edits.push(blank({ start: arrow.start, end: body.start }));
}

/** What `default` can stand before as no name. */
const beginsItem = /^(?:fn|const|type|async|unsafe|extern)$/;
