/**
 * Where functions begin in a list of items: told from the words before `fn`, while `outline.ts` walks over the text.
 *
 * A function is known by nothing but attributes, a visibility and modifiers before `fn NAME`. Everything else is left to the parser.
 */
import { exact } from "../base/exact.ts";
/** Where a function and its parts stand. */
export interface FnPlace {
  /** Attributes, `#` to `]`. */
  readonly attrs: readonly { readonly start: number; readonly end: number }[];
  /** From the first token behind the attributes to the end. */
  readonly start: number;
  readonly end: number;
  /** The end of `pub`, `pub(…)`; `start` where it has none. */
  readonly visEnd: number;
  readonly keyword: number;
  readonly name: string;
  readonly hasBody: boolean;
}

/** What was seen of the item that the walk is in. */
export interface ItemHead {
  /** Its first token, of an attribute too; -1 between items. */
  at: number;
  attrs: { readonly start: number; readonly end: number }[];
  /** Its first token behind the attributes; -1 before that. */
  start: number;
  visEnd: number;
  /** Nothing was seen that a function does not begin with. */
  plain: boolean;
  /** The `fn` of a function and its name. */
  keyword: number;
  name: string;
}

const modifiers: ReadonlySet<string> = new Set(["default", "const", "async", "unsafe", "safe", "extern", "gen"]);

/** Between two items. */
export function newHead(): ItemHead {
  return { at: -1, attrs: [], start: -1, visEnd: -1, plain: true, keyword: -1, name: "" };
}

/** An item has ended, or a list of items has begun. */
export function endItem(head: ItemHead): void {
  head.at = -1;
}

/** A token begins at `at`; true where it is the first of an item. */
export function beginsItem(head: ItemHead, at: number): boolean {
  if (head.at >= 0) return false;
  head.at = at;
  head.attrs = [];
  head.start = -1;
  head.plain = true;
  head.keyword = -1;
  return true;
}

/** An attribute stands at [start, end). */
export function sawAttribute(head: ItemHead, start: number, end: number): void {
  if (head.start >= 0) head.plain = false;
  else head.attrs.push({ start, end });
}

/** A word other than the `fn` of a function stands at [start, end). */
export function sawWord(head: ItemHead, word: string, start: number, end: number): void {
  if (!head.plain || head.keyword >= 0) return;
  if (head.start < 0) {
    // The grammar does not know the word: the repair blanks it.
    if (word === "safe") return;
    head.start = start;
    head.visEnd = start;
  }
  if (word === "pub") head.visEnd = end;
  else if (!modifiers.has(word)) head.plain = false;
}

/** `fn NAME` stands at `start`. */
export function sawFn(head: ItemHead, start: number, name: string): void {
  if (!head.plain) return;
  if (head.start < 0) {
    head.start = start;
    head.visEnd = start;
  }
  if (head.keyword >= 0) head.plain = false;
  head.keyword = start;
  head.name = name;
}

/** A literal or sign that is no word stands there; `last` is what stood before it, `end` where a group in parentheses ends. */
export function sawOther(head: ItemHead, last: string, isText: boolean, end: number): void {
  if (head.keyword >= 0 || (isText && last === "extern")) return;
  if (last === "pub" && end >= 0) head.visEnd = end;
  else head.plain = false;
}

/** The function that ends at `end`; null where the item is something else. */
export function functionOf(head: ItemHead, end: number, hasBody: boolean): FnPlace | null {
  if (!head.plain || head.keyword < 0 || head.at < 0) return null;
  const { attrs, start, visEnd, keyword, name } = head;
  return { attrs: exact(attrs), start, end, visEnd, keyword, name, hasBody };
}
