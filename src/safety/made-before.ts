/**
 * Where all values of a type are made: who has one has it from there, so that what was done before they are made is done.
 *
 * Input: a struct. Output: each place that makes one; null where others could make one as well: where all fields are public, where a derive or an
 * attribute that is not known stands on it, a proc macro may name it, or code that names it makes one out of bytes (a cast of a pointer, an
 * unsafe function that is called for the type, C's view of it). A struct that nothing makes says nothing.
 */
import { keptPer } from "../base/kept-per.ts";
import type { Bodies } from "../calls/bodies.ts";
import { namingField } from "../calls/field-mentions.ts";
import type { BasicBlock, BodyKey } from "../calls/mir.ts";
import { namesOf } from "../calls/other-names.ts";
import type { DefId } from "../names/defs.ts";
import type { Attr } from "../syntax/ast.ts";
import type { Ty } from "../types/ty.ts";

/** A call, or where something is made, by the block whose terminator it is or stands behind it. */
export interface CallPoint {
  readonly body: BodyKey;
  readonly block: number;
}

/** More bodies than these are not looked through for one type. */
const MAX_BODIES = 150;
/** Attributes that neither make values nor say how one lies in memory. */
const QUIET: ReadonlySet<string> = new Set(
  "allow warn deny forbid expect cfg doc must_use deprecated non_exhaustive".split(" "),
);
/** Derives that make a value out of nothing but another one. */
const DERIVES: ReadonlySet<string> = new Set("Debug Clone Copy PartialEq Eq PartialOrd Ord Hash".split(" "));

const memo = keptPer<Bodies, DefId, readonly CallPoint[] | null>();

/** The places that make a value of the struct, if there are no others. */
export function placesThatMake(bodies: Bodies, type: DefId): readonly CallPoint[] | null {
  return memo(bodies, type, () => find(bodies, type));
}

function find(bodies: Bodies, type: DefId): readonly CallPoint[] | null {
  const { names } = bodies;
  const { item, crate, name, attrs } = names.def(type);
  if (item?.k !== "struct" || names.isPackCrate(crate) || !attrs.every(isQuiet)) return null;
  const hidden = item.fields.find(({ vis }) => vis.k !== "public");
  if (hidden === undefined || names.writtenByMacros(name, [crate])) return null;
  const makers = namingField(bodies, crate, { owner: type, name: hidden.name }, [crate]);
  const all = new Set([...makers, ...bodies.mentioning(crate, namesOf(bodies, type))]);
  if (all.size > MAX_BODIES) return null;
  const points: CallPoint[] = [];
  for (const id of all) {
    for (const body of bodies.withClosures(id)) {
      const mir = bodies.mir(body);
      if (mir === null) return null;
      for (const [block, one] of mir.blocks.entries()) {
        if (conjures(bodies, one, type)) return null;
        const makes = one.stmts.some(
          ({ value }) => value.k === "aggregate" && value.kind.k === "adt" && value.kind.def === type,
        );
        if (makes) points.push({ body, block });
      }
    }
  }
  return points.length === 0 ? null : points;
}

function isQuiet({ path, tokens }: Attr): boolean {
  if (path !== "derive") return QUIET.has(path);
  return tokens.split(",").every((one) => one.trim() === "" || DERIVES.has(one.trim()));
}

/** Does it take something else for a value of the type? */
function conjures({ names }: Bodies, { stmts, term }: BasicBlock, type: DefId): boolean {
  const isIt = (ty: Ty): boolean => ty.k === "adt" && ty.def === type;
  const pointsToIt = (ty: Ty): boolean => (ty.k === "ptr" || ty.k === "ref") && isIt(ty.inner);
  const cast = stmts.some(({ value }) => value.k === "cast" && pointsToIt(value.to) && !pointsToIt(value.from));
  if (cast || term.k !== "call") return cast;
  if (term.callee.k !== "def") return term.callee.k === "unresolved";
  const { item } = names.def(term.callee.def);
  return (item?.k !== "fn" || item.unsafe) && term.callee.args.some(isIt);
}
