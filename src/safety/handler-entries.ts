/**
 * Handlers as entries of the call graph: the body each one is, its id, how it is entered.
 *
 * An id is a hash of the handler's printed path (with the crate's version where two versions are in the program), its entry
 * kind and its type arguments: no line, so it survives edits. A handler that is a foreign function is no entry, unless the program
 * defines it: its code is not there to read.
 */
import type { Span } from "../base/span.ts";
import { stableHash } from "../base/stable-hash.ts";
import type { Bodies } from "../calls/bodies.ts";
import type { Entry } from "../calls/build-graph.ts";
import type { NodeId } from "../calls/call-graph.ts";
import { linkedTo } from "../calls/linked-symbols.ts";
import type { Registrars } from "../model/registrars.ts";
import type { Delivery } from "../model/vocabulary.ts";
import type { DefId, Names } from "../names/defs.ts";
import type { Types } from "../types/api.ts";
import type { Ty } from "../types/ty.ts";
import type { HandlerFunction, Installation } from "./registrations.ts";
import type { ReportHandler } from "./report-model.ts";

export interface UnplacedEntry {
  readonly id: string;
  readonly def: DefId;
  readonly graphEntry: Entry;
  /** The `fn` keyword, or the closure's first token. */
  readonly span: Span;
  readonly entryKind: ReportHandler["entryKind"];
  readonly delivery: Delivery;
  readonly signals: readonly string[];
  /** It is installed for no others. */
  readonly signalsKnown: boolean;
  readonly flags: readonly string[];
  readonly installs: readonly Installation[];
}
export interface HandlerEntry extends UnplacedEntry {
  readonly node: NodeId;
}

/** The entry of one handler; null where it has no body in the program. */
export function entryOf(bodies: Bodies, registrars: Registrars, handler: HandlerFunction): UnplacedEntry | null {
  const { types } = bodies;
  const body = bodyOf(bodies, handler.ty);
  if (body === null) return null;
  const { names } = types;
  const { def, closure } = body.key;
  const span = closure === null ? (names.def(def).item?.keySpan ?? null) : closureSpan(types, def, closure);
  if (span === null) return null;
  const { installs } = handler;
  const signals = [...new Set(installs.flatMap((one) => one.signals))].sort();
  const entryKind = installs[0]?.registrar.entryKind ?? "user";
  // What the system gives to a handler, which may install itself again, is what it was installed for.
  const isKnown = (one: Installation): boolean => !one.otherSignals && one.signalGivenTo.every((it) => it === def);
  const signalsKnown = signals.length > 0 && installs.every(isKnown);
  const fault = signalsKnown && signals.every((name) => registrars.delivery(name) === "fault");
  return {
    id: idOf(names, types, body, entryKind),
    def,
    graphEntry: body,
    span,
    entryKind,
    delivery: entryKind === "signal" && fault ? "fault" : "async",
    signals,
    signalsKnown,
    flags: [...new Set(installs.flatMap((one) => one.flags ?? []))].sort(),
    installs,
  };
}

/** The entry of a function that the user names; null where it has no body. */
export function userEntry(types: Types, def: DefId): UnplacedEntry | null {
  const { names } = types;
  const { item } = names.def(def);
  if (item?.k !== "fn" || !item.hasBody) return null;
  // A closure's type has its function's own parameters for arguments.
  const generic = types.closureTy(def, 0);
  const graphEntry: Entry = { key: { def, closure: null }, args: generic.k === "closure" ? generic.args : [] };
  const how = {
    entryKind: "user",
    delivery: "async",
    signals: [],
    signalsKnown: false,
    flags: [],
    installs: [],
  } as const;
  return { id: idOf(names, types, graphEntry, "user"), def, graphEntry, span: item.keySpan, ...how };
}

function bodyOf(bodies: Bodies, ty: Ty): Entry | null {
  const { types } = bodies;
  if (ty.k === "closure") return { key: { def: ty.body, closure: ty.closure }, args: ty.args };
  if (ty.k !== "fn-def") return null;
  const resolved = types.resolveMember(ty.def, ty.args);
  if (resolved.def === null) return null;
  const def = linkedTo(bodies, resolved.def);
  const { item } = types.names.def(def);
  return item?.k === "fn" && item.hasBody ? { key: { def, closure: null }, args: resolved.args } : null;
}

function closureSpan(types: Types, def: DefId, closure: number): Span | null {
  return types.bodyFacts(def)?.closure(closure).span ?? null;
}

function idOf(names: Names, types: Types, body: Entry, entryKind: string): string {
  const { def, closure } = body.key;
  const label = closure === null ? "" : `::{${types.bodyFacts(def)?.closure(closure).label ?? `closure#${closure}`}}`;
  const path = names.pathOf(def) + label;
  const args = body.args.map((one) => types.print(one));
  return stableHash([entryKind, crateLabel(names, names.def(def).crate), path, ...args], 16);
}

/** The crate's name; with its version where the program has two crates of that name. */
export function crateLabel(names: Names, crate: Parameters<Names["crateName"]>[0]): string {
  const name = names.crateName(crate);
  const node = names.crateNode(crate);
  const twins = new Set(names.program.crates.filter((one) => one.name === name).map((one) => one.package.id));
  return node !== null && twins.size > 1 ? node.package.id : name;
}
