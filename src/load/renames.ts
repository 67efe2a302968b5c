/**
 * What texts give other names: `a as b`, wherever it stands. More than imports say (a cast looks the same), never less; `<T as Trait>` is none.
 *
 * One pass over each text, whatever is asked.
 */
import { isWordCode } from "../base/word-set.ts";

/** Words that stand before `as`, with all that stands behind it for each. */
export function renamesIn(texts: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const text of texts) {
    for (const { 1: other = "", index } of text.matchAll(/\sas\s+(?:r#)?([A-Za-z_]\w*)/g)) {
      const name = wordBefore(text, index);
      if (name === "" || primitive.has(other)) continue;
      const others = found.get(name);
      if (others === undefined) found.set(own(name), new Set([own(other)]));
      else if (!others.has(other)) others.add(own(other));
    }
  }
  return found;
}

/** Nothing is imported under such a name: it is a cast. */
const primitive: ReadonlySet<string> = new Set(
  "bool char str i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64".split(" "),
);

/** The word that ends before the blanks at `end`; empty where none does, or where `<` stands before it. */
function wordBefore(text: string, end: number): string {
  let last = end;
  while (last > 0 && isBlank(text.charCodeAt(last - 1))) last -= 1;
  let first = last;
  while (first > 0 && isWordCode(text.charCodeAt(first - 1))) first -= 1;
  return first === last || text[first - 1] === "<" ? "" : text.slice(first, last);
}

function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

/** A copy: a part of a text would keep the whole text in memory. */
function own(word: string): string {
  return Buffer.from(word, "latin1").toString("latin1");
}
