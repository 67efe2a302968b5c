/**
 * Sets of facts that hold at a point on every path: "this cell was forced", "this value is a success".
 *
 * A set remembers for each fact where it first came from, for the report. `null` stands for a point that no path
 * reaches, which every fact holds at; meeting keeps what both sides have. Sets are never changed once handed out.
 */
import type { Span } from "../base/span.ts";
import type { StaticPlace } from "../calls/call-graph.ts";
import type { BodyKey, Projection } from "../calls/mir.ts";

/** Where a cell was forced. */
export interface Origin {
  readonly body: BodyKey;
  readonly span: Span;
}
export type Fact =
  | { readonly k: "forced"; readonly cell: StaticPlace; readonly origin: Origin }
  /** What a reference parameter leads to was forced. */
  | { readonly k: "forced-param"; readonly index: number; readonly steps: readonly Projection[] }
  /** The parameter's value is Ok, Some or true. */
  | { readonly k: "success"; readonly index: number; readonly steps: readonly Projection[] };

export type Facts = ReadonlyMap<string, Fact>;

export const NO_FACTS: Facts = new Map();

/** Facts at a point where nobody arrives are all facts: `null`. */
export type MaybeFacts = Facts | null;

/** A key under which equal facts meet, whatever their origin. */
export function factKey(fact: Fact): string {
  switch (fact.k) {
    case "forced":
      return `s${fact.cell.def}:${fact.cell.fields.join(".")}`;
    case "forced-param":
      return `p${fact.index}:${stepsKey(fact.steps)}`;
    case "success":
      return `o${fact.index}:${stepsKey(fact.steps)}`;
  }
}

function stepsKey(steps: readonly Projection[]): string {
  return steps
    .map((step) => (step.k === "deref" ? "*" : step.k === "index" ? "[]" : `${step.variant ?? ""}.${step.index}`))
    .join("/");
}

/** What holds on both. The first origin stays, so the answer does not depend on how often sets meet. */
export function meet(left: MaybeFacts, right: MaybeFacts): MaybeFacts {
  if (left === null) return right;
  if (right === null || left === right) return left;
  const both = new Map<string, Fact>();
  for (const [key, fact] of left) if (right.has(key)) both.set(key, fact);
  return both.size === left.size ? left : both;
}

/** What holds, and these as well. */
export function add(facts: MaybeFacts, more: readonly Fact[]): MaybeFacts {
  if (facts === null || more.length === 0) return facts;
  let sum: Map<string, Fact> | null = null;
  for (const fact of more) {
    const key = factKey(fact);
    if ((sum ?? facts).has(key)) continue;
    sum ??= new Map(facts);
    sum.set(key, fact);
  }
  return sum ?? facts;
}

/** Equal as sets of facts. */
export function sameFacts(left: MaybeFacts, right: MaybeFacts): boolean {
  if (left === right) return true;
  if (left === null || right === null || left.size !== right.size) return false;
  for (const key of left.keys()) if (!right.has(key)) return false;
  return true;
}
