/**
 * The syntax tree that everything above `syntax` works on: items per file, bodies on demand.
 *
 * An item tree depends on a file's text and edition alone: no cfg, no crate, nothing expanded. Attributes are kept as
 * text; macro calls are kept as token ranges of their source. A body is lowered when it is first asked for, by parsing
 * the slice of the source that holds it. Every node's span points into the file a person wrote: nodes of a macro
 * expansion carry the span of the argument they came from, else that of the macro call.
 *
 * Nodes are plain objects; expressions and patterns carry an `id`, dense within their body, for side tables.
 * Depth is bounded by the lowering (an `error` node with reason "limit" stands for what was cut off).
 */
import type { FileId, Span } from "../base/span.ts";
import type { Pat } from "./ast-body.ts";

export type Edition = "2015" | "2018" | "2021" | "2024";

/** Text that was parsed: a file, or the printed expansion of a macro. */
export interface Source {
  readonly file: FileId;
  /** The text as written (or as expanded); offsets of nodes are UTF-16 indices into it. */
  readonly text: string;
  readonly edition: Edition;
  /** Null for a file; for an expansion where it was called, what was called, and how deep the nesting is. */
  readonly expansion: { readonly call: Span; readonly macro: string; readonly depth: number } | null;
  /** Where a person wrote what stands at [start, end) of `text`. */
  spanOf(start: number, end: number): Span;
  /** Where in a macro's definition the keyword or brace stands that was printed at this offset; null for every other token and text written by hand. */
  originAt(offset: number): Span | null;
  /** Hygiene: 0 for text written by hand or given as an argument, else the number of the expansion that brought it. */
  contextAt(offset: number): number;
  readonly form: SourceForm;
}

/** What a source is made of: `text` of our own making has one span, a `part` of another source leads to that. */
export type SourceForm =
  | { readonly k: "file" | "text" | "part" }
  /** Rows of numbers, as bytes (print-tokens.ts). */
  | { readonly k: "printed"; readonly origins: Uint8Array; readonly written: Uint8Array };

/** One attribute, outer or inner: `#[path(tokens)]`, `#[path = tokens]`. `cfg_attr` is kept as written. */
export interface Attr {
  /** `cfg`, `derive`, `tokio::main`; `unsafe(no_mangle)` is unwrapped to `no_mangle`. */
  readonly path: string;
  /** Text between the delimiters, or after `=`; empty where there is none. */
  readonly tokens: string;
  readonly form: "word" | "list" | "value";
  readonly inner: boolean;
  readonly span: Span;
  /** Behind a `cfg_attr` whose condition nobody knows. */
  readonly undecided?: true;
}

export type Visibility =
  | { readonly k: "private" }
  | { readonly k: "public" }
  | { readonly k: "restricted"; readonly path: readonly string[] }; // pub(crate) = ["crate"], pub(in a::b)

// ---- paths, types, generics -------------------------------------------------------------------------------------

export interface PathSegment {
  /** Identifier; raw identifiers without `r#`. `Self`, `self`, `super`, `crate` as written. */
  readonly name: string;
  readonly args: GenericArgs | null;
  readonly span: Span;
  /** Hygiene context of the identifier (see Source.contextAt). */
  readonly context: number;
}
export interface Path {
  /** `::a::b`. */
  readonly global: boolean;
  /** Set where the path starts with `$crate` in an expansion: the crate (CrateId) of the macro's definition; not among the segments. */
  readonly dollarCrate: number | null;
  /** `<T as Trait>::x`: the type; the trait's path then holds the first `qselfPosition` segments (0: `<T>::x`). */
  readonly qself: TypeRef | null;
  readonly qselfPosition: number;
  readonly segments: readonly PathSegment[];
  readonly span: Span;
}
export interface GenericArgs {
  readonly types: readonly GenericArg[];
  /** `Item = u8`, `Item: Display`, `N = 3`. */
  readonly bindings: readonly {
    readonly name: string;
    readonly args: GenericArgs | null;
    readonly ty: TypeRef | null;
    readonly bounds: readonly Bound[];
  }[];
  /** `Fn(A, B) -> C` sugar: `types` holds one tuple type, `bindings` holds Output. */
  readonly parenthesized: boolean;
}
/** Lifetimes are dropped. `maybe-const` is a bare path that may name a const parameter or a type. */
export type GenericArg =
  | { readonly k: "type"; readonly ty: TypeRef }
  | {
      readonly k: "const";
      readonly source: Source;
      readonly start: number;
      readonly end: number;
      readonly text: string;
    };

export type TypeRef = { readonly span: Span } & (
  | { readonly k: "path"; readonly path: Path }
  | { readonly k: "ref"; readonly mut: boolean; readonly inner: TypeRef }
  | { readonly k: "ptr"; readonly mut: boolean; readonly inner: TypeRef }
  | { readonly k: "slice"; readonly inner: TypeRef }
  | {
      readonly k: "array";
      readonly inner: TypeRef;
      readonly len: { readonly source: Source; readonly start: number; readonly end: number; readonly text: string };
    }
  | { readonly k: "tuple"; readonly elems: readonly TypeRef[] }
  | {
      readonly k: "fn";
      readonly params: readonly TypeRef[];
      readonly ret: TypeRef | null;
      readonly abi: string | null;
      readonly variadic: boolean;
    }
  | { readonly k: "dyn"; readonly bounds: readonly Bound[] }
  | { readonly k: "impl"; readonly bounds: readonly Bound[] }
  | { readonly k: "never" }
  | { readonly k: "infer" }
  | { readonly k: "macro"; readonly call: MacroCall }
  | { readonly k: "error"; readonly reason: string }
);

/** A bound; lifetimes are dropped, `?Sized` has `maybe`. */
export interface Bound {
  readonly path: Path;
  readonly maybe: boolean;
}
export type GenericParam =
  | {
      readonly k: "type";
      readonly name: string;
      readonly bounds: readonly Bound[];
      readonly default: TypeRef | null;
      readonly attrs: readonly Attr[];
      readonly span: Span;
    }
  | {
      readonly k: "const";
      readonly name: string;
      readonly ty: TypeRef;
      readonly default: {
        readonly source: Source;
        readonly start: number;
        readonly end: number;
        readonly text: string;
      } | null;
      readonly attrs: readonly Attr[];
      readonly span: Span;
    };
export interface Generics {
  readonly params: readonly GenericParam[];
  readonly where: readonly { readonly ty: TypeRef; readonly bounds: readonly Bound[] }[];
}

// ---- macro calls and tokens -------------------------------------------------------------------------------------

export interface MacroCall {
  readonly path: Path;
  readonly delimiter: "(" | "[" | "{";
  /** Text range of the arguments, delimiters excluded, in `source.text`. */
  readonly source: Source;
  readonly start: number;
  readonly end: number;
  readonly span: Span;
  /** Of a call that a macro wrote and that was not read from text: what can be told without printing its arguments. */
  readonly made?: MadeCall;
}
export interface MadeCall {
  readonly expansion: NonNullable<Source["expansion"]>;
  readonly edition: Edition;
  /** The arguments, as lexing their text would give them; null where they were let go of: then they are in the text alone. */
  trees(): readonly TokenTree[] | null;
  /** Prints the arguments, and lets go of the tokens: for whoever keeps the call. */
  release(): void;
  /** Lets go of the tokens, and of the text where nobody has asked for it: for a call that was expanded and is kept as a node. */
  forget(): void;
}
export interface Token {
  readonly k: "ident" | "lifetime" | "literal" | "punct";
  /** One punctuation character per token (`::` is two with `joint`); a literal with its suffix; a raw ident with `r#`. */
  readonly text: string;
  /** For punct: the next character follows without a blank and is punct too. */
  readonly joint: boolean;
  readonly span: Span;
  readonly context: number;
  /** For a token of a macro's definition, whose span is the call: where it is written. */
  readonly origin?: Span | null;
  /** The literal that a doc comment became. */
  readonly doc?: true;
}
export interface TokenGroup {
  readonly k: "group";
  /** "" is the invisible group that holds a matched expression fragment. */
  readonly delimiter: "(" | "[" | "{" | "";
  /** For an invisible group: what it was matched as; decides how it is printed. */
  readonly fragment?: "expr" | "type" | "other";
  readonly trees: readonly TokenTree[];
  readonly span: Span;
  readonly origin?: Span | null;
}
export type TokenTree = Token | TokenGroup;

// ---- items ------------------------------------------------------------------------------------------------------

export interface ItemBase {
  readonly attrs: readonly Attr[];
  readonly vis: Visibility;
  /** Empty for impl, use, extern blocks and macro calls. */
  readonly name: string;
  /** From the first token after the attributes to the end. */
  readonly span: Span;
  /** The `fn` keyword for functions, the name for the rest. */
  readonly keySpan: Span;
  readonly source: Source;
  /** Range of the whole item (attributes excluded) in `source.text`. */
  readonly start: number;
  readonly end: number;
  /** An ERROR or MISSING node lies inside or touches this item. */
  readonly broken: boolean;
}
export type Item =
  | ModItem
  | UseItem
  | ExternCrateItem
  | FnItem
  | StructItem
  | EnumItem
  | TraitItem
  | ImplItem
  | TypeAliasItem
  | ConstItem
  | ExternBlockItem
  | MacroRulesItem
  | MacroCallItem;

/** An item without those inside it, which are definitions of their own. */
export type BareItem =
  | Exclude<Item, ModItem | TraitItem | ImplItem | ExternBlockItem>
  | Omit<ModItem, "items">
  | Omit<TraitItem, "items">
  | Omit<ImplItem, "items">
  | Omit<ExternBlockItem, "items">;

export interface ModItem extends ItemBase {
  readonly k: "mod";
  /** Null for `mod x;`. */
  readonly items: readonly Item[] | null;
  /** Inner attributes (`#![cfg(..)]`) of an inline module. */
  readonly innerAttrs: readonly Attr[];
}
export interface UseTree {
  /** Segments of the prefix (empty for a bare group). `self`, `super`, `crate` as written. */
  readonly path: readonly string[];
  readonly global: boolean;
  readonly dollarCrate: number | null;
  readonly kind:
    | { readonly k: "simple"; readonly alias: string | null } // alias "_" for `as _`
    | { readonly k: "glob" }
    | { readonly k: "group"; readonly trees: readonly UseTree[] };
  readonly span: Span;
}
export interface UseItem extends ItemBase {
  readonly k: "use";
  readonly tree: UseTree;
}
export interface ExternCrateItem extends ItemBase {
  readonly k: "extern-crate" /** `as` name; null: same. */;
  readonly alias: string | null;
}

export interface Param {
  readonly pat: Pat;
  readonly ty: TypeRef;
  readonly attrs: readonly Attr[];
}
export interface SelfParam {
  readonly ref: boolean;
  readonly mut: boolean;
  readonly ty: TypeRef | null;
  readonly attrs: readonly Attr[];
  readonly span: Span;
}
/** Its signature may be parsed when it is first asked for: a copy of one is made by `lower-placed-fn.ts`, never by spreading it. */
export interface FnItem extends ItemBase {
  readonly k: "fn";
  readonly generics: Generics;
  readonly selfParam: SelfParam | null;
  /** Parameters after self. Patterns here belong to no body; lowering the body makes its own (see Body.params). */
  readonly params: readonly Param[];
  readonly variadic: boolean;
  readonly ret: TypeRef | null;
  readonly async: boolean;
  readonly unsafe: boolean;
  readonly const: boolean;
  readonly default: boolean;
  /** `extern "C" fn` → "C"; null for the Rust ABI; set for functions of extern blocks too. */
  readonly abi: string | null;
  readonly hasBody: boolean;
}
export interface FieldDef {
  readonly name: string /* "0" for tuples */;
  readonly ty: TypeRef;
  readonly vis: Visibility;
  readonly attrs: readonly Attr[];
  readonly span: Span;
}
export type VariantShape = "unit" | "tuple" | "named";
export interface StructItem extends ItemBase {
  readonly k: "struct";
  readonly union: boolean;
  readonly generics: Generics;
  readonly shape: VariantShape;
  readonly fields: readonly FieldDef[];
}
export interface VariantDef {
  readonly name: string;
  readonly shape: VariantShape;
  readonly fields: readonly FieldDef[];
  readonly attrs: readonly Attr[];
  readonly span: Span;
  readonly discriminant: { readonly source: Source; readonly start: number; readonly end: number } | null;
}
export interface EnumItem extends ItemBase {
  readonly k: "enum";
  readonly generics: Generics;
  readonly variants: readonly VariantDef[];
}
export interface TraitItem extends ItemBase {
  readonly k: "trait";
  readonly generics: Generics;
  readonly supertraits: readonly Bound[];
  readonly unsafe: boolean;
  /** `trait A = B;` */ readonly alias: boolean;
  readonly items: readonly Item[]; // fn, const, type-alias (assoc), macro-call
}
export interface ImplItem extends ItemBase {
  readonly k: "impl";
  readonly generics: Generics;
  /** Null for an inherent impl. */ readonly trait: Path | null;
  readonly negative: boolean;
  readonly selfTy: TypeRef;
  readonly items: readonly Item[]; // fn, const, type-alias, macro-call
}
/** `type X = T;`, an associated type, or an opaque `type X;` of an extern block. */
export interface TypeAliasItem extends ItemBase {
  readonly k: "type-alias";
  readonly generics: Generics;
  readonly bounds: readonly Bound[];
  readonly ty: TypeRef | null;
}
/** `const` and `static`; `value` is the range of the initialiser in `source.text`. */
export interface ConstItem extends ItemBase {
  readonly k: "const" | "static";
  readonly mut: boolean;
  readonly ty: TypeRef | null;
  readonly value: { readonly start: number; readonly end: number } | null;
}
export interface ExternBlockItem extends ItemBase {
  readonly k: "extern-block";
  readonly abi: string;
  readonly items: readonly Item[];
} // fn, static, type-alias, macro-call
export interface MacroRulesItem extends ItemBase {
  readonly k: "macro-rules";
  /** `macro_rules! x {..}` or `macro x(..) {..}` (rules are then written without `=>` in the simple form). */
  readonly form: "macro_rules" | "macro";
  /** Range of the rules, delimiters excluded. */ readonly body: { readonly start: number; readonly end: number };
}
export interface MacroCallItem extends ItemBase {
  readonly k: "macro-call";
  readonly call: MacroCall;
}

/** What one file (or one expansion in item position) holds. */
export interface FileItems {
  readonly source: Source;
  readonly innerAttrs: readonly Attr[];
  readonly items: readonly Item[];
  /** ERROR/MISSING nodes left after repair. */
  readonly errors: readonly Span[];
}
