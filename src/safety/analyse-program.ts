/**
 * One program from its names and types to findings: registrations, call graph, guards, then each handler by itself.
 *
 * The result is in the report's terms, but for ids of findings, which need all programs (`assemble-report.ts`). Nothing is
 * read from disk here; what cannot be found out is a blind spot or a problem in the result.
 */
import { pushAll } from "../base/push-all.ts";
import { runSteps, type Steps } from "../base/steps.ts";
import type { Bodies } from "../calls/bodies.ts";
import { callGraphSteps } from "../calls/build-graph.ts";
import type { CallGraph, NodeId, StaticPlace } from "../calls/call-graph.ts";
import { calledFrom } from "../calls/called-from.ts";
import { cellShapeOf } from "../calls/cell-shapes.ts";
import { createWorld } from "../calls/create-world.ts";
import { withDeclared } from "../calls/declared-in-body.ts";
import { linkedUnder } from "../calls/linked-symbols.ts";
import { createLiveness } from "../calls/live-blocks.ts";
import type { BodyKey } from "../calls/mir.ts";
import type { Externs, Facts, PackFacts } from "../calls/world.ts";
import type { FilePort } from "../load/port.ts";
import type { Allocators } from "../model/allocators.ts";
import type { Lints } from "../model/lints.ts";
import type { Registrars, SystemCallRules } from "../model/registrars.ts";
import type { SignalSafety } from "../model/signal-safety.ts";
import type { DefId } from "../names/defs.ts";
import { macroPlace } from "../syntax/macro-place.ts";
import { analyseHandler, type HandlerResult } from "./analyse-handler.ts";
import { staysInside } from "./asm-plain.ts";
import { cSources } from "./c-sources.ts";
import { hooksOf, withDispatchers } from "./dispatched.ts";
import { readDuties, unmetDuties } from "./duties.ts";
import type { ExternOptions } from "./extern-effects.ts";
import { cellKey } from "./force-cells.ts";
import { withForcing } from "./forcing-edges.ts";
import { createInitGuards } from "./guard-init.ts";
import { type HandlerClosure, handlerClosure } from "./handler-closure.ts";
import { crateLabel, entryOf, type HandlerEntry, type UnplacedEntry, userEntry } from "./handler-entries.ts";
import { buildSources, macroSources } from "./macro-sources.ts";
import { createMustForce } from "./must-force.ts";
import { createPlaces, type Places } from "./places.ts";
import { edgesOf } from "./reach.ts";
import { registrationSteps, type UnknownInstallation } from "./registrations.ts";
import type { BlindSpot, Place, ReportHandler, ReportProblem, ReportProgram } from "./report-model.ts";
import { sourceComments } from "./source-comments.ts";
import type { Allow } from "./suppressions.ts";
import { createFrames } from "./trace.ts";
import { unreadFiles } from "./unread-files.ts";
import { unseenItems } from "./unseen-items.ts";
import { programVerdict } from "./verdict.ts";

export interface ProgramInput {
  readonly bodies: Bodies;
  readonly files: FilePort;
  readonly packs: PackFacts & { readonly stdVersion: string; readonly leaves?: ReadonlySet<string> };
  readonly model: {
    readonly safety: SignalSafety;
    readonly registrars: Registrars;
    readonly lints: Lints;
    readonly allocators: Allocators;
  };
  readonly options: ProgramOptions;
}
export interface ProgramOptions {
  readonly strictPosix: boolean;
  /** Look at code between fork and exec, and at fork handlers. */
  readonly forkEntries: boolean;
  /** Errors of fault handlers are warnings. */
  readonly faultLowers: boolean;
  /** What errors are in fault handlers of these packages, whatever `faultLowers` says. */
  readonly faultErrorsOf?: Readonly<Record<string, "warning" | "error">>;
  /** Paths of functions that the configuration names as handlers. */
  readonly handlers?: readonly string[];
  /** A hash of the user's rule packs: results with others are others. */
  readonly rules?: string;
}
export interface ProgramResult {
  readonly program: ReportProgram;
  readonly handlers: readonly (HandlerResult & { readonly report: ReportHandler })[];
  /** Blind spots that belong to no handler. */
  readonly blindSpots: readonly BlindSpot[];
  readonly problems: readonly ReportProblem[];
  /** Allowances written in the sources. */
  readonly allows: readonly Allow[];
  /** Which paths of `ProgramOptions.handlers` are functions of the program. */
  readonly namedHandlers: readonly string[];
  readonly places: Places;
  /** The crate of a site's package, as findings' ids name it. */
  readonly labelOf: (packageId: string) => string;
  readonly graph: CallGraph;
  /** Nodes of the graph that are handlers. */
  readonly roots: readonly NodeId[];
  /** Calls of registrars that were looked at. */
  readonly registrarCalls: number;
  readonly closure: HandlerClosure;
}

/** Everything the report says about one program. */
export function analyseProgram(input: ProgramInput): ProgramResult {
  return runSteps(analysisSteps(input));
}

/** The same in steps: what is being looked at. */
export function* analysisSteps(input: ProgramInput): Steps<ProgramResult> {
  const { bodies, model, options } = input;
  const { names, types } = bodies;
  const { program } = names;
  const arch = program.target.split("-")[0] ?? "";
  const places = createPlaces(program, input.files, input.packs.stdVersion);
  const inputs = {
    types,
    bodies,
    packs: input.packs,
    externs: graphExterns(bodies, model.safety, model.registrars.systemCalls(arch)),
  };
  const found = yield* registrationSteps({
    bodies,
    registrars: model.registrars,
    arch,
    numbering: model.registrars.numbering(program.target),
    forkEntries: options.forkEntries,
    isLive: createLiveness(createWorld(inputs, () => undefined)),
  });
  const entries: UnplacedEntry[] = [];
  const unused: UnplacedEntry[] = [];
  const unknown: UnknownInstallation[] = [...found.unknown];
  for (const handler of found.handlers) {
    const entry = entryOf(bodies, model.registrars, handler);
    if (entry !== null) (isUnused(bodies, entry) ? unused : entries).push(entry);
    else
      pushAll(
        unknown,
        handler.installs.map(({ call: { registrar, body, term } }) => ({
          registrar,
          body,
          span: term.span,
          why: ["a function without a Rust body"],
        })),
      );
  }
  const comments = sourceComments(bodies, places);
  const named = namedFunctions(bodies, options.handlers ?? []);
  const installed = new Set(entries.flatMap(({ graphEntry: { key } }) => (key.closure === null ? [key.def] : [])));
  const byUser = (defs: readonly DefId[]): UnplacedEntry[] =>
    [...new Set(defs)].flatMap((def) => userEntry(types, def) ?? []);
  pushAll(
    entries,
    byUser([...comments.handlers, ...named.map((one) => one.def)]).filter((one) => !installed.has(one.def)),
  );
  const claimed = byUser(comments.safe);
  const externs: ExternOptions = { safety: model.safety, allocators: model.allocators, bodies, arch };
  const asked = [...entries, ...claimed];
  // While texts are at hand, and before the memory is in use that the call graph takes.
  const unseenSources = [cSources, macroSources, buildSources].flatMap((search) =>
    search(program, input.files, model.registrars),
  );
  performance.mark("sigsafe: installations");
  // What the call graph asks of texts it asks of a few crates.
  input.files.forgetTexts();
  names.forgetRules();
  const built = yield* callGraphSteps({
    ...inputs,
    entries: asked.map((one) => one.graphEntry),
  });
  performance.mark("sigsafe: call graph");
  const facts = (def: DefId): Facts | null => {
    const id = names.def(def).packEntry;
    return id === null ? null : (input.packs.entry(id)?.fn ?? null);
  };
  const forcedArgs = (def: DefId): readonly number[] =>
    facts(def)?.forces ?? (cellShapeOf(bodies.types, def)?.forces === true ? [0] : []);
  const catchesPanics = (def: DefId): boolean => facts(def)?.marks?.includes("always-ok") === true;
  const graph = withForcing({ graph: built, forcedArgs, isLeaf: leafOf(input) });
  const force = createMustForce({ bodies, cells: cellsOf(graph), forcedArgs, catchesPanics });
  const duties = readDuties(bodies, comments.requires);
  const guards = createInitGuards(bodies, force, forcedArgs, duties.required);
  const allocator = allocatorOf(input, places);
  const { strictPosix } = options;
  const { lints, registrars } = model;
  const frames = createFrames(graph, places);
  const common = { bodies, graph, places, frames, lints, registrars, externs, guards, strictPosix, facts };
  const nodeOf = new Map(asked.map((one, at) => [one, graph.entries[at]] as const));
  const isHookOf = hooksOf(graph, entries);
  const analysed = (one: UnplacedEntry): HandlerResult[] => {
    const node = nodeOf.get(one);
    if (node === undefined) return [];
    const entry: HandlerEntry = { ...one, node };
    const owner = places.at(one.span).package.replace(/@[^@]*$/u, "");
    const level = Object.hasOwn(options.faultErrorsOf ?? {}, owner) ? options.faultErrorsOf?.[owner] : undefined;
    const faultLowers = level === undefined ? options.faultLowers : level === "warning";
    const own = { faultLowers, allocator: allocator?.type ?? null, entry, isHook: isHookOf(node) };
    return [analyseHandler({ ...common, ...own })];
  };
  const results: HandlerResult[] = [];
  for (const [at, one] of entries.entries()) {
    yield `handler ${at + 1} of ${entries.length}: ${names.pathOf(one.def)}`;
    pushAll(results, analysed(one));
  }
  const handlers = withDispatchers(results, graph).map((one) => ({
    ...one,
    report: reportHandler(input, places, graph, one),
  }));
  const closure = handlerClosure(bodies, graph, registrars, found.installers, input.options.forkEntries);
  const unseen = unseenItems(names, places, closure);
  const loose = [
    ...unknown.map((one) => unknownHandler(bodies, places, one)),
    ...unseenSources,
    ...unreadFiles(bodies.names.program, input.files, closure),
    ...unseen.blindSpots,
  ];
  const verdict = programVerdict(
    handlers.map((one) => one.verdict),
    loose.length,
  );
  return {
    program: {
      id: program.id,
      package: program.package,
      target: program.target,
      features: program.features,
      allocator,
      verdict,
      featuresApproximated: program.featuresApproximated,
    },
    handlers,
    blindSpots: loose,
    problems: [
      ...unseen.problems,
      ...unused.map((one) => unusedProblem(bodies, places, one)),
      ...comments.problems,
      ...duties.problems,
      ...unmetDuties(bodies, places, duties.required, force, guards),
      ...claimed.flatMap(analysed).flatMap((one) => brokenClaim(one, graph, places)),
    ],
    allows: comments.allows,
    namedHandlers: named.map((one) => one.path),
    places,
    labelOf: labels(bodies),
    graph,
    roots: handlers.map((one) => one.entry.node),
    registrarCalls: found.calls,
    closure,
  };
}

/**
 * A hook for a dispatcher that only code of a library installs which nothing in the program calls: no handler of this program. Whatever is
 * installed itself stays one, whoever calls that (`calledFrom` says it): such a library is there for its handler.
 */
function isUnused(bodies: Bodies, { installs }: UnplacedEntry): boolean {
  const { names } = bodies;
  if (installs.some(({ registrar }) => (registrar.dispatchers ?? []).length === 0)) return false;
  const ours = installs.some(({ call }) => names.crateNode(names.def(call.body.def).crate)?.isMember !== false);
  return !ours && calledFrom(bodies, outermost(installs)).reachable === "no";
}

function outermost(installs: UnplacedEntry["installs"]): BodyKey[] {
  return installs.flatMap(({ chain }) => (chain[0] === undefined ? [] : [chain[0].body]));
}

function unusedProblem(bodies: Bodies, places: Places, { def, span, installs }: UnplacedEntry): ReportProblem {
  const { package: owner, file, line } = places.at(span);
  const by = [...new Set(installs.map(({ call }) => `\`${bodies.names.pathOf(call.body.def)}\``))].sort();
  const what = `\`${bodies.names.pathOf(def)}\``;
  const message = `nothing in ${bodies.names.program.package} calls ${by.join(" or ")}, which would install a handler of ${what}: it was left out`;
  return { level: "note", message, package: owner, file, line };
}

/** Functions of the program with these paths, written with or without their crate. */
function namedFunctions(bodies: Bodies, paths: readonly string[]): { path: string; def: DefId }[] {
  const { names } = bodies;
  if (paths.length === 0) return [];
  const found: { path: string; def: DefId }[] = [];
  for (const { id } of names.program.crates) {
    const words = paths.map((path) => path.replace(/^.*::/u, ""));
    for (const def of bodies.mentioning(id, words)) {
      if (names.def(def).kind !== "fn") continue;
      const own = names.pathOf(def);
      for (const path of paths) if (path === own) found.push({ path, def });
    }
  }
  return found;
}

/** A function that is said to be safe, and is not. */
function brokenClaim({ entry, drafts, blindSpots }: HandlerResult, graph: CallGraph, places: Places): ReportProblem[] {
  const worst = drafts.filter((one) => one.level !== "note");
  const first = worst.find((one) => one.level === "error") ?? worst[0];
  const blind = blindSpots[0];
  if (first === undefined && blind === undefined) return [];
  const { package: owner, file, line } = places.at(entry.span);
  const why =
    first === undefined
      ? `a call was not followed: ${blind?.text ?? ""} (${blind?.file ?? ""}:${blind?.line ?? 0})`
      : `${first.message} (${first.site.file}:${first.site.line})`;
  const message = `\`${graph.node(entry.node).path}\` is said to be safe in a handler, but ${why}`;
  return [{ level: "error", message, package: owner, file, line }];
}

function labels(bodies: Bodies): (packageId: string) => string {
  const { names } = bodies;
  const known = new Map(names.program.crates.map((one) => [one.package.id, crateLabel(names, one.id)]));
  return (packageId) => known.get(packageId) ?? packageId.replace(/@.*$/, "");
}

/** Frames of helper crates, and of what the macros of rule packs make, are no root causes, unless the helper is what is analysed. */
function leafOf({ bodies, packs, files }: ProgramInput): (def: DefId) => boolean {
  const { names } = bodies;
  return (def) => {
    const { crate, item } = names.def(def);
    const made = item === null ? null : macroPlace(item);
    if (made !== null && files.pathOf(made.file).startsWith("<")) return true;
    if (cellShapeOf(bodies.types, def) !== null) return true;
    return packs.leaves?.has(names.crateName(crate)) === true && names.crateNode(crate)?.isMember !== true;
  };
}

function cellsOf(graph: CallGraph): StaticPlace[] {
  const cells = new Map<string, StaticPlace>();
  for (const site of graph.sites) {
    for (const { cell, conditions } of edgesOf(site)) {
      if (cell !== null && conditions.includes("uninit")) cells.set(cellKey(cell), cell);
    }
  }
  return [...cells.values()];
}

/** What the graph asks about C functions: which arguments they call, and Rust definitions linked under their name. */
function graphExterns(bodies: Bodies, safety: SignalSafety, assembly: SystemCallRules | null): Externs {
  return {
    invokes: (symbol) =>
      (safety.lookup(symbol)?.invokes ?? [])
        .filter(({ when }) => when === "now" || when === "uninit")
        .map(({ arg }) => arg),
    staysInside: (asm) => assembly !== null && staysInside(asm, assembly),
    defined: (symbol) => linkedUnder(bodies, symbol),
  };
}

function allocatorOf(input: ProgramInput, places: Places): ReportProgram["allocator"] {
  const { names, types } = input.bodies;
  for (const { id } of names.program.crates) {
    const { attribute } = input.model.allocators;
    if (!names.mayMention(id, [attribute])) continue;
    for (const one of withDeclared(names, input.bodies.ofCrate(id, [attribute]), (text) => text.includes(attribute))) {
      const def = names.def(one);
      if (def.kind !== "static" || !def.attrs.some((attr) => attr.path === input.model.allocators.attribute)) continue;
      const span = def.item?.keySpan;
      if (span === undefined) continue;
      const { package: owner, file, line } = places.at(span);
      return { type: types.print(types.typeOf(one)), package: owner, file, line };
    }
  }
  return null;
}

function reportHandler(input: ProgramInput, places: Places, graph: CallGraph, result: HandlerResult): ReportHandler {
  const { entry } = result;
  const { package: owner, file, line } = places.at(entry.span);
  const registeredAt = new Map<string, Place>();
  for (const { call } of entry.installs) {
    const at = places.at(call.term.span);
    registeredAt.set(`${at.package}|${at.file}|${at.line}|${at.column}`, at);
  }
  return {
    id: entry.id,
    programs: [input.bodies.names.program.id],
    function: graph.node(entry.node).path,
    package: owner,
    file,
    line,
    entryKind: entry.entryKind,
    delivery: entry.delivery,
    signals: entry.signals,
    flags: entry.flags,
    registrar: [...new Set(entry.installs.map((one) => one.registrar.id))].sort().join(", "),
    registeredAt: [...registeredAt.values()],
    installedFrom: calledFrom(input.bodies, outermost(entry.installs)),
    verdict: result.verdict,
    reached: result.reached,
    panicSites: result.panicSites,
  };
}

function unknownHandler(bodies: Bodies, places: Places, unknown: UnknownInstallation): BlindSpot {
  const { registrar, body, span, why } = unknown;
  const at = places.at(span);
  const name = bodies.names.pathOf(body.def);
  const text = `${registrar.id}: the handler was not found (${why.join(", ")})`;
  return { handler: null, reason: "unknown-handler", function: name, ...at, text };
}
