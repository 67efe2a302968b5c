/**
 * The tables of docs/std-model.md: what the packs do not declare, and where they and the compiled library differ, each with its reason.
 *
 * A reason names what it is for in its first cell, between backticks; `…` stands for any text. One that nothing needs any more is told as well.
 */
import type { ApiItem } from "./docs-api.ts";

export interface Reason {
  readonly pattern: string;
  readonly section: string;
  readonly why: string;
}

/** Every row whose first cell is code, with the heading it stands under. */
export function documentedReasons(markdown: string): readonly Reason[] {
  let section = "";
  return markdown.split("\n").flatMap((line) => {
    section = /^## (.*)$/.exec(line)?.[1] ?? section;
    const [, pattern, why = ""] = /^\| `([^`]+)` \| (.*) \|$/.exec(line) ?? [];
    return pattern === undefined ? [] : [{ pattern, section, why }];
  });
}

/** What an item is called in the document and on the terminal: an impl's header, or a path. */
export function nameOf(item: ApiItem): string {
  const header = item.header.replace(/ where .*$/, "").replace(/\b(?:std|core|alloc)::(?:\w+::)*/g, "");
  if (item.kind === "impl") return header;
  return item.header === "" || item.name === "" ? pathOf(item) : `${header}::${item.name}`;
}

function pathOf(item: ApiItem): string {
  return item.kind === "required" || item.kind === "provided" ? `${item.path}::${item.name}` : item.path;
}

/** A difference as the tables name it: the function, then what each side says of it. */
export function differenceOf(
  symbol: string,
  machine: readonly string[],
  other: string,
  says: readonly string[],
): string {
  return `${symbol}: machine code ${machine.join("+") || "nothing"}, ${other} ${says.join("+") || "nothing"}`;
}

/** What each reason stands for, and what is wrong: names without a reason, and reasons without a name. */
export interface Explained {
  readonly standsFor: ReadonlyMap<Reason, readonly string[]>;
  readonly wrong: readonly string[];
}

/** Gives each name the first reason that fits. */
export function explained(names: readonly string[], reasons: readonly Reason[]): Explained {
  const standsFor = new Map<Reason, string[]>(reasons.map((reason) => [reason, []]));
  const left = new Set<string>();
  for (const name of new Set(names)) {
    const reason = reasons.find(({ pattern }) => fits(pattern, name));
    if (reason === undefined) left.add(name);
    else standsFor.get(reason)?.push(name);
  }
  const idle = reasons.filter((reason) => standsFor.get(reason)?.length === 0);
  return { standsFor, wrong: [...left, ...idle.map(({ pattern }) => `no longer needed: ${pattern}`)] };
}

/** Does a row stand for a name? */
export function fits(pattern: string, name: string): boolean {
  const [first = "", ...rest] = pattern.split("…");
  const last = rest.pop();
  if (last === undefined) return name === pattern;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length >= at + last.length && name.endsWith(last);
}
