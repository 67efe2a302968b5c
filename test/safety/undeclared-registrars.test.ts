/** Bindings that are made when a crate is built declare registrars that no text shows: a call of one by its name is one. */
import { expect, test } from "vitest";
import type { Report } from "../../src/safety/report-model.ts";
import { reportOf } from "./report-of.ts";

const handlers = `extern "C" fn on(_: i32) { drop(Box::new(1)); }\n`;
const made = `mod ffi { include!(concat!(env!("OUT_DIR"), "/bindings.rs")); }\n${handlers}`;
const verdictOf = (report: Report): unknown => ({
  handlers: report.handlers.map((one) => `${one.function} ${one.signals.join()}`),
  told: report.blindSpots.filter((one) => one.handler === null).map((one) => one.reason),
});

test.each([
  ["by its path", "ffi::signal(10, on as usize);"],
  ["by an import", "use ffi::signal; signal(10, on as usize);"],
  ["by a glob import", "use ffi::*; signal(10, on as usize);"],
  ["by a constructed option", "ffi::pqsignal(10, Some(on));"],
  ["by a name of its own in a backend", "ffi::pqsignal_be(10, Some(on));"],
])("%s", async (_, body) => {
  const report = await reportOf([{ name: "app", text: `${made}fn main() { unsafe { ${body} } }` }]);
  expect(verdictOf(report)).toEqual({ handlers: ["app::on SIGUSR1"], told: [] });
});

test("an action whose type is declared nowhere is told, a null one is none", async () => {
  const action =
    "let mut a: ffi::sigaction = std::mem::zeroed(); a.sa_handler = on as usize; ffi::sigaction(10, &a, null_mut());";
  const query = "let mut a: ffi::sigaction = std::mem::zeroed(); ffi::sigaction(10, null(), &mut a);";
  for (const [body, told] of [
    [action, ["unknown-handler"]],
    [query, []],
  ] as const) {
    const text = `use std::ptr::*; ${made}fn main() { unsafe { ${body} } }`;
    expect(verdictOf(await reportOf([{ name: "app", text }]))).toEqual({ handlers: [], told });
  }
});

test("a function of that name that is declared is what it is", async () => {
  const text = `${handlers}mod ffi { pub fn signal(_: i32, _: usize) {} }\nfn main() { ffi::signal(10, on as usize); }`;
  expect(verdictOf(await reportOf([{ name: "app", text }]))).toEqual({ handlers: [], told: [] });
});
