/**
 * Types as values. Interned: two structurally equal types are the same object, so `===` is type equality and `id` a key.
 * Lifetimes are erased. Type parameters are positional: parameter `index` of a definition's full generics (see
 * `Generics` below: the parent's parameters first, `Self` of a trait at 0).
 */
import type { DefId } from "../names/defs.ts";

export type UnknownReason =
  | "unresolved-path"
  | "unresolved-method"
  | "unresolved-field"
  | "unresolved-projection"
  /** A member that a modelled crate would have to declare, and no rule pack does. */
  | "undeclared"
  | "ambiguous"
  | "macro"
  | "limit"
  | "parse-error"
  | "not-inferred";

export interface DynTrait {
  readonly trait: DefId;
  readonly args: readonly Ty[] /* without Self */;
  readonly bindings: readonly { readonly assoc: DefId; readonly ty: Ty }[];
}

export type Ty = {
  readonly id: number /** Has inference variables, parameters, projections or unknowns inside. */;
  readonly flags: number;
} & (
  | { readonly k: "adt"; readonly def: DefId; readonly args: readonly Ty[] }
  /** bool char str i8 … u128 isize usize f32 f64 */
  | { readonly k: "prim"; readonly name: string }
  | { readonly k: "never" }
  | { readonly k: "ref"; readonly mut: boolean; readonly inner: Ty }
  | { readonly k: "ptr"; readonly mut: boolean; readonly inner: Ty }
  | { readonly k: "slice"; readonly inner: Ty }
  | { readonly k: "array"; readonly inner: Ty; readonly len: Ty /* const, param, infer or unknown */ }
  | { readonly k: "tuple"; readonly elems: readonly Ty[] }
  /** Function item or tuple constructor: its own zero-sized type. `args` = full generics of `def`. */
  | { readonly k: "fn-def"; readonly def: DefId; readonly args: readonly Ty[] }
  | {
      readonly k: "fn-ptr";
      readonly params: readonly Ty[];
      readonly ret: Ty;
      readonly abi: string | null;
      readonly variadic: boolean;
    }
  /** `closure` is the index of the closure expression in the body of `body`; `args` are that body's generics. */
  | { readonly k: "closure"; readonly body: DefId; readonly closure: number; readonly args: readonly Ty[] }
  | { readonly k: "dyn"; readonly traits: readonly DynTrait[] }
  /** The hidden type behind `impl Trait` in return position (index: the n-th of the function), or of an async fn/block. */
  | { readonly k: "opaque"; readonly def: DefId; readonly index: number; readonly args: readonly Ty[] }
  | { readonly k: "param"; readonly owner: DefId; readonly index: number; readonly name: string }
  /** `<Self as Trait<args>>::Assoc<own>`; `args` starts with Self. Kept where it cannot be normalised yet. */
  | { readonly k: "proj"; readonly assoc: DefId; readonly args: readonly Ty[] }
  | { readonly k: "const"; readonly value: string /* decimal, "true", … */ }
  | { readonly k: "infer"; readonly index: number; readonly kind: "general" | "int" | "float" }
  | { readonly k: "unknown"; readonly reason: UnknownReason }
);

export interface TraitRef {
  readonly trait: DefId /** args[0] is Self. */;
  readonly args: readonly Ty[];
}
export type Predicate =
  | { readonly k: "trait"; readonly ref: TraitRef }
  | { readonly k: "projection"; readonly assoc: DefId; readonly args: readonly Ty[]; readonly ty: Ty };

/** Full generics of a definition: its parent's parameters first. A trait has `Self` as parameter 0. `impl Trait` arguments are parameters at the end. */
export interface GenericsOf {
  readonly params: readonly {
    readonly owner: DefId;
    readonly name: string;
    readonly kind: "self" | "type" | "const" | "impl-trait";
    readonly default: (() => Ty) | null;
  }[];
  /** How many of `params` belong to the parent (impl, trait). */
  readonly parentCount: number;
  readonly predicates: readonly Predicate[];
}
export interface FnSig {
  readonly params: readonly Ty[];
  readonly ret: Ty;
  readonly hasSelf: boolean;
  readonly abi: string | null;
  readonly variadic: boolean;
  readonly async: boolean;
  readonly unsafe: boolean;
}
