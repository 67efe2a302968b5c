/**
 * What a library offers of its dependencies is open to its users as its own functions are: what they may hand over is not known, though the library
 * calls the same function itself.
 */
import { expect, test } from "vitest";
import { type CrateText, reportOf } from "./report-of.ts";

const hooks = (more: string): CrateText => ({
  name: "hooks",
  member: false,
  text: `extern "C" { fn signal(s: i32, h: usize) -> usize; }
pub trait Hook { fn run(&self); }
pub mod api {
    use super::Hook;
    pub static mut HOOK: Option<&'static dyn Hook> = None;
    pub fn set(hook: &'static dyn Hook) { unsafe { HOOK = Some(hook); } }
    ${more}
}
extern "C" fn on_signal(_: i32) { unsafe { if let Some(hook) = api::HOOK { hook.run(); } } }
pub fn install() { unsafe { signal(10, on_signal as extern "C" fn(i32) as usize); } }
`,
});
const setter = "pub struct Setter; impl Setter { pub fn put(&self, hook: &'static dyn Hook) { set(hook); } }";
const own = `pub struct Own;
impl hooks::Hook for Own { fn run(&self) {} }
pub fn begin() { hooks::api::set(&Own); hooks::install(); }
`;

async function verdict(text: string, kind: "lib" | "bin" = "lib", more = ""): Promise<string> {
  const main = kind === "bin" ? "fn main() { begin(); }\\n" : "";
  const { handlers } = await reportOf([
    hooks(more),
    { name: "app", deps: ["hooks"], kind, text: `${text}${own}${main}` },
  ]);
  return handlers.map((one) => `${one.function} ${one.verdict} ${one.installedFrom.reachable}`).join();
}

test("by a re-export of the function, of its module, of everything, of the crate, or of a type with such a method", async () => {
  const open = "hooks::on_signal suspect yes";
  expect(await verdict("pub use hooks::api::set;\n")).toBe(open);
  expect(await verdict("pub mod inner { pub use hooks::api::set as register; }\n")).toBe(open);
  expect(await verdict("pub use hooks::api;\n")).toBe(open);
  expect(await verdict("pub use hooks::api::*;\n")).toBe(open);
  expect(await verdict("pub use hooks;\n")).toBe(open);
  expect(await verdict("pub use hooks::api::Setter;\nfn both() { Setter.put(&Own); }\n", "lib", setter)).toBe(open);
});

test("not where it is only used, offered to nobody, or part of a program", async () => {
  const closed = "hooks::on_signal clean yes";
  expect(await verdict("")).toBe(closed);
  expect(await verdict("use hooks::api::set;\n")).toBe(closed);
  expect(await verdict("mod inner { pub use hooks::api::set; }\n")).toBe(closed);
  expect(await verdict("pub use hooks::install;\n")).toBe(closed);
  expect(await verdict("pub use hooks::api::set;\n", "bin")).toBe(closed);
});
