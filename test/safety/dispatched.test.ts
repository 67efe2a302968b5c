/**
 * What a hook does is told of the hook, and not once more of the dispatcher that calls it.
 */
import { expect, test } from "vitest";
import { reportOf } from "./report-of.ts";

const registry = `use std::sync::OnceLock;
extern "C" { fn signal(s: i32, h: usize) -> usize; }
static HOOK: OnceLock<Box<dyn Fn() + Send + Sync>> = OnceLock::new();
extern "C" fn handler(_: i32) { if let Some(hook) = HOOK.get() { hook(); } }
pub unsafe fn register<F: Fn() + Send + Sync + 'static>(s: i32, action: F) -> Result<(), ()> {
    let _ = HOOK.set(Box::new(move || action()));
    signal(s, handler as extern "C" fn(i32) as usize);
    Ok(())
}
`;

test("a hook's allocation is one finding", async () => {
  const report = await reportOf([
    { name: "signal_hook_registry", member: false, text: registry },
    {
      name: "app",
      deps: ["signal_hook_registry"],
      text: "fn main() { let _ = unsafe { signal_hook_registry::register(10, || drop(Box::new(1))) }; }\n",
    },
  ]);
  const names = new Map(report.handlers.map((one) => [one.id, one.function]));
  expect([...names.values()].sort()).toEqual(["app::main::{closure#0}", "signal_hook_registry::handler"]);
  const allocations = report.findings.filter((one) => one.kind === "alloc");
  expect(allocations.map((one) => names.get(one.handler ?? ""))).toEqual(["app::main::{closure#0}"]);
});
