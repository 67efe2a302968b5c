/**
 * The questions that `calls` and `safety` ask of types. One object per program; all answers are memoised and do not
 * depend on the order of the questions. Nothing here throws; an unknown type is a value with a reason.
 */
import type { DefId, Names } from "../names/defs.ts";
import type { FnSig, GenericsOf, Predicate, TraitRef, Ty, UnknownReason } from "./ty.ts";
import type { BodyFacts, TypedBody } from "./typed-body.ts";

/** An impl that was chosen for a trait reference, with the impl's generics filled in. */
export type Selection =
  | {
      readonly k: "impl";
      readonly impl: DefId;
      readonly args: readonly Ty[] /** Where-clauses that could not be decided. */;
      readonly assumed: boolean;
    }
  /** A bound of the surrounding definition (`T: Trait`). */
  | { readonly k: "param"; readonly predicate: Predicate }
  /** Compiler-made: Fn* for closures, fn items and pointers; Clone/Copy for tuples, arrays, closures, fn pointers; Sized, auto traits; Drop glue; dyn's own trait; futures of async bodies; Iterator for … */
  | {
      readonly k: "builtin";
      readonly what: "closure" | "fn-def" | "fn-ptr" | "clone" | "copy" | "sized" | "auto" | "dyn" | "future" | "other";
    }
  | { readonly k: "ambiguous"; readonly candidates: readonly DefId[] }
  | { readonly k: "none" };

export interface Types {
  readonly names: Names;
  genericsOf(def: DefId): GenericsOf;
  /** Signature in terms of the definition's own generics. */
  fnSig(def: DefId): FnSig;
  /** Declared type of a const, static, struct field (`fieldTys`), alias. */
  typeOf(def: DefId): Ty;
  /** Field types of a struct, union or variant, in terms of the type's generics. */
  fieldTys(def: DefId): readonly Ty[];
  implTraitRef(impl: DefId): TraitRef | null;
  implSelfTy(impl: DefId): Ty;
  subst(ty: Ty, args: readonly Ty[]): Ty;
  /** Replaces projections, aliases and (with `reveal`) opaque types by what they stand for, in an environment of predicates. */
  normalize(ty: Ty, env: readonly Predicate[], reveal?: boolean): Ty;
  /** Which impl makes `ref` true? Concrete types give one impl; parameters are looked up in `env`. */
  select(ref: TraitRef, env: readonly Predicate[]): Selection;
  implements(ref: TraitRef, env: readonly Predicate[]): "yes" | "no" | "maybe";
  /**
   * The function that runs for a trait's member with these full generics (trait's args first): the impl's member, else
   * the trait's default body. Null with a reason where the type does not say.
   */
  resolveMember(
    member: DefId,
    args: readonly Ty[],
    env?: readonly Predicate[],
  ):
    | { readonly def: DefId; readonly args: readonly Ty[]; readonly selection: Selection }
    | { readonly def: null; readonly selection: Selection };
  /** `impl Drop for T`: its `drop` method and the impl's generics, for an ADT type. */
  dropImpl(ty: Ty): { readonly def: DefId; readonly args: readonly Ty[] } | null;
  isCopy(ty: Ty, env: readonly Predicate[]): boolean;
  /** False only where dropping a value of the type runs no code at all. */
  needsDrop(ty: Ty): boolean;
  /** The hidden type of an opaque type. */
  reveal(ty: Ty & { readonly k: "opaque" }): Ty;
  typedBody(def: DefId): TypedBody | null;
  /** What is known of a body's closures and hidden types, without its nodes. */
  bodyFacts(def: DefId): BodyFacts | null;
  /** Lets the types of a body's nodes go, once its control flow is built: its facts stay, the rest is inferred again where it is asked for. */
  shed(def: DefId): void;
  /** Lets all types of a body go; they are inferred again where they are asked for. */
  forget(def: DefId): void;
  /** Value of a constant expression where it can be told: integer consts, `size_of` of known types, const fns with simple bodies. */
  constValue(def: DefId, args: readonly Ty[]): string | null;
  sizeOf(ty: Ty): number | null;
  /** Alignment in bytes, where it can be told. */
  alignOf(ty: Ty): number | null;
  print(ty: Ty): string;
  refTo(ty: Ty, mut: boolean): Ty;
  /** `*mut T`. */
  ptrTo(ty: Ty): Ty;
  tupleOf(elems: readonly Ty[]): Ty;
  readonly boolTy: Ty;
  adt(def: DefId, args: readonly Ty[]): Ty;
  /** `<args[0] as Trait<..>>::Assoc`, replaced by what it stands for where that is known. */
  projection(assoc: DefId, args: readonly Ty[]): Ty;
  /** A type that was lost, and why. */
  unknown(reason: UnknownReason): Ty;
  /** A pack function that gives one of its arguments back (`transmute`, `Box::new`, `Arc::clone`): which one. From `returns` of its entry. */
  passesArgument(def: DefId): number | null;
  /** A pack function that fills a cell which it is given: forces it, or is run while it holds nothing. From `forces` and `entered` of its entry. */
  fillsCell(def: DefId): boolean;
  /** Type of the n-th closure of a definition's body, with the definition's own parameters. */
  closureTy(def: DefId, closure: number): Ty;
  /** Names of the fields of a struct, union or variant, in order ("0", "1" for tuples). */
  fieldNames(def: DefId): readonly string[];
  /** `core::fmt::Display::fmt` for "Display" and so on; null where no pack declares it. */
  formatMethod(trait: import("../syntax/ast-body.ts").FormatTrait): DefId | null;
  /** `&mut Formatter`. */
  formatterRef(): Ty;
}
