/**
 * What a field of a struct may hold, told by the field alone: all that the program puts there in any value of the type.
 *
 * Asked where what is known of the value that the field stands in does not tell its parts (an element that an iterator gave, what is behind a pointer that
 * was stored as a whole): one field of it would be taken for all others. Refused: a struct with a layout that code outside the program can know
 * (`repr`), whose bytes may be another's; fields that code outside may set; fields of which not all that is put there is known.
 */
import { keptPer } from "../base/kept-per.ts";
import { HAS_PARAM, kidsOf } from "../types/intern.ts";
import type { Ty } from "../types/ty.ts";
import { hasUsers } from "./called-from.ts";
import { type FieldInPlace, fieldsOnTheWay, placeKey } from "./flow-places.ts";
import { anywhere } from "./inner-types.ts";
import type { Instance } from "./instances.ts";
import type { Known } from "./known.ts";
import { knownOf } from "./known-of-flow.ts";
import type { Mir, Operand, Place } from "./mir.ts";
import { factsOf } from "./mir-facts.ts";
import { isWide } from "./pointers-inside.ts";
import { isPrivate, isSetByMany } from "./private-fields.ts";
import { callablesIn } from "./resolve-places.ts";
import { fits } from "./resolve-value.ts";
import { isRecast } from "./struct-recasts.ts";
import { inField } from "./value-flow.ts";
import { isErased, isOpaque, placeTyIn } from "./value-types.ts";
import type { World } from "./world.ts";

/** Whoever asks for it can get to a field by its address. */
const OFFSETS: readonly string[] = ["offset_of"];
/** So many copies are seen through to the place that a value was read from. */
const MAX_COPIES = 8;

/** The same knowledge of what is read from a place, or less where its field says that it can be less. */
export function narrowed(world: World, mir: Mir, place: Place, known: Known | null): Known | null {
  if (known?.k !== "some" || known.open || place.proj.every(({ k }) => k !== "field")) return known;
  if (!isCalled(world, placeTyIn(mir, place))) return known;
  const seen = itemsIn(world, known);
  return seen.open || seen.items.size < 2 ? known : (toldByField(world, mir, place, seen)?.known ?? known);
}

/** Is it a function pointer, an object, or something of std that holds one? Of structs their own fields are asked. */
function isCalled(world: World, ty: Ty): boolean {
  if (ty.k === "fn-ptr" || ty.k === "dyn" || ty.k === "param") return true;
  if (ty.k === "adt" && !world.names.isPackCrate(world.names.def(ty.def).crate)) return false;
  return kidsOf(ty).some((one) => isCalled(world, one));
}

/**
 * Functions, closures and types of objects that an operand of the instance may be, where it was read from a field that tells all of them; null where it
 * was not, or where that is no less than what was seen of it.
 */
export function ofField(world: World, { what }: Instance, operand: Operand, seen: Items): ReadonlySet<Ty> | null {
  const mir = what.k === "body" ? world.bodies.mir(what.key) : null;
  if (mir === null || operand.k === "const" || (!seen.open && seen.items.size < 2)) return null;
  return toldByField(world, mir, readFrom(mir, operand.place), seen)?.items ?? null;
}

/** What can be called, or is an object; with `open`, others too. */
export interface Items {
  readonly items: ReadonlySet<Ty>;
  readonly open: boolean;
}

function itemsIn(world: World, known: Known | null): Items {
  const { callables, objects, open } = callablesIn(world, known);
  return { items: new Set([...callables, ...objects.map((one) => one.ty)]), open };
}

/** The place that the value of a temporary was copied from, or that it refers to. */
function readFrom(mir: Mir, start: Place): Place {
  let place = start;
  for (let step = 0; step < MAX_COPIES; step += 1) {
    const definition = factsOf(mir).definition(place.local);
    if (definition?.k !== "value") return place;
    const { value } = definition;
    const [first, ...rest] = place.proj;
    if (value.k === "use" && value.operand.k !== "const") {
      const { local, proj } = value.operand.place;
      place = { local, proj: [...proj, ...place.proj] };
    } else if (value.k === "ref" && first?.k === "deref") {
      place = { local: value.place.local, proj: [...value.place.proj, ...rest] };
    } else return place;
  }
  return place;
}

interface Told extends Items {
  readonly known: Known | null;
}

/** The least that one of the fields on the way tells, less than what was seen; null where none tells all of it. */
function toldByField(world: World, mir: Mir, place: Place, seen: Items): Told | null {
  let least: Told | null = null;
  for (const field of fieldsOnTheWay(mir, place)) {
    if (!isClosed(world, field)) continue;
    const known = held(world, mir, field);
    const told = itemsIn(world, known);
    if (told.open || told.items.size === 0 || (!seen.open && told.items.size >= seen.items.size)) continue;
    if (least !== null && told.items.size >= least.items.size) continue;
    const rest = [...seen.items].filter((one) => !told.items.has(one) && mayBeIn(world, field, one));
    if (isOfOthers(world, mir, field, rest) && !(seen.open && isRecast(world.bodies, field.owner)))
      least = { known, ...told };
  }
  return least;
}

/** Has the field's type a place for it? Asked of fields that hold function pointers and nothing else that is called. */
function mayBeIn(world: World, { owner, index }: FieldInPlace, one: Ty): boolean {
  const ty = world.types.fieldTys(owner)[index];
  if (ty === undefined || (ty.flags & HAS_PARAM) !== 0) return true;
  const pointers: (Ty & { readonly k: "fn-ptr" })[] = [];
  const isOther = (inner: Ty): boolean => {
    if (inner.k === "fn-ptr") pointers.push(inner);
    return inner.k === "dyn" || isOpaque(inner) || isErased(world.types, inner) || isWide(inner);
  };
  if (anywhere(world.types, ty, isOther) || pointers.length === 0) return true;
  return pointers.some((pointer) => fits(world, one, pointer));
}

/** Is what was seen, and is not put into the field by its name, put into others of the struct? Else it came there otherwise. */
function isOfOthers(world: World, mir: Mir, { owner, index }: FieldInPlace, rest: readonly Ty[]): boolean {
  if (rest.length === 0) return true;
  const others = new Set<Ty>();
  for (const other of world.types.fieldTys(owner).keys()) {
    if (other === index) continue;
    for (const one of itemsIn(world, held(world, mir, { owner, index: other, rest: [] })).items) others.add(one);
  }
  return rest.every((one) => others.has(one));
}

/** Is all that is ever put into the field put there by code of the program, by the field's name? */
function isClosed({ bodies, names }: World, field: FieldInPlace): boolean {
  const { item, attrs, crate } = names.def(field.owner);
  // Of a single field, or one of a union, the address is that of the whole, and may be cast.
  if (item?.k !== "struct" || item.union || item.fields.length < 2 || names.isPackCrate(crate)) return false;
  if (attrs.some(({ path, tokens }) => path === "repr" || (path === "cfg_attr" && tokens.includes("repr"))))
    return false;
  if (hasUsers(bodies) && !isPrivate(bodies, field)) return false;
  const crates = bodies.cratesThatSee(field.owner);
  return !crates.some((one) => bodies.mentioning(one, OFFSETS).length > 0) && !isSetByMany(bodies, field);
}

/** Asked within itself it tells nothing. */
const answers = keptPer<World, string, Known | null>({ answer: null });

function held(world: World, mir: Mir, field: FieldInPlace): Known | null {
  const key = `${field.owner}:${field.index}:${placeKey({ local: 0, proj: field.rest })}`;
  return answers(world, key, () => knownOf(world, inField(world.bodies, mir.key, field)));
}
