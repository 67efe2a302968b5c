/**
 * The index of the shipped packs as packed records, and back: what the build has kept, so that no run reads the packs themselves.
 *
 * An entry is read when somebody asks for it. Packs of users that declare nothing in std's crates are added behind; those that do change the text
 * of the crates, and then nothing that was kept holds (cli/rule-files.ts).
 */
import type { PackedReader } from "../base/packed-reader.ts";
import type { PackedWriter } from "../base/packed-writer.ts";
import type { Pack } from "./pack.ts";
import { addOverrides, type PackEntry, type PackIndex, type PackText } from "./pack-index.ts";

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
  const places: number[] = [];
  for (let entry = index.entry(0); entry !== null; entry = index.entry(places.length)) {
    places.push(out.here());
    out.string(entry.pack);
    out.value(entry.fn);
  }
  out.table("entries", places);
  const { texts, overrides, leaves, stdVersion } = index;
  const kept: Kept = { texts, overrides: [...overrides], leaves: [...leaves], stdVersion };
  out.table("index", [out.here()]);
  out.value(kept);
}

/** The index that was kept, with packs of users that declare nothing. */
export function keptIndex(reader: PackedReader, users: readonly Pack[]): PackIndex {
  const places = reader.table("entries");
  const kept = reader.at(reader.table("index")[0] ?? 0, () => reader.value() as Kept);
  const entries: (PackEntry | undefined)[] = new Array(places.length);
  const overrides = new Map(kept.overrides);
  for (const user of users) {
    addOverrides(overrides, user, (fn) => entries.push({ id: entries.length, fn, pack: user.pack }) - 1);
  }
  return {
    entry: (id) => {
      const known = entries[id];
      const place = places[id];
      if (known !== undefined || place === undefined) return known ?? null;
      const pack = reader.at(place, () => ({ pack: reader.string(), fn: reader.value() as PackEntry["fn"] }));
      const entry = { id, ...pack };
      entries[id] = entry;
      return entry;
    },
    overrides,
    texts: kept.texts,
    leaves: new Set([...kept.leaves, ...users.flatMap((user) => user.leaves ?? [])]),
    stdVersion: kept.stdVersion,
  };
}
