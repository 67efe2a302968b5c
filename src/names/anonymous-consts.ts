/**
 * Impls in `const _: () = { … };`: such a body is expanded when a trait, or a type with inherent impls, is asked for that it may be about.
 *
 * Whoever writes an impl names the trait, or the type where there is none: in the text, or in a macro that is called there. What derives and
 * attribute macros make is not told from words: a body with one is always expanded. Where the name is imported under another, that counts too.
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

/** More names than these are not told apart. */
const MAX_NAMES = 20;

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
  const all = namesOf(store, crate, name);
  const words = all === null ? null : [...all, ...macrosMentioning([...all], crate.id)];
  const now = new Set(anonymous.filter((id) => mayBeAbout(store, id, words)));
  const later = anonymous.filter((id) => !now.has(id));
  anonymous.length = 0;
  pushAll(anonymous, later);
  for (const id of now) {
    wordsOf.delete(defOf(store, id).item ?? {});
    expand(id);
  }
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

/** The name, and the names that the crate, or one that it can import from, gives it besides; null where they cannot be told. */
function namesOf(store: Store, crate: CrateState, name: string): ReadonlySet<string> | null {
  const found = new Set([name]);
  const seen = new Set<CrateId>([crate.id]);
  // The sets grow while they are walked.
  for (const id of seen) for (const dep of crateOf(store, id).deps.values()) seen.add(dep);
  for (const one of found) {
    if (found.size > MAX_NAMES) return null;
    for (const id of seen) {
      const { node } = crateOf(store, id);
      if (node === null || !store.files.mentions(node, [one])) continue;
      const others = store.files.otherNames(node, one);
      if (others === null) return null;
      for (const other of others) if (other !== "_") found.add(other);
    }
  }
  return found;
}
