/**
 * Which bodies can have a value of a type, or name the type, at all: told from what items declare, nothing is inferred.
 *
 * A value comes from where its type is written: from a path that names the type or another name of it, from an item in whose declared
 * type it stands (a function's signature, a static), or from a value of a type that holds or gives one. So who has one has the name of
 * such an item in its text, or is a member of such a type. Too many bodies rather than too few: of bodies only words are compared. Where
 * anybody can have one without a word (an operator on a type from elsewhere), or the names get too many, there is no answer.
 */
import type { CrateId } from "../crates/crate-graph.ts";
import type { Def, DefId, Names } from "../names/defs.ts";
import type { BareItem } from "../syntax/ast.ts";
import type { Types } from "../types/api.ts";
import { kidsOf } from "../types/intern.ts";
import type { Predicate, Ty } from "../types/ty.ts";
import type { Bodies } from "./bodies.ts";
import { withDeclared } from "./declared-in-body.ts";
import { declaredFieldTys } from "./inner-types.ts";
import { signatureEnd } from "./signature-end.ts";

export interface TypeHolders {
  /** Names of the type, and of types and traits that speak of it. */
  readonly types: ReadonlySet<string>;
  /** Can any body of the crate be meant? By its text alone. */
  mayBeIn(crate: CrateId): boolean;
  /** Those of these bodies of a crate that may be meant. */
  among(crate: CrateId, bodies: readonly DefId[]): readonly DefId[];
}

/** More words than these are not followed: they stand everywhere. */
const MAX_WORDS = 300;

const memo = new WeakMap<Bodies, Map<string, TypeHolders | null>>();

/**
 * Bodies of these crates that can call an inherent function of the type, by a path alone (`"name"`) or as a method on a value too
 * (`"value"`); the crates are all that see the type. Null: any body can.
 */
export function holdersOfType(
  bodies: Bodies,
  type: DefId,
  crates: readonly CrateId[],
  how: "name" | "value",
): TypeHolders | null {
  const known = memo.get(bodies) ?? new Map<string, TypeHolders | null>();
  memo.set(bodies, known);
  const key = `${how}:${type}:${crates.length}`;
  let answer = known.get(key);
  if (answer === undefined) {
    answer = find({ bodies, crates: new Set(crates), how }, type);
    known.set(key, answer);
  }
  return answer;
}

interface Question {
  readonly bodies: Bodies;
  readonly crates: ReadonlySet<CrateId>;
  readonly how: "name" | "value";
}

interface Found {
  /** Types from which a value can come, traits whose bounds speak of one, associated types that stand for one. */
  readonly defs: Set<DefId>;
  /** Their names, and other names of them. */
  readonly types: Set<string>;
  /** Names of functions, variants and statics from which one can come. */
  readonly others: Set<string>;
  /** Functions that are only called by a path through their type, by that type. */
  readonly ofTypes: Map<DefId, Set<string>>;
  /** Names whose declarations have to be looked at again: types may share one, so that it need not be new. */
  readonly fresh: Set<string>;
}

function find(question: Question, type: DefId): TypeHolders | null {
  const { bodies, crates, how } = question;
  const { names } = bodies;
  const found: Found = {
    defs: new Set([type]),
    types: new Set([names.def(type).name]),
    others: new Set(),
    ofTypes: new Map(),
    fresh: new Set([names.def(type).name]),
  };
  while (found.fresh.size > 0) {
    const words = [...found.fresh];
    found.fresh.clear();
    for (const crate of crates) {
      for (const one of otherNames(names, crate, words)) addName(found, one);
      for (const id of declaring(bodies, crate, words)) if (!add(question, found, id)) return null;
      if (found.types.size + found.others.size > MAX_WORDS) return null;
    }
  }
  const all = [...found.types, ...found.others];
  const anywhere = [...all, ...[...found.ofTypes.values()].flatMap((one) => [...one])];
  return {
    types: found.types,
    mayBeIn: (crate) =>
      crate === names.def(type).crate ||
      names.mayMention(crate, [...anywhere, ...names.macrosMentioning(anywhere, crate)]) ||
      (how === "name" && names.mayMatch(crate, leftOut)),
    among(crate, candidates) {
      const mentioning = new Set(bodies.mentioning(crate, all));
      const pattern = wordPattern([...found.types, ...names.macrosMentioning([...found.types], crate)]);
      for (const [owner, members] of found.ofTypes) {
        const calling = bodies.mentioning(crate, [...members]).filter((id) => !mentioning.has(id));
        for (const id of holdersOfType(bodies, owner, [...crates], "name")?.among(crate, calling) ?? calling)
          mentioning.add(id);
      }
      return candidates.filter(
        (id) => mentioning.has(id) || isMember(names, pattern, id) || (how === "name" && leavesOut(names.def(id))),
      );
    },
  };
}

function otherNames(names: Names, crate: CrateId, words: readonly string[]): readonly string[] {
  return names.mayMention(crate, words) ? names.importedAs(crate, words) : [];
}

/** Definitions of the crate in whose declaration, bodies left out, one of the words or a macro that writes one stands. */
function declaring(bodies: Bodies, crate: CrateId, words: readonly string[]): DefId[] {
  const { names } = bodies;
  const wanted = [...words, ...names.macrosMentioning(words, crate)];
  if (!names.mayMention(crate, wanted)) return [];
  const pattern = wordPattern(wanted);
  return withDeclared(names, bodies.declaredIn(crate, wanted), (text) => pattern.test(text)).filter((id) => {
    const { item } = names.def(id);
    return item !== null && pattern.test(declaration(item));
  });
}

function wordPattern(words: readonly string[]): RegExp {
  return new RegExp(`(?<!\\w)(?:${words.map((word) => word.replace(/\W/gu, "\\$&")).join("|")})(?!\\w)`, "u");
}

/** The text that says what an item is; of a trait or impl its head, since its members are items themselves. */
function declaration(item: BareItem): string {
  const { text } = item.source;
  if (item.k === "mod" || item.k === "macro-rules") return "";
  if (item.k === "struct" || item.k === "enum" || item.k === "type-alias") return text.slice(item.start, item.end);
  if (item.k === "const" || item.k === "static") return text.slice(item.start, item.value?.start ?? item.end);
  return text.slice(item.start, signatureEnd(text, item.start, item.end));
}

/** What a declaration with one of the words adds; false where it gives a value to everybody. */
function add(question: Question, found: Found, id: DefId): boolean {
  const { types, names } = question.bodies;
  const { kind, name, parent } = names.def(id);
  const impl = parent !== null && names.def(parent).kind === "impl" ? parent : null;
  const says = (ty: Ty): boolean => speaksOf(found.defs, ty);
  if (kind === "type-alias" && says(types.typeOf(id))) {
    addName(found, name);
    return impl === null || associated(question, found, impl, name);
  }
  if (question.how === "name") return true;
  switch (kind) {
    case "fn": {
      const { params, ret } = types.fnSig(id);
      if (!params.some(says) && !says(ret) && !bounded(question, found, id)) return true;
      // A member of such a type is called by a path that names the type, or on a value of it.
      if (impl === null || !says(types.implSelfTy(impl))) addFunction(types, found, id);
      return true;
    }
    case "const":
    case "static":
      if (says(types.typeOf(id))) found.others.add(name);
      return true;
    case "struct":
    case "enum":
      if (declaredFieldTys(types, id).some(says) || bounded(question, found, id)) addType(names, found, id);
      return true;
    case "trait":
      addDef(found, id, name);
      return true;
    case "impl":
      return implemented(question, found, id);
    default:
      return true;
  }
}

function addName(found: Found, name: string): void {
  if (found.types.has(name)) return;
  found.types.add(name);
  found.fresh.add(name);
}

function addDef(found: Found, id: DefId, name: string): void {
  found.types.add(name);
  if (found.defs.has(id)) return;
  found.defs.add(id);
  found.fresh.add(name);
}

function addType(names: Names, found: Found, id: DefId): void {
  const { kind, name, children } = names.def(id);
  addDef(found, id, name);
  if (kind === "enum") for (const one of children) found.others.add(names.def(one).name);
}

function addFunction(types: Types, found: Found, id: DefId): void {
  const { name, item } = types.names.def(id);
  const owner = inherentOwner(types, id);
  if (owner === null || item?.k !== "fn" || item.selfParam !== null) {
    found.others.add(name);
    return;
  }
  const members = found.ofTypes.get(owner) ?? new Set();
  members.add(name);
  found.ofTypes.set(owner, members);
}

/** The struct or enum that a function is an inherent one of; null for all others. */
export function inherentOwner({ names, implSelfTy }: Types, id: DefId): DefId | null {
  const { parent } = names.def(id);
  const impl = parent === null ? null : names.def(parent).item;
  if (parent === null || impl?.k !== "impl" || impl.trait !== null) return null;
  const self = implSelfTy(parent);
  return self.k === "adt" ? self.def : null;
}

/** An impl says that the associated type is such a type: whoever has what it is for, or calls the trait, gets one. */
function associated(question: Question, found: Found, impl: DefId, name: string): boolean {
  const { types, names } = question.bodies;
  const trait = types.implTraitRef(impl)?.trait;
  if (trait === undefined) return true;
  for (const one of names.def(trait).children) if (names.def(one).name === name) addDef(found, one, name);
  if (addOwner(question, found, types.implSelfTy(impl))) return true;
  addMembers(names, found, trait);
  // Operators, loops and dereferences name nothing.
  return !names.isPackCrate(names.def(trait).crate);
}

/** Traits that only take what they are written with. */
const takers: ReadonlySet<string> = new Set(["From", "TryFrom", "PartialEq", "PartialOrd", "Extend", "FromIterator"]);

/** An impl whose trait is written with such a type, or that is bounded by one. */
function implemented(question: Question, found: Found, id: DefId): boolean {
  const { types, names } = question.bodies;
  const ref = types.implTraitRef(id);
  const takes = ref !== null && takers.has(names.def(ref.trait).name);
  const given = ref !== null && !takes && ref.args.slice(1).some((ty) => speaksOf(found.defs, ty));
  if (!given && !bounded(question, found, id)) return true;
  if (!addOwner(question, found, types.implSelfTy(id))) {
    addMembers(names, found, id);
    if (ref !== null) addMembers(names, found, ref.trait);
  }
  return true;
}

function addMembers(names: Names, found: Found, id: DefId): void {
  for (const one of names.def(id).children) if (names.def(one).kind === "fn") found.others.add(names.def(one).name);
}

/** Adds the type of the program that an impl is for; false where values of it come from where nobody looks. */
function addOwner({ bodies, crates, how }: Question, found: Found, self: Ty): boolean {
  const { names } = bodies;
  let ty = self;
  while (ty.k === "ref" || ty.k === "ptr") ty = ty.inner;
  if (how === "name" || speaksOf(found.defs, ty)) return true;
  if (ty.k !== "adt" || !crates.has(names.def(ty.def).crate)) return false;
  addType(names, found, ty.def);
  return true;
}

function bounded({ bodies }: Question, found: Found, id: DefId): boolean {
  return bodies.types.genericsOf(id).predicates.some((one) => inBound(found.defs, one));
}

function inBound(defs: ReadonlySet<DefId>, predicate: Predicate): boolean {
  const says = (ty: Ty): boolean => speaksOf(defs, ty);
  if (predicate.k === "trait") return defs.has(predicate.ref.trait) || predicate.ref.args.some(says);
  return defs.has(predicate.assoc) || says(predicate.ty) || predicate.args.some(says);
}

/** Does one of the definitions stand in the type? What is not known, or behind `impl Trait`, may be one. */
function speaksOf(defs: ReadonlySet<DefId>, ty: Ty): boolean {
  switch (ty.k) {
    case "unknown":
    case "opaque":
      return true;
    case "adt":
      if (defs.has(ty.def)) return true;
      break;
    case "proj":
      if (defs.has(ty.assoc)) return true;
      break;
    case "dyn":
      if (ty.traits.some((one) => defs.has(one.trait))) return true;
      break;
    default:
  }
  return kidsOf(ty).some((one) => speaksOf(defs, one));
}

/** Written in an impl, or a trait, in whose head one of the words stands: it can say `Self`. */
function isMember(names: Names, words: RegExp, id: DefId): boolean {
  for (let at = names.def(id).parent; at !== null; at = names.def(at).parent) {
    const { item } = names.def(at);
    if ((item?.k === "impl" || item?.k === "trait") && words.test(declaration(item))) return true;
  }
  return false;
}

const leftOut = /\b_\s*>\s*::/;

/** A path may leave the type out: `<_>::new()`. */
function leavesOut({ item }: Def): boolean {
  return item !== null && leftOut.test(item.source.text.slice(item.start, item.end));
}
