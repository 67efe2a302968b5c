/**
 * Crates given as texts, analysed to a report with the shipped rules: what tests of the safety layer start from.
 */
import { readdirSync, readFileSync } from "node:fs";
import { type FileId, fileId } from "../../src/base/span.ts";
import { createBodies } from "../../src/calls/bodies.ts";
import type { CrateId, CrateNode, Program } from "../../src/crates/crate-graph.ts";
import { macroWords } from "../../src/load/macro-words.ts";
import type { FilePort, PackCrate } from "../../src/load/port.ts";
import { loadAllocators } from "../../src/model/allocators.ts";
import { loadLints } from "../../src/model/lints.ts";
import type { Pack } from "../../src/model/pack.ts";
import { fillsCell, indexPacks, type PackIndex } from "../../src/model/pack-index.ts";
import { loadRegistrars } from "../../src/model/registrars.ts";
import { loadSignalSafety, onlyCopies } from "../../src/model/signal-safety.ts";
import type { DefId } from "../../src/names/defs.ts";
import { createNames } from "../../src/names/names.ts";
import { analyseProgram, type ProgramOptions, type ProgramResult } from "../../src/safety/analyse-program.ts";
import { assembleReport } from "../../src/safety/assemble-report.ts";
import { summarise } from "../../src/safety/program-summary.ts";
import type { Report } from "../../src/safety/report-model.ts";
import type { Allow } from "../../src/safety/suppressions.ts";
import type { FileItems } from "../../src/syntax/ast.ts";
import { parseFile } from "../../src/syntax/file-items.ts";
import { initParser } from "../../src/syntax/parser.ts";
import { createTypes } from "../../src/types/create-types.ts";
import { inferBody } from "../../src/types/infer.ts";

export interface CrateText {
  readonly name: string;
  readonly text: string;
  readonly kind?: CrateNode["kind"];
  readonly deps?: readonly string[];
  /** Name in the depending crates; the crate's own where left out. */
  readonly member?: boolean;
  readonly hasBuildScript?: boolean;
  /** Cfgs that a build script may set. */
  readonly maybe?: readonly string[];
  /** Crates of macros that no text stands for. */
  readonly procMacros?: readonly string[];
}
/** How the crates are analysed; for Linux on x86_64, if not said otherwise. */
export type AnalysisOptions = Partial<ProgramOptions> & { readonly arch?: string };

const root: URL = new URL("../../", import.meta.url);
const json = (path: string): unknown => JSON.parse(readFileSync(new URL(path, root), "utf8"));
const schema = (name: string): object => json(`rules/${name}.schema.json`) as object;

interface Packs {
  readonly index: PackIndex;
  readonly crates: readonly PackCrate[];
}
let packs: Packs | null = null;

async function loadPacks(): Promise<Packs> {
  await initParser({ grammarWasm: readFileSync(new URL("assets/tree-sitter-rust.wasm", root)) });
  if (packs !== null) return packs;
  const folders = ["rules/std/", "rules/crates/"];
  const shipped = folders.flatMap((folder) => {
    const url = new URL(folder, root);
    try {
      return readdirSync(url)
        .filter((name) => name.endsWith(".json"))
        .sort()
        .map((name) => JSON.parse(readFileSync(new URL(name, url), "utf8")) as Pack);
    } catch {
      return [];
    }
  });
  const index = indexPacks(shipped);
  const crates = index.texts.map(({ name, deps, text }, position): PackCrate => {
    const items = parseFile(text, fileId(position), "2024");
    const macros = macroWords(text);
    return { name, deps, edition: "2024", items: () => items, macros: () => macros };
  });
  packs = { index, crates };
  return packs;
}

/** The analysis of one program: crates in dependency order, the last one its root (a binary, if not said otherwise). */
export async function analysisOf(
  crates: readonly CrateText[],
  { arch = "x86_64", ...options }: AnalysisOptions = {},
  native: ReadonlyMap<string, string> = new Map(),
): Promise<ProgramResult> {
  const loaded = await loadPacks();
  const parsed = new Map<string, FileItems>();
  const paths = new Map<FileId, string>();
  const nodes: CrateNode[] = [];
  const macroTexts = new Map(crates.filter((one) => one.kind === "proc-macro").map((one) => [one.name, one.text]));
  const others = crates.filter((one) => !macroTexts.has(one.name));
  for (const [position, crate] of others.entries()) {
    const isRoot = position === others.length - 1;
    const kind = crate.kind ?? (isRoot ? "bin" : "lib");
    const rootFile = `/${crate.name}/src/${kind === "bin" ? "main" : "lib"}.rs`;
    const file = fileId(loaded.crates.length + position);
    parsed.set(rootFile, parseFile(crate.text, file, "2021"));
    paths.set(file, rootFile);
    nodes.push(crateNode(crate, kind, position, nodes, rootFile, arch));
  }
  const target = `${arch}-unknown-linux-gnu`;
  const last = nodes.at(-1);
  if (last === undefined) throw new Error("no crate");
  const program: Program = {
    id: `${last.package.id} for ${target}`,
    package: last.package.id,
    target,
    features: [],
    kind: last.kind === "bin" ? "bin" : "lib",
    roots: [last.id],
    crates: nodes,
    macroCrates: crates
      .filter((one) => macroTexts.has(one.name))
      .map((one, at) => crateNode(one, "proc-macro", at, [], `/${one.name}/src/lib.rs`, arch)),
    featuresApproximated: false,
    key: last.package.id,
  };
  const nativeId = (at: number): FileId => fileId(loaded.crates.length + others.length + at);
  // Source files that no module of a crate is read from.
  const strays = [...native].flatMap(([path, text], at) => {
    const id = nativeId(at);
    if (path.endsWith(".rs")) paths.set(id, path);
    return path.endsWith(".rs") ? [{ id, path, text }] : [];
  });
  const straysOf = (crate: CrateNode): typeof strays =>
    strays.filter((one) => one.path.startsWith(`${crate.package.root}/`));
  const files: FilePort = {
    file: (path) => parsed.get(path) ?? null,
    exists: (path) => parsed.has(path) || native.has(path),
    pathOf: (file) => paths.get(file) ?? "",
    isParsed: (file) => paths.has(file) && !strays.some((one) => one.id === file),
    mentions: (crate, words) => {
      const text = macroTexts.get(crate.name) ?? parsed.get(crate.rootFile)?.source.text;
      const texts = text === undefined ? [] : [text, ...straysOf(crate).map((one) => one.text)];
      return text === undefined || words.some((word) => texts.some((one) => mentionsWord(one, word)));
    },
    problems: () => [],
    forgetTexts: () => undefined,
    native: (crate) => ({
      files: [...native]
        .filter(([path]) => path.startsWith(`${crate.package.root}/`))
        .map(([path, text]) => ({ path, text })),
      whole: true,
    }),
    matches: (crate, pattern) =>
      pattern.test(macroTexts.get(crate.name) ?? parsed.get(crate.rootFile)?.source.text ?? "") ||
      straysOf(crate).some((one) => pattern.test(one.text)),
    text: (path) => {
      const text = native.get(path);
      return text === undefined ? null : { id: nativeId([...native.keys()].indexOf(path)), text };
    },
    textsWith: (crate, word) => straysOf(crate).filter((one) => one.text.includes(word)),
    otherNames: ({ rootFile }, name) =>
      [...(parsed.get(rootFile)?.source.text ?? "").matchAll(new RegExp(`(?<!<)\\b${name}\\s+as\\s+(\\w+)`, "g"))].map(
        (match) => match[1] ?? "",
      ),
    macros: (crate) => macroWords(parsed.get(crate.rootFile)?.source.text ?? ""),
  };
  const names = createNames({ program, files, packs: loaded.crates, overrides: loaded.index.overrides });
  const passesArgument = (def: DefId): number | null => {
    const entry = names.def(def).packEntry;
    return entry === null ? null : (loaded.index.entry(entry)?.fn.returnsArg ?? null);
  };
  const fills = (def: DefId): boolean => {
    const entry = names.def(def).packEntry;
    return entry !== null && fillsCell(loaded.index.entry(entry)?.fn);
  };
  const safety = loadSignalSafety(schema("signal-safety"), json("signal-safety.json"));
  const bodies = createBodies(createTypes(names, { inferBody, passesArgument, fillsCell: fills }), onlyCopies(safety));
  return analyseProgram({
    bodies,
    files,
    packs: loaded.index,
    model: {
      safety,
      registrars: loadRegistrars(schema("registrars"), {
        file: "rules/registrars.json",
        value: json("rules/registrars.json"),
      }),
      lints: loadLints(schema("lints"), json("rules/lints.json")),
      allocators: loadAllocators(schema("allocators"), json("rules/allocators.json")),
    },
    options: { strictPosix: false, forkEntries: false, faultLowers: true, ...options },
  });
}

/** Does the word stand in the text; what is more than a word, anywhere in it? */
function mentionsWord(text: string, word: string): boolean {
  return /^\w+$/.test(word) ? new RegExp(`\\b${word}\\b`).test(text) : text.includes(word);
}

/** The report on one program. */
export async function reportOf(
  crates: readonly CrateText[],
  options: AnalysisOptions = {},
  native: ReadonlyMap<string, string> = new Map(),
  allowed: { readonly allows?: readonly Allow[]; readonly today?: string } = {},
): Promise<Report> {
  const result = await analysisOf(crates, options, native);
  return assembleReport({
    tool: { name: "test", version: "0" },
    input: { manifestPath: null, stdVersion: "1.95.0", profile: "release" },
    programs: [summarise(result)],
    packages: [],
    problems: [],
    ...allowed,
  });
}

function crateNode(
  crate: CrateText,
  kind: CrateNode["kind"],
  position: number,
  nodes: readonly CrateNode[],
  rootFile: string,
  arch: string,
): CrateNode {
  const cfg = ['target_os="linux"', "unix", `target_arch="${arch}"`, 'target_pointer_width="64"', 'target_env="gnu"'];
  const id = `${crate.name}@0.1.0`;
  return {
    id: position as CrateId,
    name: crate.name,
    package: {
      id,
      name: crate.name,
      version: "0.1.0",
      source: null,
      checksum: null,
      root: `/${crate.name}`,
      lockLine: null,
      features: [],
    },
    kind,
    rootFile,
    edition: "2021",
    deps: (crate.deps ?? []).map((dep) => {
      const [externName = dep, name = dep] = dep.split("=");
      const found = nodes.find((one) => one.name === name);
      if (found === undefined) throw new Error(`no crate ${name}`);
      return { externName, crate: found.id };
    }),
    procMacroDeps: crate.procMacros ?? [],
    features: [],
    cfg: { known: new Set(cfg), maybe: new Set(crate.maybe ?? []), never: new Set() },
    isMember: crate.member ?? true,
    buildScript: crate.hasBuildScript === true ? `/${crate.name}/build.rs` : null,
    key: id,
  };
}
