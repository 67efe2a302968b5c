/**
 * Method look-up as rustc does it: by step of the receiver's dereferences; at each step by value, then borrowed, then
 * mutably borrowed; at each of these inherent candidates before those of traits in scope.
 *
 * Input: a receiver type, a name, a scope. Output: the method with its generics (fresh variables unified with the
 * receiver), how the receiver is adjusted, and the instantiated signature. A method of a bound of a type parameter counts as inherent,
 * as do a trait object's own, and those of other bounds whose trait is in scope. A candidate whose conditions cannot hold is passed
 * over. Two that fit alike are "ambiguous".
 */
import type { DefId, Scope } from "../names/defs.ts";
import { isAccessible } from "./accessible.ts";
import { autoderef } from "./autoderef.ts";
import type { Autoderef, MethodPick, MethodRequest } from "./context.ts";
import type { Core } from "./core.ts";
import { elaborate } from "./env.ts";
import { inherentImpls } from "./impls.ts";
import type { Table } from "./infer-table.ts";
import { isModelled } from "./modelled.ts";
import { declaredBounds, normalEnv } from "./solve-candidates.ts";
import { evaluate } from "./solve-goals.ts";
import { mapPredicate, mapSig, substTy } from "./subst.ts";
import type { FnSig, TraitRef, Ty, UnknownReason } from "./ty.ts";

/**
 * `ref`: the bound that is known to hold; null: to be proved. `unnamed`: the bound is no parameter's and no trait object's, so that its trait has to be in
 * scope. `impl`: an inherent impl's function.
 */
type Candidate =
  | { readonly k: "impl"; readonly def: DefId }
  | {
      readonly k: "trait";
      readonly def: DefId;
      readonly trait: DefId;
      readonly ref: TraitRef | null;
      readonly unnamed: boolean;
    };
interface Adjusted {
  readonly self: Ty;
  readonly step: number;
  readonly autoref: "none" | "shared" | "mut" | "const-ptr";
  readonly unsize: boolean;
}
interface Candidates {
  readonly inherent: readonly Candidate[];
  readonly extension: readonly Candidate[];
}

/** Looks the method up; on success its predicates are registered in the table. */
export function probeMethod(core: Core, table: Table, request: MethodRequest): MethodPick {
  const chain = autoderef(core, table, request.receiver, true);
  if (chain.stuck) return { k: "stuck" };
  const inherent = inherentCandidates(core, table, chain, request.name);
  const inScope = core.names.traitsInScope(request.scope);
  const candidates: Candidates = {
    inherent,
    extension: extensionCandidates(core, request.scope, request.name),
  };
  const isLinked = (one: DefId): boolean =>
    candidates.extension.length === 0 ||
    core.names.isLinked(core.names.def(request.scope.module).crate, core.names.def(one).crate);
  const shown = inherent.filter((one) =>
    one.k === "impl"
      ? isMethodAccessible(core, one.def, request.scope) && isLinked(one.def)
      : !one.unnamed || inScope.has(one.trait),
  );
  return (
    ofNumber(core, table, request, chain, candidates.extension) ??
    firstFitting(core, table, request, chain, [shown, candidates.extension]) ??
    (shown.length === inherent.length ? null : firstFitting(core, table, request, chain, [inherent])) ??
    onlyOne(core, table, request, chain, candidates) ??
    notFound(core, chain, candidates)
  );
}

/** A number whose type is not known yet has the methods of traits alone: that of `i32` would be an error to the compiler. */
function ofNumber(
  core: Core,
  table: Table,
  request: MethodRequest,
  chain: Autoderef,
  extension: readonly Candidate[],
): MethodPick | null {
  const receiver = chain.steps[0]?.ty;
  if (extension.length === 0 || receiver?.k !== "infer" || receiver.kind === "general") return null;
  const pick = firstFitting(core, table, request, chain, [extension]);
  return pick?.k === "method" ? pick : null;
}

/** Methods that may not be named here are passed over, so that a trait's of the same name is meant. */
function isMethodAccessible({ names }: Core, method: DefId, scope: Scope): boolean {
  const { item, module } = names.def(method);
  return item === null || isAccessible(names, item.vis, module, scope.module);
}

function firstFitting(
  core: Core,
  table: Table,
  request: MethodRequest,
  chain: Autoderef,
  lists: readonly (readonly Candidate[])[],
): MethodPick | null {
  for (const adjusted of adjustmentsOf(core, chain)) {
    for (const list of lists) {
      const fitting = fittingAt(core, table, list, adjusted);
      const [first] = fitting;
      if (first === undefined) continue;
      const certain = fitting.filter((one) => one.outcome === "yes");
      const chosen = fitting.length === 1 ? first : certain.length === 1 ? certain[0] : oneMethod(core, fitting);
      if (chosen === undefined)
        return unresolved(
          "ambiguous",
          fitting.map((one) => one.candidate),
        );
      return confirm(core, table, request, chain, adjusted, chosen.candidate);
    }
  }
  return null;
}

/**
 * The only method of the name that takes such a receiver, whatever its impl asks of the type: since the program compiles, what it asks for is given by
 * what cannot be seen (a macro that derives `Hash` for a key).
 */
function onlyOne(
  core: Core,
  table: Table,
  request: MethodRequest,
  chain: Autoderef,
  { inherent, extension }: Candidates,
): MethodPick | null {
  if (inherent.length === 0 || extension.length > 0) return null;
  for (const adjusted of adjustmentsOf(core, chain)) {
    const taking = inherent.filter((one) => table.probe(() => takes(core, table, one, adjusted.self) !== null));
    const [only] = taking;
    if (only !== undefined) return taking.length > 1 ? null : confirm(core, table, request, chain, adjusted, only);
  }
  return null;
}

function notFound(core: Core, chain: Autoderef, candidates: Candidates): MethodPick {
  const reason = chain.steps.find((step) => step.ty.k === "unknown")?.ty;
  const otherwise = chain.steps.every(({ ty }) => isModelled(core.names, ty)) ? "undeclared" : "unresolved-method";
  return unresolved(reason?.k === "unknown" ? reason.reason : otherwise, [
    ...candidates.inherent,
    ...candidates.extension,
  ]);
}

/** Receiver types in the order in which they are tried. */
function* adjustmentsOf(core: Core, chain: Autoderef): Generator<Adjusted> {
  const { tys } = core;
  const types = chain.steps.map((step, index) => ({ ty: step.ty, step: index, unsize: false }));
  const last = types.length - 1;
  if (chain.unsized !== null) types.push({ ty: chain.unsized, step: last, unsize: true });
  for (const { ty, step, unsize } of types) {
    if (!unsize) yield { self: ty, step, autoref: "none", unsize };
    yield { self: tys.ref(ty, false), step, autoref: "shared", unsize };
    yield { self: tys.ref(ty, true), step, autoref: "mut", unsize };
    if (ty.k === "ptr" && ty.mut) yield { self: tys.ptr(ty.inner, false), step, autoref: "const-ptr", unsize };
  }
}

function inherentCandidates(core: Core, table: Table, chain: Autoderef, name: string): readonly Candidate[] {
  const found: Candidate[] = [];
  const types = chain.steps.map((step) => step.ty);
  if (chain.unsized !== null) types.push(chain.unsized);
  const seen = new Set<string>();
  for (const ty of types) {
    for (const candidate of inherentOf(core, table, ty, name)) {
      const key =
        candidate.k === "impl"
          ? `${candidate.def}`
          : `${candidate.def}:${candidate.ref?.args.map((arg) => arg.id).join()}`;
      if (seen.has(key)) continue;
      seen.add(key);
      found.push(candidate);
    }
  }
  return found;
}

/** Functions of this name that a type has by itself: of its inherent impls, or of bounds on it. */
function inherentOf(core: Core, table: Table, ty: Ty, name: string): readonly Candidate[] {
  const fromImpls = inherentImpls(core, numberDefault(core, ty)).flatMap((impl): Candidate[] => {
    const def = core.member(impl, name);
    return def === null || !core.fnSig(def).hasSelf ? [] : [{ k: "impl", def }];
  });
  const unnamed = ty.k === "proj" || ty.k === "opaque";
  const fromBounds = boundTraits(core, table, ty).flatMap((ref) => traitCandidate(core, ref.trait, name, ref, unnamed));
  return [...fromImpls, ...fromBounds];
}

/** Trait references that hold for a type by what is written: bounds of a parameter, a projection, an opaque type; a trait object's traits. */
export function boundTraits(core: Core, table: Table, ty: Ty): readonly TraitRef[] {
  if (ty.k !== "param" && ty.k !== "proj" && ty.k !== "opaque" && ty.k !== "dyn") return [];
  const inEnv =
    ty.k === "dyn" ? [] : normalEnv(core, table).filter((one) => one.k === "trait" && one.ref.args[0] === ty);
  return elaborate(core, [...inEnv, ...declaredBounds(core, ty)]).flatMap((one) =>
    one.k === "trait" && one.ref.args[0] === ty ? [one.ref] : [],
  );
}

/** A number whose type is not known yet has the methods of the type it falls back to. */
export function numberDefault(core: Core, ty: Ty): Ty {
  if (ty.k !== "infer" || ty.kind === "general") return ty;
  return core.tys.prim(ty.kind === "int" ? "i32" : "f64");
}

/** Methods of that name by set of traits: many calls stand in one scope. */
const extensionsBySet = new WeakMap<ReadonlySet<DefId>, Map<string, readonly Candidate[]>>();

function extensionCandidates(core: Core, scope: Scope, name: string): readonly Candidate[] {
  const set = core.names.traitsInScope(scope);
  let byName = extensionsBySet.get(set);
  if (byName === undefined) {
    byName = new Map();
    extensionsBySet.set(set, byName);
  }
  const known = byName.get(name);
  if (known !== undefined) return known;
  const traits = [...set].sort((a, b) => a - b);
  const found = traits.flatMap((trait) => traitCandidate(core, trait, name, null));
  byName.set(name, found);
  return found;
}

function traitCandidate(
  core: Core,
  trait: DefId,
  name: string,
  ref: TraitRef | null,
  unnamed: boolean = false,
): readonly Candidate[] {
  const def = core.member(trait, name);
  return def === null || !core.fnSig(def).hasSelf ? [] : [{ k: "trait", def, trait, ref, unnamed }];
}

type Fitting = { readonly candidate: Candidate; readonly outcome: "yes" | "maybe" };

function fittingAt(core: Core, table: Table, candidates: readonly Candidate[], adjusted: Adjusted): readonly Fitting[] {
  return candidates.flatMap((candidate): Fitting[] => {
    const outcome = table.probe(() => fits(core, table, candidate, adjusted.self));
    return outcome === "no" ? [] : [{ candidate, outcome }];
  });
}

/** Its generics where it takes such a receiver, conditions aside. */
function takes(core: Core, table: Table, candidate: Candidate, self: Ty): readonly Ty[] | null {
  const args = argsFor(core, table, candidate, null);
  const declared = core.fnSig(candidate.def).params[0];
  if (declared === undefined || !quickFit(declared, self)) return null;
  return table.unify(table.normalize(substTy(core.tys, declared, args)), self) ? args : null;
}

function fits(core: Core, table: Table, candidate: Candidate, self: Ty): "yes" | "no" | "maybe" {
  const args = takes(core, table, candidate, self);
  if (args === null) return "no";
  if (candidate.k === "trait") {
    if (candidate.ref !== null) return "yes";
    const count = core.params(candidate.trait).params.length;
    return evaluate(core, table, { k: "trait", ref: { trait: candidate.trait, args: args.slice(0, count) } });
  }
  const impl = core.names.def(candidate.def).parent;
  let outcome: "yes" | "maybe" = "yes";
  for (const predicate of impl === null ? [] : core.genericsOf(impl).predicates) {
    const one = evaluate(
      core,
      table,
      mapPredicate(predicate, (ty) => substTy(core.tys, ty, args)),
    );
    if (one === "no") return "no";
    if (one === "maybe") outcome = "maybe";
  }
  return outcome;
}

/** Most candidates fail on the receiver's outermost constructor: seen without variables. */
function quickFit(declared: Ty, self: Ty): boolean {
  if (declared.k === "ref") return self.k === "ref" && self.mut === declared.mut;
  if (declared.k === "adt") return self.k !== "ref" && (self.k !== "adt" || self.def === declared.def);
  return true;
}

/** Several candidates that are one and the same method (a bound that follows in two ways), or of which a build script chooses one. */
function oneMethod({ names }: Core, fitting: readonly Fitting[]): Fitting | undefined {
  const [first] = fitting;
  if (first === undefined) return undefined;
  const { def } = first.candidate;
  const others = fitting.filter((one) => one.candidate.def !== def);
  if (others.length === 0) return ofEither(fitting) ?? first;
  const { defs } = names.alternativesOf(def, null);
  return others.every((one) => defs.includes(one.candidate.def)) ? first : undefined;
}

/** One method by several bounds (`T: Into<u8> + Into<u32>`): which one is meant, what is given and taken says. */
function ofEither(fitting: readonly Fitting[]): Fitting | null {
  const refs = fitting.map(({ candidate }) => (candidate.k === "trait" ? candidate.ref : null));
  const [first] = fitting;
  if (first?.candidate.k !== "trait" || refs.some((ref) => ref === null)) return null;
  const isOne = refs.every((ref) => ref?.args.every((arg, index) => arg === refs[0]?.args[index]) === true);
  return isOne ? null : { candidate: { ...first.candidate, ref: null }, outcome: "maybe" };
}

function argsFor(core: Core, table: Table, candidate: Candidate, own: readonly Ty[] | null): readonly Ty[] {
  const { parentCount } = core.params(candidate.def);
  const known = candidate.k === "trait" && candidate.ref !== null ? candidate.ref.args : [];
  const prefix: Ty[] = [...known];
  while (prefix.length < parentCount) prefix.push(table.fresh());
  return table.freshArgs(candidate.def, own === null ? prefix : [...prefix, ...own]);
}

function confirm(
  core: Core,
  table: Table,
  request: MethodRequest,
  chain: Autoderef,
  adjusted: Adjusted,
  candidate: Candidate,
): MethodPick {
  const own = core.lowerOwnArgs(table, candidate.def, request.generics, request.scope);
  const args = argsFor(core, table, candidate, own);
  const declared = core.fnSig(candidate.def).params[0];
  if (declared !== undefined) table.unify(table.normalize(substTy(core.tys, declared, args)), adjusted.self);
  core.registerPredicates(table, candidate.def, args);
  table.solvePending();
  const sig = core.instantiateSig(table, candidate.def, args);
  return {
    k: "method",
    def: candidate.def,
    args: args.map(table.resolve),
    sig: sig.params.length === 0 ? sig : withSelf(table, sig, adjusted.self),
    derefs: chain.steps.slice(1, adjusted.step + 1).flatMap((step) => (step.via === null ? [] : [step.via])),
    autoref: adjusted.autoref,
    unsize: adjusted.unsize,
    self: table.resolve(adjusted.self),
  };
}

function withSelf(table: Table, sig: FnSig, self: Ty): FnSig {
  const [, ...rest] = sig.params;
  return mapSig({ ...sig, params: [self, ...rest] }, table.resolve);
}

function unresolved(reason: UnknownReason, candidates: readonly Candidate[]): MethodPick {
  return { k: "unresolved", reason, candidates: [...new Set(candidates.map((one) => one.def))] };
}
