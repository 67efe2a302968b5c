/**
 * Probes: for each function of the packs that a program can name, a piece of Rust that makes rustc compile it for concrete types.
 *
 * A probe takes the function's address, which needs no arguments: `<alloc::vec::Vec<u64>>::push as *const ()`. Compiled with -O0 nothing is inlined away,
 * and generic code, which the compiled library does not have, is there in machine code. What rustc does not take (private, unstable, a bound that
 * the packs do not know) is no probe.
 */
import type { Entry } from "../../src/calls/build-graph.ts";
import type { DefId, Names } from "../../src/names/defs.ts";
import type { Types } from "../../src/types/api.ts";
import type { Ty } from "../../src/types/ty.ts";
import { programOf, type TestProgram } from "../../test/calls/program-of.ts";
import { probeTypes } from "./probe-types.ts";
import { type RustWriter, rustWriter } from "./rust-writer.ts";

export interface Probe {
  /** What is probed, as Rust text. */
  readonly symbol: string;
  /** What the tool takes it for. */
  readonly entry: Entry;
}

const plain: readonly string[] = [
  "u64",
  "u8",
  "usize",
  "i32",
  "f64",
  "char",
  "()",
  "&'static str",
  "&'static u64",
  "core::ops::Range<u64>",
  "&'static [u8]",
  "&'static [u64]",
  "[u64; 3]",
  "core::option::Option<u64>",
  "core::result::Result<u64, u8>",
  "(u64, u8)",
  "core::ops::Range<usize>",
  "core::ops::RangeFull",
  "std::hash::RandomState",
  "std::hash::DefaultHasher",
  "core::cell::Cell<u64>",
  "core::fmt::Error",
  "core::pin::Pin<&'static mut core::future::Ready<u64>>",
  "core::future::Ready<u64>",
  "core::iter::Rev<core::ops::Range<u64>>",
  "core::slice::Iter<'static, u64>",
  "core::option::IntoIter<core::result::Result<u64, u8>>",
  "core::option::IntoIter<core::option::Option<u64>>",
  "core::option::IntoIter<(u64, u8)>",
  "core::option::IntoIter<core::option::IntoIter<u64>>",
  "core::option::IntoIter<&'static u64>",
  "std::fs::File",
  "std::io::Empty",
  "std::io::BufReader<std::fs::File>",
  "fn()",
  "str",
  "[u64]",
  "[u8]",
];
const heap: readonly string[] = [
  "alloc::string::String",
  "alloc::vec::Vec<alloc::string::String>",
  "alloc::vec::Vec<u8>",
  "alloc::boxed::Box<u64>",
  "core::option::Option<alloc::string::String>",
  "core::result::Result<alloc::string::String, alloc::string::String>",
  "alloc::vec::IntoIter<alloc::string::String>",
  "core::option::IntoIter<core::result::Result<alloc::string::String, alloc::string::String>>",
  "core::option::IntoIter<core::option::Option<alloc::string::String>>",
  "core::option::IntoIter<(alloc::string::String, alloc::string::String)>",
  "core::option::IntoIter<alloc::vec::Vec<alloc::string::String>>",
  "core::cell::RefCell<alloc::string::String>",
  "alloc::sync::Arc<alloc::string::String>",
  "std::sync::Mutex<alloc::string::String>",
  "core::future::Ready<alloc::string::String>",
  "core::pin::Pin<alloc::boxed::Box<core::future::Ready<alloc::string::String>>>",
  "std::io::Error",
];
/** Numbers whose methods are made by the same macros as those of the ones above. */
const otherNumbers = /\b(?:i8|i16|i64|i128|u16|u128|isize|f32)\b/;
const functionTypes: readonly string[] = ["", "A", "A, B", "A, B, C", "A, B, C, D"].map(
  (args, at) => `pub type F${at}<${args === "" ? "" : `${args}, `}R> = fn(${args}) -> R;`,
);

/** The packs with every probe of them. */
export async function probesOfPacks(
  redirects: ReadonlyMap<string, string>,
): Promise<{ readonly program: TestProgram; readonly probes: readonly Probe[] }> {
  const lines = [
    ...plain.map((one, at) => `pub type P${at} = ${one};`),
    ...heap.map((one, at) => `pub type H${at} = ${one};`),
    "pub type Three = [u8; 3];",
    ...functionTypes,
  ];
  const program = await programOf([{ name: "given", text: lines.join("\n") }]);
  return { program, probes: probesIn(program, redirects) };
}

function probesIn({ names, types, def }: TestProgram, redirects: ReadonlyMap<string, string>): readonly Probe[] {
  const writer = rustWriter(names, types, redirects);
  const alias = (name: string): Ty => types.normalize(types.typeOf(def(`given::${name}`)), []);
  const plainTypes = plain.map((_, at) => alias(`P${at}`));
  const three = alias("Three");
  const given = {
    plain: plainTypes,
    heap: [...heap.map((_, at) => alias(`H${at}`)), ...plainTypes],
    consts: three.k === "array" ? [three.len] : [],
  };
  const chooser = probeTypes(names, types, given, (params, ret) => {
    const pointer = types.typeOf(def(`given::F${params.length}`));
    return types.subst(pointer, [...params, ret]);
  });
  const found = new Map<string, Probe>();
  for (const fn of functionsOfPacks(names)) {
    for (const own of ["plain", "heap"] as const) {
      const args = chooser.argumentsFor(fn, own);
      const symbol = args === null ? null : symbolOf(names, types, writer, fn, args);
      const entry = args === null ? null : entryOf(names, types, fn, args);
      if (symbol !== null && entry !== null && !found.has(symbol) && !otherNumbers.test(symbol))
        found.set(symbol, { symbol, entry });
    }
  }
  return [...found.values()];
}

/** Functions and methods, those of the compiler's vector intrinsics left out. */
function functionsOfPacks(names: Names): readonly DefId[] {
  const found: DefId[] = [];
  const visit = (parent: DefId): void => {
    for (const child of names.def(parent).children) {
      const { kind, name } = names.def(child);
      if (kind === "fn") found.push(child);
      else if ((kind === "mod" && name !== "arch") || kind === "trait") visit(child);
    }
  };
  for (const crate of names.allCrates().filter((one) => names.isPackCrate(one))) {
    visit(names.crateRoot(crate));
    for (const impl of names.implsOf(crate)) visit(impl);
  }
  return found;
}

/** The function that runs: of a trait's own member the impl's. */
function entryOf(names: Names, types: Types, fn: DefId, args: readonly Ty[]): Entry | null {
  const { parent } = names.def(fn);
  if (parent === null || names.def(parent).kind !== "trait") return { key: { def: fn, closure: null }, args };
  const chosen = types.resolveMember(fn, args);
  if (chosen.def === null || !names.isPackCrate(names.def(chosen.def).crate)) return null;
  return { key: { def: chosen.def, closure: null }, args: chosen.args };
}

/** `<alloc::vec::Vec<u64>>::push`, `<u64 as core::cmp::Ord>::cmp`; null where a part of it has no name. */
function symbolOf(names: Names, types: Types, writer: RustWriter, fn: DefId, args: readonly Ty[]): string | null {
  const { name, parent } = names.def(fn);
  const { params, parentCount } = types.genericsOf(fn);
  if (params.some(({ kind }) => kind === "impl-trait")) return null;
  const { text, path } = writer;
  const list = (tys: readonly Ty[]): string | null => {
    const texts = tys.map(text);
    if (texts.includes(null)) return null;
    return texts.length === 0 ? "" : `<${texts.join(", ")}>`;
  };
  const own = list(args.slice(parentCount));
  if (own === null || parent === null) return null;
  const suffix = `${name}${own === "" ? "" : `::${own}`}`;
  const { kind } = names.def(parent);
  if (kind !== "impl" && kind !== "trait") return `${path(fn)}${own === "" ? "" : `::${own}`}`;
  const ref = kind === "impl" ? types.implTraitRef(parent) : { trait: parent, args: args.slice(0, parentCount) };
  const outer = args.slice(0, parentCount);
  const fill = (ty: Ty): Ty => types.normalize(types.subst(ty, outer), []);
  if (ref === null) {
    const self = text(fill(types.implSelfTy(parent)));
    return self === null ? null : `<${self}>::${suffix}`;
  }
  const [self, ...rest] = kind === "impl" ? ref.args.map(fill) : ref.args;
  const selfText = self === undefined ? null : text(self);
  const traitArgs = list(rest);
  if (selfText === null || traitArgs === null) return null;
  return `<${selfText} as ${path(ref.trait)}${traitArgs}>::${suffix}`;
}
