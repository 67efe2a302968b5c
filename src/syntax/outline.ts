/**
 * A text without what lowering does not look into: comments, macro arguments, bodies of functions, long initialisers.
 *
 * Two thirds of Rust source are such parts where only items are wanted, and the parser's time goes by length. What is left is parsed in the text's place
 * and `restoreOffsets` leads every node back to where it stands. Null where delimiters do not match: the text is then parsed
 * as it is. The delimiters of what is left out stay, so that an item's range and those of its parts are what they were.
 */
import type { Edition } from "./ast.ts";
import type { FlatTree } from "./flat-tree.ts";
import {
  beginsItem,
  endItem,
  type FnPlace,
  functionOf,
  newHead,
  sawAttribute,
  sawFn,
  sawOther,
  sawWord,
} from "./fn-heads.ts";
import { commentEnd, isNameStart, nameEnd, prefixedLiteral, quoteAt, quotedEnd } from "./lexemes.ts";

/** What is left of a text: piece i is [from[i], …) of the text and stands at [at[i], at[i + 1]) of the outline. */
export interface Outline {
  readonly text: string;
  readonly from: readonly number[];
  readonly at: readonly number[];
  /** Functions that were left out whole, in the order of the text. */
  readonly functions: readonly FnPlace[];
}

/**
 * `items`: the text is a list of items, whose functions are left out whole; `item`: the same, with functions left in without
 * their bodies; `body`: one item, type, expression or list of statements, and bodies of functions inside it are left out.
 */
export type OutlineOf = "items" | "item" | "body";

interface Draft {
  readonly text: string;
  readonly edition: Edition;
  readonly parts: string[];
  readonly from: number[];
  readonly at: number[];
  readonly functions: FnPlace[];
  length: number;
  /** Everything before it is in the outline or left out. */
  done: number;
}

/** Groups of an initialiser and blanks that are no longer than this stay. */
const shortGroup = 64;
const shortBlank = 3;
const before: ReadonlySet<string> = new Set(["", ";", "{", "}", ")", "pub", "default", "safe", "unsafe"]);

/** What lowering needs of a text; null where that cannot be told. */
export function outlineOf(text: string, edition: Edition, of: OutlineOf): Outline | null {
  const draft: Draft = { text, edition, parts: [], from: [], at: [], functions: [], length: 0, done: 0 };
  if (!walk(draft, of)) return null;
  keep(draft, text.length);
  return { text: draft.parts.join(""), from: draft.from, at: draft.at, functions: draft.functions };
}

/** The tree of an outline with the offsets of the text that it was made of. */
export function restoreOffsets(tree: FlatTree, outline: Outline): void {
  const { from, at } = outline;
  const { start, end, count } = tree;
  let piece = 0;
  for (let node = 0; node < count; node += 1) {
    const first = start[node] as number;
    while (piece + 1 < at.length && (at[piece + 1] as number) <= first) piece += 1;
    const last = end[node] as number;
    const ending = last <= first ? piece : pieceOf(at, piece, last - 1);
    start[node] = first - (at[piece] ?? 0) + (from[piece] ?? 0);
    end[node] = last - (at[ending] ?? 0) + (from[ending] ?? 0);
  }
}

/** The piece that an offset of the outline lies in, `low` or one behind it. */
function pieceOf(at: readonly number[], low: number, offset: number): number {
  if (low + 1 >= at.length || (at[low + 1] as number) > offset) return low;
  let least = low + 1;
  let most = at.length - 1;
  while (least < most) {
    const middle = (least + most + 1) >> 1;
    if ((at[middle] as number) <= offset) least = middle;
    else most = middle - 1;
  }
  return least;
}

/**
 * Where items stand (files, modules, impls, traits) only braces are walked into; the bodies of types are walked alike and
 * hold nothing to leave out but comments. False where delimiters do not match.
 */
function walk(draft: Draft, of: OutlineOf): boolean {
  const { text, edition } = draft;
  const limit = text.length;
  const items = of !== "body";
  const head = of === "items" ? newHead() : null;
  let mark = markOf(draft);
  /** The function that the walk is in ends at `end`: it is left out whole. */
  const left = (end: number, hasBody: boolean): boolean => {
    const found = head === null ? null : functionOf(head, end, hasBody);
    if (head === null || found === null) return false;
    backTo(draft, mark);
    drop(draft, head.at, end);
    draft.functions.push(found);
    return true;
  };
  /** What closes the groups around. */
  const closers: number[] = [];
  /** What stands before the item that begins: only there `const` and `static` declare one. */
  let last = "";
  let signature = false;
  let initialiser: "no" | "type" | "value" = "no";
  let angles = 0;
  for (let at = 0; at < limit; ) {
    const code = text.charCodeAt(at);
    if (code <= 32) {
      const end = blankEnd(text, at);
      if (end - at > shortBlank) drop(draft, at + 1, end);
      at = end;
      continue;
    }
    const comment = code === 47 && (text.charCodeAt(at + 1) === 47 || text.charCodeAt(at + 1) === 42);
    if (head !== null && !comment && beginsItem(head, at)) mark = markOf(draft);
    if (isNameStart(text, at)) {
      const literal = prefixedLiteral(text, at, limit, edition);
      if (literal >= 0) {
        if (head !== null) sawOther(head, last, true, -1);
        at = literal;
        last = '"';
        continue;
      }
      const raw = code === 114 && text.charCodeAt(at + 1) === 35;
      const end = nameEnd(text, raw ? at + 2 : at);
      const word = text.slice(at, end);
      if (word === "fn" && isNameStart(text, blankEnd(text, end))) {
        signature = true;
        initialiser = "no";
        angles = 0;
        if (head !== null) sawFn(head, at, nameAt(text, blankEnd(text, end)));
      } else if (head !== null) sawWord(head, word, at, end);
      if (word !== "fn" && items && (word === "const" || word === "static") && before.has(last)) {
        initialiser = "type";
        angles = 0;
      }
      last = word;
      at = end;
      continue;
    }
    switch (code) {
      case 47 /* / */:
        if (comment) {
          const end = commentEnd(text, at, limit);
          drop(draft, at, end);
          at = end;
          continue;
        }
        break;
      case 34 /* " */:
        if (head !== null) sawOther(head, last, true, -1);
        at = quotedEnd(text, at + 1, 34, limit);
        last = '"';
        continue;
      case 39 /* ' */:
        at = quoteAt(text, at, limit).end;
        last = "'";
        continue;
      case 35 /* # */:
        {
          const inner = text.charCodeAt(at + 1) === 33;
          const open = blankEnd(text, inner ? at + 2 : at + 1);
          if (text.charCodeAt(open) !== 91) break;
          const start = at;
          at = groupEnd(text, open, limit, edition);
          if (at < 0) return false;
          if (head !== null && inner) endItem(head);
          else if (head !== null) sawAttribute(head, start, at);
          continue;
        }
      case 33 /* ! */:
        {
          const open = argumentsAt(text, at, last);
          if (open < 0) break;
          at = groupEnd(text, open, limit, edition);
          if (at < 0) return false;
          drop(draft, open + 1, at - 1);
          last = text[at - 1] ?? "";
          if (head !== null && last === "}") endItem(head);
          else if (head !== null) sawOther(head, last, false, -1);
          continue;
        }
      case 60 /* < */:
        angles += 1;
        break;
      case 62 /* > */:
        {
          const arrow = text.charCodeAt(at - 1);
          if (arrow !== 45 && arrow !== 61) angles -= 1;
          break;
        }
      case 61 /* = */:
        if (initialiser === "type" && angles === 0) initialiser = "value";
        break;
      case 59 /* ; */:
        if (signature) left(at + 1, false);
        if (head !== null) endItem(head);
        signature = false;
        initialiser = "no";
        break;
      case 40:
      case 91:
      case 123: {
        let body = signature && code === 123 && angles === 0;
        if (body && !items && closers.length === 0) {
          body = false;
          signature = false;
        }
        if (!body && !signature && initialiser === "no" && (code === 123 || !items)) {
          closers.push(code === 40 ? 41 : code + 2);
          if (head !== null) endItem(head);
          break;
        }
        const end = groupEnd(text, at, limit, edition);
        if (end < 0) return false;
        if (head !== null) sawOther(head, last, false, code === 40 ? end : -1);
        if (body && left(end, true)) {
          // Nothing of it stays.
        } else if (body || (initialiser === "value" && end - at > shortGroup)) drop(draft, at + 1, end - 1);
        if (body) {
          signature = false;
          if (head !== null) endItem(head);
        }
        at = end;
        last = text[end - 1] ?? "";
        continue;
      }
      case 125:
      case 41:
      case 93:
        if (signature || closers.pop() !== code) return false;
        if (head !== null) endItem(head);
        break;
      default:
        break;
    }
    if (head !== null && head.at >= 0) sawOther(head, last, false, -1);
    last = text[at] ?? "";
    at += 1;
  }
  return closers.length === 0;
}

/** Words after which a `!` is the never type or "not". */
const notMacros: ReadonlySet<string> = new Set(
  "for as dyn impl const mut where if while match return break in else let ref move yield box".split(" "),
);

/** Where the arguments of a macro call open whose `!` stands at `at`; -1 where it is no call. */
function argumentsAt(text: string, at: number, last: string): number {
  if (!isNameStart(last, 0) || notMacros.has(last)) return -1;
  let open = blankEnd(text, at + 1);
  if (last === "macro_rules" && isNameStart(text, open)) open = blankEnd(text, nameEnd(text, open));
  const code = text.charCodeAt(open);
  return code === 40 || code === 91 || code === 123 ? open : -1;
}

/** The name that stands at `at`, a raw one without `r#`. */
function nameAt(text: string, at: number): string {
  const from = text.startsWith("r#", at) ? at + 2 : at;
  return text.slice(from, nameEnd(text, from));
}

/** Behind the blanks at `at`; a comment is not stepped over, and what it hides is then not recognised, only kept. */
function blankEnd(text: string, at: number): number {
  let end = at;
  while (text.charCodeAt(end) <= 32) end += 1;
  return end;
}

/** Behind the delimiter that closes the one at `open`; -1 where it is not closed, or by another. */
function groupEnd(text: string, open: number, limit: number, edition: Edition): number {
  const closers: number[] = [];
  for (let at = open; at < limit; ) {
    const code = text.charCodeAt(at);
    if (code <= 32) at += 1;
    else if (isNameStart(text, at)) {
      const literal = prefixedLiteral(text, at, limit, edition);
      at = literal >= 0 ? literal : nameEnd(text, at);
    } else if (code === 34) at = quotedEnd(text, at + 1, 34, limit);
    else if (code === 39) at = quoteAt(text, at, limit).end;
    else if (code === 47 && (text.charCodeAt(at + 1) === 47 || text.charCodeAt(at + 1) === 42))
      at = commentEnd(text, at, limit);
    else {
      if (code === 40) closers.push(41);
      else if (code === 91 || code === 123) closers.push(code + 2);
      else if (code === 41 || code === 93 || code === 125) {
        if (closers.pop() !== code) return -1;
        if (closers.length === 0) return at + 1;
      }
      at += 1;
    }
  }
  return -1;
}

/** Leaves [start, end) out; where names would grow together, the blanks around it or a blank of its own stand. */
function drop(draft: Draft, start: number, end: number): void {
  if (end <= start) return;
  keep(draft, start);
  draft.done = end;
  if (isBlankOrGroup(draft.text.charCodeAt(start - 1)) || isBlankOrGroup(draft.text.charCodeAt(end))) return;
  piece(draft, " ", start);
}

function isBlankOrGroup(code: number): boolean {
  return Number.isNaN(code) || code <= 32 || code === 40 || code === 91 || code === 123;
}

/** How far an outline has come. */
interface Mark {
  readonly parts: number;
  readonly length: number;
  readonly done: number;
}

function markOf({ parts, length, done }: Draft): Mark {
  return { parts: parts.length, length, done };
}

/** Forgets what was kept or left out since. */
function backTo(draft: Draft, mark: Mark): void {
  draft.parts.length = mark.parts;
  draft.from.length = mark.parts;
  draft.at.length = mark.parts;
  draft.length = mark.length;
  draft.done = mark.done;
}

function keep(draft: Draft, end: number): void {
  if (end > draft.done) piece(draft, draft.text.slice(draft.done, end), draft.done);
  draft.done = end;
}

function piece(draft: Draft, text: string, from: number): void {
  draft.parts.push(text);
  draft.from.push(from);
  draft.at.push(draft.length);
  draft.length += text.length;
}
