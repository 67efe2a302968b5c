/**
 * Impls in `const _: () = { … };`: such a body is expanded when a trait, or a type with inherent impls, is asked for that it may be about.
 *
 * Whoever writes an impl names the trait, or the type where there is none: in the text, or in a macro that is called there. What derives and
 * attribute macros make is not told from words: a body with one is always expanded, as are all where the name has another name somewhere.
 */
import { pushAll } from "../base/push-all.ts";
import type { CrateId } from "../crates/crate-graph.ts";
import type { DefId } from "./defs.ts";
import type { MacroWordsLookUp } from "./macro-words.ts";
import { type CrateState, crateOf, defOf, type Store } from "./store.ts";

interface Waiting {
  /** Words for which the bodies that still wait were looked through. */
  readonly asked: Set<string>;
  /** How many waited then. */
  size: number;
}

const waiting = new WeakMap<CrateState, Waiting>();
const wordsOf = new WeakMap<object, ReadonlySet<string> | null>();

/** Expands the bodies of a crate's anonymous constants that may hold impls of a trait of this name, or `inherent` ones of a type; all where nothing is named. */
export function expandAnonymous(
  store: Store,
  crate: CrateState,
  wanted: string | null | undefined,
  {
    macrosMentioning,
    expand,
  }: {
    readonly macrosMentioning: MacroWordsLookUp;
    readonly expand: (id: DefId) => void;
  },
): void {
  const { anonymous } = crate;
  if (anonymous.length === 0 || wanted === null) return;
  const name = wanted?.replace(/^inherent /, "") ?? "";
  if (name === "") {
    for (let id = anonymous.pop(); id !== undefined; id = anonymous.pop()) expand(id);
    return;
  }
  const state = waiting.get(crate) ?? { asked: new Set<string>(), size: -1 };
  waiting.set(crate, state);
  if (state.size !== anonymous.length) state.asked.clear();
  state.size = anonymous.length;
  if (state.asked.has(name)) return;
  const words = hasOtherNames(store, crate, name) ? null : [name, ...macrosMentioning([name], crate.id)];
  const now = new Set(anonymous.filter((id) => mayBeAbout(store, id, words)));
  const later = anonymous.filter((id) => !now.has(id));
  anonymous.length = 0;
  pushAll(anonymous, later);
  for (const id of now) expand(id);
  if (anonymous.length !== later.length) return;
  state.size = later.length;
  state.asked.add(name);
}

function mayBeAbout(store: Store, id: DefId, words: readonly string[] | null): boolean {
  const { item } = defOf(store, id);
  if (words === null || item === null) return true;
  let written = wordsOf.get(item);
  if (written === undefined) {
    const text = item.source.text.slice(item.start, item.end);
    written = madeUnseen.test(text) ? null : new Set(text.match(/\w+/g));
    wordsOf.set(item, written);
  }
  return written === null || words.some((word) => written.has(word));
}

/** Derives, included files, and attributes but for those that make nothing. */
const madeUnseen =
  /\bderive\b|\binclude\s*!|#(?:\s*!)?\s*\[(?!\s*(?:allow|warn|deny|forbid|expect|cfg|cfg_attr|doc|inline|cold|must_use|deprecated|track_caller|automatically_derived|rustfmt|clippy|target_feature|repr)\b)/;

/** Does the crate, or one that it can import from, give the name another one? */
function hasOtherNames(store: Store, crate: CrateState, name: string): boolean {
  const pattern = new RegExp(`\\b${name}\\s+as\\s+[A-Za-z]`, "u");
  const seen = new Set<CrateId>();
  const pending: CrateId[] = [crate.id];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const { node, deps } = crateOf(store, id);
    if (node === null) continue;
    if (store.files.mentions(node, [name]) && store.files.matches(node, pattern)) return true;
    pending.push(...deps.values());
  }
  return false;
}
