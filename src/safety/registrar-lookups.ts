/**
 * Registrars that a program looks up by their names while it runs: `dlsym(RTLD_NEXT, c"sigaction".as_ptr())`.
 *
 * Input: a crate whose text names a function that looks up. Output: the functions and constants that hold a registrar's name as a C string, or as any
 * string where they look up themselves. What is called through the address is not followed: it is told as unknown.
 */
import type { Bodies } from "../calls/bodies.ts";
import type { CrateId } from "../crates/crate-graph.ts";
import type { Registrars } from "../model/registrars.ts";
import type { PassedRegistrar } from "./registrar-uses.ts";

/** The definitions of a crate that name a registrar for a look-up. */
export function lookedUp(bodies: Bodies, registrars: Registrars, crate: CrateId): readonly PassedRegistrar[] {
  const { names } = bodies;
  const { lookups, symbols } = registrars;
  if (lookups.size === 0 || !names.mayMention(crate, [...lookups])) return [];
  const literal = new RegExp(`(c?)"(${[...symbols].join("|")})(\\\\0)?"`, "g");
  if (!names.mayMatch(crate, new RegExp(literal.source))) return [];
  const looksUp = new RegExp(`\\b(?:${[...lookups].join("|")})\\b`);
  return bodies.mentioning(crate, [...symbols]).flatMap((def): PassedRegistrar[] => {
    const { item } = names.def(def);
    const text = item === null ? "" : item.source.text.slice(item.start, item.end);
    for (const [, c, symbol = "", end] of text.matchAll(literal)) {
      const [registrar] = registrars.bySymbol(symbol);
      const isName = c === "c" || end !== undefined || looksUp.test(text);
      if (registrar !== undefined && item !== null && isName && registrar.entryKind === "signal")
        return [{ registrar, body: { def, closure: null }, span: item.keySpan ?? item.span }];
    }
    return [];
  });
}
