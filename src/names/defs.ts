/**
 * Definitions and the questions that the layers above ask about names.
 *
 * A definition is one item of one crate of one program (crates differ by features, so a definition belongs to a crate
 * node, not to a package). Crates are resolved lazily: the module tree, imports and item macros of a crate are worked
 * out when the first path leads into it. Everything here is synchronous; files come through the port of `load`.
 */

import type { FileId, Span } from "../base/span.ts";
import type { CrateId, CrateNode, Program } from "../crates/crate-graph.ts";
import type {
  Attr,
  BareItem,
  Edition,
  GenericParam,
  MacroCall,
  Path,
  Source,
  TypeRef,
  VariantDef,
} from "../syntax/ast.ts";
import type { Body } from "../syntax/ast-body.ts";

export type DefId = number & { readonly __def: unique symbol };

export type DefKind =
  | "mod"
  | "fn"
  | "struct"
  | "enum"
  | "variant"
  | "trait"
  | "impl"
  | "type-alias"
  | "const"
  | "static"
  | "macro"
  /** A block (function body, nested block) that declares items of its own: an unnamed module. */
  | "block";

export interface Def {
  readonly id: DefId;
  readonly kind: DefKind;
  /** Empty for impls and blocks. */
  readonly name: string;
  readonly crate: CrateId;
  /** The module, trait, impl, enum or function (for blocks) it is written in; null for a crate root. */
  readonly parent: DefId | null;
  /** Nearest enclosing module or block: where its paths are resolved. */
  readonly module: DefId;
  /** The item; the variant for variants; null for crate roots and blocks. */
  readonly item: BareItem | null;
  readonly variant: VariantDef | null;
  /** Variant index for variants; members are numbered in source order. */
  readonly index: number;
  /** Children: items of a module, members of a trait or impl, variants of an enum, in source order, cfg'd-out ones left out. */
  readonly children: readonly DefId[];
  /** Attributes after `cfg_attr` was applied. */
  readonly attrs: readonly Attr[];
  /** Set where the definition exists only if an undecidable cfg holds. */
  readonly assumedCfg: boolean;
  /** Entry of a rule pack that stands for it (`#[sigsafe_entry(N)]`, or an override by path); see model/pack-index.ts. */
  readonly packEntry: number | null;
  /** Declared in an `extern` block: the link name and ABI. */
  readonly foreign: { readonly symbol: string; readonly abi: string } | null;
  /** `#[lang = ".."]` of std packs. */
  readonly lang: string | null;
}

/** What a path means, as far as names alone decide. */
export type PathRes =
  | { readonly k: "def"; readonly def: DefId }
  /** The prefix of `used` segments is a type, trait, or type parameter; the rest is an associated item, for `types` to find. */
  | { readonly k: "partial"; readonly base: PathBase; readonly used: number }
  | { readonly k: "base"; readonly base: PathBase }
  | { readonly k: "local"; readonly name: string; readonly context: number }
  | { readonly k: "unresolved"; readonly segment: number; readonly why: string };
export type PathBase =
  | { readonly k: "def"; readonly def: DefId }
  | { readonly k: "prim"; readonly name: string } // i32, str, bool, char, u8 …
  /** Generic parameter `name` of definition `owner` (fn, impl, trait, struct …); index within that owner's own parameters. */
  | { readonly k: "param"; readonly owner: DefId; readonly index: number; readonly param: GenericParam }
  /** `Self` inside a trait (the parameter) or an impl (its self type). */
  | { readonly k: "self-ty"; readonly owner: DefId };

export type Namespace = "type" | "value" | "macro";

/** Where a path stands: the module or block, and the item whose generic parameters are in scope (fn, impl, trait, struct …). */
export interface Scope {
  readonly module: DefId;
  readonly owner: DefId | null;
}

/** What else may be compiled under a definition's name. */
export interface Alternatives {
  /** Functions, types and others of its kind. */
  readonly defs: readonly DefId[];
  /** Modules in place of one around it, in which nothing of its name was found. */
  readonly unseen: readonly DefId[];
}

export interface NameProblem {
  readonly reason: "unknown-macro" | "attribute-macro" | "build-output" | "parse-error" | "limit" | "missing-file";
  readonly crate: CrateId;
  readonly def: DefId | null;
  readonly span: Span;
  readonly text: string;
  /** What stands in the call of a macro that was not expanded. */
  readonly inside?: string;
  /** It adds to what the function does, and leaves closures in it as they are. */
  readonly around?: true;
}

/** A body with all macros expanded and cfg applied, and the scopes of its blocks. */
export interface ExpandedBody {
  readonly def: DefId;
  readonly body: Body;
  /** Scope at a block that declares items or imports (by the block's span.start and file, see scopeOf); else the scope of the definition. */
  readonly scope: Scope;
  /** For each AST block (object identity) that has items of its own: its unnamed module. */
  readonly blockScopes: ReadonlyMap<object, Scope>;
  /** Derives, attribute macros, unexpanded macros inside: what could not be seen. */
  readonly problems: readonly NameProblem[];
}

export interface Names {
  readonly program: Program;
  def(id: DefId): Def;
  /** Crate root module. Pack crates have CrateIds after the program's own. */
  crateRoot(crate: CrateId): DefId;
  crateName(crate: CrateId): string;
  /** Null for pack crates. */
  crateNode(crate: CrateId): CrateNode | null;
  isPackCrate(crate: CrateId): boolean;
  /** Is what a pack's crate gives to types of others (std's `sqrt` to `f64`) there where a crate is compiled? */
  isLinked(crate: CrateId, from: CrateId): boolean;
  allCrates(): readonly CrateId[];
  /** `core::option::Option`, `alloc::vec::Vec::push` (inherent members by type), `<..>` forms not accepted. */
  byPath(path: string): DefId | null;
  /** `pprof::profiler::perf_signal_handler`, `<core::option::Option<T> as core::clone::Clone>::clone` → printed path. */
  pathOf(def: DefId): string;
  langItem(name: string): DefId | null;
  resolve(scope: Scope, path: Path, ns: Namespace): PathRes;
  /** Scope in which the generics, types and members of a definition are resolved (its own parameters included). */
  scopeOf(def: DefId): Scope;
  /**
   * Impls written in a crate (macro-made and derived ones included): forces the crate's resolution. `wanted`: at least the
   * impls of traits of this name, or with `inherent NAME` those of a type of this name itself; the list, and that of impls in bodies, grows
   * with the next question. Null: none of those in bodies is looked for.
   */
  implsOf(crate: CrateId, wanted?: string | null): readonly DefId[];
  /**
   * For those who go through the definitions of a crate: reads what macros made there and in whose tokens one of the words stands, or the name of a macro
   * among them; all of it where no words are given. What is read, and what comes of it, is among `lateIn`, some twice.
   */
  readMentioning(crate: CrateId, words: readonly string[] | null): void;
  lateIn(crate: CrateId): readonly DefId[];
  /** Did a macro make it, and has nobody asked for its item or its members? To ask would be to read it. */
  isUnread(def: DefId): boolean;
  /** The trait of an impl; null where it makes none true. */
  implTrait(impl: DefId): DefId | "inherent" | null;
  /** Constructor of an impl's self type as a key; null for a parameter, undefined where names do not decide. */
  implHead(impl: DefId): string | null | undefined;
  /** Impls declared inside a body; known once the body is expanded. `generation` grows with each addition. */
  readonly implGeneration: number;
  bodyImpls(): readonly DefId[];
  /** Traits in scope at a place for method look-up (imports, `as _`, prelude, block scopes, enclosing trait). */
  traitsInScope(scope: Scope): ReadonlySet<DefId>;
  /** Function bodies, initialisers of consts and statics, enum discriminants, expanded. Null where there is none. */
  body(def: DefId): ExpandedBody | null;
  /** Lets go of an expanded body that had no problem: it is expanded again, to the same, where it is asked for; what it declared stays. */
  forgetBody(def: DefId): void;
  /** For those who want what a body declares and not the body: it is expanded once and let go of. */
  enterBody(def: DefId): void;
  /** Lets go of the rules of macros: between stages, since most macros are called in one alone. They are read again where they are called. */
  forgetRules(): void;
  /** Body of an array length, const argument or similar range, in a scope. */
  anonBody(scope: Scope, source: Source, start: number, end: number): ExpandedBody;
  /** Type macro calls are expanded through this. */
  expandType(scope: Scope, call: MacroCall): TypeRef;
  /** Is the definition reachable by name from outside its crate (effectively public)? */
  effectivelyPublic(def: DefId): boolean;
  /** The same, or can it be called, or its public fields be set, on values that the crate gives out, though nobody outside can name the type? */
  withinReach(def: DefId): boolean;
  /** Does a library offer the definition of another crate as its own? */
  reExports(crate: CrateId, def: DefId): boolean;
  /**
   * What else may stand under the definition's name, where only a build script decides which of them is compiled: for one who names it in the
   * body of `from`, who may mean an import (null: anywhere; the definition itself, if left out).
   */
  alternativesOf(def: DefId, from?: DefId | null): Alternatives;
  /** Derives on a type that are not modelled, attribute macros on an item, … by definition. */
  problemsOf(def: DefId): readonly NameProblem[];
  /** Could one of the words stand in a source file of the crate? By the text of its package, nothing is parsed. */
  mayMention(crate: CrateId, words: readonly string[]): boolean;
  /** Macros that a crate can call, or any crate of the program, and that could write one of the words, by the text of their definitions. */
  macrosMentioning(words: readonly string[], crate: CrateId | null): readonly string[];
  /** Can a crate call macros by example of this name, and can none of them write that name itself? `macrosMentioning` tells then what they can write. */
  isToldByWords(macro: string, crate: CrateId): boolean;
  /** May a proc macro that the program uses write a call of a function of this name, in a path through one of the crates? */
  writtenByMacros(name: string, through: readonly CrateId[]): boolean;
  /** Other names under which a crate's modules import one of the names. */
  importedAs(crate: CrateId, names: readonly string[]): readonly string[];
  /** Those of them that mean this definition. */
  givenTo(crate: CrateId, def: DefId, names: readonly string[]): readonly string[];
  /** The same for a pattern. */
  mayMatch(crate: CrateId, pattern: RegExp): boolean;
  /** The text that `include_str!` stands for in a source: its argument's tokens, and where they stand. Null where it cannot be told. */
  includedText(argument: string, at: Span, crate: CrateId): string | null;
  /** Texts of the source files that a crate may be made of, those in which the word stands. */
  textsWith(word: string, crate: CrateId): readonly { readonly id: FileId; readonly text: string }[];
  /** Those of them that are no module that was seen, with their paths from the directory of the crate's root file. */
  strayTexts(word: string, crate: CrateId): readonly { readonly path: string; readonly text: string }[];
  /** All problems seen so far, in a stable order. */
  problems(): readonly NameProblem[];
  edition(def: DefId): Edition;
}
