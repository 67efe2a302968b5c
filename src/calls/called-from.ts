/**
 * Can the program's own code get to a body? A walk over callers, by name first, up to `main` or the shipped API.
 *
 * "yes" has the path from there down to the body; "no" is only said where all callers were seen and none
 * leads up; "unknown" where a function's address is taken on the way, something runs it unasked, or the walk got too long.
 */
import { keptPer } from "../base/kept-per.ts";
import type { CrateId, Program } from "../crates/crate-graph.ts";
import { distancesFrom } from "../crates/reached.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import { type Bodies, bodyId } from "./bodies.ts";
import { callSitesOf } from "./call-sites.ts";
import type { BodyKey } from "./mir.ts";

export interface CalledFrom {
  readonly reachable: "yes" | "no" | "unknown";
  readonly path: readonly string[];
}

const MAX_BODIES = 300;

/** From where the bodies are called; for whoever asks for "no" alone, `untilOpen` ends the walk as soon as that cannot be said any more. */
export function calledFrom(bodies: Bodies, targets: readonly BodyKey[], untilOpen = false): CalledFrom {
  const below = new Map<string, BodyKey | null>();
  const { push, pop } = nearestFirst(bodies);
  for (const target of targets) {
    if (below.has(bodyId(target))) continue;
    below.set(bodyId(target), null);
    push(target);
  }
  let open = false;
  for (let next = pop(); next !== undefined; next = pop()) {
    if (isStart(bodies, next.def)) return { reachable: "yes", path: pathDown(bodies, below, next) };
    if (below.size > MAX_BODIES || (open && untilOpen)) return { reachable: "unknown", path: [] };
    // A closure runs, if at all, after the function that makes it.
    const owner: BodyKey = { def: next.def, closure: null };
    const sites =
      next.closure === null ? callSitesOf(bodies, next) : { calls: [{ body: owner }], open: false, lost: false };
    open ||= sites.open || sites.lost || (next.closure === null && runsUnasked(bodies, next.def));
    for (const { body } of sites.calls) {
      if (below.has(bodyId(body))) continue;
      below.set(bodyId(body), next);
      push(body);
    }
  }
  return { reachable: open ? "unknown" : "no", path: [] };
}

/** Is the program a library, whose users may call what its dependencies offer, too? */
export function hasUsers({ names }: Bodies): boolean {
  return names.program.kind !== "bin" && names.program.kind !== "dev";
}

const distancesOf = keptPer<Program, 0, ReadonlyMap<CrateId, number>>();
const neverCalled = new WeakMap<Bodies, Map<DefId, boolean>>();

/**
 * Is it a closure that nothing makes: one of a function of a dependency that the program does not call, or one around such a closure; or a type
 * parameter of such a function, which then stands for no type? Of members' own functions that is not asked.
 */
export function isNeverMade(bodies: Bodies, ty: Ty): boolean {
  const { names } = bodies;
  const owner = ty.k === "closure" ? ty.body : ty.k === "param" && names.def(ty.owner).kind === "fn" ? ty.owner : null;
  if (owner === null) return false;
  if (isUncalled(bodies, owner)) return true;
  return ty.k === "closure" && ty.args.some((one) => isNeverMade(bodies, one));
}

/** Is it a function of a dependency that nothing in the program calls? Members' own are for their users. */
export function isUncalled(bodies: Bodies, def: DefId): boolean {
  if (bodies.names.crateNode(bodies.names.def(def).crate)?.isMember !== false) return false;
  const known = neverCalled.get(bodies) ?? new Map<DefId, boolean>();
  neverCalled.set(bodies, known);
  let never = known.get(def);
  if (never === undefined) {
    never = calledFrom(bodies, [{ def, closure: null }], true).reachable === "no";
    known.set(def, never);
  }
  return never;
}

/** Bodies that are waiting: those of crates nearest to what the program ships first, and of these whoever came first. */
function nearestFirst({ names }: Bodies): { push(body: BodyKey): void; pop(): BodyKey | undefined } {
  const distances = distancesOf(names.program, 0, () => distancesFrom(names.program));
  const waiting: BodyKey[][] = [];
  return {
    push(body) {
      const distance = distances.get(names.def(body.def).crate) ?? distances.size;
      waiting[distance] = [...(waiting[distance] ?? []), body];
    },
    pop: () => waiting.find((one) => one !== undefined && one.length > 0)?.shift(),
  };
}

/** Does a function run without a call that names it? Initialisers, members of std's traits, what C or the loader calls, what an attribute macro rewrites. */
export function runsUnasked(bodies: Bodies, id: DefId): boolean {
  const { names, types } = bodies;
  const { kind, attrs, parent } = names.def(id);
  if (kind !== "fn" || attrs.some((attr) => !QUIET.has(attr.path))) return true;
  if (parent === null) return false;
  const trait = names.def(parent).kind === "impl" ? types.implTraitRef(parent)?.trait : null;
  return trait !== null && trait !== undefined && names.isPackCrate(names.def(trait).crate);
}

/** Attributes that let nobody else call the function. */
const QUIET: ReadonlySet<string> = new Set(
  "allow warn deny forbid expect cfg cfg_attr doc inline cold must_use deprecated track_caller target_feature test".split(
    " ",
  ),
);

/** `main` of a program, or what a shipped library offers. */
function isStart(bodies: Bodies, id: DefId): boolean {
  const { names } = bodies;
  const def = names.def(id);
  const node = names.crateNode(def.crate);
  if (node === null) return false;
  if (!names.program.roots.includes(node.id)) return names.program.roots.some((root) => names.reExports(root, id));
  if (node.kind === "lib" || node.kind === "cdylib" || node.kind === "staticlib") {
    const exported = def.attrs.some((attr) => attr.path === "no_mangle" || attr.path === "export_name");
    return exported || names.withinReach(id);
  }
  return def.name === "main" && def.parent === names.crateRoot(def.crate);
}

function pathDown(bodies: Bodies, below: ReadonlyMap<string, BodyKey | null>, start: BodyKey): string[] {
  const path: string[] = [];
  for (let at: BodyKey | null | undefined = start; at !== null && at !== undefined; at = below.get(bodyId(at))) {
    const name = bodies.names.pathOf(at.def);
    if (path.at(-1) !== name) path.push(name);
  }
  return path;
}
