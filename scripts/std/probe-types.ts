/**
 * Concrete types for the parameters of a function of std, so that every bound of its holds: a callback is a function pointer of the bound's
 * signature, an iterator a range, anything else a number or, `heap`, a string. Null where no combination of the types below fits.
 *
 * The first fit in a fixed order counts, so that the answer depends on nothing but the packs. Ends: a step per parameter, a few types for each.
 */
import type { DefId, Names } from "../../src/names/defs.ts";
import type { Types } from "../../src/types/api.ts";
import { kidsOf } from "../../src/types/intern.ts";
import type { Predicate, Ty } from "../../src/types/ty.ts";

export interface ProbeTypes {
  /** Arguments for all generics of a definition; null where none of the types fit. */
  argumentsFor(def: DefId, own: "plain" | "heap"): readonly Ty[] | null;
}

/** The chooser of a program; `given` are the types that it tries, in order, by what they own. */
export function probeTypes(
  names: Names,
  types: Types,
  given: { readonly plain: readonly Ty[]; readonly heap: readonly Ty[]; readonly consts: readonly Ty[] },
  fnPtr: (params: readonly Ty[], ret: Ty) => Ty,
): ProbeTypes {
  const callables = new Set(["fn", "fn_mut", "fn_once"].map((one) => names.langItem(one)));
  return {
    argumentsFor(def, own) {
      const { params, predicates } = types.genericsOf(def);
      const wanted = given[own];
      const defaults = defaultsIn(signatureTypes(def));
      const isCallable = params.map((_, index) => callableBound(predicates, index) !== null);
      const all = [...params.keys()];
      const order = [...all.filter((at) => !isCallable[at]), ...all.filter((at) => isCallable[at])];
      const chosen: (Ty | undefined)[] = params.map(() => undefined);
      let steps = 0;
      if (order.length === 0) return [];
      return choose(0) ? (chosen as Ty[]) : null;

      function choose(at: number): boolean {
        const index = order[at];
        if (index === undefined) return true;
        for (const one of candidates(index)) {
          steps += 1;
          if (steps > 4000) return false;
          chosen[index] = one;
          if (holds(index) && choose(at + 1)) return true;
        }
        chosen[index] = undefined;
        return false;
      }

      function candidates(index: number): readonly Ty[] {
        if (params[index]?.kind === "const") return given.consts;
        const bound = callableBound(predicates, index);
        if (bound !== null) return callable(bound);
        const usual = defaults.get(index) ?? params[index]?.default?.();
        return usual === undefined || usual.flags !== 0 ? wanted : [usual, ...wanted];
      }

      function callable(bound: Predicate & { k: "trait" }): readonly Ty[] {
        const tuple = substituted(bound.ref.args[1]);
        if (tuple?.k !== "tuple" || tuple.flags !== 0) return [];
        const output = predicates.find(
          (one) =>
            one.k === "projection" && one.args[0] === bound.ref.args[0] && names.def(one.assoc).name === "Output",
        );
        const ret = output?.k === "projection" ? substituted(output.ty) : types.tupleOf([]);
        return ret === null || ret.flags !== 0 ? [] : [fnPtr(tuple.elems, ret)];
      }

      /** Every bound whose parameters are all chosen, and that says something of this one. */
      function holds(index: number): boolean {
        return predicates.every((one) => {
          const inside = one.k === "trait" ? one.ref.args : [...one.args, one.ty];
          const used = new Set(inside.flatMap(paramsIn));
          if (!used.has(index) || [...used].some((other) => chosen[other] === undefined)) return true;
          if (one.k === "trait") {
            const args = one.ref.args.map(substituted);
            if (args.some((arg) => arg === null || arg.flags !== 0)) return false;
            return types.implements({ trait: one.ref.trait, args: args as Ty[] }, []) === "yes";
          }
          const args = one.args.map(substituted);
          if (args.some((arg) => arg === null)) return false;
          return types.normalize(types.projection(one.assoc, args as Ty[]), []) === substituted(one.ty);
        });
      }

      function substituted(ty: Ty | undefined): Ty | null {
        if (ty === undefined) return null;
        const filled = chosen.map((one) => one ?? types.unknown("not-inferred"));
        return types.normalize(types.subst(ty, filled), []);
      }
    },
  };

  /** What the impl and the function are for. */
  function signatureTypes(def: DefId): readonly Ty[] {
    const { parent } = names.def(def);
    const impl = parent !== null && names.def(parent).kind === "impl" ? parent : null;
    const outer = impl === null ? [] : [types.implSelfTy(impl), ...(types.implTraitRef(impl)?.args ?? [])];
    const sig = types.fnSig(def);
    return [...outer, ...sig.params, sig.ret];
  }

  /** A parameter that stands where a type has a default is that default: `A` of `impl<T, A> Vec<T, A>`. */
  function defaultsIn(tys: readonly Ty[]): ReadonlyMap<number, Ty> {
    const found = new Map<number, Ty>();
    const todo = [...tys];
    for (let one = todo.pop(); one !== undefined; one = todo.pop()) {
      const params = one.k === "adt" ? types.genericsOf(one.def).params : [];
      for (const [at, arg] of kidsOf(one).entries()) {
        const usual = params[at]?.default?.();
        if (arg.k === "param" && usual !== undefined && usual.k === "adt") found.set(arg.index, usual);
      }
      todo.push(...kidsOf(one));
    }
    return found;
  }

  function callableBound(predicates: readonly Predicate[], index: number): (Predicate & { k: "trait" }) | null {
    for (const one of predicates) {
      const self = one.k === "trait" ? one.ref.args[0] : undefined;
      if (one.k === "trait" && self?.k === "param" && self.index === index && callables.has(one.ref.trait)) return one;
    }
    return null;
  }
}

function paramsIn(ty: Ty): readonly number[] {
  const found: number[] = [];
  const todo: Ty[] = [ty];
  for (let one = todo.pop(); one !== undefined; one = todo.pop()) {
    if (one.k === "param") found.push(one.index);
    else todo.push(...kidsOf(one));
  }
  return found;
}
