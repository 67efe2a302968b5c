/**
 * The local variables in sight at one point of a body.
 *
 * A use means the innermost binding whose name and hygiene context are equal to its own. A name that a macro's own text
 * brings in (context not 0) and that no binding of that context answers may mean one written by hand where the macro was
 * defined: that is looked for last, after items (`anyContext`).
 */
export interface Local {
  readonly name: string;
  readonly context: number;
  /** Id of the ident pattern (in the first alternative of an or-pattern). */
  readonly binding: number;
}

export interface Locals {
  readonly stack: Local[];
}

/** No variables. */
export function newLocals(): Locals {
  return { stack: [] };
}

/** Remember the height, to be given to `leaveScope`. */
export function enterScope(locals: Locals): number {
  return locals.stack.length;
}

/** Forgets all bindings made since. */
export function leaveScope(locals: Locals, mark: number): void {
  locals.stack.length = mark;
}

/** A binding comes into sight. */
export function bindLocal(locals: Locals, local: Local): void {
  locals.stack.push(local);
}

/** The binding that a name means here. */
export function findLocal(locals: Locals, name: string, context: number): Local | null {
  for (let i = locals.stack.length - 1; i >= 0; i--) {
    const local = locals.stack[i];
    if (local !== undefined && local.name === name && local.context === context) return local;
  }
  return null;
}

/** The innermost binding of that name that was written by hand. */
export function findHandWritten(locals: Locals, name: string): Local | null {
  return findLocal(locals, name, 0);
}
