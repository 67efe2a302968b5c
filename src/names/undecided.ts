/**
 * What is compiled only under a cfg that a build script decides, made into branches on a condition that nobody knows: statements, values of a block, arms, fields.
 *
 * Input: nodes that were lowered for this expansion alone; they are changed in place. `return` in such a statement ends one way, not the body; of
 * values under opposite cfgs each may be the block's. What a `let` binds keeps what stood under its name where the `let` is not compiled. The first
 * `let` of a name that is used, patterns other than names and tuples of names, and `let … else` are taken to be compiled.
 */
import type { Span } from "../base/span.ts";
import type { Path } from "../syntax/ast.ts";
import type { Block, BodyArena, Expr, FieldInit, MatchArm, Pat, Stmt } from "../syntax/ast-body.ts";
import { set } from "./statement-values.ts";

/** A statement as what it is where nobody knows whether it is compiled; `before`: those in front of it in its block, of which the last may take it as its `else`. */
export function undecidedStatement(arena: BodyArena, stmt: Stmt, before: readonly Stmt[]): readonly Stmt[] {
  if (stmt.k === "let") return undecidedLet(arena, stmt, before);
  if (stmt.k !== "expr") return [stmt];
  const branch = branchOn(arena, blockOf(stmt), null, stmt.span);
  const open = stmt.semi ? null : openEnd(before.at(-1));
  if (open === null) return [{ ...stmt, expr: branch, attrs: [] }];
  set(open, "otherwise", branch);
  return [];
}

/** The block's last expression, where nobody knows whether it is compiled, beside the value that stands in front of it. */
export function undecidedTail(arena: BodyArena, block: Block, tail: Expr): void {
  const last = block.stmts.at(-1);
  const open = openEnd(last);
  const value = withoutAttrs(tail);
  if (open !== null && last?.k === "expr") {
    set(open, "otherwise", value);
    set(block, "stmts", block.stmts.slice(0, -1));
    set(block, "tail", last.expr);
  } else if (endsWithoutValue(tail)) {
    const stmts: readonly Stmt[] = [{ k: "expr", expr: value, semi: true, attrs: [], span: tail.span }];
    set(block, "tail", branchOn(arena, plainBlock(stmts, null, tail.span), null, tail.span));
  }
}

/** A value that stood as a statement is its block's: of several one is compiled. */
export function closedTail(arena: BodyArena, tail: Expr): Expr {
  let holder: Branch | null = null;
  let at = tail;
  while (isUndecided(at) && at.otherwise !== null) {
    holder = at;
    at = at.otherwise;
  }
  if (!isUndecided(at) || at.then.tail === null || endsWithoutValue(at.then.tail)) return tail;
  const value: Expr = { id: arena.nextExpr++, span: at.span, attrs: [], k: "block", block: at.then };
  if (holder === null) return value;
  set(holder, "otherwise", value);
  return tail;
}

/** An arm that may not be there: its pattern alone does not decide. */
export function undecidedArm(arena: BodyArena, arm: MatchArm): void {
  const unknown = condition(arena, arm.span);
  const { guard } = arm;
  set(
    arm,
    "guard",
    guard === null
      ? unknown
      : { id: arena.nextExpr++, span: guard.span, attrs: [], k: "binary", op: "and", left: unknown, right: guard },
  );
}

/** Fields under opposite cfgs: one that is there twice has either value. */
export function undecidedFields(arena: BodyArena, fields: readonly FieldInit[]): readonly FieldInit[] {
  const byName = new Map<string, FieldInit>();
  for (const field of fields) {
    const known = byName.get(field.name);
    const value = known === undefined ? field.value : either(arena, [known.value, field.value], field.span);
    byName.set(field.name, { ...field, value });
  }
  return [...byName.values()];
}

/** Arguments or elements, with the conditions of those of which nobody knows whether they are there: neighbours under different ones are one of several. */
export function undecidedElements(
  arena: BodyArena,
  list: readonly { readonly expr: Expr; readonly under: string | null }[],
): readonly Expr[] {
  const groups: { readonly first: Expr; readonly others: Expr[]; readonly seen: Set<string> | null }[] = [];
  for (const { expr, under } of list) {
    const last = groups.at(-1);
    if (under !== null && last !== undefined && last.seen !== null && !last.seen.has(under)) {
      last.others.push(expr);
      last.seen.add(under);
    } else groups.push({ first: expr, others: [], seen: under === null ? null : new Set([under]) });
  }
  return groups.map(({ first, others }) =>
    others.length === 0 ? first : either(arena, [first, ...others].map(withoutAttrs), first.span),
  );
}

/** One of several expressions. */
export function either(arena: BodyArena, exprs: readonly Expr[], span: Span): Expr {
  const last = exprs.at(-1) ?? { id: arena.nextExpr++, span, attrs: [], k: "tuple", elems: [] };
  return exprs
    .slice(0, -1)
    .reduceRight<Expr>((rest, one) => branchOn(arena, plainBlock([], one, one.span), rest, span), last);
}

/** Is it a branch on whether what it leads to is compiled? */
export function isUndecided(expr: Expr): expr is Branch {
  return expr.k === "if" && isCfg(expr.cond);
}

/** Is it the value of a cfg that nobody knows? */
export function isCfg(expr: Expr): boolean {
  if (expr.k === "macro" && expr.expanded !== null) return isCfg(expr.expanded);
  return expr.k === "constant" && expr.ty === "bool" && expr.text === "cfg";
}

type Branch = Expr & { readonly k: "if" };

function condition(arena: BodyArena, span: Span): Expr {
  return { id: arena.nextExpr++, span, attrs: [], k: "constant", ty: "bool", text: "cfg" };
}

function branchOn(arena: BodyArena, then: Block, otherwise: Expr | null, span: Span): Branch {
  return { id: arena.nextExpr++, span, attrs: [], k: "if", cond: condition(arena, span), then, otherwise };
}

function plainBlock(stmts: readonly Stmt[], tail: Expr | null, span: Span): Block {
  return { stmts, tail, label: null, flavor: "plain", span };
}

function blockOf(stmt: Stmt & { readonly k: "expr" }): Block {
  const expr = withoutAttrs(stmt.expr);
  return stmt.semi ? plainBlock([{ ...stmt, expr, attrs: [] }], null, stmt.span) : plainBlock([], expr, stmt.span);
}

/** The cfg is the branch's now. */
function withoutAttrs(expr: Expr): Expr {
  return expr.attrs.length === 0 ? expr : { ...expr, attrs: [] };
}

/** The branch of a statement that may be a value, of several the last, which has no `else` yet. */
function openEnd(stmt: Stmt | undefined): Branch | null {
  if (stmt?.k !== "expr" || stmt.semi) return null;
  let at = stmt.expr;
  while (isUndecided(at) && at.otherwise !== null) at = at.otherwise;
  return isUndecided(at) ? at : null;
}

/** By its form: a block that ends in a statement. */
function endsWithoutValue(expr: Expr): boolean {
  return expr.k === "block" && expr.block.flavor === "plain" && expr.block.tail === null;
}

function undecidedLet(arena: BodyArena, stmt: Stmt & { readonly k: "let" }, before: readonly Stmt[]): readonly Stmt[] {
  const { pat, init, otherwise, span } = stmt;
  if (init === null || otherwise !== null) return [stmt];
  const held = asExpr(arena, pat);
  if (pat.k === "wild") {
    const inner = plainBlock([{ ...stmt, attrs: [] }], null, span);
    return [{ k: "expr", expr: branchOn(arena, inner, null, span), semi: true, attrs: [], span }];
  }
  if (held === null) return [stmt];
  if (namesOf(pat).every((name) => before.some((one) => one.k === "let" && namesOf(one.pat).includes(name))))
    return [{ ...stmt, init: either(arena, [init, held], init.span), attrs: [] }];
  // What nothing takes the place of is used under the same cfg only; what is never used may be there for what it does.
  if (pat.k !== "ident" || !pat.name.startsWith("_")) return [stmt];
  const assign: Expr = { id: arena.nextExpr++, span, attrs: [], k: "assign", op: null, left: held, right: init };
  const inner = plainBlock([{ k: "expr", expr: assign, semi: true, attrs: [], span }], null, span);
  return [
    { ...stmt, init: null, attrs: [] },
    { k: "expr", expr: branchOn(arena, inner, null, span), semi: true, attrs: [], span },
  ];
}

/** The pattern as the expression that has the same value; null for others than names and tuples of names. */
function asExpr(arena: BodyArena, pat: Pat): Expr | null {
  const { span } = pat;
  const base = { id: arena.nextExpr++, span, attrs: [] };
  if (pat.k === "ident" && !pat.byRef && pat.sub === null)
    return { ...base, k: "path", path: nameAsPath(pat.name, pat.context, span) };
  if (pat.k !== "tuple") return null;
  const elems = pat.elems.map((one) => asExpr(arena, one));
  return elems.every((one) => one !== null) ? { ...base, k: "tuple", elems } : null;
}

function nameAsPath(name: string, context: number, span: Span): Path {
  const segments = [{ name, args: null, span, context }];
  return { global: false, dollarCrate: null, qself: null, qselfPosition: 0, segments, span };
}

/** Names with their contexts that a pattern of names and tuples binds. */
function namesOf(pat: Pat): readonly string[] {
  if (pat.k === "ident") return [`${pat.name} ${pat.context}`];
  return pat.k === "tuple" ? pat.elems.flatMap(namesOf) : [];
}
