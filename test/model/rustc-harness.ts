/**
 * The crates that the packs declare, in a form that rustc compiles instead of its own core, alloc and std.
 *
 * What the compiler has and a pack need not say is added: scalars are Copy, the attributes of the built-in derives and the functions their
 * expansions call, the macros that panic, the split of Sized into three traits, auto traits. Nothing else of the text changes.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export interface RustcError {
  readonly code: string;
  /** The declaration's text, for a person to find it. */
  readonly line: string;
  readonly message: string;
}

/** Compiles one printed crate into `folder`, where its dependencies' metadata is; returns what the type checker objects to. */
export function compilePackCrate(
  folder: string,
  { name, text, deps }: { readonly name: string; readonly text: string; readonly deps: readonly string[] },
): readonly RustcError[] {
  let unknown: readonly string[] = [];
  for (;;) {
    const source = prepared(name, text, deps, unknown);
    const errors = compile(folder, name, source, deps);
    const lang = errors.flatMap(({ message }) => /unknown lang item: `(\w+)`/.exec(message)?.[1] ?? []);
    if (lang.length === 0) return errors;
    unknown = [...unknown, ...lang];
  }
}

function compile(folder: string, name: string, source: string, deps: readonly string[]): RustcError[] {
  const file = join(folder, `${name}.rs`);
  writeFileSync(file, source);
  const externs = deps.flatMap((dep) => ["--extern", `${dep}=${join(folder, `lib${dep}.rmeta`)}`]);
  const out = ["--emit=metadata", "-o", join(folder, `lib${name}.rmeta`)];
  const flags = [
    "--edition",
    "2021",
    "--crate-type",
    "lib",
    "--crate-name",
    name,
    "--error-format=short",
    "-L",
    folder,
    ...unleashed,
  ];
  const env = { ...process.env, RUSTC_BOOTSTRAP: "1" };
  const run = spawnSync("rustc", [...flags, ...out, ...externs, file], { env, encoding: "utf8", maxBuffer: 1 << 28 });
  const lines = source.split("\n");
  return [...run.stderr.matchAll(/^[^\n]*?\.rs:(\d+):\d+: error(?:\[(E\d+)\])?: (.*)$/gm)].map(
    ([, line = "1", code = "", message = ""]) => ({ code, line: lines[Number(line) - 1] ?? "", message }),
  );
}

/** Bodies here stand for const fns and may call what is not const. */
const unleashed: readonly string[] = ["-Zunleash-the-miri-inside-of-you"];

const features: readonly string[] = [
  "no_core, lang_items, decl_macro, rustc_attrs, allow_internal_unstable, intrinsics, never_type, unboxed_closures, fundamental",
  "auto_traits, negative_impls, const_trait_impl, unsized_fn_params, extern_types, min_specialization, c_variadic",
  "associated_type_defaults, f16, f128, coverage_attribute, transparent_unions, structural_match, exhaustive_patterns, with_negative_coherence",
];

function prepared(name: string, text: string, deps: readonly string[], unknown: readonly string[]): string {
  const known = text
    .replace(/#\[sigsafe_\w+(?:\([\w, ]+\))?\]/g, "")
    .replace(/#\[lang = "(\w+)"\]/g, (attribute, item: string) => (unknown.includes(item) ? "" : attribute));
  const crates = deps.map((dep) => `#[macro_use] extern crate ${dep} as _${dep};`).join(" ");
  const head = `#![feature(${features.join(", ")})]#![no_core]#![allow(warnings)]${name === "core" ? "#![rustc_coherence_is_core]" : ""}`;
  const own = `${crates} ${name === "alloc" ? "" : `extern crate self as ${name};`}`;
  return `${head}${own}${name === "core" ? `${builtins} ${completed(known)}` : downstream(known)}`;
}

/** Crates above core have inherent impls for its types, and pointers that methods may be called on. */
function downstream(text: string): string {
  let inherent = false;
  const lines = text.split("\n").map((line) => {
    if (/^(unsafe )?impl\b/.test(line)) inherent = !/ for /.test(line);
    else if (/^ *pub mod /.test(line)) inherent = false;
    return inherent && /^ pub /.test(line) ? `#[rustc_allow_incoherent_impl]${line}` : line;
  });
  return (
    lines
      .join("\n")
      .replaceAll("let value: T = (self.f)();", "let value: T = unsafe { core::ptr::read(&self.f) }();")
      // The compiler tells these apart from the impl for every iterator by negative reasoning that its own sources only may use.
      .replace(
        /impl<('a, )?I, A> IntoIterator for (&'a |&'a mut )?Box<\[I\], A>/g,
        "impl<$1I, A> crate::boxed::OfSlices for $2Box<[I], A>",
      )
      .replace(/&RawWakerVTable::new\(([^()]*)\)/g, "const { &RawWakerVTable::new($1) }")
      .replace(
        "pub struct Box<T: ?Sized, A = Global>(*mut T, A);",
        `pub struct Box<T: ?Sized, A = Global>(Unique<T>, A); ${unique}`,
      )
      .replace(
        /\npub struct (Rc|Arc)</g,
        (all, name: string) => `\nimpl<T: ?Sized, A> core::ops::LegacyReceiver for ${name}<T, A> {}${all}`,
      )
      .replace(
        /\n#\[lang = "owned_box"\]/,
        (all) => `\nimpl<T: ?Sized, A> core::ops::LegacyReceiver for Box<T, A> {} ${all}`,
      )
  );
}

const scalars = "! u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f16 f32 f64 f128 bool char";
const derives = ["Clone", "Copy", "Debug", "PartialEq", "Eq", "PartialOrd", "Ord", "Hash", "Default"];
const macros = [
  "compile_error",
  "env",
  "include",
  "include_bytes",
  "include_str",
  "module_path",
  "option_env",
  "format_args",
  "cfg",
  "concat",
  "stringify",
  "line",
  "column",
  "file",
];
const builtins: string = [
  "#[macro_use] mod builtin_macros {",
  ...macros.map((one) => `#[rustc_builtin_macro] #[macro_export] macro_rules! ${one} { ($($t:tt)*) => {}; }`),
  "#[macro_export] macro_rules! panic { ($($t:tt)*) => { loop {} }; }",
  "#[macro_export] macro_rules! unreachable { ($($t:tt)*) => { loop {} }; }",
  "#[rustc_builtin_macro] pub macro derive($item:item) { }",
  ...derives.map((one) => `#[rustc_builtin_macro] pub macro ${one}($item:item) { }`),
  "} mod copies { use crate::prelude::v1::*; use crate::marker::PointeeSized;",
  "impl<A, R> PartialEq for unsafe fn(*const A) -> R { fn eq(&self, other: &Self) -> bool { true } }",
  "impl<A, R> crate::fmt::Debug for unsafe fn(*const A) -> R { fn fmt(&self, f: &mut crate::fmt::Formatter<'_>) -> crate::fmt::Result { loop {} } }",
  "macro_rules! copies { ($($t:ty)*) => { $(impl Copy for $t {} impl Clone for $t { fn clone(&self) -> Self { *self } })* } }",
  `copies! { ${scalars} }`,
  ...["*const T", "*mut T", "&T"].map(
    (ty) =>
      `impl<T: PointeeSized> Copy for ${ty} {} impl<T: PointeeSized> Clone for ${ty} { fn clone(&self) -> Self { *self } }`,
  ),
  "#[derive(Clone, Copy)] pub struct Pointer<F>(F); impl<F: crate::marker::FnPtr> Pointer<F> { pub fn addr(self) -> *const () { loop {} } }",
  "impl<T: Copy, const N: usize> Copy for [T; N] {} impl<T: Clone, const N: usize> Clone for [T; N] { fn clone(&self) -> Self { loop {} } } }",
].join(" ");

/** What a box holds, as the compiler looks into it; how pointers become pointers to objects. */
const unique: string = [
  "pub trait OfSlices { type Item; type IntoIter; fn into_iter(self) -> Self::IntoIter; }",
  "pub struct Unique<T: ?Sized> { pointer: core::ptr::NonNull<T>, marker: core::marker::PhantomData<T> }",
  "impl<T: ?Sized + core::marker::Unsize<U>, U: ?Sized> core::ops::CoerceUnsized<Unique<U>> for Unique<T> {}",
  ...["crate::boxed::Box", "crate::rc::Rc", "crate::rc::Weak", "crate::sync::Arc", "crate::sync::Weak"].map(
    (one) =>
      `impl<T: ?Sized + core::marker::Unsize<U>, U: ?Sized, A> core::ops::CoerceUnsized<${one}<U, A>> for ${one}<T, A> {}`,
  ),
].join(" ");

/** Functions that the expansion of a derive calls, by module. */
const hooks: readonly (readonly [string, string])[] = [
  ["fmt", `impl<'a> Formatter<'a> { ${debugHooks()} }`],
  [
    "rt",
    `impl<'a> Argument<'a> { ${["display:Display", "debug:Debug", "lower_hex:LowerHex", "upper_hex:UpperHex", "octal:Octal", "binary:Binary", "pointer:Pointer", "lower_exp:LowerExp", "upper_exp:UpperExp"].map((one) => `pub const fn new_${one.split(":")[0]}<T: crate::fmt::${one.split(":")[1]}>(x: &T) -> Argument<'_> { loop {} }`).join(" ")} pub const fn from_usize(x: &usize) -> Argument<'_> { loop {} } } impl<'a> crate::fmt::Arguments<'a> { pub const unsafe fn new<const N: usize, const M: usize>(template: &'a [u8; N], args: &'a [Argument<'a>; M]) -> crate::fmt::Arguments<'a> { loop {} } }`,
  ],
  [
    "clone",
    '#[lang="trivial_clone"] pub unsafe trait TrivialClone: Clone {} pub struct AssertParamIsClone<T: Clone + ?Sized>(crate::marker::PhantomData<T>);',
  ],
  ["cmp", "pub struct AssertParamIsEq<T: Eq + ?Sized>(crate::marker::PhantomData<T>);"],
  [
    "intrinsics",
    "#[rustc_intrinsic] pub const fn discriminant_value<T>(v: &T) -> <T as crate::marker::DiscriminantKind>::Discriminant;",
  ],
];

function debugHooks(): string {
  const many = [2, 3, 4, 5].map((count) => {
    const fields = Array.from({ length: count }, (_, at) => at);
    const named = fields.map((at) => `, n${at}: &str, v${at}: &dyn Debug`).join("");
    const bare = fields.map((at) => `, v${at}: &dyn Debug`).join("");
    return `pub fn debug_struct_field${count}_finish<'b>(&'b mut self, n: &str${named}) -> Result { loop {} } pub fn debug_tuple_field${count}_finish<'b>(&'b mut self, n: &str${bare}) -> Result { loop {} }`;
  });
  return `pub fn debug_struct_fields_finish<'b>(&'b mut self, n: &str, ns: &[&str], vs: &[&dyn Debug]) -> Result { loop {} } pub fn debug_tuple_fields_finish<'b>(&'b mut self, n: &str, vs: &[&dyn Debug]) -> Result { loop {} } ${many.join(" ")}`;
}

/** Core's text with what only the compiler knows of it. */
function completed(text: string): string {
  let core = text
    .replace(
      '#[lang = "sized"] pub trait Sized {',
      '#[lang="pointee_sized"] pub trait PointeeSized {} #[lang="bikeshed_guaranteed_no_drop"] pub trait BikeshedGuaranteedNoDrop {} #[lang="meta_sized"] pub trait MetaSized: PointeeSized {} #[fundamental] #[lang = "sized"] pub trait Sized: MetaSized {',
    )
    .replace(/(#\[lang = "pin"\])/, "#[fundamental] $1")
    .replace(/pub trait Error\b/, "impl !Error for &str {} #[rustc_has_incoherent_inherent_impls] pub trait Error")
    .replace(/pub struct CStr\b/, "#[rustc_has_incoherent_inherent_impls] pub struct CStr")
    .replace(`#[lang = "iterator"]`, `impl<I> !Iterator for [I] {} #[lang = "iterator"]`)
    .replace("pub mod v1 {", `pub mod v1 { pub use crate::builtin_macros::{derive, ${derives.join(", ")}};`)
    .replace(/pub trait Eq: PartialEq(?:<Self>)? \{/, (all) => `${all} fn assert_fields_are_eq(&self) {}`)
    .replace(/pub (unsafe )?trait (Send|Sync|Unpin|UnwindSafe|RefUnwindSafe|Freeze)\b/g, "pub $1auto trait $2")
    // Coherence knows that no other type is a function pointer.
    .replace(
      /impl<F: crate::marker::FnPtr> (.*) for F \{/g,
      "impl<F: crate::marker::FnPtr> $1 for crate::copies::Pointer<F> {",
    )
    .replace(
      /pub const fn (size_of|align_of)<T>\(\) -> usize \{ loop \{\} \}/g,
      "#[rustc_intrinsic] pub const fn $1<T>() -> usize;",
    );
  for (const [module, hook] of hooks)
    core = core.replace(new RegExp(`\\n( *pub mod ${module} \\{)`), (_, opened: string) => `\n${opened}${hook}`);
  return core;
}
