/**
 * What a body declares: items of its blocks, of modules and impls there too.
 *
 * A body is expanded for that only where its text, or a macro that it calls, can write an item at all.
 */
import { pushAll } from "../base/push-all.ts";
import type { CrateId } from "../crates/crate-graph.ts";
import type { DefId, Names } from "../names/defs.ts";

/** Functions, constants, statics, types and impls in the body of a definition; their own bodies are not looked into. */
export function declaredInBody(names: Names, def: DefId): readonly DefId[] {
  const { item, children, crate } = names.def(def);
  if (item === null || !mayDeclare(names, crate, item.source.text.slice(item.start, item.end))) return [];
  names.enterBody(def);
  const found: DefId[] = [];
  const pending = children.filter((child) => names.def(child).kind === "block");
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const inner = names.def(id);
    if (inner.item !== null) found.push(id);
    if (inner.kind === "block" || inner.kind === "mod" || inner.kind === "impl" || inner.kind === "trait")
      pushAll(pending, inner.children);
  }
  return found;
}

/** The constant or static in whose body something is declared; null where it is not in one. */
export function constantAround(names: Names, def: DefId): DefId | null {
  let at = names.def(def).parent;
  while (at !== null && names.def(at).kind === "block") at = names.def(at).parent;
  const kind = at === null ? null : names.def(at).kind;
  return kind === "const" || kind === "static" ? at : null;
}

/** These definitions, and what bodies among them declare whose text passes the test; a body in a body too. */
export function withDeclared(names: Names, defs: readonly DefId[], test: (text: string) => boolean): readonly DefId[] {
  const all = new Set(defs);
  // The set grows on the way.
  for (const def of all) {
    const { item, kind } = names.def(def);
    if (item === null || (kind !== "fn" && kind !== "const" && kind !== "static")) continue;
    if (test(item.source.text.slice(item.start, item.end)))
      for (const inner of declaredInBody(names, def)) all.add(inner);
  }
  return [...all];
}

/** Keywords of items, as far as they are not those of types: `*const u8`, `&'static str`, `fn(u8)`. */
const keyword = /\b(?:fn|impl|trait|mod|struct|enum)\s|(?<!['\w])static\s|(?<![*\w]\s{0,3})const\b/;
const written = ["fn", "static", "const", "impl", "trait", "mod"];
const macroCall = /\b([A-Za-z_]\w*)\s*!\s*[({[]/g;

function mayDeclare(names: Names, crate: CrateId, text: string): boolean {
  // Behind the signature: its own keyword, and those of its types, are none of an item inside.
  const start = text.search(/[{=]/);
  if (start < 0) return false;
  const body = text.slice(start);
  if (keyword.test(body)) return true;
  let macros: ReadonlySet<string> | null = null;
  for (const [, name = ""] of body.matchAll(macroCall)) {
    macros ??= itemMacros(names, crate);
    if (macros.has(name)) return true;
  }
  return false;
}

const memo = new WeakMap<Names, Map<CrateId, ReadonlySet<string>>>();

/** Macros that could write an item in a crate. */
function itemMacros(names: Names, crate: CrateId): ReadonlySet<string> {
  const known = memo.get(names) ?? new Map<CrateId, ReadonlySet<string>>();
  memo.set(names, known);
  let macros = known.get(crate);
  if (macros === undefined) {
    macros = new Set(names.macrosMentioning(written, crate));
    known.set(crate, macros);
  }
  return macros;
}
