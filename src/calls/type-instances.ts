/**
 * What a type that is written with a function's own parameters stands for: one type for each instance that the program makes.
 *
 * Input: the type, and the bodies among whose parameters it may be written. Parameters are replaced by what callers give, outwards and
 * bounded; those of an impl by the types on which its member is called, and where that is a trait object by the types that become such
 * objects in code that names the trait or the impl's type. Where nobody makes it concrete, or somebody outside the program may, the type
 * is among the answers as it is written, as it is where there are more call sites to look at than the bound.
 */
import type { DefId } from "../names/defs.ts";
import { HAS_OPAQUE, HAS_PARAM } from "../types/intern.ts";
import type { Ty } from "../types/ty.ts";
import { type Bodies, bodyId } from "./bodies.ts";
import { callerCount, callSitesOf } from "./call-sites.ts";
import { isUncalled } from "./called-from.ts";
import { type ConstantUse, usesOfConstant } from "./constant-uses.ts";
import { type BodyInContext, outermost, typesIn } from "./flow-context.ts";
import { unsizedInto } from "./flow-places.ts";
import { anywhere } from "./inner-types.ts";
import type { BodyKey } from "./mir.ts";
import { isOpaque } from "./value-types.ts";

const MAX_DEPTH = 6;
const MAX_INSTANCES = 64;
/** Call sites looked at for one answer, however deep. */
const MAX_SITES = 2000;

const answers = new WeakMap<Bodies, Map<string, readonly Ty[]>>();

interface Question {
  readonly bodies: Bodies;
  /** What only users of the library could call in a dependency makes no instance. */
  readonly ofProgram: boolean;
  sites: number;
}

/**
 * The type with the arguments that the program's instances give; sorted, never empty. Of the program's `own` is what its code makes, and not
 * what users of a library could make with a dependency that nothing in it calls.
 */
export function instancesOfType(
  bodies: Bodies,
  among: readonly BodyKey[],
  ty: Ty,
  whose: "anybody" | "own" = "anybody",
): readonly Ty[] {
  const known = answers.get(bodies) ?? new Map<string, readonly Ty[]>();
  answers.set(bodies, known);
  const key = `${whose}|${ty.id}|${among.map(bodyId).join()}`;
  let answer = known.get(key);
  if (answer === undefined) {
    const found = new Map<number, Ty>();
    walk({ bodies, ofProgram: whose === "own", sites: MAX_SITES }, among, ty, 0, found);
    if (found.size === 0) found.set(ty.id, ty);
    answer = [...found.values()].sort((left, right) => left.id - right.id);
    known.set(key, answer);
  }
  return answer;
}

/**
 * The same for a type that stands in a body: as the calls that it is looked at through say, seen through what `impl Trait` hides, and for the
 * instances of the body that stands outermost.
 */
export function instancesIn(bodies: Bodies, body: BodyInContext, ty: Ty): readonly Ty[] {
  const { types } = bodies;
  const [own = ty] = typesIn(types, body, [ty]);
  const outer = outermost(body);
  const seen =
    (own.flags & HAS_OPAQUE) === 0 ? own : types.normalize(own, types.genericsOf(outer.def).predicates, true);
  return (seen.flags & HAS_PARAM) === 0 ? [seen] : instancesOfType(bodies, [outer], seen);
}

/** Puts in what the type stands for. What does not fit is no answer, and its callers are not asked. */
function walk(
  question: Question,
  among: readonly BodyKey[],
  ty: Ty,
  depth: number,
  found: Map<number, Ty>,
  fits: (ty: Ty) => boolean = () => true,
): void {
  const { bodies } = question;
  if (!fits(ty)) return;
  const owner = genericOwner(bodies, ty, among);
  const isEnough = depth >= MAX_DEPTH || found.size >= MAX_INSTANCES || question.sites <= 0;
  if (owner === null || isEnough || callerCount(bodies, owner) === "too-many") {
    found.set(ty.id, ty);
    return;
  }
  const instances = new Map<number, { readonly ty: Ty; readonly body: BodyKey }>();
  const { uses, open } = usesOf(bodies, owner);
  for (const { body, named } of uses) {
    question.sites -= 1;
    if (question.sites <= 0) break;
    if (!fits(bodies.types.subst(ty, asWritten(bodies, owner.def, named)))) continue;
    for (const args of calleeArgs(question, owner.def, named, body, depth)) {
      const instance = bodies.types.normalize(bodies.types.subst(ty, args), [], true);
      // Code that names itself for its own types says nothing of them.
      const isItself = named.def === owner.def && body.def === owner.def && instance === ty;
      if (!isItself) instances.set(instance.id, { ty: instance, body });
    }
  }
  for (const one of instances.values()) walk(question, [one.body], one.ty, depth + 1, found, fits);
  const isUnmade = question.ofProgram && uses.length === 0 && !open && isUncalled(bodies, owner.def);
  if (!isUnmade && (open || instances.size === 0 || question.sites <= 0)) found.set(ty.id, ty);
}

/** Calls of a function, and where it is used as a value; uses of a constant. */
function usesOf(bodies: Bodies, owner: BodyKey): { readonly uses: readonly ConstantUse[]; readonly open: boolean } {
  if (bodies.names.def(owner.def).kind === "const") return { uses: usesOfConstant(bodies, owner.def), open: false };
  const { calls, open, values = [], offered = open } = callSitesOf(bodies, owner);
  const called = calls.flatMap(({ body, block }) => {
    const term = bodies.mir(body)?.blocks[block]?.term;
    return term?.k === "call" && term.callee.k === "def" ? [{ body, named: term.callee }] : [];
  });
  const held = values.map(({ body, args }) => ({ body, named: { def: owner.def, args } }));
  return { uses: [...called, ...held], open: offered };
}

/** The owner's arguments at a call: as written, or those of the impl that the call of the trait's member ends in. */
function calleeArgs(
  question: Question,
  owner: DefId,
  callee: ConstantUse["named"],
  body: BodyKey,
  depth: number,
): (readonly Ty[])[] {
  if (callee.def === owner) return [callee.args];
  const [self, ...rest] = callee.args;
  if (self === undefined) return [];
  const { bodies } = question;
  // All at once: what a call is made with goes together, `U: From<T>` with the `T` of the same caller.
  const together = new Map<number, Ty>();
  const header = headerOf(bodies, owner);
  const fits = (ty: Ty): boolean =>
    ty.k !== "tuple" || header.every((one, index) => mayBeEqual(one, ty.elems[index] ?? one, 0));
  const add = (at: BodyKey, ty: Ty): void =>
    walk(question, [at], bodies.types.tupleOf([ty, ...rest]), depth + 1, together, fits);
  if (self.k === "dyn") for (const one of madeInto(bodies, owner, self)) add(one.body, one.ty);
  else add(body, self);
  return [...together.values()].flatMap((one) => {
    if (one.k !== "tuple") return [];
    const resolved = bodies.types.resolveMember(callee.def, one.elems);
    // Somebody whose types are not known may call it: the type stays as it is written, too.
    if (resolved.def === null && one.elems.some((elem) => anywhere(bodies.types, elem, isOpaque))) return [[]];
    return resolved.def === owner ? [resolved.args] : [];
  });
}

/** Types that become objects of this trait, where the trait or the impl's own type is named. */
function madeInto(bodies: Bodies, member: DefId, object: Ty & { readonly k: "dyn" }): { body: BodyKey; ty: Ty }[] {
  const { names, types } = bodies;
  const traits = new Set(object.traits.map((one) => one.trait));
  const { parent } = names.def(member);
  const self = parent === null ? null : types.implSelfTy(parent);
  const words = [...traits, ...(self?.k === "adt" ? [self.def] : [])];
  const found: { body: BodyKey; ty: Ty }[] = [];
  for (const crate of new Set(words.flatMap((def) => bodies.cratesThatSee(def)))) {
    for (const def of bodies.mentioning(
      crate,
      words.map((word) => names.def(word).name),
    )) {
      for (const body of bodies.withClosures(def)) {
        for (const { stmts } of bodies.mir(body)?.blocks ?? []) {
          for (const { value } of stmts) {
            if (value.k !== "cast" || value.kind !== "unsize") continue;
            const made = unsizedInto(value.from, value.to);
            if (made?.object.traits.some((one) => traits.has(one.trait))) found.push({ body, ty: made.ty });
          }
        }
      }
    }
  }
  return found;
}

/** What the impl that a member stands in says of its trait's arguments; nothing where it is no impl's. */
function headerOf({ names, types }: Bodies, member: DefId): readonly Ty[] {
  const { parent } = names.def(member);
  return (parent === null ? null : types.implTraitRef(parent))?.args ?? [];
}

/** The owner's arguments as far as the call says them, whatever the caller's own parameters are. */
function asWritten(bodies: Bodies, owner: DefId, callee: ConstantUse["named"]): readonly Ty[] {
  if (callee.def === owner) return callee.args;
  const given: Ty[] = [];
  for (const [index, one] of headerOf(bodies, owner).entries()) take(one, callee.args[index] ?? one, given, 0);
  return given;
}

function take(header: Ty, actual: Ty, given: Ty[], depth: number): void {
  if (header.k === "param") given[header.index] = actual;
  else if (header.k === "adt" && actual.k === "adt" && header.def === actual.def && depth <= MAX_DEPTH)
    for (const [index, one] of header.args.entries()) take(one, actual.args[index] ?? one, given, depth + 1);
}

/** May the two be one type, whatever stands for their parameters? */
function mayBeEqual(left: Ty, right: Ty, depth: number): boolean {
  if (left.id === right.id || isOpaque(left) || isOpaque(right) || depth > MAX_DEPTH) return true;
  const all = (ones: readonly Ty[], others: readonly Ty[]): boolean =>
    ones.length === others.length && ones.every((one, index) => mayBeEqual(one, others[index] ?? one, depth + 1));
  if (left.k === "adt") return right.k === "adt" && left.def === right.def && all(left.args, right.args);
  if (left.k === "tuple") return right.k === "tuple" && all(left.elems, right.elems);
  if (left.k === "ref" || left.k === "ptr")
    return right.k === left.k && left.mut === right.mut && mayBeEqual(left.inner, right.inner, depth + 1);
  if (left.k === "slice" || left.k === "array")
    return right.k === left.k && mayBeEqual(left.inner, right.inner, depth + 1);
  return left.k === right.k && left.k !== "prim" && left.k !== "const";
}

/** The function among these whose parameters, or whose impl's, stand in the type. */
function genericOwner(bodies: Bodies, ty: Ty, among: readonly BodyKey[]): BodyKey | null {
  const owners = new Set<number>();
  ownersIn(ty, owners, 0);
  if (owners.size === 0) return null;
  const { names } = bodies;
  const key = among.find(({ def }) => owners.has(def) || owners.has(names.def(def).parent ?? -1));
  return key === undefined ? null : { def: key.def, closure: null };
}

function ownersIn(ty: Ty, owners: Set<number>, depth: number): void {
  if (ty.k === "param") owners.add(ty.owner);
  if (depth > MAX_DEPTH) return;
  if (ty.k === "ref" || ty.k === "ptr" || ty.k === "slice" || ty.k === "array") ownersIn(ty.inner, owners, depth + 1);
  if (ty.k === "tuple") for (const one of ty.elems) ownersIn(one, owners, depth + 1);
  if (ty.k === "adt" || ty.k === "fn-def" || ty.k === "closure" || ty.k === "proj") {
    for (const one of ty.args) ownersIn(one, owners, depth + 1);
  }
}
