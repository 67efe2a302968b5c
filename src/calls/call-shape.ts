/**
 * Could a function's name, where it stands in a text, be a call of the function or its value? Told by what stands around it.
 *
 * Where a function is declared by the name it is not called, nor in a comment or string. A function without a receiver is named by a path, never
 * behind a dot; a method that is called behind a dot has parentheses, empty or not as its parameters are. A member that stands neither behind a
 * dot nor behind `::` is something else by that name, as is what begins a longer path or stands before a colon; not so in arguments of macros,
 * which may make anything of it. Wherever a comment stands between, the answer is yes.
 */
import { isWordCode } from "../base/word-set.ts";
import type { DefId, Names } from "../names/defs.ts";
import type { WordPlace } from "../syntax/word-places.ts";
import { pastBlanks, type Shape } from "./mentions.ts";

/** The shape of a function's name where it is meant; `owners` are all names of the type whose own function it is, where they are known. */
export function callShape({ def }: Names, target: DefId, owners: ReadonlySet<string> | null = null): Shape {
  const { item, parent } = def(target);
  const takes = item?.k !== "fn" ? null : item.selfParam === null ? "path" : item.params.length === 0 ? "none" : "some";
  const of = takes === "path" ? owners : null;
  const outer = parent === null ? null : def(parent).kind;
  const isMember = outer === "impl" || outer === "trait";
  return {
    key: `${takes ?? ""}${isMember ? "." : ""}${of === null ? "" : `:${[...of].sort().join(" ")}`}`,
    fits(text, start, end, placeOf) {
      if (takes === null) return true;
      if (!fits(takes, text, start, end, placeOf) || (of !== null && !isOwned(of, text, start))) return false;
      const place = placeOf(start);
      return place === "macro" || (place === "code" && isNamed(text, start, end, isMember, placeOf));
    },
  };
}

/** Does the word, which is code, name a function: a member by its path or behind a dot, another one as the end of a path? */
function isNamed(
  text: string,
  start: number,
  end: number,
  isMember: boolean,
  placeOf: (at: number) => WordPlace,
): boolean {
  const before = pastBlanks(text, start - 1, -1);
  const next = pastBlanks(text, end, 1);
  if (placeOf(before) === "silent" || placeOf(next) === "silent" || text[start - 1] === "#") return true;
  const isPath = text[before] === ":" && text[before - 1] === ":";
  if (isMember && text[before] !== "." && !isPath) return false;
  if (text[next] !== ":") return true;
  if (text[next + 1] !== ":") return false;
  const behind = pastBlanks(text, next + 2, 1);
  return text[behind] === "<" || placeOf(behind) === "silent";
}

/** `Name::function`: is it one of these names, or does the text not say which type it is? */
function isOwned(owners: ReadonlySet<string>, text: string, start: number): boolean {
  const colon = pastBlanks(text, start - 1, -1);
  if (text[colon] !== ":" || text[colon - 1] !== ":") return true;
  const last = pastBlanks(text, colon - 2, -1);
  let first = last;
  while (isWordCode(text.charCodeAt(first))) first -= 1;
  const name = text.slice(first + 1, last + 1);
  return name === "" || name === "Self" || text[first] === "$" || owners.has(name);
}

function fits(
  takes: "path" | "none" | "some",
  text: string,
  start: number,
  end: number,
  placeOf: (at: number) => WordPlace,
): boolean {
  if (declares(text, start)) return false;
  const before = pastBlanks(text, start - 1, -1);
  // A comment may end with a dot.
  if (placeOf(before) === "silent") return true;
  const isMember = text[before] === "." && text[before - 1] !== ".";
  if (takes === "path") return !isMember;
  if (!isMember) return true;
  const next = pastBlanks(text, end, 1);
  if (text[next] !== "(") return text[next] === ":" || text[next] === "/";
  const first = text[pastBlanks(text, next + 1, 1)];
  return first === "/" || (first === ")") === (takes === "none");
}

/** Is the word at `at` the name of a function that is declared there? That is no mention of it. */
function declares(text: string, at: number): boolean {
  let last = at - 1;
  while (text[last] === " ") last -= 1;
  return last < at - 1 && text[last] === "n" && text[last - 1] === "f" && !isWordCode(text.charCodeAt(last - 2));
}
