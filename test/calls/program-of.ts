/**
 * A program of crates given as texts, with the shipped std packs, and the call graph from some of its functions.
 */
import { readdirSync, readFileSync } from "node:fs";
import { type FileId, fileId } from "../../src/base/span.ts";
import { type Bodies, createBodies } from "../../src/calls/bodies.ts";
import { buildCallGraph, type GraphOptions } from "../../src/calls/build-graph.ts";
import type { CallGraph, Edge, Site } from "../../src/calls/call-graph.ts";
import type { Externs } from "../../src/calls/world.ts";
import type { CrateId, CrateNode, Program } from "../../src/crates/crate-graph.ts";
import { macroWords } from "../../src/load/macro-words.ts";
import type { FilePort, PackCrate } from "../../src/load/port.ts";
import { type GeneratedCode, loadGeneratedCode } from "../../src/model/generated-code.ts";
import type { Pack } from "../../src/model/pack.ts";
import { indexPacks, type PackIndex } from "../../src/model/pack-index.ts";
import type { DefId, Names } from "../../src/names/defs.ts";
import { createNames } from "../../src/names/names.ts";
import type { Edition, FileItems } from "../../src/syntax/ast.ts";
import { parseFile } from "../../src/syntax/file-items.ts";
import { initParser } from "../../src/syntax/parser.ts";
import type { Types } from "../../src/types/api.ts";
import { createTypes } from "../../src/types/create-types.ts";
import { inferBody } from "../../src/types/infer.ts";

export interface CrateText {
  readonly name: string;
  readonly text: string;
  /** Names, or `alias:name`, of crates before it. */
  readonly deps?: readonly string[];
  readonly kind?: CrateNode["kind"];
  readonly edition?: Edition;
  /** Tells crates of one name apart. */
  readonly id?: string;
  /** More files, by their path in the crate. */
  readonly files?: ReadonlyMap<string, string>;
  readonly procMacros?: readonly string[];
  /** Cfgs that cannot be decided. */
  readonly maybe?: readonly string[];
}
export interface TestProgram {
  readonly names: Names;
  readonly types: Types;
  readonly bodies: Bodies;
  readonly packs: PackIndex;
  graph(entries: readonly string[], externs?: Externs, limits?: GraphOptions["limits"]): CallGraph;
  def(path: string): DefId;
  /** The id of a file by its path: `/crate/src/lib.rs`. */
  fileOf(path: string): FileId;
  /** The text a span covers. */
  text(span: { readonly file: FileId; readonly start: number; readonly end: number }): string;
}

const root: URL = new URL("../../", import.meta.url);

/** The std packs of the project. */
export function shippedPacks(): Pack[] {
  const folder = new URL("rules/std/", root);
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return files.sort().map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Pack);
}

/** The project's rules for derives and attribute macros. */
export function generatedCode(): GeneratedCode {
  const json = (name: string): unknown => JSON.parse(readFileSync(new URL(`rules/${name}.json`, root), "utf8"));
  return loadGeneratedCode(
    { schema: json("derives.schema") as object, value: json("derives") },
    { schema: json("attributes.schema") as object, value: json("attributes") },
    { schema: json("macros.schema") as object, value: json("macros") },
  );
}

/** A crate of the standard library as a text. */
export type StdText = Omit<PackCrate, "items" | "macros" | "edition"> & { readonly text: string };

interface LoadedPacks {
  readonly index: PackIndex;
  readonly crates: readonly PackCrate[];
  readonly items: readonly FileItems[];
}

let ofPacks: LoadedPacks | null = null;

async function loadPacks(std: readonly StdText[] | null): Promise<LoadedPacks> {
  await initParser({ grammarWasm: readFileSync(new URL("assets/tree-sitter-rust.wasm", root)) });
  if (std !== null) return parsed(indexPacks([]), std);
  if (ofPacks === null) {
    const index = indexPacks(shippedPacks());
    ofPacks = parsed(index, index.texts);
  }
  return ofPacks;
}

function parsed(index: PackIndex, texts: readonly StdText[]): LoadedPacks {
  const items = texts.map(({ text }, position) => parseFile(text, fileId(position), "2024"));
  const crates = texts.map(({ name, text, deps, cfg }, position): PackCrate => {
    const found = items[position];
    if (found === undefined) throw new Error("no items");
    const macros = macroWords(text);
    return {
      name,
      deps,
      ...(cfg === undefined ? {} : { cfg }),
      edition: "2024",
      items: () => found,
      macros: () => macros,
    };
  });
  return { index, crates, items };
}

/** The program: crates in dependency order, the last one its root; `std` stands where the shipped packs stand otherwise. */
export async function programOf(
  crates: readonly CrateText[],
  std: readonly StdText[] | null = null,
): Promise<TestProgram> {
  const packs = await loadPacks(std);
  const files = new Map<string, FileItems>();
  const texts = new Map<FileId, string>(packs.items.map((one, position) => [fileId(position), one.source.text]));
  const nodes: CrateNode[] = [];
  for (const [position, crate] of crates.entries()) {
    const folder = `/${crate.id ?? crate.name}`;
    const rootFile = `${folder}/src/lib.rs`;
    for (const [path, text] of [["src/lib.rs", crate.text], ...(crate.files ?? [])] as const) {
      const file = fileId(texts.size);
      files.set(`${folder}/${path}`, parseFile(text, file, crate.edition ?? "2021"));
      texts.set(file, text);
    }
    nodes.push(crateNode(crate, position, nodes, rootFile));
  }
  const last = nodes.at(-1);
  if (last === undefined) throw new Error("no crate");
  const program: Program = {
    id: last.package.id,
    package: last.package.id,
    target: "x86_64-unknown-linux-gnu",
    features: [],
    kind: last.kind === "bin" ? "bin" : "lib",
    roots: [last.id],
    crates: nodes,
    macroCrates: [],
    featuresApproximated: false,
    key: last.package.id,
  };
  const textsOf = ({ rootFile }: CrateNode): string[] => {
    const folder = rootFile.slice(0, rootFile.lastIndexOf("/src/") + 1);
    return [...files].filter(([path]) => path.startsWith(folder)).map(([, items]) => items.source.text);
  };
  const port: FilePort = {
    file: (path) => files.get(path) ?? null,
    exists: (path) => files.has(path),
    pathOf: (file) => [...files].find(([, one]) => one.source.file === file)?.[0] ?? String(file),
    mentions: (crate, words) => words.some((word) => textsOf(crate).some((text) => text.includes(word))),
    problems: () => [],
    native: () => ({ files: [], whole: true }),
    matches: (crate, pattern) => textsOf(crate).some((text) => pattern.test(text)),
    text: (path) => {
      const source = files.get(path)?.source;
      return source === undefined ? null : { id: source.file, text: source.text };
    },
    isParsed: () => true,
    textsWith: () => [],
    otherNames: (crate, name) =>
      [
        ...(files.get(crate.rootFile)?.source.text ?? "").matchAll(new RegExp(`(?<!<)\\b${name}\\s+as\\s+(\\w+)`, "g")),
      ].map(([, other = ""]) => other),
    macros: (crate) => macroWords(files.get(crate.rootFile)?.source.text ?? ""),
    forgetTexts: () => undefined,
  };
  const names = createNames({ program, files: port, packs: packs.crates, generated: generatedCode() });
  const passesArgument = (def: DefId): number | null => {
    const entry = names.def(def).packEntry;
    return entry === null ? null : (packs.index.entry(entry)?.fn.returnsArg ?? null);
  };
  const types = createTypes(names, { inferBody, passesArgument });
  const bodies = createBodies(types);
  const def = (path: string): DefId => {
    const found = names.byPath(path);
    if (found === null) throw new Error(`no ${path}`);
    return found;
  };
  return {
    names,
    types,
    bodies,
    packs: packs.index,
    def,
    fileOf: (path) => {
      const found = files.get(path);
      if (found === undefined) throw new Error(`no file ${path}`);
      return found.source.file;
    },
    text: ({ file, start, end }) => texts.get(file)?.slice(start, end) ?? "",
    graph(entries, externs = { invokes: () => [] }, limits = {}) {
      const keys = entries.map((path) => ({ key: { def: def(path), closure: null }, args: [] }));
      return buildCallGraph({ types, bodies, packs: packs.index, externs, entries: keys, limits });
    },
  };
}

function crateNode(crate: CrateText, position: number, nodes: readonly CrateNode[], rootFile: string): CrateNode {
  const cfg = ['target_os="linux"', "unix", 'target_arch="x86_64"', 'target_pointer_width="64"', 'target_env="gnu"'];
  const id = `${crate.id ?? crate.name}@0.1.0`;
  return {
    id: position as CrateId,
    name: crate.name,
    package: {
      id,
      name: crate.name,
      version: "0.1.0",
      source: null,
      checksum: null,
      root: `/${crate.id ?? crate.name}`,
      lockLine: null,
      features: [],
    },
    kind: crate.kind ?? "lib",
    rootFile,
    edition: crate.edition ?? "2021",
    deps: (crate.deps ?? []).map((dep) => {
      const [alias = dep, name = dep] = dep.split(":");
      const found = nodes.find((one) => one.package.id === `${name}@0.1.0`);
      if (found === undefined) throw new Error(`no crate ${name}`);
      return { externName: alias, crate: found.id };
    }),
    procMacroDeps: crate.procMacros ?? [],
    features: [],
    cfg: { known: new Set(cfg), maybe: new Set(crate.maybe), never: new Set() },
    isMember: true,
    buildScript: null,
    key: id,
  };
}

/** The edges of a site, whatever it ends in. */
export function edgesOf(site: Site): readonly Edge[] {
  return site.outcome.k === "none" ? [] : site.outcome.edges;
}
