/**
 * A registrar that a crate imports, declares or wraps in a macro under another name, and offers to others: who calls it by that name installs a handler.
 */
import { expect, test } from "vitest";
import { reportOf } from "./report-of.ts";

const libc = `extern "C" { pub fn signal(s: i32, h: usize) -> usize; }`;
const base = `pub extern crate libc as c;
pub use libc::signal as put;
pub mod sys { pub use libc::signal as inner; }
extern "C" { #[link_name = "signal"] pub fn linked(s: i32, h: usize) -> usize; }
#[macro_export] macro_rules! install { ($h:expr) => { unsafe { $crate::c::signal(10, $h as usize) } } }
`;
const mid = `pub use base::{install as set_up, linked as lent, put as again};
pub use base::sys::*;
`;

async function handlersOf(body: string): Promise<string> {
  const app = `extern "C" fn handler(_: i32) {}
type H = extern "C" fn(i32);
fn main() { ${body} }
`;
  const { handlers } = await reportOf([
    { name: "libc", member: false, text: libc },
    { name: "base", member: false, deps: ["libc"], text: base },
    { name: "mid", member: false, deps: ["base"], text: mid },
    { name: "app", kind: "bin", deps: ["base", "mid"], text: app },
  ]);
  return handlers.map((one) => one.function).join();
}

test.each([
  ["imported", "unsafe { base::put(10, handler as H as usize); }"],
  ["imported again", "unsafe { mid::again(10, handler as H as usize); }"],
  ["imported with all", "unsafe { mid::inner(10, handler as H as usize); }"],
  ["imported here", "use mid::again as here; unsafe { here(10, handler as H as usize); }"],
  ["declared", "unsafe { base::linked(10, handler as H as usize); }"],
  ["declared, and imported", "unsafe { mid::lent(10, handler as H as usize); }"],
  ["a macro", "base::install!(handler as H);"],
  ["a macro, imported", "mid::set_up!(handler as H);"],
])("%s", async (_, body) => {
  expect(await handlersOf(body)).toBe("app::handler");
});

test("another function of such a name installs nothing", async () => {
  expect(await handlersOf("fn again(_: i32, _: usize) {} again(10, handler as H as usize);")).toBe("");
});
