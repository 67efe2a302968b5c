/**
 * Who has a pointer into a static or a container after the body that took it: whoever calls the body, or names the static or constant that it makes.
 *
 * Input: a body that gives such a pointer back, and which types can lead to what is asked about. Output: bodies with the locals that hold it, and an
 * open end where others may call. What they store through it is not looked at here.
 */
import type { DefId } from "../names/defs.ts";
import type { Types } from "../types/api.ts";
import type { Ty } from "../types/ty.ts";
import type { Bodies } from "./bodies.ts";
import { callSitesOf, implemented } from "./call-sites.ts";
import { constantAround } from "./declared-in-body.ts";
import type { BodyInContext } from "./flow-context.ts";
import type { OpenEnd } from "./flow-model.ts";
import { anywhere } from "./inner-types.ts";
import { namesOf } from "./other-names.ts";
import { staticHolders } from "./static-holders.ts";
import { isOpaque, storesInside } from "./value-types.ts";

export interface User {
  readonly body: BodyInContext;
  readonly holders: ReadonlySet<number>;
  /** They hold a value, not the static's own address. */
  readonly lent: boolean;
}

/** The users of what a body gives back. */
export function usersOf(
  bodies: Bodies,
  body: BodyInContext,
  leads: (ty: Ty) => boolean,
): { readonly users: readonly User[]; readonly open: OpenEnd | null } {
  const ret = bodies.mir(body)?.locals[0];
  if (ret === undefined || !leads(ret.ty)) return { users: [], open: null };
  const { kind } = bodies.names.def(body.def);
  // A closure in it, too, is called by whoever has it from there.
  if (kind !== "fn") return { users: namers(bodies, body.def), open: null };
  // Nobody else can name a function in it, and who has one has it from there.
  const around = constantAround(bodies.names, body.def);
  if (body.closure === null && around !== null) return { users: namers(bodies, around), open: null };
  const { calls, open } = callSitesOf(bodies, body);
  const users = calls.flatMap((site): User[] => {
    const term = bodies.mir(site.body)?.blocks[site.block]?.term;
    return term?.k === "call" ? [{ body: site.body, holders: new Set([term.dest.local]), lent: false }] : [];
  });
  // What code that is but modelled does with what a closure gave it is not seen.
  const isGivenAway = body.closure !== null && users.some((one) => isOfPack(bodies, one.body.def));
  return { users, open: open || isGivenAway ? { why: "memory", body, span: ret.span, ty: ret.ty } : null };
}

function isOfPack({ names }: Bodies, def: DefId): boolean {
  return names.isPackCrate(names.def(def).crate);
}

function namers(bodies: Bodies, def: DefId): User[] {
  const member = implemented(bodies, def);
  const defs = member === null ? [def] : [def, member];
  const all = bodies.cratesThatSee(member ?? def).flatMap((crate) => bodies.mentioning(crate, namesOf(bodies, def)));
  return all
    .flatMap((id) => bodies.withClosures(id))
    .flatMap((user): User[] => {
      const mir = bodies.mir(user);
      const holders = new Set(mir === null ? [] : defs.flatMap((one) => [...staticHolders(mir, one)]));
      return holders.size === 0 ? [] : [{ body: user, holders, lent: true }];
    });
}

/**
 * Can something be stored through a value of this or that type that is called as what is in a holder of this type is? What a type hides is seen through;
 * of what it hides for good, an object that is not itself what the holder has, it may.
 */
export function leadsTo(types: Types, holder: Ty): (ty: Ty) => boolean {
  const callables = new Set<Ty>();
  anywhere(types, holder, (one) => {
    if (one.k === "fn-ptr" || one.k === "dyn") callables.add(one);
    return false;
  });
  if (isOpaque(holder) && holder.k !== "dyn") return () => false;
  // Addresses as numbers are found by the holder's own type.
  const isOne = (one: Ty): boolean =>
    callables.size === 0 ? one === holder : callables.has(one) || (isOpaque(one) && one.k !== "dyn");
  const leads = (ty: Ty): boolean => storesInside(types, ty) && anywhere(types, ty, isOne);
  const hides = (one: Ty): boolean => one.k === "opaque" || (one.k === "dyn" && !callables.has(one));
  return (ty) => {
    if (leads(ty)) return true;
    const shown = types.normalize(ty, [], true);
    return leads(shown) || anywhere(types, shown, hides);
  };
}
