/**
 * One instance as a node before numbering: its sites with targets, its own effects, its MIR.
 */
import type { Span } from "../base/span.ts";
import type { DefId } from "../names/defs.ts";
import { macroPlace } from "../syntax/macro-place.ts";
import type { Analysis } from "./analysis.ts";
import type { Building, Draft, DraftSite } from "./building.ts";
import type { OwnEffect, StaticPlace } from "./call-graph.ts";
import { cellOf } from "./cell-of.ts";
import { cellShapeOf } from "./cell-shapes.ts";
import { glueSteps, type Step } from "./drop-glue.ts";
import { firstUseBlocks } from "./first-use.ts";
import type { Instance } from "./instances.ts";
import type { Terminator } from "./mir.ts";
import { modelSteps } from "./model-steps.ts";
import { analyse } from "./resolve-body.ts";
import type { Resolved, Target } from "./resolved.ts";
import { settled } from "./settle-dynamic.ts";
import { blockConditions } from "./site-conditions.ts";
import { specialised } from "./specialised-mir.ts";
import { spinLoops } from "./spin-loops.ts";
import { concrete, type Facts, factsFor, type World } from "./world.ts";

/** The node that an instance is. */
export function draftOf(building: Building, instance: Instance): Draft {
  const { what } = instance;
  if (what.k === "body") return bodyDraft(building, instance, what.key.def, what.key.closure);
  return what.k === "model" ? modelDraft(building, instance, what.def) : glueDraft(building, instance);
}

function bodyDraft(building: Building, instance: Instance, def: DefId, closure: number | null): Draft {
  const { world } = building;
  const isBeyond = building.drafts.size >= world.budgets.bodies && !building.drafts.has(instance.id);
  if (isBeyond) building.limits.set(instance.id, "too many functions");
  const analysis = isBeyond ? null : analyse(world, instance);
  const label = closure === null ? null : (world.types.bodyFacts(def)?.closure(closure).label ?? `closure#${closure}`);
  const path = label === null ? world.names.pathOf(def) : `${world.names.pathOf(def)}::{${label}}`;
  const model = world.names.isPackCrate(world.names.def(def).crate);
  if (analysis === null) {
    return { instance, mir: null, span: spanOf(world, def), macroPlace: null, path, model, sites: [], effects: [] };
  }
  note(building, analysis);
  const { mir } = analysis;
  const facts = closure === null ? factsFor(world, def) : null;
  const effects = facts === null ? [] : factEffects(facts, mir.span);
  for (const spin of model ? [] : spinLoops(world, analysis)) {
    effects.push({ kind: "spin", condition: "contended", span: spin.span, through: spin.through, source: "loop" });
  }
  const own = specialised(mir, analysis.reachable);
  const span = closure === null ? spanOf(world, def) : mir.span;
  const made = closure === null ? macroPlaceOf(world, def) : null;
  return { instance, mir: own, span, macroPlace: made, path, model, sites: bodySites(building, analysis), effects };
}

/** What reading the instance says about objects and values that exist. */
function note(building: Building, analysis: Analysis): void {
  for (const one of analysis.unsized) building.objects.add(one.object, one.ty);
  for (const one of analysis.pointers) building.objects.addPointer(one);
  for (const def of analysis.mentioned) building.objects.addMentioned(def);
  for (const def of analysis.constructed) building.constructed.add(def);
}

function bodySites(building: Building, analysis: Analysis): DraftSite[] {
  const { world } = building;
  const { mir, instance } = analysis;
  const conditions = blockConditions(world, instance, mir);
  const first = firstUse(building, analysis);
  const sites: DraftSite[] = [];
  for (const [block, { term, assumedCfg }] of mir.blocks.entries()) {
    if (analysis.reachable[block] !== 1) continue;
    const at = { block, conditions: conditions.of(block) };
    if (term.k === "asm") {
      const isPlain = term.template.trim() === "" || world.externs.staysInside?.(term) === true;
      const unresolved = isPlain ? null : ({ reason: "inline-asm", text: term.template } as const);
      sites.push({ span: term.span, callee: "asm!", targets: [], symbol: null, unresolved, ...at });
      continue;
    }
    const resolved = analysis.resolved[block];
    if ((term.k !== "call" && term.k !== "drop") || resolved === null || resolved === undefined) continue;
    const own = siteOf(building, instance, resolved);
    // A drop that runs nothing is no site.
    if (term.k === "drop" && own.targets.length === 0 && own.unresolved === null) continue;
    const certain = assumedCfg ? own.targets.map((one): Target => ({ ...one, certainty: "assumed-cfg" })) : own.targets;
    const targets = first?.blocks.has(block) === true ? certain.map((one) => onFirstUse(one, first.cell)) : certain;
    sites.push({ span: term.span, callee: calleeText(world, instance, term), ...at, ...own, targets });
  }
  return sites;
}

/** What a function that forces a cell does only while the cell is empty; null for other functions. */
function firstUse(
  { world }: Building,
  { mir, instance }: Analysis,
): { readonly blocks: ReadonlySet<number>; readonly cell: StaticPlace | null } | null {
  if (mir.key.closure !== null) return null;
  const facts = factsFor(world, mir.key.def);
  const forced = facts?.forces?.[0] ?? (cellShapeOf(world.types, mir.key.def) === null ? undefined : 0);
  if (forced === undefined) return null;
  const ty = mir.locals[forced + 1]?.ty;
  const given = ty === undefined ? undefined : concrete(world, instance, ty);
  return { blocks: firstUseBlocks(mir), cell: cellOf(world.types, instance.context[forced] ?? null, given) };
}

function onFirstUse(target: Target, cell: StaticPlace | null): Target {
  if (target.conditions.includes("uninit")) return target;
  return { ...target, conditions: [...target.conditions, "uninit"], cell: target.cell ?? cell };
}

function siteOf(
  building: Building,
  instance: Instance,
  resolved: Resolved,
): Pick<DraftSite, "targets" | "symbol" | "unresolved"> {
  const { targets, symbol, unresolved } = settled(building, instance, resolved);
  return { targets: distinct(targets), symbol, unresolved };
}

function distinct(targets: readonly Target[]): Target[] {
  const seen = new Map<string, Target>();
  for (const one of targets) {
    const key = `${one.instance.id}:${one.via}:${one.conditions.join()}:${one.cell?.def}:${one.cell?.fields.join(".")}`;
    if (!seen.has(key)) seen.set(key, one);
  }
  return [...seen.values()];
}

/** What is called, as text for reports: the definition's path, a type, or the macro's method. */
function calleeText(world: World, instance: Instance, term: Terminator & { k: "call" | "drop" }): string {
  if (term.k === "drop") return `drop of ${world.types.print(world.types.subst(term.ty, instance.args))}`;
  switch (term.callee.k) {
    case "def":
      return world.names.pathOf(term.callee.def);
    case "value":
      return `call of ${world.types.print(world.types.subst(term.callee.ty, instance.args))}`;
    case "unresolved":
      return term.callee.text;
  }
}

function modelDraft(building: Building, instance: Instance, def: DefId): Draft {
  const { world } = building;
  const facts = factsFor(world, def);
  const span = spanOf(world, def);
  const steps = facts === null ? [] : modelSteps(world, instance, def, facts);
  return {
    instance,
    mir: null,
    span,
    macroPlace: macroPlaceOf(world, def),
    path: world.names.pathOf(def),
    model: true,
    sites: [...stepSites(building, instance, steps, span), ...sourceSites(building, instance, def, span)],
    effects: facts === null ? [] : factEffects(facts, span),
  };
}

/** The source of a function of the program that a rule stands for. */
function sourceSites({ world }: Building, instance: Instance, def: DefId, span: Span): DraftSite[] {
  const key = { def, closure: null };
  if (world.names.isPackCrate(world.names.def(def).crate) || world.bodies.mir(key) === null) return [];
  const source = world.instances.body(key, instance.args, instance.context);
  const target: Target = {
    instance: source,
    via: "call",
    certainty: "model",
    conditions: [],
    cell: null,
    behind: true,
  };
  const callee = world.names.pathOf(def);
  return [{ block: 0, span, callee, targets: [target], symbol: null, unresolved: null, conditions: [] }];
}

function glueDraft(building: Building, instance: Instance): Draft {
  const { world } = building;
  const { what } = instance;
  const ty = what.k === "drop-glue" ? what.ty : world.types.tupleOf([]);
  const owner = ty.k === "adt" ? ty.def : ty.k === "closure" ? ty.body : null;
  const span = owner === null ? EMPTY : spanOf(world, owner);
  const steps = glueSteps(world, instance, ty);
  const model = owner === null || world.names.isPackCrate(world.names.def(owner).crate);
  const path = `drop of ${world.types.print(ty)}`;
  const sites = stepSites(building, instance, steps, span);
  return { instance, mir: null, span, macroPlace: null, path, model, sites, effects: [] };
}

const EMPTY: Span = { file: 0 as Span["file"], start: 0, end: 0 };

function stepSites(building: Building, instance: Instance, steps: readonly Step[], span: Span): DraftSite[] {
  return steps.map((step, block) => ({
    block,
    span,
    callee: step.text,
    ...siteOf(building, instance, step.resolved),
    conditions: [],
  }));
}

function factEffects(facts: Facts, span: Span): OwnEffect[] {
  const source = facts.cite[0] ?? "";
  const effects = (facts.effects ?? []).map((one): OwnEffect => {
    const effect: OwnEffect = { kind: one.kind, condition: one.when, span, through: one.through ?? null, source };
    return one.beside === true ? { ...effect, beside: true } : effect;
  });
  if (facts.panics === true) effects.push({ kind: "panic", condition: "always", span, through: null, source });
  return effects;
}

function macroPlaceOf(world: World, def: DefId): Span | null {
  const { item } = world.names.def(def);
  return item === null ? null : macroPlace(item);
}

/** Where a definition stands: a function from its `fn` keyword. */
function spanOf(world: World, def: DefId): Span {
  const { item, variant } = world.names.def(def);
  return item?.keySpan ?? variant?.span ?? EMPTY;
}
