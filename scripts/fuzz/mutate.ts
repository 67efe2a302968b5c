/**
 * Makes one text into another that may be malformed: parts cut, doubled, moved, taken from other texts, nested deep, and
 * characters that readers stumble over. Most changes keep to the borders of tokens, so that they get past a reader's first one.
 */
import type { Random } from "./random.ts";

const maxLength = 60_000;

/** Characters and words that have broken readers before. */
const hostile: readonly string[] = [
  ..."\0 \r \r\n \t \u{feff} \u{202e} \u{2066} \u{200b} \u{85} \u{2028} \ud800 \udc00 \u{1f980} \u{1b}[31m".split(" "),
  ...`__proto__ constructor toString -0 1e999 99999999999999999999 "" ' \\ \\u{110000} */ /* // # ; = . :: :`.split(
    " ",
  ),
  ...`::error::x ##[error]x </script> <!-- <b> | \` \`\`\` [x](y) ../../.. /etc/passwd $x`.split(" "),
];

const pairs: readonly (readonly [string, string])[] = [
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
  ["<", ">"],
  ["{ { ", " } }"],
  ["/*", "*/"],
  ["&", ""],
  ["-", ""],
  ["!", ""],
  ["a.", ""],
  ["a::", ""],
  ["Box<", ">"],
  ["if a ", " else "],
  ["|x| ", ""],
  ["mod a { ", " }"],
  ["{ a = ", " }"],
];

/** One to six changes of `text`; `others` gives parts to take over. */
export function mutate(text: string, others: readonly string[], random: Random): string {
  let result = text;
  const times = 1 + random.below(random.once(4) ? 6 : 2);
  for (let at = 0; at < times; at += 1) result = change(result, others, random).slice(0, maxLength);
  return result;
}

function change(text: string, others: readonly string[], random: Random): string {
  const [from, to] = range(text, random);
  const [head, part, tail] = [text.slice(0, from), text.slice(from, to), text.slice(to)];
  switch (random.below(11)) {
    case 0:
      return head + tail;
    case 1:
      return head + part + part + tail;
    case 2:
      return head + part.repeat(2 + random.below(40)) + tail;
    case 3: {
      const other = random.of(others);
      const [begin, end] = range(other, random);
      return head + other.slice(begin, end) + (random.once(2) ? tail : part + tail);
    }
    case 4: {
      const [open, close] = random.of(pairs);
      const depth = 1 + random.below(random.once(10) ? 3000 : 40);
      return head + open.repeat(depth) + part + (random.once(5) ? "" : close.repeat(depth)) + tail;
    }
    case 5:
      return head + random.of(hostile) + (random.once(2) ? part : "") + tail;
    case 6:
      return swapLines(text, random);
    case 7:
      return head + String(random.below(2 ** 31) * (random.once(3) ? -1 : 1)) + tail;
    case 8:
      return head + [...part].reverse().join("") + tail;
    case 9:
      return random.once(8) ? head : head + (random.once(2) ? part.toUpperCase() : part.replaceAll(" ", "")) + tail;
    default:
      return head + random.of(words(text)) + tail;
  }
}

/** A part, mostly small and between the borders of words; now and then up to the end. */
function range(text: string, random: Random): [number, number] {
  const from = border(text, random.below(text.length + 1));
  if (random.once(20)) return [from, text.length];
  const to = border(text, Math.min(text.length, from + random.below(random.once(3) ? 400 : 24)));
  return from <= to ? [from, to] : [to, from];
}

function border(text: string, at: number): number {
  // A third of the places are anywhere, inside words and escapes too.
  if (at % 3 === 0) return at;
  const space = text.slice(at, at + 60).search(/\W/u);
  return space < 0 ? at : at + space;
}

function swapLines(text: string, random: Random): string {
  const lines = text.split("\n");
  const [a, b] = [random.below(lines.length), random.below(lines.length)];
  [lines[a], lines[b]] = [lines[b] ?? "", lines[a] ?? ""];
  return lines.join("\n");
}

function words(text: string): readonly string[] {
  const found = text.slice(0, 4000).match(/\w+/gu);
  return found === null ? ["x"] : found;
}

/** Changes parsed JSON in one to four places: values of another kind, keys that go, double or are hostile, deep nesting. */
export function mutateJson(text: string, random: Random): string {
  const root: unknown[] = [JSON.parse(text)];
  const times = 1 + random.below(4);
  for (let at = 0; at < times; at += 1) {
    const [holder, key] = slot(root, random);
    const before = (holder as Record<string | number, unknown>)[key];
    (holder as Record<string | number, unknown>)[key] = random.once(2)
      ? ofSameKind(before, random)
      : other(before, random);
  }
  return JSON.stringify(root[0] ?? null);
}

/** A random place of the tree: a walk down that ends anywhere. */
function slot(root: unknown[], random: Random): [object, string | number] {
  let holder: object = root;
  let key: string | number = 0;
  for (;;) {
    const value: unknown = (holder as Record<string | number, unknown>)[key];
    if (typeof value !== "object" || value === null || random.once(7)) return [holder, key];
    const keys: readonly (string | number)[] = Array.isArray(value)
      ? value.map((_, index) => index)
      : Object.keys(value);
    if (keys.length === 0) return [holder, key];
    holder = value;
    key = random.of(keys);
  }
}

/** Gets past a check of kinds, to what uses the value. */
function ofSameKind(before: unknown, random: Random): unknown {
  if (typeof before === "string") return random.once(3) ? random.of(hostile) : before + random.of(hostile);
  if (typeof before === "number") return random.of([0, 1, 2, before + 1, before * 1000, 2 ** 53]);
  if (typeof before === "boolean") return !before;
  if (!Array.isArray(before)) return before;
  const at = random.below(before.length + 1);
  const part = before.slice(at, at + 1 + random.below(3));
  const more = Array.from({ length: random.below(4) }, () => part).flat();
  return [...before.slice(0, at), ...more, ...before.slice(at + part.length)];
}

function other(before: unknown, random: Random): unknown {
  switch (random.below(9)) {
    case 0:
      return null;
    case 1:
      return random.of<unknown>([0, -1, 1.5, 2 ** 53, -(2 ** 31), 1e308]);
    case 2:
      return [before];
    case 3:
      return { a: before };
    case 4: {
      let deep: unknown = before;
      for (let at = 0; at < 300; at += 1) deep = at % 2 === 0 ? [deep] : { deep };
      return deep;
    }
    case 5:
      return Array.isArray(before) ? [...before, ...before] : true;
    case 6:
      return typeof before === "string" ? before + random.of(hostile) : {};
    case 7:
      return typeof before === "string" ? random.of(hostile).repeat(1 + random.below(5)) : "";
    default:
      return typeof before === "object" && before !== null && !Array.isArray(before)
        ? { ...before, [random.of(hostile)]: before }
        : [];
  }
}
