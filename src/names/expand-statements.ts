/**
 * What a macro call leaves where it stands in a body: its text, or the statements that it makes.
 *
 * By its rules, by the arm of a conditional one that is compiled, or because the compiler provides it. Nothing is entered into names here.
 */
import { pushAll } from "../base/push-all.ts";
import type { Span } from "../base/span.ts";
import type { MacroCall, Source } from "../syntax/ast.ts";
import type { Body, BodyArena, Expr, MacroFailure, Stmt } from "../syntax/ast-body.ts";
import { lowerStmtsExpansion } from "../syntax/body.ts";
import { builtinExpr } from "./builtin-exprs.ts";
import type { MadeBy } from "./collect-made.ts";
import type { Scope } from "./defs.ts";
import { type ExpandedTokens, type ExpandedTrees, failed, macroName, resolveMacro } from "./expand.ts";
import type { ImplTokens } from "./impl-tokens.ts";
import { partsAgain, partsOf } from "./item-tokens.ts";
import { expansionsOf } from "./macro-choices.ts";
import type { CrateState, MacroScope, Store } from "./store.ts";
import { callStatement } from "./token-call.ts";

export interface MadeImpls extends Pick<MadeBy, "print" | "again"> {
  readonly impls: readonly { readonly tokens: ImplTokens; readonly at: number }[];
}
export type Statements =
  | {
      readonly k: "stmts";
      readonly stmts: readonly Stmt[];
      /** What could not be parsed. */
      readonly errors: readonly Span[];
      /** They are of several expansions, of which one is compiled. */
      readonly undecided: boolean;
      /** Impls that were not parsed, and what makes the parts of the expansion again: they have the numbers of their parts. */
      readonly made: MadeImpls | null;
    }
  | { readonly k: "failed"; readonly failure: MacroFailure };

/** Where the call stands, and the body whose arena its statements are numbered in; `splits`: impls are not parsed but given as their tokens. */
export interface StatementsAt {
  readonly store: Store;
  readonly crate: CrateState;
  readonly body: Body;
  readonly scope: Scope;
  readonly macros: MacroScope | null;
  readonly splits: boolean;
}

/** The statements that a call stands for. */
export function expandStatements(at: StatementsAt, call: MacroCall): Statements {
  const { store, crate, body } = at;
  const macro = resolveMacro(store, at.scope.module, at.macros, call.path);
  const { arena } = body;
  const expansions = expansionsOf(store, crate, macro, call, at.scope.module);
  if (expansions !== null) {
    // Impls of one of several are parsed: what is kept as tokens would be there for certain.
    const splits = at.splits && expansions.length === 1;
    const [first, ...others] = expansions.map((one) => statementsOf({ ...at, splits }, call, one));
    return first === undefined || others.length === 0
      ? (first ?? failed("parse-error", `${macroName(call.path)}!`))
      : together(arena, call, [first, ...others]);
  }
  const name = call.path.segments.at(-1)?.name ?? "";
  const builtin = macro?.k === "proc-macro" ? null : builtinExpr(name, call, arena, crate.cfg);
  if (builtin === "build-output") return failed("build-output", `${name}!`);
  if (builtin === null) return failed("unknown-macro", `${macroName(call.path)}!`);
  const expr = { id: arena.nextExpr++, span: call.span, attrs: [], ...builtin } as Expr;
  return { k: "stmts", stmts: [{ k: "expr", expr, semi: true, attrs: [], span: call.span }], errors: [], ...ONE };
}

const ONE = { undecided: false, made: null } as const;

function statementsOf(at: StatementsAt, call: MacroCall, expansion: ExpandedTokens): Statements {
  if (expansion.k === "failed") return expansion;
  const { arena } = at.body;
  const lowered = expansion.k === "source" ? fromText(expansion.source, arena) : fromParts(at, expansion);
  return lowered ?? failed("parse-error", `${macroName(call.path)}!: its expansion cannot be read`);
}

/** The statements of several expansions; one that failed is an expression that could not be read. */
function together(arena: BodyArena, { span }: MacroCall, all: readonly Statements[]): Statements {
  const stmts = all.flatMap((one): readonly Stmt[] => {
    if (one.k === "stmts") return one.stmts;
    const { text } = one.failure;
    const expr: Expr = { id: arena.nextExpr++, span, attrs: [], k: "error", reason: "parse-error", text };
    return [{ k: "expr", expr, semi: true, attrs: [], span }];
  });
  const errors = all.flatMap((one) => (one.k === "stmts" ? one.errors : [span]));
  return { k: "stmts", stmts, errors, undecided: true, made: null };
}

function fromText(source: Source, arena: BodyArena): (Statements & { readonly k: "stmts" }) | null {
  const lowered = lowerStmtsExpansion(source, arena);
  return lowered === null ? null : { k: "stmts", ...lowered, ...ONE };
}

function fromParts(at: StatementsAt, expansion: ExpandedTrees): Statements | null {
  const which = at.splits ? "impls" : "calls";
  const { print } = expansion;
  const stmts: Stmt[] = [];
  const errors: Span[] = [];
  const impls: { readonly tokens: ImplTokens; readonly at: number }[] = [];
  for (const [index, part] of partsOf(expansion.trees, which).entries()) {
    if (part.k === "impl") impls.push({ tokens: part, at: index });
    else if (part.k === "call") stmts.push(callStatement(part, expansion));
    else {
      const lowered = fromText(print(part.trees), at.body.arena);
      if (lowered === null) return null;
      pushAll(stmts, lowered.stmts);
      pushAll(errors, lowered.errors);
    }
  }
  const made = impls.length === 0 ? null : { impls, print, again: partsAgain(expansion.remake(), which) };
  return { k: "stmts", stmts, errors, undecided: false, made };
}
