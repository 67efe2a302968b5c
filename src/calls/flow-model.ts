/**
 * What the question "where does a value come from" is answered with.
 */
import type { Span } from "../base/span.ts";
import type { DefId } from "../names/defs.ts";
import type { Types } from "../types/api.ts";
import type { Ty } from "../types/ty.ts";
import type { BodyInContext } from "./flow-context.ts";
import type { BodyKey, Callee, Constant, Operand, Place, Projection } from "./mir.ts";
import type { AskedValues } from "./value-types.ts";
import { holdsAddress } from "./value-types.ts";

export type FlowValue =
  /** A function item or closure; with `own`, a closure that was not made into a function pointer. */
  | {
      readonly k: "callable";
      readonly ty: Ty;
      readonly body: BodyInContext;
      readonly span: Span;
      readonly own?: true;
    }
  /** A struct, enum variant, tuple or array that was built here; fields can be asked for. */
  | {
      readonly k: "aggregate";
      readonly ty: Ty | null;
      readonly variant: number;
      readonly body: BodyInContext;
      readonly fields: readonly Operand[];
      readonly indices: readonly number[];
      readonly span: Span;
    }
  /** The address of a local place. */
  | { readonly k: "address"; readonly body: BodyInContext; readonly place: Place }
  | { readonly k: "static"; readonly def: DefId; readonly fields: readonly number[] }
  | { readonly k: "constant"; readonly value: Constant; readonly body: BodyInContext }
  /** A value of a concrete type that was made into a trait object. */
  | { readonly k: "object"; readonly ty: Ty; readonly body: BodyInContext; readonly span: Span }
  /** A parameter (0 = the first) of the body of `FlowOptions.parametersOf`, or of the run that is asked about, and the steps from it. */
  | { readonly k: "parameter"; readonly index: number; readonly steps: readonly Projection[] }
  /** The result of a call. */
  | {
      readonly k: "result";
      readonly callee: Callee;
      readonly args: readonly Operand[];
      readonly body: BodyInContext;
      readonly span: Span;
      /** What its body gives back is among the values too. */
      readonly followed: boolean;
      /** What it was given is. */
      readonly given: boolean;
    };

export interface Flow {
  readonly values: readonly FlowValue[];
  /** Values may come from where the program cannot be seen: a public parameter, memory, a lost type. */
  readonly open: readonly OpenEnd[];
}
export interface OpenEnd {
  readonly why: "public-parameter" | "unknown-call" | "memory" | "opaque" | "limit" | "no-caller";
  readonly body: BodyInContext;
  readonly span: Span;
  /** The type of a public parameter. */
  readonly ty?: Ty;
}

/** May callables come from one of the ends? What a function that nothing calls was given is never there; a small number is none. */
export function isOpen(types: Types, ends: readonly OpenEnd[]): boolean {
  return ends.some(({ why, ty }) => why !== "no-caller" && (ty === undefined || holdsAddress(types, ty)));
}

export interface FlowOptions {
  /** Ends at trait objects with their concrete type instead of going through the pointer. */
  readonly objects: boolean;
  /** Of a function with very many callers the private field is asked, not each of them: all values of the type then. */
  readonly coarse?: boolean;
  /** Whatever a mutable reference to a local is passed to may store such values there. */
  readonly lent?: AskedValues;
  /** False: what a cell is filled with by what forces it is none of the answer. */
  readonly cells?: boolean;
  /** Whoever uses a library may call what its dependencies offer, where nothing in the program does. */
  readonly users?: true;
  /** What an attribute macro makes of a function may call it, too, beside the calls that are seen. */
  readonly rewritten?: true;
  /** What a container that is met was filled with is among the values. */
  readonly filled?: true;
  /** Where the payload of a variant is asked for and the value is another one, that is an answer: an aggregate of no type, without fields. */
  readonly others?: true;
  /** Functions whose result is the answer: their bodies are not looked into. */
  readonly ends?: (callee: DefId) => boolean;
  /** The function whose own parameters are answers: its callers are not looked at. */
  readonly parametersOf?: BodyKey;
}

/** How the stores through what some locals of a body hold are looked for. */
export interface StoresOptions {
  /** They hold the address of a local, not of a static. */
  readonly lent?: boolean;
  /** Locals that hold another part and are asked by themselves. */
  readonly known?: ReadonlySet<number>;
  /** The body was given the pointer: what it gives back is seen where it is called. */
  readonly handed?: true;
  /** Which types that the body may give back can lead there. */
  readonly returns?: (ty: Ty) => boolean;
}
