/**
 * A graph that is being built: drafts of nodes, and what reachable code is known to make.
 */
import type { Span } from "../base/span.ts";
import type { Condition, UnresolvedReason } from "../model/vocabulary.ts";
import type { DefId } from "../names/defs.ts";
import type { OwnEffect } from "./call-graph.ts";
import type { Instance } from "./instances.ts";
import type { Mir } from "./mir.ts";
import type { Objects } from "./object-types.ts";
import type { Target } from "./resolved.ts";
import type { World } from "./world.ts";

/** State of building: drafts of nodes by instance. */
export interface Building {
  readonly world: World;
  readonly drafts: Map<number, Draft>;
  readonly objects: Objects;
  /** Definitions of types of which reachable code builds values. */
  readonly constructed: Set<DefId>;
  readonly limits: Map<number, string>;
}
export interface DraftSite {
  readonly block: number;
  readonly span: Span;
  readonly callee: string;
  readonly targets: readonly Target[];
  readonly symbol: string | null;
  readonly unresolved: { readonly reason: UnresolvedReason; readonly text: string } | null;
  readonly conditions: readonly Condition[];
}
export interface Draft {
  readonly instance: Instance;
  readonly mir: Mir | null;
  readonly span: Span;
  readonly macroPlace: Span | null;
  readonly path: string;
  readonly model: boolean;
  readonly sites: readonly DraftSite[];
  readonly effects: readonly OwnEffect[];
}
