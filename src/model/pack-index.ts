/**
 * Rule packs as one numbered list of facts, and the Rust text that declares what they speak of.
 *
 * Input: packs that were checked against their schema. Output: entries by number (`Def.packEntry` holds one), overrides by
 * path, and per crate one text in which `#[sigsafe_entry(N)]` ties each function to its entry. Nothing is parsed here.
 */
import { pushAll } from "../base/push-all.ts";
import type { Pack, PackFn, PackModule, PackOverride } from "./pack.ts";

/** What an analysis asks of an entry: of a body, whether there is one, and of the citations the first. */
export type PackFacts = Omit<PackFn, "sig" | "note">;

export interface PackEntry {
  readonly id: number;
  readonly fn: PackFacts;
  /** Name of the pack, for citations. */
  readonly pack: string;
}
export interface PackText {
  readonly name: string;
  readonly text: string;
  readonly deps: readonly string[];
}
export interface PackIndex {
  entry(id: number): PackEntry | null;
  /** By the path that names prints. */
  readonly overrides: ReadonlyMap<string, readonly { readonly id: number; readonly versions: string | null }[]>;
  /** `core`, `alloc`, `std`, in dependency order. */
  readonly texts: readonly PackText[];
  /** Crates whose frames are no root causes. */
  readonly leaves: ReadonlySet<string>;
  /** The version of std that the packs describe. */
  readonly stdVersion: string;
}

/** The crates that packs may declare, in dependency order. */
const crates: readonly { readonly name: string; readonly deps: readonly string[] }[] = [
  { name: "core", deps: [] },
  { name: "alloc", deps: ["core"] },
  { name: "std", deps: ["core", "alloc"] },
];

/** Numbers the entries of all packs, in order, and prints the declared crates; `overriding` are those of the packs that may replace others' functions. */
export function indexPacks(packs: readonly Pack[], overriding: readonly Pack[] = []): PackIndex {
  const entries: PackEntry[] = [];
  const roots = new Map(crates.map(({ name }) => [name, emptyModule()]));
  const overrides: Overrides = new Map();
  const replaced = replacedFunctions(overriding);
  for (const pack of packs) {
    const number = (fn: PackFn | PackOverride): number => {
      entries.push({ id: entries.length, fn, pack: pack.pack });
      return entries.length - 1;
    };
    for (const module of pack.modules) addModule(roots, module, number, replaced);
    addOverrides(overrides, pack, number);
  }
  const texts = crates.map(({ name, deps }) => ({ name, deps, text: print(roots.get(name) ?? emptyModule(), "") }));
  const leaves = new Set(packs.flatMap((pack) => pack.leaves ?? []));
  const stdVersion = packs.find((pack) => pack.modules.length > 0)?.describes.version ?? "";
  return { entry: (id) => entries[id] ?? null, overrides, texts, leaves, stdVersion };
}

type Overrides = Map<string, readonly { readonly id: number; readonly versions: string | null }[]>;

/** Does the function fill a cell that it is given: force it, or run while it holds nothing? */
export function fillsCell(fn: Pick<PackFn, "forces" | "entered"> | undefined): boolean {
  return fn !== undefined && (fn.entered !== undefined || (fn.forces?.length ?? 0) > 0);
}

/** Takes up what a pack says of functions by their paths; `number` gives each entry its number. */
export function addOverrides(overrides: Overrides, pack: Pack, number: (fn: PackOverride) => number): void {
  for (const override of pack.overrides ?? []) {
    const list = overrides.get(override.path) ?? [];
    const entry = { id: number(override), versions: override.versions ?? null };
    // The first that fits a version counts.
    overrides.set(override.path, override.override === true ? [entry, ...list] : [...list, entry]);
  }
}

/** What tells a declared function from others: its module, its trait or impl, its name. */
export function functionKey(module: string, holder: string, fn: PackFn): string {
  const name = /\bfn\s+(?:r#)?(\w+)/.exec(fn.sig)?.[1] ?? fn.sig;
  return `${module}${holder === "" ? "" : ` ${holder.replace(/\s+/g, " ").trim()}`} ${name}`;
}

/** The function that counts, for each that one pack declares and another overrides. */
function replacedFunctions(packs: readonly Pack[]): ReadonlyMap<string, PackFn> {
  const found = new Map<string, PackFn>();
  for (const pack of packs) {
    for (const module of pack.modules) {
      for (const fn of module.fns ?? []) if (fn.override === true) found.set(functionKey(module.path, "", fn), fn);
      for (const block of [...(module.traits ?? []), ...(module.impls ?? [])])
        for (const fn of block.fns ?? [])
          if (fn.override === true) found.set(functionKey(module.path, block.decl, fn), fn);
    }
  }
  return found;
}

interface Module {
  readonly lines: string[];
  readonly children: Map<string, Module>;
}

function emptyModule(): Module {
  return { lines: [], children: new Map() };
}

function addModule(
  roots: ReadonlyMap<string, Module>,
  module: PackModule,
  number: (fn: PackFn) => number,
  replaced: ReadonlyMap<string, PackFn>,
): void {
  const [crate = "", ...rest] = module.path.split("::");
  let at = roots.get(crate);
  if (at === undefined) return;
  for (const name of rest) {
    const next: Module = at.children.get(name) ?? emptyModule();
    at.children.set(name, next);
    at = next;
  }
  const { lines } = at;
  pushAll(lines, module.items ?? []);
  // An override may have another signature: it stands where the function that it replaces stood.
  const own = (holder: string) => (fn: PackFn) =>
    replaced.size === 0 ? fn : fn.override === true ? null : (replaced.get(functionKey(module.path, holder, fn)) ?? fn);
  for (const fn of counted(module.fns, own(""))) lines.push(printFn(fn, number(fn), false));
  for (const block of module.traits ?? []) pushAll(lines, printBlock(block, own(block.decl), number, true));
  for (const block of module.impls ?? []) pushAll(lines, printBlock(block, own(block.decl), number, false));
}

function printBlock(
  block: { readonly decl: string; readonly items?: readonly string[]; readonly fns?: readonly PackFn[] },
  own: (fn: PackFn) => PackFn | null,
  number: (fn: PackFn) => number,
  trait: boolean,
): string[] {
  const fns = counted(block.fns, own).map((fn) => printFn(fn, number(fn), trait));
  // A block that only overrides declares nothing itself.
  if (fns.length === 0 && (block.fns ?? []).length > 0) return [];
  return [`${block.decl} {`, ...(block.items ?? []), ...fns, "}"];
}

function counted(fns: readonly PackFn[] | undefined, own: (fn: PackFn) => PackFn | null): PackFn[] {
  return (fns ?? []).flatMap((fn) => own(fn) ?? []);
}

/** A function without a body of its own gets an empty one, save a trait's required method. */
function printFn(fn: PackFn, id: number, trait: boolean): string {
  const attribute = `#[sigsafe_entry(${id})]`;
  if (fn.body !== undefined) return `${attribute} ${fn.sig} { ${fn.body}\n}`;
  const required = trait && fn.effects === undefined;
  return `${attribute} ${fn.sig}${required ? ";" : " { loop {} }"}`;
}

function print(module: Module, indent: string): string {
  const children = [...module.children].map(
    ([name, child]) => `${indent}pub mod ${name} {\n${print(child, `${indent} `)}}\n`,
  );
  return `${module.lines.join("\n")}\n${children.join("")}`;
}
