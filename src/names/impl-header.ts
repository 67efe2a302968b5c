/**
 * What an impl's header says as far as names alone decide: its trait, and the outermost constructor of its self type.
 *
 * Nothing is lowered to a type, so that an impl that nobody needs costs no more than this. Where names do not decide (an alias, a projection, a trait
 * object) the head is open. The headers of packs' impls are kept by the build (keep-store.ts), those of impls that macros made are told from their
 * tokens (impl-tokens.ts).
 */
import type { Path, TypeRef } from "../syntax/ast.ts";
import type { DefId, PathRes } from "./defs.ts";
import { heads } from "./heads.ts";
import { resolveInScope } from "./resolve.ts";
import { defOf, type Store } from "./store.ts";

/** The trait of an impl; null where it makes none true: a negative one, or one of a trait that is not found. */
export function implTrait(store: Store, id: DefId): DefId | "inherent" | null {
  const kept = store.kept?.implTrait(id);
  if (kept !== undefined) return kept;
  const header = headerOf(store, id);
  if (header === null || header.negative) return null;
  if (header.trait === null) return "inherent";
  const { module } = defOf(store, id);
  // No parameter is a trait, and the item of a made impl is not to be read for its parameters.
  const named = resolveInScope(store, { module, owner: null }, header.trait, "type");
  const def = named.k === "def" ? named.def : named.k === "base" && named.base.k === "def" ? named.base.def : null;
  return def !== null && defOf(store, def).kind === "trait" ? def : null;
}

function headerOf(store: Store, id: DefId): { readonly negative: boolean; readonly trait: Path | null } | null {
  const made = store.madeImpls.get(id);
  if (made !== undefined) return made;
  const { item } = defOf(store, id);
  return item?.k === "impl" ? item : null;
}

/** Constructor of an impl's self type as a key (`headKey` of the types layer gives the same); null for a parameter, undefined where names do not decide. */
export function implHead(store: Store, id: DefId): string | null | undefined {
  const kept = store.kept?.implHead(id);
  if (kept !== undefined) return kept;
  const made = store.madeImpls.get(id)?.self;
  if (made?.k === "head") return made.head;
  const { module } = defOf(store, id);
  if (made?.k === "path") return headOfName(store, resolveInScope(store, { module, owner: null }, made.path, "type"));
  const { item } = defOf(store, id);
  if (item?.k !== "impl") return undefined;
  return headOf(item.selfTy, (path) => resolveInScope(store, { module, owner: id }, path, "type"), store);
}

function headOf(ty: TypeRef, resolve: (path: Path) => PathRes, store: Store): string | null | undefined {
  switch (ty.k) {
    case "path":
      return ty.path.qself === null ? headOfName(store, resolve(ty.path)) : undefined;
    case "ref":
      return heads.ref(ty.mut);
    case "ptr":
      return heads.ptr(ty.mut);
    case "slice":
      return heads.slice;
    case "array":
      return heads.array;
    case "tuple":
      return heads.tuple(ty.elems.length);
    case "fn":
      return heads.fnPtr(ty.params.length);
    case "never":
      return heads.never;
    case "dyn":
    case "impl":
    case "infer":
    case "macro":
    case "error":
      return undefined;
    default:
      return ty satisfies never;
  }
}

function headOfName(store: Store, found: PathRes): string | null | undefined {
  if (found.k === "def") {
    const { kind } = defOf(store, found.def);
    return kind === "struct" || kind === "enum" ? heads.adt(found.def) : undefined;
  }
  if (found.k !== "base") return undefined;
  if (found.base.k === "prim") return heads.prim(found.base.name);
  return found.base.k === "param" && found.base.param.k === "type" ? null : undefined;
}
