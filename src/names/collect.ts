/**
 * Items into definitions: what cfg keeps, in the order of the text, with modules' files loaded and item macros expanded on the way.
 *
 * Input: items and the container they stand in. Output: definitions, imports and impls in the store, and the textual macro
 * scope behind the items. Macros that only imports can find are left pending (complete.ts).
 */
import { pushAll } from "../base/push-all.ts";
import type { CfgSet } from "../crates/cfg.ts";
import type {
  Attr,
  ConstItem,
  EnumItem,
  ExternCrateItem,
  FieldDef,
  FnItem,
  Item,
  MacroRulesItem,
  ModItem,
  StructItem,
  TypeRef,
  Visibility,
} from "../syntax/ast.ts";
import { applyCfg, attrNamed, isLanguageAttr, stringOf } from "./attributes.ts";
import { expandItemMacro } from "./collect-expanded.ts";
import { addExternCrate, addUse } from "./collect-imports.ts";
import type { Def, DefId, DefKind } from "./defs.ts";
import { type DerivedImpl, deriveImpls } from "./derive.ts";
import { keptParams } from "./kept-params.ts";
import { attributeRule } from "./known-macros.ts";
import { loadModule, moduleVersions } from "./module-files.ts";
import {
  addDef,
  addModule,
  addProblem,
  type Container,
  type CrateState,
  type DefRec,
  defOf,
  type MacroScope,
  type ModuleRec,
  moduleAt,
  type Store,
  standsAssumed,
} from "./store.ts";
import { writtenAs } from "./written-as.ts";

interface Cx {
  readonly store: Store;
  readonly crate: CrateState;
  readonly where: Container;
  readonly depth: number;
}
interface Found {
  readonly attrs: readonly Attr[];
  readonly assumed: boolean;
  readonly scope: MacroScope | null;
}

/** Collects items; `depth` counts nested expansions and modules. */
export function collectItems(
  store: Store,
  crate: CrateState,
  items: readonly Item[],
  where: Container,
  scope: MacroScope | null,
  depth: number,
): MacroScope | null {
  const cx: Cx = { store, crate, where, depth };
  let after = scope;
  for (const item of items) {
    const { present, assumed, attrs } = applyCfg(item.attrs, crate.cfg);
    if (!present || isTestOnly(store, crate, where.module.def, attrs)) continue;
    const found = { attrs, assumed: assumed || where.undecided === true, scope: after };
    after = collectItem(cx, keptParams(item, crate.cfg), found);
  }
  return after;
}

/** `#[test]` and `#[bench]` make nothing of a function where no tests are built; programs are no tests. */
export function isTestOnly(store: Store, crate: CrateState, module: DefId, attrs: readonly Attr[]): boolean {
  return attrs.some(
    ({ path }) =>
      path === "test" ||
      path === "bench" ||
      (!isLanguageAttr(path) && attributeRule(store, crate, module, path)?.as === "absent"),
  );
}

function collectItem(cx: Cx, item: Item, found: Found): MacroScope | null {
  const { store, crate, where } = cx;
  const { module } = where;
  switch (item.k) {
    case "fn":
      collectFn(cx, item, found);
      return found.scope;
    case "const":
    case "static": {
      const def = plainDef(cx, item, item.k, found);
      if (where.owner !== null) return found.scope;
      if (item.name !== "_") module.values.set(item.name, def.id);
      else if (mayHoldImpls(item))
        (blockAround(store, module) !== null ? store.openConsts : crate.anonymous).push(def.id);
      return found.scope;
    }
    case "type-alias": {
      const def = plainDef(cx, item, "type-alias", found);
      if (where.owner === null) module.types.set(item.name, def.id);
      return found.scope;
    }
    case "struct":
      collectStruct(cx, item, found);
      return found.scope;
    case "enum":
      collectEnum(cx, item, found);
      return found.scope;
    case "trait": {
      const def = plainDef(cx, item, "trait", found);
      module.types.set(item.name, def.id);
      collectItems(store, crate, item.items, { ...where, owner: def, foreignAbi: null }, found.scope, cx.depth);
      return found.scope;
    }
    case "impl": {
      const def = plainDef(cx, item, "impl", found);
      addImpl(cx, def);
      collectItems(store, crate, item.items, { ...where, owner: def, foreignAbi: null }, found.scope, cx.depth);
      return found.scope;
    }
    case "extern-block":
      collectItems(store, crate, item.items, { ...where, foreignAbi: item.abi }, found.scope, cx.depth);
      return found.scope;
    case "use": {
      const imports = addUse(where.module, item.tree, visibleIn(store, crate, where, item.vis));
      if (found.assumed || standsAssumed(store, where.module.def)) pushAll(store.assumedImports, imports);
      return found.scope;
    }
    case "extern-crate":
      crate.loads.add(item.name);
      addExternCrate(where.module, item, visibleIn(store, crate, where, item.vis));
      if (attrNamed(found.attrs, "macro_use") !== null) useMacrosOf(store, crate, item);
      return found.scope;
    case "mod":
      return collectMod(cx, item, found);
    case "macro-rules":
      return defineMacro(cx, item, found);
    case "macro-call": {
      const hole: MacroScope & { k: "hole" } = { k: "hole", filled: null, before: found.scope };
      const pending = {
        item,
        attrs: found.attrs,
        scope: found.scope,
        hole,
        where,
        depth: cx.depth,
      };
      const impls = crate.pack === null ? null : attrNamed(found.attrs, "sigsafe_impls");
      if (impls !== null) {
        const made = new Set(impls.tokens.split(",").map((name) => name.trim()));
        crate.heldBack.push({ pending, impls: made, done: false });
        return found.scope;
      }
      if (expandItemMacro(store, crate, pending, false)) return hole.filled === null ? found.scope : hole;
      crate.pending.push(pending);
      return hole;
    }
    default:
      return item satisfies never;
  }
}

function plainDef(cx: Cx, item: Item, kind: DefKind, found: Found): DefRec {
  const { store, crate, where } = cx;
  const def = addDef(store, {
    kind,
    name: kind === "impl" ? "" : item.name,
    crate: crate.id,
    parent: where.owner?.id ?? where.module.def,
    module: where.module.def,
    item,
    attrs: found.attrs,
    assumed: found.assumed || (where.owner?.assumedCfg ?? false),
    foreign: kind === "static" ? foreignOf(cx, found, item.name) : null,
    visibleIn: visibleIn(store, crate, where, item.vis),
    macros: found.scope,
  });
  noteAttributeMacros(store, crate, where.module.def, def);
  return def;
}

/** Attributes that may rewrite the item; on types, a derive's own attributes look the same and change nothing. */
export function noteAttributeMacros(store: Store, crate: CrateState, module: DefId, def: DefRec): void {
  if (def.kind === "struct" || def.kind === "enum" || def.kind === "macro") return;
  for (const attr of def.attrs) {
    if (isLanguageAttr(attr.path)) continue;
    const rule = attributeRule(store, crate, module, attr.path);
    if (rule !== null && rule.as !== "around") continue;
    addProblem(store, {
      reason: "attribute-macro",
      crate: crate.id,
      def: def.id,
      span: attr.span,
      text: `#[${attr.path}]`,
      ...(rule === null ? {} : { around: true }),
    });
  }
}

/** The module below which something of this visibility can be seen; null for everywhere. */
export function visibleIn(store: Store, crate: CrateState, where: Container, vis: Visibility): DefId | null {
  if (vis.k === "public" || where.owner !== null) return null;
  let module = where.module;
  while (module.block && module.parent !== null) module = moduleAt(store, module.parent) ?? module;
  if (vis.k === "private") return module.def;
  const [first, ...rest] = vis.path;
  if (first === "crate") return rest.length === 0 ? crate.root : ancestorNamed(store, module.def, rest.at(-1) ?? "");
  if (first === "super") return module.parent ?? module.def;
  return first === "self" ? module.def : ancestorNamed(store, module.def, vis.path.at(-1) ?? "");
}

function ancestorNamed(store: Store, module: DefId, name: string): DefId {
  for (let at: DefId | null = module; at !== null; at = moduleAt(store, at)?.parent ?? null)
    if (defOf(store, at).name === name) return at;
  return module;
}

function collectFn(cx: Cx, item: FnItem, found: Found): void {
  const { store, crate, where } = cx;
  const def = addDef(store, {
    kind: "fn",
    name: item.name,
    crate: crate.id,
    parent: where.owner?.id ?? where.module.def,
    module: where.module.def,
    item,
    attrs: found.attrs,
    assumed: found.assumed || (where.owner?.assumedCfg ?? false),
    foreign: foreignOf(cx, found, item.name),
    visibleIn: visibleIn(store, crate, where, item.vis),
    macros: found.scope,
  });
  if (where.owner === null) where.module.values.set(item.name, def.id);
  noteAttributeMacros(store, crate, where.module.def, def);
}

/** What an item of an `extern` block is linked to; null where it stands in none. */
function foreignOf({ where: { foreignAbi: abi } }: Cx, found: Found, name: string): Def["foreign"] {
  const symbol = attrNamed(found.attrs, "link_name");
  return abi === null ? null : { symbol: (symbol === null ? null : stringOf(symbol.tokens)) ?? name, abi };
}

function collectStruct(cx: Cx, item: StructItem, found: Found): void {
  const def = plainDef(cx, keptStruct(cx.crate, item), "struct", found);
  cx.where.module.types.set(item.name, def.id);
  if (item.shape !== "named") cx.where.module.values.set(item.name, def.id);
  for (const impl of deriveImpls(cx.store, cx.crate, def)) collectDerived(cx, impl, found);
}

/** A struct without the fields that cfgs take away. */
export function keptStruct({ cfg }: CrateState, item: StructItem): StructItem {
  const fields = keptFields(item.fields, item.shape, cfg);
  return fields === item.fields ? item : { ...item, fields };
}

/** Fields that are compiled; one that is there twice, of two types, under cfgs that nobody knows, is one of no known type. */
function keptFields(fields: readonly FieldDef[], shape: StructItem["shape"], cfg: CfgSet): readonly FieldDef[] {
  if (!fields.some((field) => field.attrs.length > 0)) return fields;
  const present = fields.filter((field) => applyCfg(field.attrs, cfg).present);
  if (shape !== "named") return renumbered(present);
  const byName = new Map<string, FieldDef>();
  for (const field of present) {
    const before = byName.get(field.name);
    const isOther = before !== undefined && writtenAs(before.ty) !== writtenAs(field.ty);
    const ty: TypeRef = { k: "error", reason: "one of two types", span: field.span };
    byName.set(field.name, isOther ? { ...field, ty } : field);
  }
  return byName.size === fields.length ? fields : [...byName.values()];
}

function collectEnum(cx: Cx, item: EnumItem, found: Found): void {
  const { store, crate, where } = cx;
  const def = plainDef(cx, item, "enum", found);
  where.module.types.set(item.name, def.id);
  addVariants(store, crate, def, item);
  for (const impl of deriveImpls(store, crate, def)) collectDerived(cx, impl, found);
}

/** Adds an enum's variants, its definition's children, but for those that cfgs take away. */
export function addVariants(store: Store, crate: CrateState, def: DefRec, item: EnumItem): void {
  for (const variant of item.variants) {
    const { present, assumed, attrs } = applyCfg(variant.attrs, crate.cfg);
    if (!present) continue;
    const fields = keptFields(variant.fields, variant.shape, crate.cfg);
    addDef(store, {
      kind: "variant",
      name: variant.name,
      crate: crate.id,
      parent: def.id,
      module: def.module,
      item: def.item,
      variant: { ...variant, fields },
      attrs,
      assumed: assumed || def.assumedCfg,
    });
  }
}

function renumbered(fields: readonly FieldDef[]): readonly FieldDef[] {
  return fields.map((field, index) => ({ ...field, name: String(index) }));
}

function collectDerived(cx: Cx, { item, undecided }: DerivedImpl, { assumed, scope }: Found): void {
  collectItem(cx, item, { attrs: [], assumed: assumed || undecided, scope });
}

function addImpl(cx: Cx, def: DefRec): void {
  const block = blockAround(cx.store, cx.where.module);
  if (block === null || inAnonymous(cx.store, block)) {
    cx.crate.impls.push(def.id);
    return;
  }
  cx.store.bodyImpls.push(def.id);
  cx.store.implGeneration += 1;
}

/** The nearest block around a module, itself included: a `mod` may stand in a body too. */
function blockAround(store: Store, start: ModuleRec): ModuleRec | null {
  let module: ModuleRec | undefined = start;
  while (module !== undefined && !module.block)
    module = module.parent === null ? undefined : moduleAt(store, module.parent);
  return module ?? null;
}

/** Does the block stand in the body of a `const _` of a module? That is expanded with the crate's impls. */
function inAnonymous(store: Store, block: ModuleRec): boolean {
  const { parent } = defOf(store, block.def);
  return parent !== null && isAnonymousConst(store, parent);
}

/** Is it a `const _` of a module, not of a body? */
export function isAnonymousConst(store: Store, def: DefId): boolean {
  const { kind, name, module } = defOf(store, def);
  const around = moduleAt(store, module);
  return kind === "const" && name === "_" && around !== undefined && blockAround(store, around) === null;
}

/** Could the value of a `const _` declare impls? By its text. */
function mayHoldImpls(item: ConstItem): boolean {
  return item.value !== null && /\bimpl\b|!/.test(item.source.text.slice(item.value.start, item.value.end));
}

function useMacrosOf(store: Store, crate: CrateState, item: ExternCrateItem): void {
  const target = crate.deps.get(item.name) ?? store.packByName.get(item.name);
  if (target !== undefined) crate.macroUse.push(target);
}

function collectMod(cx: Cx, item: ModItem, found: Found): MacroScope | null {
  let { scope } = found;
  for (const { attrs, undecided } of moduleVersions(cx.store, cx.crate, item, found.attrs, cx.where))
    scope = collectVersion(cx, item, { attrs, assumed: found.assumed || undecided, scope });
  return scope;
}

function collectVersion(cx: Cx, item: ModItem, found: Found): MacroScope | null {
  const { store, crate, where } = cx;
  const loaded = loadModule(store, crate, item, found.attrs, where, cx.depth);
  const inner = applyCfg(loaded.innerAttrs, crate.cfg);
  if (!inner.present) return found.scope;
  const attrs = [...found.attrs, ...inner.attrs];
  const def = addDef(store, {
    kind: "mod",
    name: item.name,
    crate: crate.id,
    parent: where.module.def,
    module: null,
    item,
    attrs,
    assumed: found.assumed || inner.assumed,
    visibleIn: visibleIn(store, crate, where, item.vis),
    macros: found.scope,
  });
  where.module.types.set(item.name, def.id);
  if (loaded.problem !== null) addProblem(store, { ...loaded.problem, def: def.id });
  noteAttributeMacros(store, crate, where.module.def, def);
  const module = addModule(store, def, where.module.def, false, loaded.directory);
  const after = collectItems(
    store,
    crate,
    loaded.items,
    { module, owner: null, foreignAbi: null, included: [] },
    found.scope,
    cx.depth + 1,
  );
  return attrNamed(attrs, "macro_use") === null ? found.scope : after;
}

function defineMacro(cx: Cx, item: MacroRulesItem, found: Found): MacroScope | null {
  const { store, crate, where } = cx;
  const def = plainDef(cx, item, "macro", found);
  const exported = attrNamed(found.attrs, "macro_export");
  const names = exported === null ? where.module.macros : moduleAt(store, crate.root)?.macros;
  store.macros.set(def.id, {
    def: def.id,
    crate: crate.id,
    edition: item.source.edition,
    localInnerMacros: exported?.tokens.includes("local_inner_macros") === true,
    rules: null,
    cfgIf: false,
    besides: standsAssumed(store, def.id) ? { scope: found.scope, exported: names?.get(item.name) ?? null } : null,
  });
  where.module.macros.set(item.name, def.id);
  if (exported !== null) {
    def.visibleIn = null;
    moduleAt(store, crate.root)?.macros.set(item.name, def.id);
  }
  return item.form === "macro" ? found.scope : { k: "macro", name: item.name, def: def.id, before: found.scope };
}
