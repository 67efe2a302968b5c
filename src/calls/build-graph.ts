/**
 * The call graph of one program from its entries: a worklist over instances.
 *
 * Each instance is read once; its calls and drops become sites with edges, and what they lead to is read next. Calls through trait
 * objects of open origin go to the types that reachable code makes into such objects; a node that waits for them is
 * settled again when another such type is seen. Sets only grow and budgets bound instances, so it ends. Nodes are numbered
 * in the order in which a walk from the entries meets them: equal programs give equal graphs.
 */
import { runSteps, type Steps } from "../base/steps.ts";
import type { Ty } from "../types/ty.ts";
import type { Building } from "./building.ts";
import type { CallGraph } from "./call-graph.ts";
import { environmentOf } from "./captured-values.ts";
import { createWorld, type WorldOptions } from "./create-world.ts";
import { freeze } from "./freeze-graph.ts";
import type { Instance } from "./instances.ts";
import type { BodyKey } from "./mir.ts";
import { draftOf } from "./node-draft.ts";
import { createObjects } from "./object-types.ts";
import { factsFor, type World } from "./world.ts";

export interface GraphOptions extends WorldOptions {
  /** Instances that handlers are. */
  readonly entries: readonly Entry[];
}
export interface Entry {
  readonly key: BodyKey;
  readonly args: readonly Ty[];
}

/** Everything that the entries reach, before guards. */
export function buildCallGraph(options: GraphOptions): CallGraph {
  return runSteps(callGraphSteps(options));
}

/** The same in steps of a few instances each. */
export function* callGraphSteps(options: GraphOptions): Steps<CallGraph> {
  const building = start(options);
  const { world, drafts } = building;
  const entries = options.entries.map((one) => entryInstance(world, one));
  const pending: Instance[] = [];
  const queued = new Set<number>();
  const queue = (instance: Instance): void => {
    if (queued.has(instance.id)) return;
    queued.add(instance.id);
    pending.push(instance);
  };
  for (const entry of entries) queue(entry);
  for (let instance = pending.pop(); instance !== undefined; instance = pending.pop()) {
    queued.delete(instance.id);
    const draft = draftOf(building, instance);
    drafts.set(instance.id, draft);
    if (drafts.size % 16 === 0) yield `following calls: ${drafts.size} functions`;
    for (const site of draft.sites) {
      for (const target of site.targets) if (!drafts.has(target.instance.id)) queue(target.instance);
    }
    for (const waiting of building.objects.takeWoken()) {
      const known = drafts.get(waiting);
      if (known !== undefined) queue(known.instance);
    }
  }
  return freeze(building, entries);
}

/** A function of a pack that has facts in place of a body does what they say. */
function entryInstance(world: World, { key, args }: Entry): Instance {
  const facts = key.closure === null ? factsFor(world, key.def) : null;
  const modelled =
    facts !== null && facts.body === undefined && world.names.isPackCrate(world.names.def(key.def).crate);
  if (modelled) return world.instances.model(key.def, args, []);
  const environment = environmentOf(world, key, args);
  return world.instances.body(key, args, environment === null ? [] : [environment]);
}

function start(options: GraphOptions): Building {
  const limits = new Map<number, string>();
  const world = createWorld(options, (instance, what) => {
    limits.set(instance.id, what);
  });
  return { world, drafts: new Map(), objects: createObjects(world), constructed: new Set(), limits };
}
