/**
 * What the tool says of the bodies of one crate, in the form of read-mir.ts: calls with callees and places, named variables with types.
 *
 * Every body of the crate is typed and lowered, whether a handler reaches it or not; bodies inside bodies too.
 */
import { type LineIndex, lineIndex } from "../../../src/base/line-index.ts";
import type { Span } from "../../../src/base/span.ts";
import type { Bodies } from "../../../src/calls/bodies.ts";
import type { Callee, Mir } from "../../../src/calls/mir.ts";
import type { CrateId } from "../../../src/crates/crate-graph.ts";
import type { Files } from "../../../src/load/files.ts";
import type { DefId } from "../../../src/names/defs.ts";
import type { Ty } from "../../../src/types/ty.ts";
import type { Place } from "./read-mir.ts";
import { anything, type CalleeShape, type Shape, shape } from "./shape.ts";

export interface ToolCall {
  readonly place: Place;
  /** Null where a value is called. */
  readonly callee: CalleeShape | null;
  /** Type of the value that is called. */
  readonly value: Shape | null;
  /** Made by a formatting macro. */
  readonly formats: boolean;
  /** Why the callee is not known. */
  readonly unresolved: string | null;
}
export interface ToolVariable {
  readonly place: Place;
  readonly name: string;
  readonly ty: Shape;
}
export interface ToolFacts {
  readonly calls: readonly ToolCall[];
  readonly variables: readonly ToolVariable[];
  readonly bodies: number;
  /** Explicit panics: what their arguments call is none of the tool's calls. */
  readonly panics: readonly Place[];
}

/** The facts of a crate's bodies. */
export function toolFacts(bodies: Bodies, files: Files, crate: CrateId): ToolFacts {
  const calls: ToolCall[] = [];
  const variables: ToolVariable[] = [];
  const panics: Place[] = [];
  const indices = new Map<number, LineIndex>();
  const placeOf = (span: Span): Place => {
    let index = indices.get(span.file);
    if (index === undefined) {
      index = lineIndex(files.textOf(span.file));
      indices.set(span.file, index);
    }
    const from = index.at(span.start);
    const to = index.at(span.end);
    return { file: files.pathOf(span.file), range: `${from.line}:${from.column}: ${to.line}:${to.column}` };
  };
  let count = 0;
  for (const def of definitionsOf(bodies, crate)) {
    for (const key of bodies.withClosures(def)) {
      const mir = bodies.mir(key);
      if (mir === null) continue;
      count += 1;
      callsOf(bodies, mir, placeOf, calls);
      for (const { term } of mir.blocks) if (term.k === "panic") panics.push(placeOf(term.span));
      for (const local of mir.locals) {
        if (local.name !== null)
          variables.push({ place: placeOf(local.span), name: local.name, ty: shapeOf(bodies, local.ty) });
      }
    }
  }
  return { calls, variables, bodies: count, panics };
}

/** All definitions with a body, those that bodies declare included. */
function definitionsOf(bodies: Bodies, crate: CrateId): readonly DefId[] {
  const { names } = bodies;
  const seen = new Set<DefId>();
  const found: DefId[] = [];
  const pending: DefId[] = [...bodies.ofCrate(crate, null)];
  let impls = 0;
  for (;;) {
    for (let id = pending.shift(); id !== undefined; id = pending.shift()) {
      if (seen.has(id)) continue;
      seen.add(id);
      const def = names.def(id);
      if (def.kind === "fn" || def.kind === "const" || def.kind === "static") {
        found.push(id);
        bodies.mir({ def: id, closure: null });
      }
      pending.push(...names.def(id).children);
    }
    const more = names.bodyImpls();
    for (; impls < more.length; impls += 1) {
      const impl = more[impls];
      if (impl !== undefined && names.def(impl).crate === crate) pending.push(impl);
    }
    if (pending.length === 0) return found;
  }
}

function callsOf(bodies: Bodies, mir: Mir, placeOf: (span: Span) => Place, out: ToolCall[]): void {
  for (const { term } of mir.blocks) {
    if (term.k !== "call") continue;
    const { callee } = term;
    out.push({
      place: placeOf(term.span),
      callee: callee.k === "def" ? calleeOf(bodies, callee) : null,
      formats: term.via === "macro",
      value: callee.k === "value" ? shapeOf(bodies, callee.ty) : null,
      unresolved: callee.k === "unresolved" ? `${callee.types ?? callee.reason} ${callee.text}` : null,
    });
  }
}

function calleeOf(bodies: Bodies, callee: Callee & { readonly k: "def" }): CalleeShape {
  const { names, types } = bodies;
  const def = names.def(callee.def);
  const parent = def.parent === null ? null : names.def(def.parent);
  const args = callee.args.map((arg) => shapeOf(bodies, arg));
  if (parent?.kind === "trait") {
    const count = types.genericsOf(parent.id).params.length;
    return {
      owner: args[0] ?? anything,
      trait: traitShape(bodies, parent.id, callee.args.slice(0, count)),
      name: def.name,
      args: args.slice(count),
    };
  }
  if (parent?.kind === "impl") {
    const count = types.genericsOf(parent.id).params.length;
    const selfTy = types.subst(types.implSelfTy(parent.id), callee.args);
    const owner = shapeOf(bodies, selfTy);
    const ref = types.implTraitRef(parent.id);
    const trait =
      ref === null
        ? null
        : traitShape(
            bodies,
            ref.trait,
            ref.args.map((arg) => types.subst(arg, callee.args)),
          );
    const shown =
      trait !== null || selfTy.k !== "adt" || owner.args.length > 0 || /^[A-Z]/.test(owner.head) ? owner : null;
    return { owner: shown, trait, name: def.name, args: args.slice(count) };
  }
  return { owner: null, trait: null, name: def.name, args };
}

/** A type of the tool's as a shape. */
function shapeOf(bodies: Bodies, ty: Ty, depth = 0): Shape {
  const { names } = bodies;
  const of = (inner: Ty): Shape => shapeOf(bodies, inner, depth + 1);
  if (depth > 30) return anything;
  switch (ty.k) {
    case "adt":
      return shape(names.def(ty.def).name, ...shownArgs(bodies, ty.def, ty.args).map(of));
    case "prim":
      return shape(ty.name);
    case "param":
      return ty.name.startsWith("impl#") ? anything : shape(ty.name);
    case "never":
      return shape("!");
    case "ref":
      return shape(ty.mut ? "&mut" : "&", of(ty.inner));
    case "ptr":
      return shape(ty.mut ? "*mut" : "*const", of(ty.inner));
    case "slice":
      return shape("[]", of(ty.inner));
    case "array":
      return shape("[;]", of(ty.inner), of(ty.len));
    case "tuple":
      return shape("()", ...ty.elems.map(of));
    case "fn-def":
      return shape("fn item");
    case "fn-ptr":
      return shape("fn", ...ty.params.map(of), ...(ty.variadic ? [shape("...")] : []), of(ty.ret));
    case "closure":
      return shape("{closure}");
    case "dyn": {
      const shown = ty.traits.filter((one) => !autoTraits.has(names.def(one.trait).name));
      const traits = shown.map((one) =>
        shape(
          names.def(one.trait).name,
          ...one.args.map(of),
          ...one.bindings.map((binding) => shape(`${names.def(binding.assoc).name} =`, of(binding.ty))),
        ),
      );
      return shape("dyn", ...traits.sort((a, b) => (a.head < b.head ? -1 : 1)));
    }
    case "opaque":
      return anything;
    case "proj": {
      const [self, ...rest] = ty.args;
      const assoc = names.def(ty.assoc);
      const trait = assoc.parent === null ? "?" : names.def(assoc.parent).name;
      return shape(`as ${trait}::${assoc.name}`, self === undefined ? anything : of(self), ...rest.map(of));
    }
    case "const":
      return ty.value.startsWith("#") ? anything : shape(ty.value);
    case "infer":
      return shape("_");
    case "unknown":
      return shape(`?${ty.reason}`);
    default:
      return ty;
  }
}

const autoTraits: ReadonlySet<string> = new Set(["Send", "Sync", "Unpin", "UnwindSafe", "RefUnwindSafe"]);

function traitShape(bodies: Bodies, trait: DefId, args: readonly Ty[]): Shape {
  const shown = shownArgs(bodies, trait, args).slice(1);
  return shape(bodies.names.def(trait).name, ...shown.map((arg) => shapeOf(bodies, arg)));
}

/** rustc does not print trailing arguments that are their parameter's default. */
function shownArgs({ types }: Bodies, def: DefId, args: readonly Ty[]): readonly Ty[] {
  const { params } = types.genericsOf(def);
  let count = args.length;
  for (; count > 0; count -= 1) {
    const standard = params[count - 1]?.default;
    if (standard === null || standard === undefined) break;
    if (types.subst(standard(), args) !== args[count - 1]) break;
  }
  return args.slice(0, count);
}
