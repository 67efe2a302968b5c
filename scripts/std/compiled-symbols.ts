/**
 * Names of compiled functions, taken apart: `<alloc::vec::Vec<u8> as core::clone::Clone>::clone`, `<std::time::Instant>::now`, `core::str::from_utf8`.
 *
 * Paths in symbols are those of definition, which private modules are part of; the documentation redirects from each to the public path.
 * Closures, drop glue and what an unnamed type is part of are not functions of the interface: null.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export interface Symbol {
  /** Self type as Rust text with public paths; null for free functions. */
  readonly self: string | null;
  /** Trait as Rust text, with its arguments. */
  readonly trait: string | null;
  /** Name of the method, path of a free function. */
  readonly name: string;
  /** Arguments of the function itself. */
  readonly args: readonly string[];
}

/** From the path of definition to the public one, for every page that redirects. */
export function readRedirects(html: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const crate of ["core", "alloc", "std"]) {
    for (const entry of readdirSync(path.join(html, crate), { withFileTypes: true, recursive: true })) {
      if (!/^(struct|enum|union|trait|fn)\.\w+\.html$/.test(entry.name)) continue;
      const file = path.join(entry.parentPath, entry.name);
      const target = /http-equiv="refresh" content="0;URL=([^"]*)"/.exec(readFileSync(file, "utf8"))?.[1];
      if (target !== undefined)
        found.set(rustPath(html, file), rustPath(html, path.resolve(path.dirname(file), target)));
    }
  }
  return found;
}

/** The name with public paths. */
export function publicName(name: string, redirects: ReadonlyMap<string, string>): string {
  return name.replace(/\b(?:core|alloc|std)(?:::\w+)+/g, (one) => redirects.get(one) ?? one);
}

/** Takes a demangled name apart. */
export function parseSymbol(name: string, redirects: ReadonlyMap<string, string>): Symbol | null {
  if (/\{|drop_in_place|\b_\b|unsafe<|dyn for/.test(name)) return null;
  const publicly = (text: string): string => publicName(text, redirects);
  if (!name.startsWith("<")) {
    const [base, args] = argsOf(name);
    return { self: null, trait: null, name: redirects.get(base) ?? base, args: args.map(publicly) };
  }
  const end = closing(name, 0);
  const [method, args] = argsOf(name.slice(end + 1).replace(/^::/, ""));
  if (!/^\w+$/.test(method)) return null;
  const [self = "", trait = null] = split(name.slice(1, end), " as ");
  return {
    self: publicly(self),
    trait: trait === null ? null : publicly(trait),
    name: method,
    args: args.map(publicly),
  };
}

/** `f::<A, B>` is `f` and its arguments. */
function argsOf(text: string): [string, string[]] {
  const at = text.indexOf("::<");
  if (at < 0 || !text.endsWith(">")) return [text, []];
  return [text.slice(0, at), split(text.slice(at + 3, -1), ", ")];
}

function closing(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "<") depth += 1;
    else if (text[at] === ">" && text[at - 1] !== "-") {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return text.length;
}

/** At depth 0 of brackets. */
export function split(text: string, by: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? "";
    if ("<([".includes(letter)) depth += 1;
    else if (")]".includes(letter) || (letter === ">" && text[at - 1] !== "-")) depth -= 1;
    else if (depth === 0 && text.startsWith(by, at)) {
      parts.push(text.slice(from, at));
      from = at + by.length;
    }
  }
  parts.push(text.slice(from));
  return parts;
}

/** `std/vec/struct.Vec.html` is `std::vec::Vec`. */
export function rustPath(html: string, file: string): string {
  const relative = path.relative(html, file).split(path.sep);
  const last = relative.pop() ?? "";
  const name = /^\w+\.(\w+)!?\.html$/.exec(last)?.[1] ?? last;
  return [...relative, name].join("::");
}
