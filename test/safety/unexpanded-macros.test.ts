/**
 * Installations in macros that are not expanded: told as unknown where the call can be read in what was given to the macro.
 */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { reportOf } from "./report-of.ts";

const libc: string = readFileSync(new URL("../../fixtures/safety/libc.rs.txt", import.meta.url), "utf8");

async function spotsOf(text: string): Promise<readonly string[]> {
  const report = await reportOf([
    { name: "libc", text: libc, member: false },
    { name: "app", text: `extern "C" fn h(_: i32) {}\n${text}`, deps: ["libc"], procMacros: ["made"] },
  ]);
  expect(report.handlers).toEqual([]);
  expect(report.programs[0]?.verdict).toBe(report.blindSpots.length > 0 ? "incomplete" : "no-handlers");
  return report.blindSpots.map((one) => `${one.reason} ${one.line}: ${one.text}`);
}

const hidden = "signal: the handler was not found (inside made::items!, which was not expanded)";

describe("macros that are not expanded", () => {
  it("may install what is written in them", async () => {
    const call = "unsafe { libc::signal(10, h as usize); }";
    expect(await spotsOf(`made::items! { fn i() { ${call} } }\nfn main() {}`)).toEqual([
      `unknown-handler 2: ${hidden}`,
    ]);
    expect(await spotsOf(`fn main() {\n  made::items! { ${call} }\n}`)).toEqual([`unknown-handler 3: ${hidden}`]);
  });
  it("install nothing where another function of that name is meant", async () => {
    const other = "mod own { pub fn signal(_: i32, _: usize) {} }";
    expect(await spotsOf(`${other}\nmade::items! { fn i() { own::signal(1, 2); } }\nfn main() {}`)).toEqual([]);
    expect(await spotsOf("made::items! { fn i() { x.signal(1); } }\nfn main() {}")).toEqual([]);
  });
  it("may declare modules whose files install, and are read by nobody", async () => {
    const installs = "pub fn i() { unsafe { libc::signal(10, h as usize); } }";
    const told = async (call: string, path: string, text: string = installs): Promise<readonly string[]> => {
      const crates = [
        { name: "libc", text: libc, member: false },
        { name: "app", text: `${call}\nfn main() {}`, deps: ["libc"], procMacros: ["made"] },
      ];
      const report = await reportOf(crates, {}, new Map([[path, text]]));
      return report.blindSpots.map((one) => `${one.line} ${one.text}`);
    };
    const said =
      "1 signal: the handler was not found (inside handlers/one.rs, which is no module that was seen and may be one of made::items!, which was not expanded)";
    expect(await told("made::items! { mod handlers; }", "/app/src/handlers/one.rs")).toEqual([said]);
    expect(await told('made::items!("src/handlers");', "/app/src/handlers/one.rs")).toEqual([said]);
    // Nobody names it, it calls nothing of the kind, or it stands beside the crate.
    expect(await told("made::items! { mod others; }", "/app/src/handlers/one.rs")).toEqual([]);
    expect(await told("made::items! { mod handlers; }", "/app/src/handlers/one.rs", "pub fn signal() {}")).toEqual([]);
    expect(await told("made::items! { mod handlers; }", "/app/examples/handlers/one.rs")).toEqual([]);
  });
});
