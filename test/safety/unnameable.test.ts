/**
 * Wrappers of registrars that are methods of types which nobody outside their crate can name.
 */
import { describe, expect, it } from "vitest";
import { reportOf } from "./report-of.ts";

const libc = 'extern "C" { pub fn signal(n: i32, f: usize) -> usize; }';
const kit = `
mod imp { pub struct Builder(pub(crate) i32); impl Builder { pub fn on(self, f: extern "C" fn(i32)) { unsafe { libc::signal(self.0, f as usize); } } } }
pub fn usr1() -> imp::Builder { imp::Builder(10) }`;

describe("a method of an unnameable type that installs", () => {
  it("installs what other crates give it", async () => {
    const app = 'extern "C" fn on_usr1(_: i32) { let _v = vec![1u8]; } fn main() { kit::usr1().on(on_usr1); }';
    const report = await reportOf([
      { name: "libc", text: libc, member: false },
      { name: "kit", text: kit, deps: ["libc"], member: false },
      { name: "app", text: app, deps: ["kit"] },
    ]);
    expect(report.handlers.map((one) => [one.function, one.verdict])).toEqual([["app::on_usr1", "unsafe"]]);
  });
  it("installs what is not seen where its library is what ships", async () => {
    const report = await reportOf([
      { name: "libc", text: libc, member: false },
      { name: "kit", text: kit, deps: ["libc"], kind: "lib" },
    ]);
    expect(report.handlers).toEqual([]);
    expect(report.blindSpots.map((one) => [one.reason, one.function])).toEqual([
      ["unknown-handler", "kit::imp::Builder::on"],
    ]);
  });
});
