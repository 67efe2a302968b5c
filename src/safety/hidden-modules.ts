/**
 * Modules that a macro declares which was not expanded: `mods_in! { mod signals; }`, `all_of!("src/handlers");`. Their files are there and nobody
 * read them: what such a file installs is not known.
 *
 * A file is taken for such a module where it calls a registrar, is no module that was seen, and a part of its path stands in the macro's call.
 */
import type { Bodies } from "../calls/bodies.ts";
import type { CrateId } from "../crates/crate-graph.ts";
import { matchedNames, type Registrars } from "../model/registrars.ts";
import type { HiddenRegistrar } from "./registrar-uses.ts";
import { callLike, type RegistrarWords } from "./registrar-words.ts";

/** One for each file. */
export function hiddenModules(
  bodies: Bodies,
  registrars: Registrars,
  crate: CrateId,
  words: RegistrarWords,
): readonly HiddenRegistrar[] {
  const { names } = bodies;
  const calls = names.problems().flatMap(({ crate: owner, reason, def, span, text, inside }) => {
    const isCall = owner === crate && reason === "unknown-macro" && def !== null && inside !== undefined;
    return isCall ? [{ def, span, text, words: new Set(inside.match(/\w+/g)) }] : [];
  });
  if (calls.length === 0) return [];
  const found = new Map<string, HiddenRegistrar>();
  for (const word of words.names) {
    const registrar = registrars.all.find(({ match }) => matchedNames(match).includes(word));
    if (registrar === undefined) continue;
    const call = callLike(new Set(words.methods.has(word) ? [word, `.${word}`] : [word]));
    for (const { path, text } of names.strayTexts(word, crate)) {
      if (found.has(path) || !call.test(text)) continue;
      const parts = path.replace(/\.rs$/, "").split("/");
      const by = calls.find((one) => parts.some((part) => one.words.has(part)));
      if (by === undefined) continue;
      const macro = `${path}, which is no module that was seen and may be one of ${by.text}`;
      found.set(path, { registrar, body: { def: by.def, closure: null }, span: by.span, macro });
    }
  }
  return [...found.values()];
}
