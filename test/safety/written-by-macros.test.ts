/**
 * What a proc macro writes is not seen, but its own text is: a function that it may call is not taken for one that nothing calls, and
 * an installation that it may write is told.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { CrateId, CrateNode, Program } from "../../src/crates/crate-graph.ts";
import type { FilePort } from "../../src/load/port.ts";
import { loadRegistrars } from "../../src/model/registrars.ts";
import { mayBeWrittenByMacros } from "../../src/names/written-by-macros.ts";
import { macroSources } from "../../src/safety/macro-sources.ts";
import { type CrateText, reportOf } from "./report-of.ts";

const rules = (name: string): object =>
  JSON.parse(readFileSync(new URL(`../../rules/${name}.json`, import.meta.url), "utf8")) as object;
const registrars = loadRegistrars(rules("registrars.schema"), { file: "registrars.json", value: rules("registrars") });

const hooks: CrateText = {
  name: "hooks",
  member: false,
  text: `extern "C" { fn signal(s: i32, h: usize) -> usize; }
static mut HOOK: Option<fn()> = None;
pub fn set(hook: fn()) { unsafe { HOOK = Some(hook); } }
extern "C" fn on_signal(_: i32) { unsafe { if let Some(hook) = HOOK { hook(); } } }
pub fn install() { unsafe { signal(10, on_signal as extern "C" fn(i32) as usize); } }
`,
};
const app: CrateText = { name: "app", deps: ["hooks"], text: "fn main() { hooks::install(); }\n" };
const macros = (text: string): CrateText => ({ name: "hooks_macros", member: false, kind: "proc-macro", text });
const writes = (code: string): CrateText =>
  macros(`#[proc_macro] pub fn go(_: TokenStream) -> TokenStream { "${code}".parse().unwrap() }`);

const handlers = async (crates: readonly CrateText[]): Promise<readonly string[]> =>
  (await reportOf(crates)).handlers.map((one) => `${one.function} ${one.verdict}`);

test("a hook that a macro may set is not known", async () => {
  expect(await handlers([hooks, app])).toEqual(["hooks::on_signal clean"]);
  expect(await handlers([hooks, writes("hooks::set(|| drop(Box::new(1)))"), app])).toEqual([
    "hooks::on_signal incomplete",
  ]);
});

test("a hook that a macro may set under a name that it puts together is not known", async () => {
  const setter = { ...hooks, text: hooks.text.replace("pub fn set(", "pub fn set_hook(") };
  const by = (code: string): Promise<readonly string[]> => handlers([setter, macros(code), app]);
  for (const format of ['"set_{}", kind', '"{}_hook", verb', '"set_{kind}"', '"{verb}_{}ook", "h"'])
    expect(await by(`let name = format_ident!(${format}); quote! { hooks::#name(f) }`)).toEqual([
      "hooks::on_signal incomplete",
    ]);
  for (const code of ['quote! { hooks::#name("{}", f) }', 'format_ident!("get_{}", kind)', 'other!("set_{}", kind)'])
    expect(await by(code.startsWith("other") ? code : `${code}; hooks::x`)).toEqual(["hooks::on_signal clean"]);
});

test("a macro that names only the function, or only the crate, does not set it", async () => {
  expect(await handlers([hooks, writes("other::set(1)"), app])).toEqual(["hooks::on_signal clean"]);
  expect(await handlers([hooks, writes("hooks::get(1)"), app])).toEqual(["hooks::on_signal clean"]);
});

test("an installation that a macro may write is told", async () => {
  const spots = async (text: string, head = "use proc_macro::TokenStream; "): Promise<readonly string[]> =>
    (await reportOf([macros(`${head}${text}`), { name: "app", text: "fn main() {}" }])).blindSpots.map(
      (one) => `${one.reason} ${one.package} ${one.file}:${one.line}`,
    );
  const told = ["unknown-handler hooks_macros@0.1.0 src/lib.rs:1"];
  expect(await spots("quote! { unsafe { ::libc::signal(#signum, #handler as usize) } }")).toEqual(told);
  expect(await spots("quote! { nix::sys::signal::sigaction(#signum, &#action) }")).toEqual(told);
  expect(await spots("quote! { signal_hook_registry :: register (#signum, || {}) }")).toEqual(told);
  expect(await spots('// sends the "Bye" signal (once)\nquote! { #bus.signal(1); Bus::register(2) }')).toEqual([]);
  // What a macro is built with, and writes no code itself, installs handlers in the compiler alone.
  const helper = "pub fn wake() { unsafe { libc::sigaction(libc::SIGUSR1, &action(), null_mut()); } }";
  expect(await spots(helper, "")).toEqual([]);
  expect(await spots(helper)).toEqual(told);
  expect(await spots('pub fn code() -> &\'static str { "libc::signal(10, on_tick as usize)" }', "")).toEqual(told);
});

test("a text that might mention what puts code together, and does not, writes no installation", () => {
  const spots = (text: string): number => {
    const files: Partial<FilePort> = { mentions: () => true, matches: (_, pattern) => pattern.test(text) };
    const crate: Partial<CrateNode> = {
      rootFile: "/wakes/src/lib.rs",
      package: { id: "wakes@0.1.0", root: "/wakes" } as CrateNode["package"],
    };
    const program: Partial<Program> = { macroCrates: [crate as CrateNode] };
    return macroSources(program as Program, files as FilePort, registrars).length;
  };
  const wake = "pub fn wake() { unsafe { libc::signal(10, on_wake as usize); } }";
  expect(spots(wake)).toBe(0);
  expect(spots(`use proc_macro::TokenStream; ${wake}`)).toBe(1);
});

test("a function is called by no macro whose text only might mention it, nor by what a macro is built with", () => {
  const called = (text: string): boolean => {
    const files: Partial<FilePort> = { mentions: () => true, matches: (_, pattern) => pattern.test(text) };
    const program = { crates: [{ name: "hooks" }], macroCrates: [{}] } as unknown as Program;
    return mayBeWrittenByMacros(program, files as FilePort, "set_hook", [0 as CrateId]);
  };
  expect(called("use proc_macro::TokenStream; pub fn hooks() {}")).toBe(false);
  expect(called("pub fn wake() { hooks::set_hook(wake); }")).toBe(false);
  expect(called("use proc_macro::TokenStream; quote! { hooks::set_hook(f) }")).toBe(true);
  expect(called('pub const SETTER: &str = "hooks::set_hook";')).toBe(true);
  expect(called("pub const SETTER: &str = stringify!(hooks::set_hook);")).toBe(true);
});

test("a drop that a derive may write is told where the type is dropped", async () => {
  const derive = (code: string): CrateText =>
    macros(`#[proc_macro_derive(Guard)] pub fn guard(_: TokenStream) -> TokenStream { quote! { ${code} } }`);
  const user = (more: string): CrateText => ({
    name: "app",
    procMacros: ["hooks_macros"],
    text: `extern "C" { fn signal(s: i32, h: usize) -> usize; }
#[derive(Clone, hooks_macros::Guard)] struct Own;
${more}
extern "C" fn on_signal(_: i32) { let _own = Own; }
fn main() { unsafe { signal(10, on_signal as extern "C" fn(i32) as usize); } }
`,
  });
  const written = "impl #generics ::core::ops::Drop for #name { fn drop(&mut self) { release(); } }";
  expect(await handlers([derive(written), user("")])).toEqual(["app::on_signal incomplete"]);
  expect(await handlers([derive("impl Guard for #name {}"), user("")])).toEqual(["app::on_signal clean"]);
  const manual = "impl Drop for Own { fn drop(&mut self) {} }";
  expect(await handlers([derive(written), user(manual)])).toEqual(["app::on_signal clean"]);
});

test("a function that an attribute macro may offer to others is given other signals than the program's own calls say", async () => {
  const user = (attribute: string): CrateText => ({
    name: "app",
    text: `extern "C" { fn signal(s: i32, h: usize) -> usize; }
extern "C" fn on_signal(_: i32) { drop(Box::new(1)); }
${attribute} fn install(number: i32) { unsafe { signal(number, on_signal as extern "C" fn(i32) as usize); } }
fn main() { install(11); }
`,
  });
  const levels = async (attribute: string): Promise<readonly string[]> => {
    const { findings } = await reportOf([user(attribute)]);
    return [...new Set(findings.filter((one) => one.kind === "alloc").map((one) => one.level))];
  };
  expect(await levels("#[inline]")).toEqual(["warning"]);
  expect(await levels("#[glue::exported]")).toEqual(["error"]);
});
