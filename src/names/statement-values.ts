/**
 * Which statement of a list is its value: what stands last once cfgs and macros have gone, and what statements are where an expression stands.
 *
 * Statements are changed in place, as the body was lowered for one expansion alone. Nothing is expanded here.
 */
import type { Span } from "../base/span.ts";
import type { Block, Body, Expr, Stmt } from "../syntax/ast-body.ts";

/** What stands last once cfgs and macros have gone is the block's value: one of two blocks under opposite cfgs, what a macro in braces left. */
export function promoteLast(block: Block, placed: { readonly stmt: Stmt }[]): void {
  const last = lastOf(block.stmts);
  const { stmt } = last ?? {};
  if (last === null || stmt?.k !== "expr" || stmt.semi || placed.at(-1)?.stmt !== stmt) return;
  last.drop((stmts) => set(block, "stmts", stmts));
  set(block, "tail", stmt.expr);
  placed.pop();
}

interface LastStmt {
  readonly stmt: Stmt;
  /** Takes it out of the statements it stands in; `own` is told where those are the block's. */
  drop(own: (stmts: readonly Stmt[]) => void): void;
}

/** The last statement, through expansions of macros that no semicolon follows and past those that left nothing; null where none is left. */
function lastOf(stmts: readonly Stmt[], holder: (Stmt & { readonly k: "macro" }) | null = null): LastStmt | null {
  for (let index = stmts.length - 1; index >= 0; index -= 1) {
    const stmt = stmts[index];
    if (stmt === undefined) return null;
    if (stmt.k === "macro" && stmt.expanded !== null && !stmt.semi) {
      const inner = lastOf(stmt.expanded, stmt);
      if (inner !== null) return inner;
      continue;
    }
    const kept = stmts.filter((one) => one !== stmt);
    return { stmt, drop: (own) => (holder === null ? own(kept) : set(holder, "expanded", kept)) };
  }
  return null;
}

/** A macro call that ends a statement's expansion makes statements (items, too), not a value. */
export function macroStatement(stmt: Stmt): Stmt {
  if (stmt.k !== "expr" || stmt.expr.k !== "macro") return stmt;
  const { call, attrs, span } = stmt.expr;
  return { k: "macro", call, semi: stmt.semi, attrs: [...stmt.attrs, ...attrs], span, expanded: null, failure: null };
}

/** Statements where an expression stands: a block, the last one its value; a lone expression is itself. */
export function asBlock(arena: Body["arena"], span: Span, given: readonly Stmt[]): Expr {
  // A macro in braces may leave nothing; then what stands before it is the value.
  const stmts = given.length === 1 ? given : given.map((one) => (isBraced(one) ? macroStatement(one) : one));
  const last = stmts.at(-1);
  const macroTail = last?.k === "macro" && !last.semi && (stmts.length === 1 || last.call.delimiter !== "{");
  const tail: Expr | null =
    last?.k === "expr" && !last.semi
      ? last.expr
      : macroTail && last.k === "macro"
        ? {
            id: arena.nextExpr++,
            span: last.span,
            attrs: last.attrs,
            k: "macro",
            call: last.call,
            expanded: null,
            failure: null,
          }
        : null;
  if (stmts.length === 1 && tail !== null && tail.attrs.length === 0) return tail;
  const block: Block = {
    stmts: tail === null ? stmts : stmts.slice(0, -1),
    tail,
    label: null,
    flavor: "plain",
    span,
  };
  return { id: arena.nextExpr++, span, attrs: [], k: "block", block };
}

function isBraced(stmt: Stmt): boolean {
  return stmt.k === "expr" && stmt.expr.k === "macro" && stmt.expr.call.delimiter === "{";
}

/** Writes a field of a tree that was lowered for this expansion alone. */
export function set<T, K extends keyof T>(node: T, key: K, value: T[K]): void {
  (node as { -readonly [P in keyof T]: T[P] })[key] = value;
}
