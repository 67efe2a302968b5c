/** What the build keeps of the packs' crates is what collecting them gives, whatever is asked first. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { keepPacks } from "../../scripts/std/keep-packs.ts";
import { packageFile } from "../../src/base/package-file.ts";
import { packedReader } from "../../src/base/packed-reader.ts";
import { sha256 } from "../../src/base/stable-hash.ts";
import { readModel } from "../../src/cli/rule-files.ts";
import { createFiles } from "../../src/load/files.ts";
import { packCrates } from "../../src/load/pack-crates.ts";
import { factsOf, keptIndex } from "../../src/model/kept-index.ts";
import type { Def, DefId, Names } from "../../src/names/defs.ts";
import { createNames } from "../../src/names/names.ts";
import type { FnItem, Source } from "../../src/syntax/ast.ts";
import { placeOf, wholeFn } from "../../src/syntax/lower-placed-fn.ts";
import { initParser } from "../../src/syntax/parser.ts";

await initParser({ grammarWasm: readFileSync(packageFile("assets/tree-sitter-rust.wasm")) });

const model = readModel();
const reader = packedReader(Buffer.from(keepPacks(model)));
const program = {
  id: "",
  package: "",
  target: "",
  features: [],
  kind: "lib" as const,
  roots: [],
  crates: [],
  macroCrates: [],
  featuresApproximated: false,
  key: "",
};

function namesOf(isKept: boolean): Names {
  const files = createFiles([], []);
  const packs = packCrates(model.packs.texts, files.addText);
  const never = packs.map((one) => ({ ...one, items: () => expect.unreachable("a pack was parsed") }));
  const kept = isKept ? { reader, sources: packs.map((one) => one.source) } : null;
  return createNames({ program, files, packs: isKept ? never : packs, kept, generated: model.generated });
}

test("definitions, headers of impls and what names mean", () => {
  const [collected, kept] = [namesOf(false), namesOf(true)];
  const all = allOf(collected);
  expect(all.length).toBeGreaterThan(10_000);
  expect(() => kept.def(all.length as DefId)).toThrow();
  for (const id of [...all].reverse()) {
    const [was, is] = [collected.def(id), kept.def(id)];
    expect(shown(is)).toBe(shown(was));
    // Others are alike: these are the most, and printing asks for imports, globs and the prelude.
    if (was.kind !== "impl") continue;
    expect(kept.pathOf(id)).toBe(collected.pathOf(id));
    expect([kept.implTrait(id), kept.implHead(id)]).toEqual([collected.implTrait(id), collected.implHead(id)]);
  }
}, 60_000);

test("bodies, impls that macros make later, traits in scope", () => {
  const [collected, kept] = [namesOf(false), namesOf(true)];
  const all = allOf(collected);
  // Not in the order of the numbers, and not everything.
  const some = all.filter((id) => (id * 7919) % 13 === 0).sort((a, b) => ((a * 31) % 97) - ((b * 31) % 97));
  expect(some.length).toBeGreaterThan(500);
  for (const crate of collected.allCrates()) {
    expect(kept.implsOf(crate, "Add")).toEqual(collected.implsOf(crate, "Add"));
    expect(kept.crateRoot(crate)).toBe(collected.crateRoot(crate));
    expect(kept.importedAs(crate, ["Vec", "fmt"])).toEqual(collected.importedAs(crate, ["Vec", "fmt"]));
  }
  for (const id of some) {
    const scope = collected.scopeOf(id);
    expect([...kept.traitsInScope(scope)].sort(), String(id)).toEqual([...collected.traitsInScope(scope)].sort());
    const [was, is] = [collected.body(id), kept.body(id)];
    expect(JSON.stringify(values(is?.body))).toBe(JSON.stringify(values(was?.body)));
    expect(is?.problems).toEqual(was?.problems);
  }
  expect(kept.langItem("owned_box")).toBe(collected.langItem("owned_box"));
  for (const crate of collected.allCrates()) expect(kept.implsOf(crate)).toEqual(collected.implsOf(crate));
  const last = allOf(collected);
  expect(last.length).toBeGreaterThan(all.length);
  for (const id of last.slice(all.length)) expect(shown(kept.def(id))).toBe(shown(collected.def(id)));
}, 60_000);

test("entries, overrides and leaves, with those of users behind", () => {
  const index = keptIndex(reader, []);
  for (let id = 0, entry = model.packs.entry(0); entry !== null; id += 1, entry = model.packs.entry(id))
    expect(index.entry(id)).toEqual({ ...entry, fn: factsOf(entry.fn) });
  const said = { sig: "fn a()", body: "b()", note: "c", cite: ["d", "e"], panics: true };
  expect(factsOf(said)).toEqual({ body: "", cite: ["d"], panics: true });
  expect({ ...index, entry: null }).toEqual({ ...model.packs, entry: null });
  const [path = ""] = [...index.overrides.keys()];
  const user = {
    schema: 1 as const,
    pack: "ours",
    describes: { version: "1.0.0", origin: "curated" as const },
    modules: [],
    leaves: ["a"],
    overrides: [{ path, override: true, effects: [], cite: [] }],
  };
  const more = keptIndex(reader, [user]);
  const [first, ...rest] = more.overrides.get(path) ?? [];
  expect(more.entry(first?.id ?? 0)).toMatchObject({ pack: "ours", id: first?.id });
  expect(rest).toEqual(index.overrides.get(path));
  expect(index.entry(first?.id ?? 0)).toBeNull();
  expect(more.leaves).toContain("a");
});

function allOf(names: Names): DefId[] {
  const found: DefId[] = [];
  for (let id = 0 as DefId; ; id = (id + 1) as DefId) {
    try {
      names.def(id);
    } catch {
      return found;
    }
    found.push(id);
  }
}

function shown(def: Def): string {
  const { id, kind, name, crate, parent, module, item, variant, index, children } = def;
  const { attrs, assumedCfg, packEntry, foreign, lang } = def;
  const own = { id, kind, name, crate, parent, module, index, children, assumedCfg, packEntry, foreign, lang };
  return JSON.stringify({ ...own, attrs: values(attrs), variant: values(variant), item: values(item) });
}

/** A value with functions as the places that they are made of, sources by what they say, and without the items inside. */
function values(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(values);
  if ("spanOf" in value) return said(value as Source);
  const placed = placeOf(value as FnItem);
  if (placed !== null) return [placed, said((value as FnItem).source)];
  const isFn = (value as Partial<FnItem>).k === "fn";
  return Object.fromEntries(
    Object.entries(isFn ? wholeFn(value as FnItem) : value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .flatMap(([key, one]) => (key === "items" ? [] : [[key, values(one)]])),
  );
}

const known = new WeakMap<Source, string>();

function said(source: Source): string {
  const { file, text, edition, expansion } = source;
  if (expansion === null) return `${file} ${edition} ${text.length}`;
  const before = known.get(source);
  if (before !== undefined) return before;
  const places = [...text].map((_, at) => [source.spanOf(at, at + 1), source.originAt(at), source.contextAt(at)]);
  const all = sha256(JSON.stringify([file, text, edition, expansion, places]));
  known.set(source, all);
  return all;
}
