/**
 * Paths as a person says them: `<a::b::T as c::D>::f` is `T::f`, `a::b::f` is `f`. For places where the whole path stands
 * near; two functions may have one short name, so nothing is ever looked up or merged by it.
 */

/** The last words of a function's or value's path: a type with its function, a function alone, closures with their owner. */
export function shortName(path: string): string {
  const parts = segments(path);
  const last = parts.at(-1) ?? path;
  const owner = parts.at(-2);
  if (owner === undefined) return last.startsWith("<") && last.endsWith(">") ? selfOf(last) : last;
  if (last.startsWith("{")) return `${shortName(parts.slice(0, -1).join("::"))}::${last}`;
  if (owner.startsWith("<")) return `${selfOf(owner)}::${last}`;
  return /^\p{Lu}/u.test(owner) ? `${owner}::${last}` : last;
}

/** `<a::T as b::D>` and `<a::T>` as `T`. */
function selfOf(qualified: string): string {
  const inner = qualified.slice(1, -1);
  const at = topLevel(inner, " as ");
  const self = at === -1 ? inner : inner.slice(0, at);
  const [, mark = "", name = self] = /^([&*]\s*(?:mut |const )?)?(.*)$/su.exec(self) ?? [];
  return `${mark}${segments(name).at(-1) ?? name}`;
}

function segments(path: string): string[] {
  const out: string[] = [];
  let rest = path;
  for (let at = topLevel(rest, "::"); at !== -1; at = topLevel(rest, "::")) {
    out.push(rest.slice(0, at));
    rest = rest.slice(at + 2);
  }
  return [...out, rest];
}

/** Where a mark stands outside all brackets; -1 where it does not. */
function topLevel(text: string, mark: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? "";
    if (depth === 0 && text.startsWith(mark, at)) return at;
    if ("<([{".includes(char)) depth += 1;
    else if (")]}".includes(char) || (char === ">" && text[at - 1] !== "-")) depth = Math.max(0, depth - 1);
  }
  return -1;
}
