/**
 * Paths of code in their scope: generic parameters and `Self` first, then names (lookup.ts).
 */
import type { Path } from "../syntax/ast.ts";
import type { DefId, Namespace, PathBase, PathRes, Scope } from "./defs.ts";
import { isModule, isPrimitive, resolvePath } from "./lookup.ts";
import { defOf, type LookupResult, moduleAt, type Store } from "./store.ts";

/** What a path means, as far as names decide. */
export function resolveInScope(store: Store, scope: Scope, path: Path, ns: Namespace): PathRes {
  const { segments } = path;
  const first = segments[0];
  const plain = !path.global && path.dollarCrate === null && path.qself === null;
  if (path.qself !== null) return { k: "unresolved", segment: 0, why: "a qualified path is resolved by type" };
  if (first === undefined && path.dollarCrate === null) return { k: "unresolved", segment: 0, why: "empty path" };
  if (plain && first !== undefined) {
    const base =
      first.name === "Self"
        ? selfBase(store, scope)
        : parameter(store, scope, first.name, segments.length === 1 ? ns : "type");
    if (base !== null) return segments.length === 1 ? { k: "base", base } : { k: "partial", base, used: 1 };
  }
  const query = {
    global: path.global,
    dollarCrate: path.dollarCrate,
    names: segments.map((segment) => segment.name),
    use: false,
  };
  const answer = resolvePath(store, scope.module, query, ns);
  if (answer.k === "found") {
    // `use std::str;` does not hide the type of that name: only a type does.
    const hidden =
      plain &&
      ns === "type" &&
      segments.length === 1 &&
      isPrimitive(first?.name ?? "") &&
      isModule(store, answer.result);
    return hidden ? { k: "base", base: { k: "prim", name: first?.name ?? "" } } : found(answer.result);
  }
  if (answer.k === "assoc") {
    const base = baseOf(answer.base);
    return base === null
      ? { k: "unresolved", segment: answer.used, why: "no member of that name" }
      : { k: "partial", base, used: answer.used };
  }
  return { k: "unresolved", segment: answer.segment, why: `no ${ns} named ${segments[answer.segment]?.name ?? ""}` };
}

function found(result: LookupResult): PathRes {
  if (result.k === "def") return { k: "def", def: result.def };
  const base = baseOf(result);
  return base === null ? { k: "unresolved", segment: 0, why: "a macro" } : { k: "base", base };
}

function baseOf(result: LookupResult): PathBase | null {
  if (result.k === "def") return { k: "def", def: result.def };
  return result.k === "prim" ? { k: "prim", name: result.name } : null;
}

function selfBase(store: Store, scope: Scope): PathBase | null {
  for (let at = scope.owner; at !== null; at = ownerOf(store, at)) {
    const { kind } = defOf(store, at);
    if (kind === "impl" || kind === "trait" || kind === "struct" || kind === "enum") return { k: "self-ty", owner: at };
  }
  return null;
}

/** A generic parameter of the owner or of what it is a member of; items of a block inside the owner hide it. */
function parameter(store: Store, scope: Scope, name: string, ns: Namespace): PathBase | null {
  if (ns === "macro") return null;
  for (let at = scope.owner; at !== null; at = ownerOf(store, at)) {
    const { item } = defOf(store, at);
    if (item === null || !("generics" in item)) continue;
    const index = item.generics.params.findIndex(
      (param) => param.name === name && (ns === "type" || param.k === "const"),
    );
    const param = item.generics.params[index];
    if (param !== undefined) return shadowed(store, scope, name, ns) ? null : { k: "param", owner: at, index, param };
  }
  return null;
}

function shadowed(store: Store, scope: Scope, name: string, ns: Namespace): boolean {
  for (
    let module = moduleAt(store, scope.module);
    module?.block === true;
    module = module.parent === null ? undefined : moduleAt(store, module.parent)
  ) {
    if ((ns === "type" ? module.types : module.values).has(name)) return true;
  }
  return false;
}

/** The definition whose parameters are in scope too: the impl or trait of a member, the enum of a variant. */
function ownerOf(store: Store, id: DefId): DefId | null {
  const { parent } = defOf(store, id);
  if (parent === null) return null;
  const { kind } = defOf(store, parent);
  return kind === "impl" || kind === "trait" || kind === "enum" ? parent : null;
}
