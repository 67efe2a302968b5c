/**
 * The inside interface of `types`: what the core (this file's implementers) offers to inference of bodies, and the one
 * thing it asks back (`inferBody`). Types only; nothing here decides anything.
 *
 * Rules that all parts keep:
 * - `Ty` is interned: `===` is equality. Build types through `ctx.tys` only.
 * - A parameter type has `owner` = the definition that declares it and `index` = its position in the full generics of any
 *   definition it is seen from (a parent's parameters come first, so the positions agree): `subst` needs `index` alone.
 * - `fnSig`, `typeOf`, `fieldTys`, `implTraitRef`, predicates are in terms of the definition's own parameters and may
 *   hold projections; `table.instantiate(..)` and `table.normalize(..)` bring them into a body's terms.
 * - An inference variable belongs to one table. Types that are put into memo tables never hold one.
 * - `unknown` unifies with everything and binds nothing; a variable that meets only `unknown` resolves to it in the end.
 */
import type { DefId, Names, PathBase, Scope } from "../names/defs.ts";
import type { GenericArgs, Path, Source, TypeRef } from "../syntax/ast.ts";
import type { Selection } from "./api.ts";
import type { Interner } from "./intern.ts";
import type { FnSig, GenericsOf, Predicate, TraitRef, Ty, UnknownReason } from "./ty.ts";
import type { BodyFacts, TypedBody } from "./typed-body.ts";

/** Predicates that hold in a body, with what follows from them (supertraits). Made by `ctx.envOf` and `ctx.envFrom`; memoised by identity. */
export interface Env {
  readonly id: number;
  readonly predicates: readonly Predicate[];
}

/** What inference must give for a body. */
export interface InferredBody extends TypedBody {
  readonly facts: BodyFacts;
}

/** How types are lowered at a place. */
export interface LowerOptions {
  /** Given in bodies: a fresh variable for `_` and for generic arguments left out. Absent: `_` is unknown("not-inferred"). */
  readonly fresh?: () => Ty;
  /** What `impl Trait` means here: a parameter of `owner` (argument position), an opaque type of `owner` (return position), or an error. */
  readonly implTrait?: { readonly k: "param" | "opaque"; readonly owner: DefId };
  /** `infer`: in an expression's path, where no arguments are written at all they are inferred and not taken from defaults. Holds for the path itself, not inside its arguments. */
  readonly omitted?: "infer";
  /** Type that `Self` stands for where it is not what the scope says (closures in derives never need it). */
  readonly selfTy?: Ty;
}

export interface TypeCtx {
  readonly names: Names;
  readonly tys: Interner;
  /** Definition with `#[lang = name]`; null where no pack has it. Memoised. */
  lang(name: string): DefId | null;
  /** Member of a trait by name and kind (`fn` unless told): `member(lang("deref"), "deref")`. Null-tolerant in the trait. */
  member(owner: DefId | null, name: string, kind?: "fn" | "type-alias" | "const"): DefId | null;

  genericsOf(def: DefId): GenericsOf;
  /**
   * Declared signature; the first parameter is self where `hasSelf`. For an `async fn`, `ret` is the opaque future (index
   * `ASYNC_FN` of intern.ts); `asyncRet(def)` is what was written.
   */
  fnSig(def: DefId): FnSig;
  /** The written return type of any fn (differs from fnSig(def).ret for `async fn` only). */
  asyncRet(def: DefId): Ty;
  /** Const, static, type alias (its target; an associated type's default or an impl's value), struct/enum/union (itself with its parameters). */
  typeOf(def: DefId): Ty;
  fieldTys(def: DefId): readonly Ty[];
  fieldNames(def: DefId): readonly string[];
  implTraitRef(impl: DefId): TraitRef | null;
  implSelfTy(impl: DefId): Ty;
  /** Bounds declared on an opaque type; args[0] of each is the opaque type itself with the parameters of `def`. */
  opaqueBounds(def: DefId, index: number): readonly Predicate[];
  subst(ty: Ty, args: readonly Ty[]): Ty;
  substPredicate(predicate: Predicate, args: readonly Ty[]): Predicate;
  /** The definition's own parameters as types: what a generic body sees. */
  identityArgs(def: DefId): readonly Ty[];
  /** Definition whose generics are in scope in a body or item: fn, impl, trait, struct …; for a variant its enum. */
  genericsOwner(def: DefId): DefId;
  envOf(def: DefId): Env;
  envFrom(predicates: readonly Predicate[]): Env;
  /** `Self` inside an impl or a trait (or a member of one); null elsewhere. */
  selfTyOf(scope: Scope): Ty | null;

  lowerType(ty: TypeRef, scope: Scope, options?: LowerOptions): Ty;
  /** Length of an array or value of a const argument: const, param, or unknown. */
  lowerConst(scope: Scope, source: Source, start: number, end: number): Ty;
  constValue(def: DefId, args: readonly Ty[]): string | null;
  sizeOf(ty: Ty): number | null;
  alignOf(ty: Ty): number | null;

  /** A table for one body. `body`: whose closures are known only to `table.closures` for now. */
  newTable(env: Env, body: DefId | null): InferTable;

  /**
   * Types that `*` gives, step by step, the type itself first. Stops at 64 steps, at a cycle, at a variable (`stuck`).
   * With `unsize` (method look-up, indexing) an array's slice comes last.
   */
  autoderef(table: InferTable, ty: Ty, unsize?: boolean): Autoderef;
  /** One `*x`: builtin on & and Box (and raw pointers with `explicit`), else through Deref; null if it cannot be dereferenced. */
  derefOnce(table: InferTable, ty: Ty, explicit: boolean): DerefStep | null;
  /** Method look-up in rustc's order. On success the variables of the receiver's type are unified as the compiler's confirmation does, and the predicates of the method are registered. */
  probeMethod(table: InferTable, request: MethodRequest): MethodPick;
  /** `<ty>::name`: associated function, constant, type or (through aliases and `Self`) variant. `args` of a found one are full generics with fresh variables for what was not given. */
  resolveAssoc(table: InferTable, request: AssocRequest): AssocRes;
  /**
   * A path in a body in value or type position: names first, then associated items. Locals are only named (`k: "local"`);
   * looking them up is inference's affair (names gives `local` where no item is meant by a single identifier).
   */
  resolvePath(table: InferTable, path: Path, ns: "value" | "type", scope: Scope): ValueRes;
  /** Turbofish of a method or last segment: the definition's own arguments, fresh variables where left out. */
  lowerOwnArgs(table: InferTable, def: DefId, generics: GenericArgs | null, scope: Scope): readonly Ty[];
  /** A declared type, signature or the like brought into the body: substituted, then normalised. */
  instantiate(table: InferTable, ty: Ty, args: readonly Ty[]): Ty;
  instantiateSig(table: InferTable, def: DefId, args: readonly Ty[]): FnSig;
  /** Registers the definition's predicates (where-clauses, `Self: Trait` for trait members) for these arguments. */
  registerPredicates(table: InferTable, def: DefId, args: readonly Ty[]): void;

  /** Signature of a callable type: fn item, fn pointer, closure; or through Fn* bounds of a parameter, opaque or dyn type. Null: not known (yet). */
  callableSig(table: InferTable, ty: Ty): CallableSig | null;
  /**
   * Closure expectation: what pending obligations on a variable (or bounds of an opaque/dyn/param) say about the Fn trait
   * it must implement. `params` null where unknown.
   */
  expectedClosure(
    table: InferTable,
    ty: Ty,
  ): { readonly params: readonly Ty[] | null; readonly ret: Ty | null; readonly kind: ClosureKind | null } | null;
  /** May a `&T`/`Box<T>`-like pointer to `from` become one to `to` (array→slice, T→dyn, struct tail)? Unifies on yes. */
  unsizes(table: InferTable, from: Ty, to: Ty): boolean;

  /** In a table: is it true now? Keeps no variable bindings. */
  holds(table: InferTable, ref: TraitRef): "yes" | "no" | "maybe";
  /** In a table: select, unify with the chosen candidate's header, register its nested obligations. */
  selectIn(table: InferTable, ref: TraitRef): Selection;
  isCopyIn(table: InferTable, ty: Ty): boolean;
  /** Output of awaiting a future type (through IntoFuture), normalised. */
  awaitOutput(table: InferTable, ty: Ty): Ty;
  print(ty: Ty): string;
  /** Inference of a body; implemented by infer.ts and handed in by types.ts. */
  inferred(def: DefId): InferredBody | null;
  /** What is known of the body without its nodes: kept longer. */
  bodyFacts(def: DefId): BodyFacts | null;
  /** Lets the body's types go; they are inferred again where they are asked for. */
  forget(def: DefId): void;
  /** The same but for its facts. */
  shed(def: DefId): void;
}

export type ClosureKind = "fn" | "fn-mut" | "fn-once";
export interface CallableSig {
  readonly params: readonly Ty[];
  readonly ret: Ty;
  readonly variadic: boolean;
  /** How it is called: directly, or through `Fn*::call*` (then `trait` and `method` say which; the arguments go as one tuple). */
  readonly via: "direct" | "closure" | "bound";
  readonly kind: ClosureKind;
}

/** A predicate that is not decided yet. */
export interface Obligation {
  readonly predicate: Predicate;
  readonly depth: number;
}

/** Inference variables of one body (or of one question), and the obligations on them. */
export interface InferTable {
  readonly env: Env;
  readonly body: DefId | null;
  /** Signatures of the closures of `body` while it is being inferred (afterwards `ctx.inferred` has them): set by inference when it meets the closure expression. */
  readonly closures: Map<number, { readonly params: readonly Ty[]; readonly ret: Ty; kind: ClosureKind | null }>;
  /** Output types of async blocks of `body` under inference, by opaque index. */
  readonly asyncOutputs: Map<number, Ty>;
  fresh(kind?: "general" | "int" | "float"): Ty;
  /** One fresh variable per parameter of the definition's full generics, `prefix` for the first ones. */
  freshArgs(def: DefId, prefix?: readonly Ty[]): readonly Ty[];
  /** Makes them equal, binding variables; false (and nothing bound) where they cannot be. Projections are normalised first. */
  unify(a: Ty, b: Ty): boolean;
  /** The type with its outermost variable followed (a variable if unbound: its root). */
  shallow(ty: Ty): Ty;
  /** All variables followed; unbound ones stay. */
  resolve(ty: Ty): Ty;
  /** All variables followed; unbound int → i32, float → f64, others → unknown with the reason remembered for them ("not-inferred"). */
  final(ty: Ty): Ty;
  /** Runs and undoes all bindings and obligations made inside. */
  probe<T>(run: () => T): T;
  /** Runs; undoes all if `run` gives false. */
  attempt(run: () => boolean): boolean;
  /** Replaces projections by what they are. One that waits for a variable becomes a variable with a pending obligation; a rigid one (`T::Item`) stays. */
  normalize(ty: Ty): Ty;
  register(predicate: Predicate): void;
  /** Works through pending obligations until nothing changes; true if something did. */
  solvePending(): boolean;
  /** Pending obligations whose Self is this variable. */
  pendingOn(ty: Ty): readonly Predicate[];
  /** Binds remaining int and float variables to i32 and f64, then obligations with a single or preferred candidate; call at the end of a body. */
  applyFallback(): void;
  /** Why a variable that meets only unknowns is unknown. */
  noteUnknown(variable: Ty, reason: UnknownReason): void;
}

export interface DerefStep {
  readonly k: "builtin" | "overloaded";
  /** For overloaded: the trait's methods `Deref::deref` (and what is called on). */
  readonly selfTy: Ty;
  readonly to: Ty;
}
export interface Autoderef {
  /** steps[0] is the type itself; steps[n].via how it came about from steps[n-1]. */
  readonly steps: readonly { readonly ty: Ty; readonly via: DerefStep | null }[];
  /** The unsized form of the last step (array → slice), where asked for. */
  readonly unsized: Ty | null;
  /** The last step is a variable: nothing certain can be said beyond it. */
  readonly stuck: boolean;
}

export interface MethodRequest {
  readonly receiver: Ty;
  readonly name: string;
  readonly generics: GenericArgs | null;
  /** Where the call stands: block scope, for traits in scope and written generics. */
  readonly scope: Scope;
}
export type MethodPick =
  | {
      readonly k: "method";
      /** For trait methods the trait's member (to be dispatched); for inherent ones the impl's function. */
      readonly def: DefId;
      /** Full generics; for a trait's member args[0] is Self. */
      readonly args: readonly Ty[];
      /** Instantiated and normalised; params[0] is the type of the adjusted receiver. */
      readonly sig: FnSig;
      /** Dereferences applied, in order (empty: none). */
      readonly derefs: readonly DerefStep[];
      /** After them (and after unsizing): what is borrowed. `const-ptr`: `*mut T` → `*const T`. */
      readonly autoref: "none" | "shared" | "mut" | "const-ptr";
      /** The reference (or array) is unsized to a slice after the borrow. */
      readonly unsize: boolean;
      /** Type of the receiver after all adjustments. */
      readonly self: Ty;
    }
  | { readonly k: "unresolved"; readonly reason: UnknownReason; readonly candidates: readonly DefId[] }
  /** The receiver's type is a variable: try again when more is known. */
  | { readonly k: "stuck" };

export interface AssocRequest {
  readonly ty: Ty;
  readonly name: string;
  readonly ns: "value" | "type";
  readonly scope: Scope;
  /** Of the last segment. */
  readonly generics: GenericArgs | null;
  /** `<ty as trait>::name`; args of the trait without Self, null for fresh ones. */
  readonly trait?: { readonly def: DefId; readonly args: readonly Ty[] } | null;
}
export type AssocRes =
  | { readonly k: "def"; readonly def: DefId; readonly args: readonly Ty[] }
  | { readonly k: "type"; readonly ty: Ty }
  | { readonly k: "unresolved"; readonly reason: UnknownReason; readonly candidates: readonly DefId[] }
  | { readonly k: "stuck" };

export type ValueRes =
  /** fn, const, static, struct (its constructor), variant, with full generics (those of the enum for a variant). */
  | { readonly k: "def"; readonly def: DefId; readonly args: readonly Ty[] }
  | { readonly k: "local"; readonly name: string; readonly context: number }
  | { readonly k: "const-param"; readonly ty: Ty /* the parameter as a type */; readonly valueTy: Ty }
  /** In type position: a type (`ty` of a struct literal's `Self`, alias, parameter). In value position `Self(..)` gives `def` of the struct. */
  | { readonly k: "type"; readonly ty: Ty }
  | {
      readonly k: "unresolved";
      readonly reason: UnknownReason;
      readonly candidates: readonly DefId[];
      readonly base: PathBase | null;
    }
  | { readonly k: "stuck" };
