/**
 * Paths of functions as reports print them, split into segments; and what changes in them when code moves to another crate
 * or module: a prefix that is replaced wherever a path begins with it.
 */

/** What a moved handler's paths began with, and begin with now: `pprof` and `fork::vendored`. */
export interface Prefix {
  readonly from: string;
  readonly to: string;
}

/** The segments of a path, crate first; of `<a::b::T as c::Trait>::f` those of its self type and what follows: a, b, T, f. */
export function pathSegments(path: string): string[] {
  const segments: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < path.length; at += 1) {
    const char = path[at];
    if (char === "<" || char === "(" || char === "[" || char === "{") depth += 1;
    else if ((char === ">" && path[at - 1] !== "-") || char === ")" || char === "]" || char === "}") depth -= 1;
    else if (depth === 0 && char === ":" && path[at + 1] === ":") {
      segments.push(path.slice(start, at));
      start = at + 2;
      at += 1;
    }
  }
  segments.push(path.slice(start));
  const first = segments[0] ?? "";
  const self = /^<&?(?:mut )?((?:[\w]+::)*[\w]+)(?:<.*>)?(?: as .*)?>$/su.exec(first)?.[1];
  return self === undefined ? segments : [...self.split("::"), ...segments.slice(1)];
}

/** The prefix that differs where one path without its crate ends in the other without its own; null where neither does. */
export function movedPrefix(from: string, to: string): Prefix | null {
  const [before, after] = [pathSegments(from), pathSegments(to)];
  const length = Math.min(before.length, after.length) - 1;
  if (length < 1) return null;
  const tail = (list: readonly string[]): string => list.slice(list.length - length).join("::");
  if (tail(before) !== tail(after)) return null;
  const head = (list: readonly string[]): string => list.slice(0, list.length - length).join("::");
  return { from: head(before), to: head(after) };
}

/** A text with the prefix of every path in it replaced; null changes nothing. */
export function withPrefix(text: string, prefix: Prefix | null): string {
  if (prefix === null || prefix.from === prefix.to) return text;
  const escaped = prefix.from.replaceAll(/[.*+?^${}()|[\]\\]/gu, "\\$&");
  return text.replaceAll(new RegExp(`(?<![\\w:])${escaped}(?=::)`, "gu"), () => prefix.to);
}
