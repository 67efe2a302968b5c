/**
 * The index of the shipped packs as packed records, and back: what the build has kept, so that no run reads the packs themselves.
 *
 * An entry is read when somebody asks for it. Packs of users that declare nothing in std's crates are added behind; those that do change the text
 * of the crates, and then nothing that was kept holds (cli/rule-files.ts).
 */
import type { PackedReader } from "../base/packed-reader.ts";
import type { PackedWriter } from "../base/packed-writer.ts";
import type { Pack } from "./pack.ts";
import { addOverrides, type PackEntry, type PackFacts, type PackIndex, type PackText } from "./pack-index.ts";

interface Kept {
  readonly texts: readonly PackText[];
  readonly overrides: readonly (readonly [
    string,
    readonly { readonly id: number; readonly versions: string | null }[],
  ])[];
  readonly leaves: readonly string[];
  readonly stdVersion: string;
}

/** Writes an index. */
export function keepIndex(index: PackIndex, out: PackedWriter): void {
  for (const { text } of index.texts) out.text(text);
  const places: number[] = [];
  for (let entry = index.entry(0); entry !== null; entry = index.entry(places.length)) {
    places.push(out.here());
    out.string(entry.pack);
    const { cite, ...facts } = factsOf(entry.fn);
    out.value({ ...facts, cite: citeParts(cite[0]) });
  }
  out.growing("entries", places);
  out.table("entry count", [places.length]);
  const { texts, overrides, leaves, stdVersion } = index;
  const kept: Kept = { texts, overrides: [...overrides], leaves: [...leaves], stdVersion };
  out.table("index", [out.here()]);
  out.value(kept);
}

/** What a run can ask for: signatures and bodies stand in the texts, and who reads notes reads the packs. */
export function factsOf(fn: PackFacts): PackFacts {
  const { sig: _, note: __, ...facts } = fn as PackFacts & { readonly sig?: string; readonly note?: string };
  return { ...facts, cite: facts.cite.slice(0, 1), ...(facts.body === undefined ? {} : { body: "" }) };
}

/** `std-src:alloc/vec/mod.rs#push@1.95.0` in parts that others share. */
function citeParts(cite: string | undefined): readonly string[] {
  return cite === undefined ? [] : (/^([^#]*#)(\w+)(@.*)$/s.exec(cite)?.slice(1) ?? [cite]);
}

/** The index that was kept, with packs of users that declare nothing. */
export function keptIndex(reader: PackedReader, users: readonly Pack[]): PackIndex {
  const placeOf = reader.growing("entries");
  const count = reader.table("entry count")[0] ?? 0;
  const kept = reader.at(reader.table("index")[0] ?? 0, () => reader.value() as Kept);
  const entries: (PackEntry | undefined)[] = new Array(count);
  const overrides = new Map(kept.overrides);
  for (const user of users) {
    addOverrides(overrides, user, (fn) => entries.push({ id: entries.length, fn, pack: user.pack }) - 1);
  }
  return {
    entry: (id) => {
      const known = entries[id];
      if (known !== undefined || id < 0 || id >= count) return known ?? null;
      const entry = reader.at(placeOf(id), () => {
        const pack = reader.string();
        const { cite, ...facts } = reader.value() as PackFacts;
        return { id, pack, fn: { ...facts, cite: cite.length === 0 ? [] : [cite.join("")] } };
      });
      entries[id] = entry;
      return entry;
    },
    overrides,
    texts: kept.texts,
    leaves: new Set([...kept.leaves, ...users.flatMap((user) => user.leaves ?? [])]),
    stdVersion: kept.stdVersion,
  };
}
