/**
 * Old actions that are kept in a private field: what is restored is what that field was given, not whatever any action holds.
 */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { reportOf } from "./report-of.ts";

const stub = (name: string): string =>
  readFileSync(new URL(`../../fixtures/safety/${name}.rs.txt`, import.meta.url), "utf8");

it("is told of the struct that keeps it", async () => {
  const app = `use nix::sys::signal::{sigaction, SigAction, SigHandler};
extern "C" fn h(_: i32) {}
struct Kept { old: SigAction }
impl Kept { fn new(a: &SigAction) -> Kept { Kept { old: unsafe { sigaction(10, a).expect("installed") } } } }
impl Drop for Kept { fn drop(&mut self) { unsafe { sigaction(10, &self.old).unwrap(); } } }
fn main() {
    let _kept = Kept::new(&SigAction::new(SigHandler::Handler(h), 0, 0));
    let chosen: extern "C" fn(i32) = unsafe { std::mem::transmute(std::env::args().count() + 4096) };
    unsafe { sigaction(12, &SigAction::new(SigHandler::Handler(chosen), 0, 0)) };
}
`;
  const report = await reportOf([
    { name: "libc", text: stub("libc"), member: false },
    { name: "nix", text: stub("nix"), member: false, deps: ["libc"] },
    { name: "app", text: app, deps: ["libc", "nix"] },
  ]);
  expect(report.handlers.map((one) => `${one.function} ${one.signals.join()}`)).toEqual(["app::h SIGUSR1"]);
  expect(report.blindSpots.map((one) => `${one.reason} ${one.line}`)).toEqual(["unknown-handler 9"]);
});
