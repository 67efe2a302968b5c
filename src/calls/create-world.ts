/**
 * What the call-graph layer needs to read bodies with types filled in: tables and memos, all empty.
 */
import type { Types } from "../types/api.ts";
import { type Bodies, createBodies } from "./bodies.ts";
import { type Budgets, createInstances, DEFAULT_BUDGETS, type Instance } from "./instances.ts";
import { createKnowns } from "./known.ts";
import type { Externs, PackFacts, World } from "./world.ts";

export interface WorldOptions {
  readonly types: Types;
  /** Bodies to share with other questions; made anew where left out. */
  readonly bodies?: Bodies;
  readonly packs: PackFacts;
  readonly externs: Externs;
  readonly limits?: Partial<Budgets>;
}

/** A world of its own; it is told which instances were widened, and why. */
export function createWorld(options: WorldOptions, widened: (instance: Instance, what: string) => void): World {
  const { types, packs, externs } = options;
  const knowns = createKnowns();
  const budgets: Budgets = { ...DEFAULT_BUDGETS, ...options.limits };
  return {
    types,
    names: types.names,
    bodies: options.bodies ?? createBodies(types),
    packs,
    externs,
    knowns,
    budgets,
    instances: createInstances(budgets, types.unknown("limit"), knowns.inert, widened),
    analyses: new Map(),
    active: new Set(),
    statics: new Map(),
    flows: new WeakMap(),
    holds: new Map(),
    calls: new Map(),
  };
}
