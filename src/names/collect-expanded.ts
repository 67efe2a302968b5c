/**
 * Macro calls where items stand: expanded, parsed as items or members, and collected in the place of the call.
 */
import path from "node:path";
import type { Item, MacroCall, Source, TokenTree } from "../syntax/ast.ts";
import { parseImplItems, parseItems } from "../syntax/file-items.ts";
import { stringArgument } from "../syntax/literals.ts";
import { withAbi } from "../syntax/lower-placed-fn.ts";
import { collectItems } from "./collect.ts";
import { collectMade, type MadeBy } from "./collect-made.ts";
import { type ExpandedTrees, macroName, resolveMacro } from "./expand.ts";
import { partsAgain, partsOf } from "./item-tokens.ts";
import { expansionsOf } from "./macro-choices.ts";
import { openFiles, refusal } from "./module-files.ts";
import { addProblem, type CrateState, type MacroScope, type PendingMacro, type Store } from "./store.ts";
import { callItem } from "./token-call.ts";

/** Expands a call; false where its macro is not known yet. `last` says that all imports are known. */
export function expandItemMacro(store: Store, crate: CrateState, pending: PendingMacro, last: boolean): boolean {
  const { item, where } = pending;
  const { call } = item;
  const problem = (reason: "unknown-macro" | "build-output" | "parse-error" | "limit", text: string): true => {
    const inside = call.source.text.slice(call.start, call.end);
    const def = where.owner?.id ?? where.module.def;
    addProblem(store, { reason, crate: crate.id, def, span: item.span, text, inside });
    return true;
  };
  const macro = resolveMacro(store, where.module.def, pending.scope, call.path);
  if (macro?.k === "proc-macro") return problem("unknown-macro", `${macroName(call.path)}!`);
  const name = call.path.segments.at(-1)?.name ?? "";
  const expansions = expansionsOf(store, crate, macro, call, null);
  if (expansions === null) {
    const builtin = builtinItems(store, crate, pending, name);
    if (builtin === "unknown")
      return last && macro?.k === "builtin-macro" ? problem("unknown-macro", `${name}!`) : false;
    if (builtin === "build-output")
      return problem("build-output", `${name}!(${call.source.text.slice(call.start, call.end)})`);
    if (builtin === null) return true;
    if ("limit" in builtin) return problem("limit", builtin.limit);
    collect(store, crate, pending, builtin.items, builtin.included);
    return true;
  }
  const calls = undecidedCalls(pending, expansions.length);
  for (const [at, expansion] of expansions.entries()) {
    const one = calls[at] ?? pending;
    if (expansion.k === "failed")
      problem(
        expansion.failure.reason === "attribute-macro" ? "unknown-macro" : expansion.failure.reason,
        expansion.failure.text,
      );
    else if (expansion.k === "source") {
      const items = itemsOf(expansion.source, pending);
      if (items.errors > 0) problem("parse-error", `${name}!: its expansion cannot be read`);
      collect(store, crate, one, items.items);
    } else if (!collectParts(store, crate, one, expansion, name))
      problem("parse-error", `${name}!: its expansion cannot be read`);
  }
  return true;
}

/** The call once for each of its expansions, which fill its hole one behind the other: where there are several, nobody knows which is compiled. */
function undecidedCalls(pending: PendingMacro, expansions: number): readonly PendingMacro[] {
  if (expansions < 2) return [pending];
  const where = { ...pending.where, undecided: true } as const;
  const calls: PendingMacro[] = [];
  let before: MacroScope | null = null;
  while (calls.length < expansions) {
    const hole: PendingMacro["hole"] = { k: "hole", filled: null, before };
    // The macros of one may stand in place of another's.
    const scope: MacroScope | null =
      before === null ? pending.scope : { k: "hole", filled: before, before: pending.scope };
    calls.push({ ...pending, where, hole, scope });
    before = hole;
  }
  pending.hole.filled = before;
  return calls;
}

/** Collects what an expansion holds, part by part; false where one could not be read. */
function collectParts(
  store: Store,
  crate: CrateState,
  pending: PendingMacro,
  expansion: ExpandedTrees,
  macro: string,
): boolean {
  const { where } = pending;
  // What the build keeps of packs has a number for everything.
  const isLazy = crate.pack === null && where.owner === null && where.foreignAbi === null && !where.module.block;
  const which = isLazy ? "all" : "calls";
  const depth = pending.depth + 1;
  const { print } = expansion;
  let isRead = true;
  const read = (trees: readonly TokenTree[]): readonly Item[] => {
    const { items, errors } = itemsOf(print(trees), pending);
    isRead &&= errors === 0;
    return items;
  };
  let by: MadeBy | null = null;
  let scope = pending.scope;
  for (const [at, part] of partsOf(expansion.trees, which).entries()) {
    if (part.k === "impl" || part.k === "named") {
      by ??= { store, crate, where, depth, macro, print, again: partsAgain(expansion.remake(), which) };
      collectMade(part, at, scope, by);
      continue;
    }
    const items = part.k === "call" ? [callItem(part, expansion)] : read(part.trees);
    scope = collectItems(store, crate, items, where, scope, depth);
  }
  pending.hole.filled = added(scope, pending.scope);
  return isRead;
}

/** Expands the macro calls of a pack that wait until impls of a trait, or `inherent` ones of a type, are asked for; all where nothing is named. */
export function expandHeldBack(store: Store, crate: CrateState, wanted: string | null | undefined): void {
  for (const one of crate.heldBack) {
    if (one.done || (typeof wanted === "string" && !one.impls.has(wanted))) continue;
    one.done = true;
    expandItemMacro(store, crate, one.pending, true);
  }
}

function collect(
  store: Store,
  crate: CrateState,
  pending: PendingMacro,
  items: readonly Item[],
  included: readonly string[] = pending.where.included,
): void {
  const after = collectItems(store, crate, items, { ...pending.where, included }, pending.scope, pending.depth + 1);
  pending.hole.filled = added(after, pending.scope);
}

/** The part of a textual scope that was added behind `before`, cut loose from it. */
function added(after: MacroScope | null, before: MacroScope | null): MacroScope | null {
  const nodes: MacroScope[] = [];
  for (let at = after; at !== null && at !== before; at = at.before) nodes.push(at);
  return nodes.reduceRight<MacroScope | null>(
    (rest, node) => (node.k === "macro" ? { ...node, before: rest } : { k: "hole", filled: node.filled, before: rest }),
    null,
  );
}

function itemsOf(source: Source, pending: PendingMacro): { readonly items: readonly Item[]; readonly errors: number } {
  if (pending.where.owner !== null) {
    const { items, errors } = parseImplItems(source);
    return { items, errors: errors.length };
  }
  const parsed = parseItems(source);
  const abi = pending.where.foreignAbi;
  const items =
    abi === null ? parsed.items : parsed.items.map((item): Item => (item.k === "fn" ? withAbi(item, abi) : item));
  return { items, errors: parsed.errors.length };
}

type BuiltinItems =
  | { readonly items: readonly Item[]; readonly included?: readonly string[] }
  | { readonly limit: string };

/** Items of a macro that the compiler provides; null for one that makes none. */
function builtinItems(
  store: Store,
  crate: CrateState,
  pending: PendingMacro,
  name: string,
): BuiltinItems | "unknown" | "build-output" | null {
  const { call } = pending.item;
  switch (name) {
    case "include":
      return included(store, crate, call, pending);
    case "global_asm":
    case "compile_error":
    case "assert":
    case "concat_idents":
      return null;
    default:
      return "unknown";
  }
}

/** The items of `include!("x.rs")`; anything that is no plain literal is build output. */
function included(
  store: Store,
  crate: CrateState,
  call: MacroCall,
  pending: PendingMacro,
): BuiltinItems | "build-output" {
  const written = stringArgument(call.source.text.slice(call.start, call.end));
  if (written === null || crate.node === null) return "build-output";
  const file = path.resolve(pending.where.module.directory.fileDir, written);
  if (!store.files.exists(file, crate.node)) return "build-output";
  const limit = refusal(crate, file, openFiles(pending.where));
  if (limit !== null) return { limit: `include!(${path.basename(file)}): ${limit}` };
  const found = store.files.file(file, crate.node);
  const open = [...pending.where.included, file];
  return found === null ? "build-output" : { items: found.items, included: open };
}
