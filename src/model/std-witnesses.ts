/**
 * What others than the packs say of the functions of std: the compiled library, probes compiled with -O0, std's own sources.
 *
 * Made by `npm run derive-std` (docs/std-model.md), told by `explain`, held against the packs when they are built. No analysis reads it. Input: the
 * shipped file, which is trusted; a function that it does not have was seen by nobody.
 */
export interface StdWitnesses {
  readonly comment: string;
  /** Of std. */
  readonly version: string;
  /** Hash of what the packs said when the witnesses were asked. */
  readonly packs: string;
  /** Rows of docs/std-model.md, with every difference that each stands for: `instance: one says …, other says …`. */
  readonly reasons: readonly {
    readonly table: string;
    readonly row: string;
    readonly why: string;
    readonly standsFor: readonly string[];
  }[];
  /** By function (`functionKey`), then by instance: four words, what the packs, the library, the probes and the sources say. */
  readonly functions: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const witnesses = ["library", "probes", "sources"] as const;
type Witness = (typeof witnesses)[number];

/** What is said of one instance: kinds; null where it was not seen. `withoutIoErrors`: the same where no io::Error is dropped. */
export interface Said {
  readonly effects: readonly string[];
  readonly withoutIoErrors: readonly string[];
}
export type Account = Readonly<Record<Witness, Said | null>> & { readonly claimed: readonly string[] };

/** Kinds by the letter that they have in a word. */
const letters: readonly (readonly [string, string])[] = [
  ["alloc", "a"],
  ["dealloc", "d"],
  ["lock", "l"],
  ["stdio", "s"],
];

/** `ad - ad/a a`: the packs, the library (not seen), the probes (with and without drops of io::Errors), the sources. */
export function accountText({ claimed, ...said }: Account): string {
  return [wordOf(claimed), ...witnesses.map((one) => saidWord(said[one]))].join(" ");
}

/** The account that a text stands for. */
export function accountOf(text: string): Account {
  const [claimed = "0", ...words] = text.split(" ");
  const [library = null, probes = null, sources = null] = words.map(saidOf);
  return { claimed: kindsOf(claimed), library, probes, sources };
}

function saidWord(said: Said | null): string {
  if (said === null) return "-";
  const [whole, without] = [wordOf(said.effects), wordOf(said.withoutIoErrors)];
  return whole === without ? whole : `${whole}/${without}`;
}

function wordOf(kinds: readonly string[]): string {
  return letters.flatMap(([kind, letter]) => (kinds.includes(kind) ? [letter] : [])).join("") || "0";
}

function saidOf(word: string): Said | null {
  if (word === "-") return null;
  const [whole = "0", without = whole] = word.split("/");
  return { effects: kindsOf(whole), withoutIoErrors: kindsOf(without) };
}

function kindsOf(word: string): readonly string[] {
  return letters.flatMap(([kind, letter]) => (word.includes(letter) ? [kind] : []));
}

const titles: Readonly<Record<Witness, string>> = {
  library: "the compiled library",
  probes: "the probes",
  sources: "std's sources",
};
/** The tables that hold a witness's differences from the packs; the sources are held against machine code. */
const tables: Readonly<Record<Witness, string | null>> = { library: "Other effects", probes: "Probes", sources: null };

/** What the witnesses say of a function, as sentences for `explain`. */
export function witnessLines(all: StdWitnesses, key: string): readonly string[] {
  const instances = Object.entries(all.functions[key] ?? {});
  if (instances.length === 0)
    return [
      "Seen by none of the witnesses (the compiled library, the probes, std's sources): it rests on what it cites.",
    ];
  const agreed: string[] = [];
  const unseen: string[] = [];
  for (const one of witnesses) {
    const seen = instances.filter(([, text]) => accountOf(text)[one] !== null).map(([symbol]) => symbol);
    if (seen.length === 0) unseen.push(titles[one]);
    else if (seen.every((symbol) => agreesWithPack(all, one, symbol, all.functions[key]?.[symbol] ?? "")))
      agreed.push(titles[one]);
  }
  const found = new Set(
    instances.flatMap(([symbol]) => differences(all, symbol).map(({ text, why }) => `Differs: ${text}. ${why}`)),
  );
  return [
    ...(agreed.length === 0
      ? []
      : [`Agreed by ${listed(agreed)}${unseen.length === 0 ? "" : `; not seen by ${listed(unseen)}`}.`]),
    ...(agreed.length > 0 || unseen.length === 0 ? [] : [`Not seen by ${listed(unseen)}.`]),
    ...found,
  ];
}

/** The sources agree where they say the packs' words, or all agree with machine code. */
function agreesWithPack(all: StdWitnesses, witness: Witness, symbol: string, text: string): boolean {
  const found = differences(all, symbol);
  const table = tables[witness];
  if (table !== null) return !found.some((one) => one.table === table);
  const { claimed, [witness]: said } = accountOf(text);
  return found.length === 0 || (said !== null && wordOf(said.effects) === wordOf(claimed));
}

function differences(
  { reasons }: StdWitnesses,
  symbol: string,
): readonly { readonly table: string; readonly text: string; readonly why: string }[] {
  return reasons.flatMap(({ table, why, standsFor }) =>
    standsFor.filter((text) => text.startsWith(`${symbol}: `)).map((text) => ({ table, text, why })),
  );
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
