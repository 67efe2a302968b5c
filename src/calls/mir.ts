/**
 * A body as control flow: what `calls` and `safety` analyse. Modelled on rustc's MIR, without unwinding.
 *
 * One per body (function, closure, initialiser), generic in the parameters of its definition. Every call, every drop and
 * every operation that may panic is a terminator; everything else is a statement. Drops are elaborated: a `drop`
 * terminator stands only where the value may still be there, with what was moved out of it. There are no cleanup
 * blocks: what unwinding would drop belongs to the panic category.
 */
import type { Span } from "../base/span.ts";
import type { UnresolvedReason, Via } from "../model/vocabulary.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty, UnknownReason } from "../types/ty.ts";

/** Which body: a definition (fn, const, static), or the n-th closure (or async block) inside it. */
export interface BodyKey {
  readonly def: DefId;
  readonly closure: number | null;
}

export interface Mir {
  readonly key: BodyKey;
  readonly span: Span;
  /** locals[0] is the return value; then the arguments (a closure's own environment first). */
  readonly locals: readonly LocalDecl[];
  readonly argCount: number;
  /** For closures: the captured places, by field index of the environment. */
  readonly captures: readonly { readonly name: string; readonly ty: Ty; readonly byRef: boolean }[];
  readonly blocks: readonly BasicBlock[];
  /** Blind spots of the body itself: macros not expanded, parse errors, unresolved names (kept as `unresolved` calls where they would be calls). */
  readonly blind: readonly {
    readonly reason: UnresolvedReason;
    readonly span: Span;
    readonly text: string;
    readonly block: number;
  }[];
  /** Operations that may panic without a call: index, arithmetic, slices, explicit panics are `panic` terminators. */
  readonly panicChecks: number;
}
export interface LocalDecl {
  readonly ty: Ty;
  readonly name: string | null;
  readonly span: Span;
  readonly user: boolean;
}

export interface BasicBlock {
  readonly stmts: readonly Statement[];
  readonly term: Terminator;
  /** Set where only an undecidable cfg makes this block exist. */
  readonly assumedCfg: boolean;
}

export interface Place {
  readonly local: number;
  readonly proj: readonly Projection[];
}
export type Projection =
  | { readonly k: "deref" }
  /** Field of a struct, tuple, closure environment, or of variant `variant` of an enum; `ty` is the field's type. */
  | {
      readonly k: "field";
      readonly index: number;
      readonly variant: number | null;
      readonly ty: Ty;
      /** A field of a union: all its fields are one place. */
      readonly union?: true;
    }
  | { readonly k: "index"; readonly constant: number | null };

export type Constant =
  | { readonly k: "int"; readonly value: string; readonly ty: Ty }
  | { readonly k: "bool"; readonly value: boolean }
  | { readonly k: "str"; readonly value: string }
  | { readonly k: "other"; readonly ty: Ty }
  /** Function item (zero-sized), generics as in Ty fn-def. */
  | { readonly k: "fn"; readonly ty: Ty }
  /** Address of a static. */
  | { readonly k: "static"; readonly def: DefId; readonly ty: Ty }
  /** A const item or associated const (its initialiser is a body of its own, evaluated at compile time: no calls at run time). */
  | { readonly k: "const"; readonly def: DefId; readonly args: readonly Ty[]; readonly ty: Ty }
  | { readonly k: "const-param"; readonly ty: Ty };
export type Operand =
  | { readonly k: "copy"; readonly place: Place }
  | { readonly k: "move"; readonly place: Place }
  | { readonly k: "const"; readonly value: Constant };

export type Rvalue =
  | { readonly k: "use"; readonly operand: Operand }
  | { readonly k: "ref"; readonly mut: boolean; readonly raw: boolean; readonly place: Place }
  | {
      readonly k: "cast";
      readonly kind: "unsize" | "reify" | "other";
      readonly operand: Operand;
      readonly from: Ty;
      readonly to: Ty;
    }
  | { readonly k: "aggregate"; readonly kind: AggregateKind; readonly fields: readonly Operand[] }
  | { readonly k: "binary"; readonly op: string; readonly left: Operand; readonly right: Operand }
  | { readonly k: "unary"; readonly op: string; readonly operand: Operand }
  | { readonly k: "discriminant"; readonly place: Place }
  | { readonly k: "len"; readonly place: Place }
  /** A value nothing is known of (unknown type, failed macro, asm output). */
  | { readonly k: "opaque" };
export type AggregateKind =
  | {
      readonly k: "adt";
      readonly def: DefId;
      readonly variant: number;
      readonly args: readonly Ty[] /** field index of each operand, in order */;
      readonly indices: readonly number[];
    }
  | { readonly k: "tuple" }
  | { readonly k: "array" }
  | { readonly k: "repeat" }
  | { readonly k: "closure"; readonly closure: number };

export interface Statement {
  readonly k: "assign";
  readonly place: Place;
  readonly value: Rvalue;
  readonly span: Span;
}

export type Callee =
  /** A path: full generics. Where `def` is a trait's member, args[0] is Self and it is dispatched per instance. */
  | { readonly k: "def"; readonly def: DefId; readonly args: readonly Ty[] }
  /** A value is called: fn pointer, fn item, closure, `dyn Fn`, a type parameter with an Fn bound. args are the call's own arguments, not a tuple. */
  | { readonly k: "value"; readonly operand: Operand; readonly ty: Ty }
  /** Built in: formatting of one argument of `format_args!` (`ty` by trait's fmt). It runs when the Arguments are written; counted where they are made. */
  | {
      readonly k: "unresolved";
      readonly reason: UnresolvedReason;
      readonly types: UnknownReason | null;
      readonly text: string;
      readonly candidates: readonly DefId[];
    };

/** A call as the end of a block. */
export type CallTerm = Terminator & { readonly k: "call" };

export type Terminator =
  | { readonly k: "goto"; readonly target: number }
  /** Two-way or many-way branch. `on` says what is tested where the analyses care. */
  | {
      readonly k: "switch";
      readonly on: SwitchOn;
      readonly targets: readonly { readonly value: string; readonly target: number }[];
      readonly otherwise: number | null;
      readonly span: Span;
    }
  | {
      readonly k: "call";
      readonly callee: Callee;
      readonly args: readonly Operand[];
      readonly dest: Place;
      readonly next: number | null /* diverges */;
      readonly span: Span;
      readonly via: Via /** span of the method or function name */;
      readonly nameSpan: Span;
    }
  /** Runs the drop glue of the place's type, less what was moved out (`moved`: sub-places certainly moved). */
  | {
      readonly k: "drop";
      readonly place: Place;
      readonly ty: Ty;
      readonly moved: readonly Place[];
      readonly next: number;
      readonly span: Span;
      /** `awaited`: a future that has given its value. */
      readonly why: "scope-end" | "assign" | "temporary" | "awaited";
    }
  | {
      readonly k: "asm";
      readonly template: string;
      readonly inputs: readonly AsmInput[];
      readonly attSyntax: boolean;
      readonly naked: boolean;
      readonly next: number;
      readonly span: Span;
    }
  | { readonly k: "panic"; readonly macro: string; readonly span: Span }
  | { readonly k: "return" }
  | { readonly k: "unreachable" };
/** What instructions are given: in the register of that name, else in place of the label in the template. */
export interface AsmInput {
  readonly register: string | null;
  readonly label: string | null;
  readonly operand: Operand;
}
export type SwitchOn =
  /** Discriminant of an enum place; `ty` its type; targets carry variant indices. */
  | { readonly k: "variant"; readonly place: Place; readonly ty: Ty }
  /** A boolean; `condition` is the operand. Targets "true"/"false". */
  | { readonly k: "bool"; readonly condition: Operand }
  | { readonly k: "value"; readonly operand: Operand }
  /** Pattern tests on literals, ranges, constants, slices: may go either way. */
  | { readonly k: "opaque" };
