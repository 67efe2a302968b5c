/**
 * The one error of this layer: the analysis cannot be done (exit code 2).
 *
 * Its message names what was wrong and where; `help` names the way out. It is meant for people and printed
 * without a stack trace.
 */

import { inert } from "../base/inert.ts";

export interface CrateErrorDetails {
  readonly file?: string | null;
  readonly line?: number | null;
  readonly column?: number | null;
  /** What to run or change. */
  readonly help?: string | null;
  /** What cargo said, when cargo said it. */
  readonly detail?: string | null;
}

export class CrateError extends Error {
  readonly exitCode = 2;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly help: string | null;
  readonly detail: string | null;

  constructor(message: string, details: CrateErrorDetails = {}) {
    super(message);
    this.name = "CrateError";
    this.file = details.file ?? null;
    this.line = details.line ?? null;
    this.column = details.column ?? null;
    this.help = details.help ?? null;
    this.detail = details.detail ?? null;
  }

  /** The message with place, cargo's own words and the way out; several lines, no escapes. */
  render(): string {
    const lines = [inert(this.message)];
    if (this.file !== null) {
      const line = this.line === null ? "" : `:${this.line}${this.column === null ? "" : `:${this.column}`}`;
      lines.push(`  --> ${inert(this.file)}${line}`);
    }
    if (this.detail !== null) for (const text of this.detail.trimEnd().split("\n")) lines.push(`  | ${inert(text)}`);
    if (this.help !== null) lines.push(`  = help: ${inert(this.help)}`);
    return lines.join("\n");
  }
}
