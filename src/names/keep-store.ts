/**
 * Writes what names knows of the crates of rule packs, once their module trees are complete: read by restore-store.ts, record by record.
 *
 * That is the same in every program: numbers of definitions and crates of packs do not depend on the program (store.ts), and nothing of a
 * program is asked for on the way. What could not come back the same is refused.
 */
import type { PackedWriter } from "../base/packed-writer.ts";
import type { BareItem } from "../syntax/ast.ts";
import type { DefKind } from "./defs.ts";
import { implHead, implTrait } from "./impl-header.ts";
import {
  type DefRec,
  defOf,
  firstPack,
  type HeldBack,
  type MacroScope,
  type ModuleRec,
  packEntryOf,
  type Store,
} from "./store.ts";

/** Kinds by number. */
export const defKinds: readonly DefKind[] = [
  "mod",
  "fn",
  "struct",
  "enum",
  "variant",
  "trait",
  "impl",
  "type-alias",
  "const",
  "static",
  "macro",
  "block",
];

/** What a definition's record has of that which most have not, or have from another. */
export const has = { assumed: 1, attrs: 2, foreign: 4, lang: 8, variant: 16, item: 32, parentItem: 64 } as const;

/** What a number is that is none of a trait or a constructor. */
export const marks = {
  noImpl: -1,
  noTrait: -2,
  inherent: -3,
  parameter: -1,
  openHead: -2,
} as const;

/** Writes the store of a program without crates. */
export function keepStore(store: Store, out: PackedWriter): void {
  refuse("problems", store.problems.length);
  refuse("impls in bodies", store.bodyImpls.length + store.openConsts.length + store.implGeneration);
  refuse("crates of a program", store.crates.length);
  const scopes = scopeNumbers(store);
  const scopeOf = (scope: MacroScope | null): number => (scope === null ? 0 : (scopes.get(scope) ?? 0));
  writeDefs(store, scopeOf, out);
  out.table("modules", [...store.modules.keys()]);
  out.table(
    "module records",
    [...store.modules.values()].map((module) => {
      const place = out.here();
      writeModule(module, out);
      return place;
    }),
  );
  writeHeaders(store, out);
  const held = store.packs.map((crate) => crate.heldBack.map((one) => writeHeldBack(one, scopeOf, out)));
  out.table("store", [out.here()]);
  writeScopes([...scopes.keys()], scopeOf, out);
  for (const [index, crate] of store.packs.entries()) {
    refuse("macros that are not expanded", crate.pending.length + crate.filesRead);
    writeNumbers(crate.impls, out);
    out.value({ noStd: crate.noStd, macroUse: crate.macroUse, anonymous: crate.anonymous, heldBack: held[index] });
  }
  out.value([...store.langItems]);
  out.value([...store.macros.values()].map((one) => [one.def, one.crate, one.edition, one.localInnerMacros]));
  out.value([store.nextContext, store.tokensLeft, [...store.tokensByCall]]);
}

function refuse(what: string, count: number): void {
  if (count > 0) throw new Error(`the packs have ${what}`);
}

/** Ascending numbers, as distances. */
function writeNumbers(numbers: readonly number[], out: PackedWriter): void {
  out.uint(numbers.length);
  for (const [index, number] of numbers.entries()) out.uint(number - (numbers[index - 1] ?? 0));
}

/**
 * Of each definition what most are asked for as tables, by number; its item and what few have as a record. Children are told by their parents: a
 * definition's come in the order of their numbers.
 */
function writeDefs(store: Store, scopeOf: (scope: MacroScope | null) => number, out: PackedWriter): void {
  const defs = store.defs.map((_, id) => defOf(store, id as DefRec["id"]));
  for (const { id, children, attrs, packEntry } of defs) {
    const inOrder = children.every((one, index) => one > (children[index - 1] ?? -1) && defs[one]?.parent === id);
    const isNumbered = children.every((one, index) => defs[one]?.index === index);
    if (packEntryOf(attrs) !== packEntry) throw new Error(`the entry of ${id} is not where its attributes say`);
    if (!inOrder || !isNumbered) throw new Error(`the children of ${id} are in no order`);
  }
  const column = (name: string, of: (def: DefRec) => number): void => out.table(`def ${name}`, defs.map(of));
  column("kinds", (def) => defKinds.indexOf(def.kind));
  column("crates", (def) => def.crate - firstPack);
  column("parents", (def) => def.parent ?? -1);
  column("modules", (def) => def.module);
  column("visible in", (def) => def.visibleIn ?? -1);
  column("scopes", (def) => scopeOf(def.macros));
  column("flags", (def) => flagsOf(store, def));
  // As distances: 0 where there is none.
  column("first children", ({ id, children: [first] }) => (first === undefined ? 0 : first - id));
  column("next siblings", ({ id, parent, index }) => {
    const next = parent === null ? undefined : defOf(store, parent).children[index + 1];
    return next === undefined ? 0 : next - id;
  });
  out.growing(
    "def starts",
    defs.map(({ item }) => item?.start ?? 0),
  );
  const places = defs.map((def) => {
    const place = out.here(def.item?.start ?? 0);
    writeDef(def, flagsOf(store, def), out);
    return place;
  });
  out.growing("defs", places);
}

function flagsOf(store: Store, { item, attrs, parent, assumedCfg, foreign, lang, variant }: DefRec): number {
  const parentItem = item !== null && parent !== null && item === defOf(store, parent).item;
  const sameAttrs = attrs === item?.attrs || (attrs.length === 0 && (item === null || item.attrs.length === 0));
  return (
    (assumedCfg ? has.assumed : 0) |
    (sameAttrs && !parentItem ? 0 : has.attrs) |
    (foreign === null ? 0 : has.foreign) |
    (lang === null ? 0 : has.lang) |
    (variant === null ? 0 : has.variant) |
    (item === null || parentItem ? 0 : has.item) |
    (parentItem ? has.parentItem : 0)
  );
}

function writeDef({ name, item, attrs, foreign, lang, variant }: DefRec, flags: number, out: PackedWriter): void {
  out.string(name);
  if (lang !== null) out.string(lang);
  if (item !== null && (flags & has.item) !== 0) out.value(bare(item));
  if ((flags & has.attrs) !== 0) out.value(attrs);
  if (foreign !== null) out.value(foreign);
  if (variant !== null) out.value(variant);
}

/** The item without those inside it. */
function bare(item: BareItem): object {
  if (!("items" in item)) return item;
  const { items: _, ...rest } = item;
  return rest;
}

function writeModule(module: ModuleRec, out: PackedWriter): void {
  out.uint(module.crate - firstPack);
  out.uint((module.parent ?? -1) + 1);
  for (const names of [module.types, module.values, module.macros]) {
    out.uint(names.size);
    for (const [name, def] of names) {
      out.string(name);
      out.near(def);
    }
  }
  out.value({
    block: module.block,
    imports: [...module.imports],
    globs: module.globs,
    unnamed: module.unnamed,
    directory: module.directory,
  });
}

/** By number of the definition: the trait or a mark, and the constructor's place in a list or a mark. */
function writeHeaders(store: Store, out: PackedWriter): void {
  const known = new Map<string, number>();
  const traits: number[] = store.defs.map(() => marks.noImpl);
  const constructors: number[] = store.defs.map(() => marks.openHead);
  for (const { impls } of store.packs) {
    for (const id of impls) {
      const trait = implTrait(store, id);
      traits[id] = trait === "inherent" ? marks.inherent : (trait ?? marks.noTrait);
      const head = implHead(store, id) ?? null;
      if (head === null) {
        constructors[id] = implHead(store, id) === null ? marks.parameter : marks.openHead;
        continue;
      }
      const number = known.get(head) ?? known.size;
      known.set(head, number);
      constructors[id] = number;
    }
  }
  out.table("impl traits", traits);
  out.table("impl heads", constructors);
  out.table("heads", [out.here()]);
  out.value([...known.keys()]);
}

/** Scopes by number, from 1 on: each behind those that it leads to. */
function scopeNumbers(store: Store): Map<MacroScope, number> {
  const numbers = new Map<MacroScope, number>();
  const add = (scope: MacroScope | null): void => {
    if (scope === null || numbers.has(scope)) return;
    add(scope.before);
    if (scope.k === "hole") add(scope.filled);
    numbers.set(scope, numbers.size + 1);
  };
  for (const def of store.defs) add(def?.macros ?? null);
  for (const crate of store.packs) {
    for (const { pending } of crate.heldBack) {
      add(pending.scope);
      add(pending.hole);
    }
  }
  return numbers;
}

function writeScopes(
  scopes: readonly MacroScope[],
  scopeOf: (scope: MacroScope | null) => number,
  out: PackedWriter,
): void {
  out.uint(scopes.length);
  for (const scope of scopes) {
    out.uint(scopeOf(scope.before));
    out.uint(scope.k === "macro" ? 1 : 0);
    if (scope.k === "macro") {
      out.string(scope.name);
      out.uint(scope.def);
    } else out.uint(scopeOf(scope.filled));
  }
}

/** What it makes, and the place of the rest. */
function writeHeldBack(
  { pending, impls, done }: HeldBack,
  scopeOf: (scope: MacroScope | null) => number,
  out: PackedWriter,
): readonly [readonly string[], number] {
  refuse("macros that were held back and expanded", done ? 1 : 0);
  const place = out.here();
  const { item, attrs, scope, hole, where, depth } = pending;
  const { module, owner, foreignAbi, included } = where;
  for (const one of [item, attrs, scopeOf(scope), scopeOf(hole), depth]) out.value(one);
  for (const one of [module.def, owner?.id ?? null, foreignAbi, included]) out.value(one);
  return [[...impls], place];
}
