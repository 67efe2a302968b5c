/**
 * Which types a value of a type is made of: those of its fields, of what it points to, its arguments, to a fixed depth.
 *
 * Asked for again and again, of few types, and the same type is inside another in many ways: each type's list is made once, as far as questions have
 * got, and has each type once. Told from declarations alone; what a pack does not declare is not there.
 */
import type { DefId, Names } from "../names/defs.ts";
import type { Types } from "../types/api.ts";
import type { Ty } from "../types/ty.ts";

/** Is there such a type in the type, or in what it holds? */
export function anywhere(types: Types, ty: Ty, test: (one: Ty) => boolean): boolean {
  if (test(ty)) return true;
  if (isLeaf(ty)) return false;
  const inner = innerOf(types, ty);
  let at = 1;
  do {
    for (; at < inner.found.length; at += 1) {
      const one = inner.found[at];
      if (one !== undefined && test(one)) return true;
    }
  } while (lookFurther(types, inner));
  return false;
}

/** The types of all fields of a struct or enum, with its arguments in place of parameters. */
export function fieldsOf(types: Types, ty: Ty & { readonly k: "adt" }): Ty[] {
  return declaredFieldTys(types, ty.def).map((one) => types.normalize(types.subst(one, ty.args), [], true));
}

/** The types of all fields of a struct or enum, as they are declared. */
export function declaredFieldTys(types: Types, def: DefId): readonly Ty[] {
  return fieldOwners(types.names, def).flatMap((one) => types.fieldTys(one));
}

/** What declares the fields of a struct or enum: itself, or its variants; where one is told, that alone. */
export function fieldOwners(names: Names, def: DefId, variant: number | null = null): readonly DefId[] {
  const { kind, children } = names.def(def);
  if (kind !== "enum") return [def];
  return children.filter((id) => {
    const one = names.def(id);
    return one.kind === "variant" && (variant === null || one.index === variant);
  });
}

/** The type and those in it that were met so far, nearest first. */
interface Inner {
  found: Ty[];
  /** The first one that was not looked into yet. */
  next: number;
  /** Where those as deep as it end, and how deep that is. */
  end: number;
  depth: number;
  /** Null as long as there are few. */
  seen: Set<Ty> | null;
}

const known = new WeakMap<Types, Map<Ty, Inner>>();

function innerOf(types: Types, ty: Ty): Inner {
  let all = known.get(types);
  if (all === undefined) {
    all = new Map();
    known.set(types, all);
  }
  let inner = all.get(ty);
  if (inner === undefined) {
    inner = { found: [ty], next: 0, end: 1, depth: 0, seen: null };
    all.set(ty, inner);
  }
  return inner;
}

const MAX_DEPTH = 5;
/** A list this long is searched; of longer ones it is kept what is in it. */
const FEW = 12;

/** Looks into types until another is met; false where there are no more. A test may ask about the same type: whoever comes next goes on from there. */
function lookFurther(types: Types, inner: Inner): boolean {
  const { found } = inner;
  const had = found.length;
  while (found.length === had) {
    const ty = found[inner.next];
    if (ty === undefined || inner.depth > MAX_DEPTH) {
      inner.found = found.slice();
      inner.next = found.length;
      inner.seen = null;
      return false;
    }
    inner.next += 1;
    for (const one of partsOf(types, ty)) add(inner, one);
    if (inner.next === inner.end) {
      inner.end = found.length;
      inner.depth += 1;
    }
  }
  return true;
}

function add(inner: Inner, ty: Ty): void {
  const { found } = inner;
  if (inner.seen === null && found.length > FEW) inner.seen = new Set(found);
  if (inner.seen === null ? found.includes(ty) : inner.seen.has(ty)) return;
  found.push(ty);
  inner.seen?.add(ty);
}

function isLeaf({ k }: Ty): boolean {
  return k !== "ref" && k !== "ptr" && k !== "slice" && k !== "array" && k !== "tuple" && k !== "adt";
}

function partsOf(types: Types, ty: Ty): readonly Ty[] {
  switch (ty.k) {
    case "ref":
    case "ptr":
    case "slice":
    case "array":
      return [ty.inner];
    case "tuple":
      return ty.elems;
    case "adt":
      return [...ty.args.filter((one, at) => !isNumber(types, one, ty.def, at)), ...fieldsOf(types, ty)];
    default:
      return [];
  }
}

/** Is the argument a const parameter, which is a number and no type? */
function isNumber(types: Types, arg: Ty, def: DefId, at: number): boolean {
  return arg.k === "param" && types.genericsOf(def).params[at]?.kind === "const";
}
