/**
 * The call graph of one program from its roots: data only.
 *
 * A node is an instance: a body with concrete type arguments (and, for references to statics, which static). Sites are
 * the terminators of its MIR, each ending in exactly one of: targets, a modelled function, an extern symbol, unresolved.
 */
import type { Span } from "../base/span.ts";
import type { Certainty, Condition, Kind, UnresolvedReason, Via } from "../model/vocabulary.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import type { BodyKey, Mir } from "./mir.ts";

export type NodeId = number & { readonly __node: unique symbol };
export type SiteId = number & { readonly __site: unique symbol };

export interface Node {
  readonly id: NodeId;
  readonly what:
    | { readonly k: "body"; readonly key: BodyKey }
    /** Drop glue of a type: an own node, so that it is walked once per type. */
    | { readonly k: "drop-glue"; readonly ty: Ty }
    /** A pack function without body. */
    | { readonly k: "model"; readonly def: DefId };
  readonly args: readonly Ty[];
  /** Static cells that reference arguments are known to point to (argument index → static), part of the identity. */
  readonly statics: readonly (StaticPlace | null)[];
  readonly mir: Mir | null;
  readonly sites: readonly SiteId[];
  /** Effects of its own: pack facts, intrinsics, spin loops. */
  readonly effects: readonly OwnEffect[];
  /** True for code of pack crates (std): not counted as a function of the program. */
  readonly model: boolean;
  /** Printed path, closures as `f::{closure#0}`. */
  readonly path: string;
  readonly span: Span;
  /** For a function that a macro's definition holds whole: its place there. */
  readonly macroPlace: Span | null;
}
export interface StaticPlace {
  readonly def: DefId;
  /** The path of fields inside, for cells in structs. */
  readonly fields: readonly number[];
  /** For each of them the variant that it is a field of, where that is told; left out where it is told of none. */
  readonly variants?: readonly (number | null)[];
}
export interface OwnEffect {
  readonly kind: Kind;
  readonly condition: Condition;
  readonly span: Span;
  readonly through: string | null;
  readonly source: string /* citation or mechanism */;
  /** Told under the node's other effects. */
  readonly beside?: true;
}

export interface Site {
  readonly id: SiteId;
  readonly node: NodeId;
  /** Block of the MIR whose terminator it is. */
  readonly block: number;
  readonly span: Span;
  /** What is written there, for reports: `objects.push(..)`. */
  readonly callee: string;
  readonly outcome:
    | { readonly k: "targets"; readonly edges: readonly Edge[] }
    | { readonly k: "extern"; readonly symbol: string; readonly edges: readonly Edge[] /* callbacks */ }
    | {
        readonly k: "unresolved";
        readonly reason: UnresolvedReason;
        readonly text: string /** edges to candidates when certainty allows */;
        readonly edges: readonly Edge[];
      }
    /** Nothing runs: builtin shims, drop of a type without glue, constructors, intrinsics known to be pure. */
    | { readonly k: "none" };
  /** Conditions under which the site is executed, from the control flow around it (error-path, guarded, …). */
  readonly conditions: readonly Condition[];
}
export interface Edge {
  readonly target: NodeId;
  readonly via: Via;
  readonly certainty: Certainty;
  /** Conditions on this edge; `uninit` names the static it depends on in `cell`. */
  readonly conditions: readonly Condition[];
  readonly cell: StaticPlace | null;
  /** Leads from a rule that stands for a function of the program to that function's source: reachable, and judged by the rule. */
  readonly behind?: true;
}

export interface CallGraph {
  readonly nodes: readonly Node[];
  readonly sites: readonly Site[];
  node(id: NodeId): Node;
  site(id: SiteId): Site;
  /** The nodes of what was asked for, in that order: what else calls the same function may have nodes of their own for it. */
  readonly entries: readonly NodeId[];
  readonly limits: readonly { readonly node: NodeId; readonly what: string }[];
}
export type { Kind };
