/**
 * A lowered body made ready for inference: cfg applied, macros expanded in place, items of its blocks collected.
 *
 * The body is changed in place (it was lowered for this call alone). Each block that declares items or imports gets an unnamed
 * module. What cannot be expanded stays as a macro node with the reason. Nesting is bounded. A body that was let go of is made once more in the
 * modules that it got then (`body-entries.ts`).
 */
import { pushAll } from "../base/push-all.ts";
import type { Attr, MacroCall } from "../syntax/ast.ts";
import type { Block, Body, Expr, MacroFailure, Pat, Stmt } from "../syntax/ast-body.ts";
import { applyCfg } from "./attributes.ts";
import { type EntryLog, entryLog } from "./body-entries.ts";
import { builtinExpr } from "./builtin-exprs.ts";
import { collectItems, isAnonymousConst } from "./collect.ts";
import { collectMade } from "./collect-made.ts";
import { drainPending } from "./complete.ts";
import type { DefId, ExpandedBody, NameProblem, Scope } from "./defs.ts";
import { macroName, resolveMacro } from "./expand.ts";
import { expandStatements } from "./expand-statements.ts";
import { expandedExpr, expandedPat } from "./expanded-nodes.ts";
import { includedExpr } from "./included-text.ts";
import { expansionsOf } from "./macro-choices.ts";
import { macroStatement, promoteLast, set } from "./statement-values.ts";
import {
  addDef,
  addModule,
  type CrateState,
  crateOf,
  defOf,
  type MacroScope,
  type ModuleRec,
  moduleAt,
  type Store,
} from "./store.ts";
import {
  closedTail,
  isUndecided,
  undecidedArm,
  undecidedElements,
  undecidedFields,
  undecidedStatement,
  undecidedTail,
} from "./undecided.ts";

interface Bx {
  readonly store: Store;
  readonly crate: CrateState;
  readonly body: Body;
  readonly def: DefId;
  readonly blockScopes: Map<object, Scope>;
  readonly problems: NameProblem[];
  /** The body of a `const _` of a module: impls in it are the crate's. */
  readonly splits: boolean;
  readonly entries: EntryLog;
  depth: number;
}
/** Where an expression stands. */
interface At {
  readonly scope: Scope;
  readonly macros: MacroScope | null;
}

const maxDepth = 2500;

/** Expands a body in place; `entries`: what it declared when it was expanded before, or where that is to be noted. */
export function expandBody(
  store: Store,
  def: DefId,
  scope: Scope,
  macros: MacroScope | null,
  body: Body,
  entries: EntryLog = entryLog(),
): ExpandedBody {
  const crate = crateOf(store, defOf(store, def).crate);
  const splits = crate.pack === null && isAnonymousConst(store, def);
  const bx: Bx = {
    store,
    crate,
    body,
    def,
    blockScopes: new Map(),
    problems: [],
    splits,
    entries,
    depth: 0,
  };
  const at: At = { scope, macros };
  if (body.params.some((one) => one.attrs.length > 0))
    set(
      body,
      "params",
      body.params.filter((one) => present(bx, one.attrs)),
    );
  for (const param of body.params) walkPat(bx, at, param.pat);
  walk(bx, at, body.root);
  for (const span of body.errors)
    problem(bx, { reason: "parse-error", text: "the grammar does not understand this" }, span);
  return { def, body, scope, blockScopes: bx.blockScopes, problems: bx.problems };
}

function problem(bx: Bx, failure: MacroFailure, span: Expr["span"], call: MacroCall | null = null): void {
  const found = { reason: failure.reason, crate: bx.crate.id, def: bx.def, span, text: failure.text };
  bx.problems.push(call === null ? found : { ...found, inside: call.source.text.slice(call.start, call.end) });
}

// ---- blocks -----------------------------------------------------------------------------------------------------

function walkBlock(bx: Bx, outer: At, block: Block): void {
  let module: ModuleRec | null = null;
  let at = outer;
  const ensure = (): ModuleRec => {
    module ??= bx.entries.module(bx.store, () => blockModule(bx, outer.scope));
    if (at.scope.module !== module.def) at = { ...at, scope: { module: module.def, owner: outer.scope.owner } };
    return module;
  };
  const placed: { readonly stmt: Stmt; readonly macros: MacroScope | null }[] = [];
  const place = (stmts: readonly Stmt[], undecided: boolean): Stmt[] => {
    const kept: Stmt[] = [];
    for (const stmt of stmts) pushAll(kept, stmtStep(stmt, undecided, kept));
    return kept;
  };
  /** The statement in its place behind those that were kept; `undecided`: it is of one of several expansions. */
  const stmtStep = (stmt: Stmt, undecided: boolean, kept: readonly Stmt[]): readonly Stmt[] => {
    if (stmt.k === "item") {
      const base = { module: ensure(), owner: null, foreignAbi: null, included: [] };
      const where = undecided ? ({ ...base, undecided } as const) : base;
      const after = bx.entries.macrosAfter(() => {
        const macros = collectItems(bx.store, bx.crate, [stmt.item], where, at.macros, 1);
        drainPending(bx.store, bx.crate);
        return macros;
      });
      at = { ...at, macros: after };
      return [stmt];
    }
    const { present, assumed } = applyCfg(stmt.attrs, bx.crate.cfg);
    if (!present) return [];
    const isUndecided = undecided || assumed;
    if (stmt.k === "macro") {
      expandStmt(stmt, isUndecided);
      return [stmt];
    }
    const made = isUndecided ? undecidedStatement(bx.body.arena, stmt, kept) : [stmt];
    for (const one of made) placed.push({ stmt: one, macros: at.macros });
    return made;
  };
  const expandStmt = (stmt: Stmt & { k: "macro" }, undecided: boolean): void => {
    if (bx.depth > maxDepth) {
      stmt.failure = { reason: "limit", text: `${macroName(stmt.call.path)}!: nested too deep` };
      problem(bx, stmt.failure, stmt.span);
      return;
    }
    const { store, crate, body, splits } = bx;
    const result = expandStatements({ store, crate, body, splits, scope: at.scope, macros: at.macros }, stmt.call);
    if (result.k === "failed") {
      stmt.failure = result.failure;
      problem(bx, result.failure, stmt.span, stmt.call);
      return;
    }
    bx.depth += 1;
    for (const span of result.errors)
      problem(bx, { reason: "parse-error", text: `in the expansion of ${macroName(stmt.call.path)}!` }, span);
    stmt.expanded = place(result.stmts.map(macroStatement), undecided || result.undecided);
    bx.depth -= 1;
    stmt.call.made?.forget();
    if (result.made === null) return;
    const where = { module: ensure(), owner: null, foreignAbi: null, included: [] };
    const { impls, print, again } = result.made;
    const by = { store, crate, where, depth: 1, macro: macroName(stmt.call.path), print, again };
    if (bx.entries.isNew) for (const { tokens, at: part } of impls) collectMade(tokens, part, at.macros, by);
  };
  set(block, "stmts", place(block.stmts, false));
  const tail = valueOf(bx, block, placed);
  if (module !== null) bx.blockScopes.set(block, at.scope);
  for (const { stmt, macros } of placed) walkStmt(bx, { scope: at.scope, macros }, stmt);
  if (tail !== null) walk(bx, at, tail);
}

/** The block's last expression once cfgs and macros have gone; where it stood as a statement, that is taken out of those that are placed. */
function valueOf(bx: Bx, block: Block, placed: { readonly stmt: Stmt }[]): Expr | null {
  const { arena } = bx.body;
  const found = block.tail === null ? null : applyCfg(block.tail.attrs, bx.crate.cfg);
  if (block.tail !== null && found?.present === true) {
    const last = block.stmts.at(-1);
    if (found.assumed) undecidedTail(arena, block, block.tail);
    if (block.stmts.at(-1) !== last) placed.pop();
    return block.tail;
  }
  if (found === null && block.stmts.at(-1)?.k !== "macro" && !isUndecidedLast(block)) return null;
  set(block, "tail", null);
  promoteLast(block, placed);
  if (block.tail !== null) set(block, "tail", closedTail(arena, block.tail));
  return block.tail;
}

function isUndecidedLast({ stmts }: Block): boolean {
  const last = stmts.at(-1);
  return last?.k === "expr" && !last.semi && isUndecided(last.expr);
}

function walkStmt(bx: Bx, at: At, stmt: Stmt): void {
  if (stmt.k === "let") {
    walkPat(bx, at, stmt.pat);
    if (stmt.init !== null) walk(bx, at, stmt.init);
    if (stmt.otherwise !== null) walk(bx, at, stmt.otherwise);
  } else if (stmt.k === "expr") walk(bx, at, stmt.expr);
}

function blockModule(bx: Bx, scope: Scope): ModuleRec {
  const parent = moduleAt(bx.store, scope.module);
  const directory = parent?.directory ?? { fileDir: "", childDir: "", inline: true, open: [] };
  const def = addDef(bx.store, {
    kind: "block",
    name: "",
    crate: bx.crate.id,
    parent: bx.def,
    module: null,
    item: null,
  });
  return addModule(bx.store, def, scope.module, true, directory);
}

/** The conditions of attributes, as they are written. */
function conditionOf(attrs: readonly Attr[]): string {
  return attrs.flatMap((one) => (one.path === "cfg" ? [one.tokens] : [])).join();
}

/** False where a cfg removes the node. */
function present(bx: Bx, attrs: readonly Attr[]): boolean {
  return applyCfg(attrs, bx.crate.cfg).present;
}

// ---- macros -----------------------------------------------------------------------------------------------------

function expandExpr(bx: Bx, at: At, expr: Expr & { k: "macro" }): void {
  const { call } = expr;
  const { arena } = bx.body;
  const name = macroName(call.path);
  const fail = (failure: MacroFailure): void => {
    expr.failure = failure;
    problem(bx, failure, expr.span, call);
  };
  if (bx.depth > maxDepth) return fail({ reason: "limit", text: `${name}!: nested too deep` });
  const macro = resolveMacro(bx.store, at.scope.module, at.macros, call.path);
  const expansions = expansionsOf(bx.store, bx.crate, macro, call, at.scope.module);
  if (expansions !== null) {
    const made = expandedExpr(arena, call, expansions, expr.span, (failure, span) =>
      problem(bx, failure, span ?? expr.span, span === null ? call : null),
    );
    if (!("k" in made)) return fail(made);
    expr.expanded = made;
  } else {
    const builtin =
      macro?.k === "proc-macro" ? null : builtinExpr(call.path.segments.at(-1)?.name ?? "", call, arena, bx.crate.cfg);
    if (builtin === null) return fail({ reason: "unknown-macro", text: `${name}!` });
    if (builtin === "build-output") {
      const { node } = bx.crate;
      const read = node === null ? null : includedExpr(bx.store.files, node, call, arena);
      if (read === null) return fail({ reason: "build-output", text: `${name}!` });
      expr.expanded = read;
    } else expr.expanded = { id: arena.nextExpr++, span: expr.span, attrs: [], ...builtin } as Expr;
  }
  walk(bx, at, expr.expanded);
}

function expandPat(bx: Bx, at: At, pat: Pat & { k: "macro" }): void {
  const macro = resolveMacro(bx.store, at.scope.module, at.macros, pat.call.path);
  const expansions = expansionsOf(bx.store, bx.crate, macro, pat.call, at.scope.module) ?? [];
  const { arena } = bx.body;
  const isDeep = bx.depth > maxDepth;
  const made = isDeep
    ? ({ reason: "parse-error", text: `${macroName(pat.call.path)}!` } as const)
    : expandedPat(arena, pat.call, expansions, pat.span);
  if ("k" in made) {
    pat.expanded = made;
    walkPat(bx, at, made);
  } else {
    pat.failure = made;
    problem(bx, made, pat.span);
  }
}

// ---- expressions and patterns -----------------------------------------------------------------------------------

function walk(bx: Bx, at: At, expr: Expr): void {
  bx.depth += 1;
  visit(bx, at, expr);
  bx.depth -= 1;
}

function visit(bx: Bx, at: At, expr: Expr): void {
  const each = (list: readonly Expr[]): void => {
    for (const one of list) walk(bx, at, one);
  };
  const kept = (list: readonly Expr[]): readonly Expr[] => {
    if (!list.some((one) => one.attrs.length > 0)) return list;
    const found = list.map((one) => ({ one, cfg: applyCfg(one.attrs, bx.crate.cfg) })).filter(({ cfg }) => cfg.present);
    return undecidedElements(
      bx.body.arena,
      found.map(({ one, cfg }) => ({ expr: one, under: cfg.assumed ? conditionOf(one.attrs) : null })),
    );
  };
  const optional = (one: Expr | null): void => {
    if (one !== null) walk(bx, at, one);
  };
  switch (expr.k) {
    case "call":
      walk(bx, at, expr.callee);
      set(expr, "args", kept(expr.args));
      return each(expr.args);
    case "method":
      walk(bx, at, expr.receiver);
      set(expr, "args", kept(expr.args));
      return each(expr.args);
    case "tuple":
    case "array":
      set(expr, "elems", kept(expr.elems));
      return each(expr.elems);
    case "field":
      return walk(bx, at, expr.base);
    case "index":
      return each([expr.base, expr.index]);
    case "unary":
    case "ref":
    case "cast":
    case "try":
    case "await":
      return walk(bx, at, expr.operand);
    case "binary":
    case "assign":
      return each([expr.left, expr.right]);
    case "range":
      optional(expr.from);
      return optional(expr.to);
    case "repeat":
      return each([expr.value, expr.len]);
    case "struct":
      set(
        expr,
        "fields",
        undecidedFields(
          bx.body.arena,
          expr.fields.filter((field) => present(bx, field.attrs)),
        ),
      );
      each(expr.fields.map((field) => field.value));
      return optional(expr.base);
    case "block":
      return walkBlock(bx, at, expr.block);
    case "if":
      walk(bx, at, expr.cond);
      walkBlock(bx, at, expr.then);
      return optional(expr.otherwise);
    case "let":
      walkPat(bx, at, expr.pat);
      return walk(bx, at, expr.value);
    case "match":
      walk(bx, at, expr.scrutinee);
      set(
        expr,
        "arms",
        expr.arms.filter((arm) => {
          const cfg = applyCfg(arm.attrs, bx.crate.cfg);
          if (cfg.assumed) undecidedArm(bx.body.arena, arm);
          return cfg.present;
        }),
      );
      for (const arm of expr.arms) {
        walkPat(bx, at, arm.pat);
        optional(arm.guard);
        walk(bx, at, arm.body);
      }
      return;
    case "while":
      walk(bx, at, expr.cond);
      return walkBlock(bx, at, expr.body);
    case "loop":
      return walkBlock(bx, at, expr.body);
    case "for":
      walkPat(bx, at, expr.pat);
      walk(bx, at, expr.iter);
      return walkBlock(bx, at, expr.body);
    case "break":
    case "return":
      return optional(expr.value);
    case "closure":
      for (const param of expr.params) walkPat(bx, at, param.pat);
      return walk(bx, at, expr.body);
    case "macro":
      return expandExpr(bx, at, expr);
    case "format-args":
      return each(expr.args.map((arg) => arg.value));
    case "asm":
      return each(expr.operands.map((operand) => operand.value));
    case "panic":
      return each(expr.args);
    case "literal":
    case "path":
    case "continue":
    case "constant":
    case "underscore":
    case "error":
      return;
    default:
      return expr satisfies never;
  }
}

function walkPat(bx: Bx, at: At, pat: Pat): void {
  switch (pat.k) {
    case "ident":
      if (pat.sub !== null) walkPat(bx, at, pat.sub);
      return;
    case "tuple-struct":
    case "tuple":
    case "slice":
      for (const one of pat.elems) walkPat(bx, at, one);
      return;
    case "struct":
      set(
        pat,
        "fields",
        pat.fields.filter((field) => present(bx, field.attrs)),
      );
      for (const field of pat.fields) walkPat(bx, at, field.pat);
      return;
    case "ref":
      return walkPat(bx, at, pat.inner);
    case "or":
      for (const one of pat.alternatives) walkPat(bx, at, one);
      return;
    case "range":
      if (pat.from !== null) walk(bx, at, pat.from);
      if (pat.to !== null) walk(bx, at, pat.to);
      return;
    case "const-block":
      return walk(bx, at, pat.value);
    case "macro":
      return expandPat(bx, at, pat);
    default:
      return;
  }
}
