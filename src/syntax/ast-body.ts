/**
 * The part of the syntax tree that stands in bodies: expressions, patterns, statements. What stands in items is in ast.ts.
 *
 * Expressions and patterns carry an `id`, dense within their body (its arena), for side tables. Macro calls are replaced when the
 * body is expanded; an `error` node says what could not be read, and why.
 */
import type { Span } from "../base/span.ts";
import type { Attr, GenericArgs, Item, MacroCall, Param, Path, SelfParam, TypeRef } from "./ast.ts";

/** Dense numbering shared by a body and the expansions grafted into it. */
export interface BodyArena {
  nextExpr: number;
  nextPat: number;
  nextClosure: number;
}

export interface Body {
  readonly arena: BodyArena;
  readonly selfParam: SelfParam | null;
  readonly params: readonly Param[];
  readonly root: Expr;
  readonly errors: readonly Span[];
}

export interface Label {
  readonly name: string;
  readonly context: number;
}
export interface Block {
  readonly stmts: readonly Stmt[];
  readonly tail: Expr | null;
  readonly label: Label | null;
  readonly flavor: "plain" | "unsafe" | "const" | "async" | "async-move";
  readonly span: Span;
}
export type Stmt =
  | {
      readonly k: "let";
      readonly pat: Pat;
      readonly ty: TypeRef | null;
      readonly init: Expr | null;
      readonly otherwise: Expr | null;
      readonly attrs: readonly Attr[];
      readonly span: Span;
    }
  | {
      readonly k: "expr";
      readonly expr: Expr;
      readonly semi: boolean;
      readonly attrs: readonly Attr[];
      readonly span: Span;
    }
  | { readonly k: "item"; readonly item: Item; readonly span: Span }
  /** A macro in statement position; the expander sets `expanded` (statements; a tail without `;` is an expr stmt with semi false). */
  | {
      readonly k: "macro";
      readonly call: MacroCall;
      readonly semi: boolean;
      readonly attrs: readonly Attr[];
      readonly span: Span;
      expanded: readonly Stmt[] | null;
      failure: MacroFailure | null;
    };

export type MacroFailure = {
  readonly reason: "unknown-macro" | "build-output" | "attribute-macro" | "limit" | "parse-error";
  readonly text: string;
};

export type UnaryOp = "neg" | "not" | "deref";
export type BinaryOp =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "rem"
  | "shl"
  | "shr"
  | "bitand"
  | "bitor"
  | "bitxor"
  | "eq"
  | "ne"
  | "lt"
  | "le"
  | "gt"
  | "ge"
  | "and"
  | "or";
export type FormatTrait =
  | "Display"
  | "Debug"
  | "LowerHex"
  | "UpperHex"
  | "Octal"
  | "Binary"
  | "LowerExp"
  | "UpperExp"
  | "Pointer";

export interface ExprBase {
  readonly id: number;
  readonly span: Span;
  readonly attrs: readonly Attr[];
}
export interface MatchArm {
  readonly pat: Pat;
  readonly guard: Expr | null;
  readonly body: Expr;
  readonly attrs: readonly Attr[];
  readonly span: Span;
}
export interface FieldInit {
  readonly name: string;
  readonly value: Expr;
  readonly attrs: readonly Attr[];
  readonly span: Span;
}
export type Expr = ExprBase &
  (
    | { readonly k: "literal"; readonly lit: Literal }
    | { readonly k: "path"; readonly path: Path }
    | { readonly k: "call"; readonly callee: Expr; readonly args: readonly Expr[] }
    | {
        readonly k: "method";
        readonly receiver: Expr;
        readonly name: string;
        readonly args: readonly Expr[];
        readonly generics: GenericArgs | null;
        readonly nameSpan: Span;
      }
    | { readonly k: "field"; readonly base: Expr; readonly name: string }
    | { readonly k: "index"; readonly base: Expr; readonly index: Expr }
    | { readonly k: "unary"; readonly op: UnaryOp; readonly operand: Expr }
    | { readonly k: "ref"; readonly mut: boolean; readonly raw: boolean; readonly operand: Expr }
    | { readonly k: "binary"; readonly op: BinaryOp; readonly left: Expr; readonly right: Expr }
    | { readonly k: "assign"; readonly op: BinaryOp | null; readonly left: Expr; readonly right: Expr }
    | { readonly k: "cast"; readonly operand: Expr; readonly ty: TypeRef }
    | { readonly k: "range"; readonly from: Expr | null; readonly to: Expr | null; readonly inclusive: boolean }
    | { readonly k: "tuple"; readonly elems: readonly Expr[] }
    | { readonly k: "array"; readonly elems: readonly Expr[] }
    | { readonly k: "repeat"; readonly value: Expr; readonly len: Expr }
    | { readonly k: "struct"; readonly path: Path; readonly fields: readonly FieldInit[]; readonly base: Expr | null }
    | { readonly k: "block"; readonly block: Block }
    | { readonly k: "if"; readonly cond: Expr; readonly then: Block; readonly otherwise: Expr | null }
    /** `let P = e` inside a condition. */
    | { readonly k: "let"; readonly pat: Pat; readonly value: Expr }
    | { readonly k: "match"; readonly scrutinee: Expr; readonly arms: readonly MatchArm[] }
    | { readonly k: "while"; readonly cond: Expr; readonly body: Block; readonly label: Label | null }
    | { readonly k: "loop"; readonly body: Block; readonly label: Label | null }
    | { readonly k: "for"; readonly pat: Pat; readonly iter: Expr; readonly body: Block; readonly label: Label | null }
    | { readonly k: "break"; readonly label: Label | null; readonly value: Expr | null }
    | { readonly k: "continue"; readonly label: Label | null }
    | { readonly k: "return"; readonly value: Expr | null }
    | {
        readonly k: "closure";
        readonly closure: number;
        readonly params: readonly { readonly pat: Pat; readonly ty: TypeRef | null }[];
        readonly ret: TypeRef | null;
        readonly body: Expr;
        readonly move: boolean;
        readonly async: boolean;
      }
    | { readonly k: "try"; readonly operand: Expr }
    | { readonly k: "await"; readonly operand: Expr }
    /** A macro in expression position; the expander sets `expanded`. */
    | { readonly k: "macro"; readonly call: MacroCall; expanded: Expr | null; failure: MacroFailure | null }
    // What compiler-built-in macros become:
    | { readonly k: "format-args"; readonly args: readonly { readonly value: Expr; readonly trait: FormatTrait }[] }
    /** `panic!`, `unreachable!`, the failing side of `assert!`…; the arguments feed only the panic. */
    | { readonly k: "panic"; readonly macro: string; readonly args: readonly Expr[] }
    | {
        readonly k: "asm";
        readonly template: string;
        readonly operands: readonly AsmOperand[];
        /** `options(noreturn)`, `options(att_syntax)`. */
        readonly diverges: boolean;
        readonly attSyntax: boolean;
        /** It is all that its function consists of, whose parameters stand where callers put them. */
        readonly naked: boolean;
      }
    /** `offset_of!`, `env!`, `include_bytes!`…: a constant whose type is known and whose value is not needed. */
    | {
        readonly k: "constant";
        readonly ty: "usize" | "u32" | "bool" | "str" | "option-str" | "bytes";
        readonly text: string;
      }
    | { readonly k: "underscore" }
    | { readonly k: "error"; readonly reason: "parse-error" | "limit"; readonly text: string }
  );
export interface AsmOperand {
  /** A `label` is a block that the instructions may jump to. */
  readonly mode: "in" | "out" | "inout" | "sym" | "const" | "label";
  /** The register that was asked for by its name; else what the template calls the operand. */
  readonly register: string | null;
  readonly label: string | null;
  readonly value: Expr;
}
export type Literal =
  | { readonly k: "int"; readonly value: string; readonly suffix: string | null }
  | { readonly k: "float"; readonly value: string; readonly suffix: string | null }
  | { readonly k: "bool"; readonly value: boolean }
  /** A code point. */
  | { readonly k: "char"; readonly value: number }
  | { readonly k: "byte"; readonly value: number }
  | { readonly k: "str"; readonly value: string }
  | { readonly k: "byte-str"; readonly length: number }
  | { readonly k: "c-str" };

export interface PatBase {
  readonly id: number;
  readonly span: Span;
}
export type Pat = PatBase &
  (
    | { readonly k: "wild" }
    | { readonly k: "rest" }
    /** An identifier: a binding, or a unit struct, variant or constant of that name (names decides). */
    | {
        readonly k: "ident";
        readonly name: string;
        readonly context: number;
        readonly byRef: boolean;
        readonly mut: boolean;
        readonly sub: Pat | null;
      }
    | { readonly k: "path"; readonly path: Path }
    | { readonly k: "tuple-struct"; readonly path: Path; readonly elems: readonly Pat[] }
    | {
        readonly k: "struct";
        readonly path: Path;
        readonly fields: readonly { readonly name: string; readonly pat: Pat; readonly attrs: readonly Attr[] }[];
        readonly rest: boolean;
      }
    | { readonly k: "tuple"; readonly elems: readonly Pat[] }
    | { readonly k: "slice"; readonly elems: readonly Pat[] }
    | { readonly k: "ref"; readonly mut: boolean; readonly inner: Pat }
    | { readonly k: "literal"; readonly lit: Literal; readonly negative: boolean }
    | { readonly k: "range"; readonly from: Expr | null; readonly to: Expr | null; readonly inclusive: boolean }
    | { readonly k: "or"; readonly alternatives: readonly Pat[] }
    | { readonly k: "const-block"; readonly value: Expr }
    | { readonly k: "macro"; readonly call: MacroCall; expanded: Pat | null; failure: MacroFailure | null }
    | { readonly k: "error"; readonly reason: "parse-error" | "limit" }
  );
