/**
 * Rule packs as one numbered list of facts, and the Rust text that declares what they speak of.
 *
 * Input: packs that were checked against their schema. Output: entries by number (`Def.packEntry` holds one), overrides by
 * path, and per crate one text in which `#[sigsafe_entry(N)]` ties each function to its entry. Nothing is parsed here.
 */
import type { Pack, PackFn, PackModule, PackOverride } from "./pack.ts";

export interface PackEntry {
  readonly id: number;
  readonly fn: PackFn | PackOverride;
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

/** Numbers the entries of all packs, in order, and prints the declared crates. */
export function indexPacks(packs: readonly Pack[]): PackIndex {
  const entries: PackEntry[] = [];
  const roots = new Map(crates.map(({ name }) => [name, emptyModule()]));
  const overrides = new Map<string, { id: number; versions: string | null }[]>();
  for (const pack of packs) {
    const number = (fn: PackFn | PackOverride): number => {
      entries.push({ id: entries.length, fn, pack: pack.pack });
      return entries.length - 1;
    };
    for (const module of pack.modules) addModule(roots, module, number);
    for (const override of pack.overrides ?? []) {
      const list = overrides.get(override.path) ?? [];
      list.push({ id: number(override), versions: override.versions ?? null });
      overrides.set(override.path, list);
    }
  }
  const texts = crates.map(({ name, deps }) => ({ name, deps, text: print(roots.get(name) ?? emptyModule(), "") }));
  const leaves = new Set(packs.flatMap((pack) => pack.leaves ?? []));
  const stdVersion = packs.find((pack) => pack.modules.length > 0)?.describes.version ?? "";
  return { entry: (id) => entries[id] ?? null, overrides, texts, leaves, stdVersion };
}

interface Module {
  readonly lines: string[];
  readonly children: Map<string, Module>;
}

function emptyModule(): Module {
  return { lines: [], children: new Map() };
}

function addModule(roots: ReadonlyMap<string, Module>, module: PackModule, number: (fn: PackFn) => number): void {
  const [crate = "", ...rest] = module.path.split("::");
  let at = roots.get(crate);
  if (at === undefined) return;
  for (const name of rest) {
    const next: Module = at.children.get(name) ?? emptyModule();
    at.children.set(name, next);
    at = next;
  }
  const { lines } = at;
  lines.push(...(module.items ?? []));
  for (const fn of module.fns ?? []) lines.push(printFn(fn, number(fn), false));
  for (const block of module.traits ?? []) lines.push(...printBlock(block, number, true));
  for (const block of module.impls ?? []) lines.push(...printBlock(block, number, false));
}

function printBlock(
  block: { readonly decl: string; readonly items?: readonly string[]; readonly fns?: readonly PackFn[] },
  number: (fn: PackFn) => number,
  trait: boolean,
): string[] {
  const fns = (block.fns ?? []).map((fn) => printFn(fn, number(fn), trait));
  return [`${block.decl} {`, ...(block.items ?? []), ...fns, "}"];
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
