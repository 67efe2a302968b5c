/**
 * rules/allocators.json as an index: which functions are the global allocator's own.
 *
 * Three ways to be one: a method of the traits that allocators implement, a function behind `alloc::alloc`, a symbol of an
 * allocator written in C. An allocator written in Rust needs no entry: `#[global_allocator]` names it.
 */
import { checkAgainst } from "./schema-check.ts";
import type { Kind } from "./vocabulary.ts";

export type AllocatorEffect = Extract<Kind, "alloc" | "dealloc" | "lock">;

export interface Allocators {
  /** The attribute of the static that is the program's allocator. */
  readonly attribute: string;
  /** Printed path of a trait to the effects of its methods. */
  readonly traits: ReadonlyMap<string, ReadonlyMap<string, readonly AllocatorEffect[]>>;
  /** The effects of a link name; empty where it leaves the heap alone, null where it is no allocator's. */
  readonly bySymbol: (symbol: string) => AllocatorFunction | null;
}
export interface AllocatorFunction {
  /** For messages: `jemalloc`. */
  readonly allocator: string;
  readonly effects: readonly AllocatorEffect[];
}

interface AllocatorFile {
  readonly attribute: string;
  readonly traits: readonly {
    readonly path: string;
    readonly methods: Readonly<Record<string, readonly AllocatorEffect[]>>;
  }[];
  readonly rust: readonly { readonly symbol: string; readonly effects: readonly AllocatorEffect[] }[];
  readonly families: readonly Family[];
}
interface Family {
  readonly name: string;
  readonly prefixes: readonly string[];
  readonly patterns: readonly { readonly names: readonly string[]; readonly effects: readonly AllocatorEffect[] }[];
}
interface Pattern extends AllocatorFunction {
  readonly text: string;
  /** Anything may follow `text`. */
  readonly open: boolean;
}

/** Reads the parsed rules/allocators.json. Throws a ModelError where it does not fit its schema. */
export function loadAllocators(schema: object | null, value: unknown): Allocators {
  const data = checkAgainst<AllocatorFile>("rules/allocators.json", schema, value);
  const own = data.rust.map(({ symbol, effects }) => ({
    text: symbol,
    open: false,
    allocator: "global allocator",
    effects,
  }));
  const patterns = [...own, ...data.families.flatMap(patternsOf)].sort(
    (a, b) => Number(a.open) - Number(b.open) || b.text.length - a.text.length,
  );
  return {
    attribute: data.attribute,
    traits: new Map(data.traits.map(({ path, methods }) => [path, new Map(Object.entries(methods))])),
    bySymbol: (symbol) => {
      const found = patterns.find(({ text, open }) => (open ? symbol.startsWith(text) : symbol === text));
      return found === undefined ? null : { allocator: found.allocator, effects: found.effects };
    },
  };
}

function patternsOf({ name, prefixes, patterns }: Family): readonly Pattern[] {
  return prefixes.flatMap((prefix) =>
    patterns.flatMap(({ names, effects }) =>
      names.map((pattern) => {
        const open = pattern.endsWith("*");
        return { text: prefix + (open ? pattern.slice(0, -1) : pattern), open, allocator: name, effects };
      }),
    ),
  );
}
