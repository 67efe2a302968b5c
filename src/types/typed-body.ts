/**
 * What inference says about one body (generic: in terms of the parameters of its definition, as rustc's typeck results).
 * `calls` builds its control flow from this and substitutes a caller's types afterwards.
 */
import type { Span } from "../base/span.ts";
import type { DefId, ExpandedBody } from "../names/defs.ts";
import type { TypeRef } from "../syntax/ast.ts";
import type { Expr, Pat } from "../syntax/ast-body.ts";
import type { FieldPath } from "./capture-places.ts";
import type { Ty, UnknownReason } from "./ty.ts";

/** What is done to an expression's value before it is used, in order. */
export type Adjustment =
  /** `*x` on a reference, raw pointer or Box. */
  | { readonly k: "deref"; readonly to: Ty }
  /** `*Deref::deref(&x)` or `*DerefMut::deref_mut(&mut x)`: `method` is the trait's method, selfTy what it is called on. */
  | {
      readonly k: "overloaded-deref";
      readonly mut: boolean;
      readonly method: DefId;
      readonly selfTy: Ty;
      readonly to: Ty;
    }
  | { readonly k: "borrow"; readonly mut: boolean; readonly raw: boolean; readonly to: Ty }
  /** Array → slice, T → dyn Trait behind a pointer; `from`/`to` are the pointer types. */
  | { readonly k: "unsize"; readonly from: Ty; readonly to: Ty }
  /** fn item or closure → fn pointer; safe → unsafe fn pointer. */
  | { readonly k: "reify"; readonly from: Ty; readonly to: Ty }
  | { readonly k: "never-to-any"; readonly to: Ty };

export type Resolution =
  /** A function, tuple constructor, unit struct/variant, const or static; `args` are the full generics of `def`.
   *  For a member of a trait, args[0] is Self and it is still to be dispatched; `def` is the trait's member. */
  | { readonly k: "def"; readonly def: DefId; readonly args: readonly Ty[] }
  | { readonly k: "local"; readonly binding: number /* id of the ident pattern */ }
  /** Value of a const generic parameter. */
  | { readonly k: "const-param"; readonly ty: Ty }
  /** `self` where it is a parameter without a pattern. */
  | { readonly k: "self-param" }
  | {
      readonly k: "unresolved";
      readonly reason: UnknownReason;
      readonly text: string /** names of methods that might be meant, with their owners, for the record */;
      readonly candidates: readonly DefId[];
    };

export interface TypedBody {
  readonly def: DefId;
  readonly expanded: ExpandedBody;
  /** Types of the value parameters, self first. */
  readonly params: readonly Ty[];
  readonly ret: Ty;
  exprTy(expr: Expr): Ty;
  patTy(pat: Pat): Ty;
  /** Empty where nothing is done. */
  adjustments(expr: Expr): readonly Adjustment[];
  /** Implicit dereferences that a pattern goes through (match ergonomics), outermost first. */
  patDerefs(pat: Pat): readonly Ty[];
  /** How an ident pattern binds after match ergonomics; "item" when it names a constant or unit variant instead. */
  binding(pat: Pat): "move" | "ref" | "ref-mut" | "item";
  /** Path expressions, patterns and struct literals; method calls; operators, index, `?`, `for`, `.await` that call a trait method. */
  resolution(node: Expr | Pat): Resolution | null;
  /**
   * Overloaded operator, index, deref (`*x`), `?` (Try::branch; from is the `From::from` on the error path), `for` (into_iter, next): the calls that the node
   * makes, by role. A builtin operation has none.
   */
  operatorCalls(expr: Expr): readonly {
    readonly role:
      | "op"
      | "index"
      | "index-mut"
      | "deref"
      | "deref-mut"
      | "branch"
      | "from-residual"
      | "from-error"
      | "into-iter"
      | "next"
      | "into-future"
      | "poll";
    readonly def: DefId;
    readonly args: readonly Ty[];
  }[];
  /** For a struct field access: index in the struct or tuple after the adjustments of the base. */
  fieldIndex(expr: Expr): number | null;
  closure(index: number): ClosureFacts;
  /** The expression of a closure or async block; an `error` where there is none of this index. */
  closureExpr(index: number): Expr;
  /** Written types (casts, lets, turbofish) as types. */
  lowerType(ty: TypeRef): Ty;
  /** Every path or method that could not be resolved, every type that stayed unknown, with the node. */
  readonly unresolved: readonly { readonly node: Expr | Pat; readonly reason: UnknownReason; readonly text: string }[];
  /** Number of path/method/macro nodes seen and resolved, for `score`. */
  readonly counted: { readonly nodes: number; readonly resolved: number };
}
/** What others ask of a body: kept when its single nodes are let go. */
export interface BodyFacts {
  /** Of the closures, async blocks and async closures. */
  readonly closures: ReadonlyMap<number, ClosureFacts>;
  closure(index: number): ClosureFacts;
  /** By the index of the opaque type (see `Interner.opaque`): what stands behind the function's own `impl Trait`s. In the function's parameters; no variables. */
  readonly hiddenTypes: ReadonlyMap<number, Ty>;
  /** Output type of the async block whose opaque has this index. */
  readonly asyncOutputs: ReadonlyMap<number, Ty>;
}
/** A closure, or what polling the future of an async block or closure runs (index from `ASYNC_BLOCK` on; `ret` is its output). */
export interface ClosureFacts {
  readonly span: Span;
  /** Its name in paths: `closure#0`, `async#0`. */
  readonly label: string;
  readonly params: readonly Ty[];
  readonly ret: Ty;
  readonly kind: "fn" | "fn-mut" | "fn-once";
  /** Captured bindings, or fields of them (ids of ident patterns, -1 for self): by value (`move`, or used by value) or by reference. */
  readonly captures: readonly {
    readonly binding: number;
    /** Fields from the binding on; none where it is taken whole. */
    readonly path: FieldPath;
    readonly mode: "move" | "ref" | "ref-mut";
    readonly ty: Ty;
  }[];
}
