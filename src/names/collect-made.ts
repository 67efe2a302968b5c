/**
 * Items that a macro made: each a definition at once, under its name or with its header, its text parsed and its members collected when somebody wants
 * those. Most of what such macros make is wanted by nobody.
 *
 * Whoever asks for the item or for what stands in it is answered as if it had been parsed at once. Where the expansion cannot be read, that is told then.
 */
import { pushAll } from "../base/push-all.ts";
import { wordHash } from "../base/word-set.ts";
import type { Attr, BareItem, Item, Source, TokenTree, Visibility } from "../syntax/ast.ts";
import { attrWith } from "../syntax/attributes.ts";
import { parseItems } from "../syntax/file-items.ts";
import { applyCfg } from "./attributes.ts";
import { addVariants, collectItems, isTestOnly, keptStruct, noteAttributeMacros, visibleIn } from "./collect.ts";
import type { DefId } from "./defs.ts";
import { derivedImpl, derivedTraits, derivedWords, plainPath } from "./derive.ts";
import type { Derivable } from "./derive-bodies.ts";
import type { ItemTokens, NamedTokens, TokenPart } from "./item-tokens.ts";
import { keptParams } from "./kept-params.ts";
import {
  addProblem,
  type Container,
  type CrateState,
  type DefRec,
  defOf,
  type ImplHeader,
  type MacroScope,
  type Store,
} from "./store.ts";

export interface MadeBy {
  readonly store: Store;
  readonly crate: CrateState;
  /** A module, or a block in a `const _` of one. */
  readonly where: Container;
  readonly depth: number;
  /** What the macro was called by, for what is said where its expansion cannot be read. */
  readonly macro: string;
  print(trees: readonly TokenTree[]): Source;
  /** The parts of the expansion, made once more. */
  again(): readonly TokenPart[];
}

/** Adds an item, the part at `at` of an expansion, to the crate; its tokens are not kept. `scope`: macros that stand before it in the text. */
export function collectMade(tokens: ItemTokens, at: number, scope: MacroScope | null, by: MadeBy): void {
  const made: Made = { by, scope };
  const source: MadeSource = { k: "tokens", at, words: wordsOf(tokens.trees) };
  if (tokens.k === "impl") addImpl(made, header(tokens), source);
  else addNamed(made, tokens, source);
}

interface Made {
  readonly by: MadeBy;
  readonly scope: MacroScope | null;
}

function header({ negative, trait, self }: ImplHeader): ImplHeader {
  return { negative, trait, self };
}

/** Reads what macros made in a crate and in whose tokens one of the words stands; all where none is given. */
export function readMadeWith(store: Store, crate: CrateState, words: readonly string[] | null): void {
  const wanted = words?.map((word) => ({ word, hash: wordHash(word) })) ?? null;
  for (const id of crate.unread) {
    const def = store.defs[id];
    if (def instanceof MadeDef && (wanted === null || def.holdsOne(wanted))) def.read();
  }
}

function addNamed(made: Made, tokens: NamedTokens, source: MadeSource): void {
  const { by, scope } = made;
  const { store, crate, where } = by;
  const { module } = where;
  const { present, assumed, attrs } = applyCfg(attributesOf(by, tokens), crate.cfg);
  if (!present || isTestOnly(store, crate, module.def, attrs)) return;
  const traits = derivedTraits(store, attrs);
  if (traits === null) {
    // A derive of another crate is looked at with the fields.
    collectItems(store, crate, itemsOf(by, tokens.trees), where, scope, by.depth);
    return;
  }
  const def = add(made, source, { kind: tokens.kind, name: tokens.name, attrs, assumed, vis: tokens.vis });
  const isType = tokens.kind === "struct" || tokens.kind === "enum" || tokens.kind === "type-alias";
  (isType ? module.types : module.values).set(tokens.name, def.id);
  if (tokens.isValue) module.values.set(tokens.name, def.id);
  noteAttributeMacros(store, crate, module.def, def);
  for (const { name, trait, undecided } of traits) {
    const path = plainPath([tokens.name], trait.span);
    const header: ImplHeader = { negative: false, trait, self: { k: "path", path } };
    addImpl(made, header, { k: "derived", owner: def.id, name }, assumed || undecided);
  }
}

/** The items of a part; what cannot be read of it is told, with its text: others look for words in that. */
function itemsOf({ store, crate, where, macro, print }: MadeBy, trees: readonly TokenTree[]): readonly Item[] {
  const source = print(trees);
  const { items, errors } = parseItems(source);
  const span = trees[0]?.span;
  if ((errors.length > 0 || items.length === 0) && span !== undefined) {
    const text = `${macro}!: its expansion cannot be read`;
    const def = where.module.def;
    addProblem(store, { reason: "parse-error", crate: crate.id, def, span, text, inside: source.text });
  }
  return items;
}

const said: ReadonlySet<string> = new Set(["allow", "deny", "doc", "expect", "warn"]);

function attributesOf({ print }: MadeBy, { attributes }: NamedTokens): Attr[] {
  return attributes.flatMap(({ trees, span }): Attr[] => {
    const [first] = trees;
    if (first === undefined || (first.k === "ident" && said.has(first.text))) return [];
    return [attrWith(false, span, print(trees).text)];
  });
}

function addImpl(made: Made, header: ImplHeader, source: MadeSource, assumed = false): void {
  const { store, crate } = made.by;
  const def = add(made, source, { kind: "impl", name: "", attrs: none, assumed, vis: { k: "private" } });
  store.madeImpls.set(def.id, header);
  crate.impls.push(def.id);
}

function add(made: Made, source: MadeSource, about: About): MadeDef {
  const { store, crate, where } = made.by;
  const siblings = defOf(store, where.module.def).children;
  const id = store.defs.length as DefId;
  const def = new MadeDef(id, siblings.length, about, source, made);
  store.defs.push(def);
  siblings.push(id);
  crate.unread.add(id);
  return def;
}

/** What a definition is read from: an item of the expansion, with hashes of its words, or the type whose derive made it. */
type MadeSource =
  | { readonly k: "tokens"; readonly at: number; readonly words: Int32Array }
  | { readonly k: "derived"; readonly owner: DefId; readonly name: Derivable };

interface Wanted {
  readonly word: string;
  readonly hash: number;
}

interface About {
  readonly kind: NamedTokens["kind"] | "impl";
  readonly name: string;
  readonly attrs: readonly Attr[];
  readonly assumed: boolean;
  readonly vis: Visibility;
}

const none: readonly never[] = [];

class MadeDef implements DefRec {
  readonly id: DefId;
  readonly kind: About["kind"];
  readonly name: string;
  readonly crate: DefRec["crate"];
  readonly parent: DefId;
  readonly module: DefId;
  readonly index: number;
  readonly variant = null;
  readonly foreign = null;
  readonly lang = null;
  readonly assumedCfg: boolean;
  readonly macros: MacroScope | null;
  attrs: readonly Attr[];
  packEntry: number | null = null;
  visibleIn: DefId | null;
  readonly #source: MadeSource;
  readonly #by: MadeBy;
  readonly #children: DefId[] = [];
  #item: BareItem | null = null;

  constructor(id: DefId, index: number, about: About, source: MadeSource, { by, scope }: Made) {
    const { def } = by.where.module;
    this.id = id;
    this.kind = about.kind;
    this.name = about.name;
    this.crate = by.crate.id;
    this.parent = def;
    this.module = def;
    this.index = index;
    this.assumedCfg = about.assumed;
    this.macros = scope;
    this.attrs = about.attrs;
    this.visibleIn = visibleIn(by.store, by.crate, by.where, about.vis);
    this.#source = source;
    this.#by = by;
  }
  get item(): BareItem | null {
    this.read();
    return this.#item;
  }
  get children(): DefId[] {
    if (this.kind === "impl" || this.kind === "enum") this.read();
    return this.#children;
  }
  /** Does one of the words stand in what it is read from? */
  holdsOne(words: readonly Wanted[]): boolean {
    const source = this.#source;
    // What is no word by itself may stand anywhere.
    if (source.k === "tokens") return words.some(({ hash }) => hash < 0 || source.words.includes(hash));
    const made = derivedWords(source.name);
    const owner = defOf(this.#by.store, source.owner);
    return words.some(({ word }) => made.has(word)) || (owner instanceof MadeDef && owner.holdsOne(words));
  }
  read(): void {
    const { store, crate } = this.#by;
    if (!crate.unread.delete(this.id)) return;
    store.madeImpls.delete(this.id);
    const before = store.defs.length;
    if (this.#source.k === "tokens") this.#readTokens(this.#source.at);
    else this.#readDerived(this.#source);
    crate.late.push(this.id);
    for (let id = before; id < store.defs.length; id += 1)
      if (store.defs[id]?.crate === crate.id) crate.late.push(id as DefId);
  }
  #readTokens(at: number): void {
    const { store, crate, where, depth } = this.#by;
    const part = madeAgain(this.#by)[at];
    const trees = part === undefined || part.k === "call" ? none : part.trees;
    const read = itemsOf(this.#by, trees).find((one) => one.k === this.kind);
    if (read === undefined) return;
    const item = keptParams(read, crate.cfg);
    this.#item = item.k === "struct" ? keptStruct(crate, item) : (item as BareItem);
    if (item.k === "enum") addVariants(store, crate, this, item);
    if (item.k === "impl")
      collectItems(store, crate, item.items, { ...where, owner: this, foreignAbi: null }, this.macros, depth);
  }
  #readDerived({ owner, name }: MadeSource & { readonly k: "derived" }): void {
    const { store, crate, where, depth } = this.#by;
    const impl = derivedImpl(store, crate, defOf(store, owner), name);
    if (impl === null) return;
    this.#item = impl;
    collectItems(store, crate, impl.items, { ...where, owner: this, foreignAbi: null }, this.macros, depth);
  }
}

/** So many expansions are kept as tokens: items of one are often wanted together. */
const KEPT = 8;

const recent = new WeakMap<Store, { readonly by: MadeBy; readonly parts: readonly TokenPart[] }[]>();

function madeAgain(by: MadeBy): readonly TokenPart[] {
  const kept = recent.get(by.store) ?? [];
  recent.set(by.store, kept);
  let found = kept.find((one) => one.by === by);
  if (found === undefined) {
    found = { by, parts: by.again() };
    kept.push(found);
    if (kept.length > KEPT) kept.shift();
  }
  return found.parts;
}

function wordsOf(trees: readonly TokenTree[]): Int32Array {
  const found = new Set<number>();
  const pending = [...trees];
  for (let tree = pending.pop(); tree !== undefined; tree = pending.pop()) {
    if (tree.k === "group") pushAll(pending, tree.trees);
    else if (tree.k !== "punct") for (const [word] of tree.text.matchAll(/\w+/g)) found.add(wordHash(word));
  }
  return Int32Array.from(found);
}
