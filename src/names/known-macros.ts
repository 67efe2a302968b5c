/**
 * Derives and attributes of procedural macros that data describes: which rule a path means where it stands.
 *
 * By the last name of the path and the packages that provide it: the deriving crate depends on one of them (or is it), and where the
 * path or an import says which crate it comes from, it comes from that one. A macro through any other crate is not known.
 */
import type { CrateId } from "../crates/crate-graph.ts";
import type { AttributeRule, DeriveRule } from "../model/generated-code.ts";
import type { DefId } from "./defs.ts";
import { externCrate, moduleOf } from "./lookup.ts";
import { type CrateState, crateOf, type Store } from "./store.ts";

/** The derive's rule, and the crate that is `$crate` in its text. */
export function deriveRule(
  store: Store,
  crate: CrateState,
  module: DefId,
  path: string,
): { readonly rule: DeriveRule; readonly provider: CrateId } | null {
  const names = path.replace(/\s/g, "").replace(/^::/, "").split("::");
  for (const rule of store.generated.derives) {
    if (rule.name !== names.at(-1)) continue;
    const provider = providerOf(store, crate, module, names, rule.packages, rule.versions);
    if (provider !== null) return { rule, provider };
  }
  return null;
}

/** The rule of an attribute macro. */
export function attributeRule(store: Store, crate: CrateState, module: DefId, path: string): AttributeRule | null {
  const names = path.replace(/\s/g, "").replace(/^::/, "").split("::");
  const found = store.generated.attributes.find(
    (rule) =>
      rule.names.includes(names.at(-1) ?? "") && providerOf(store, crate, module, names, rule.packages) !== null,
  );
  return found ?? null;
}

function providerOf(
  store: Store,
  crate: CrateState,
  module: DefId,
  names: readonly string[],
  packages: readonly string[],
  versions?: string,
): CrateId | null {
  const fits = (id: CrateId): boolean => {
    const owner = crateOf(store, id).node?.package;
    if (owner === undefined || !packages.includes(owner.name)) return false;
    return versions === undefined || store.satisfies(owner.version, versions);
  };
  const named = names.length > 1 ? (names[0] ?? "") : importedFrom(store, module, names[0] ?? "");
  if (named !== null && named !== "crate" && named !== "self") {
    const id = externCrate(store, crate.id, named);
    if (id !== null) return fits(id) ? id : null;
    // The crate of the procedural macro itself: what it makes names the crate it belongs to.
    if (!packages.some((name) => name.replaceAll("-", "_") === named)) return null;
  }
  if (fits(crate.id)) return crate.id;
  return [...crate.deps.values()].find(fits) ?? null;
}

/** First name of the import by which a name is known in a module or around a block; null where no import says it. */
function importedFrom(store: Store, module: DefId, name: string): string | null {
  for (let at = moduleOf(store, module); ; at = moduleOf(store, at.parent)) {
    const [found] = at.imports.get(name) ?? [];
    if (found !== undefined) return found.path[0] ?? null;
    if (!at.block || at.parent === null) return null;
  }
}
