/**
 * Build scripts that write a call which installs a handler into their package: that is said, whether or not anything else is known of handlers.
 */
import { expect, test } from "vitest";
import { reportOf } from "./report-of.ts";

async function spotsOf(script: string, library: string, hasBuildScript = true): Promise<readonly string[]> {
  const report = await reportOf(
    [
      { name: "generated", text: library, member: false, hasBuildScript },
      { name: "app", text: "fn main() { generated::start(); }", deps: ["generated"] },
    ],
    {},
    new Map([["/generated/build.rs", script]]),
  );
  expect(report.programs[0]?.verdict).toBe(report.blindSpots.length > 0 ? "incomplete" : "no-handlers");
  return report.blindSpots.map((one) => `${one.reason} ${one.package} ${one.file}:${one.line}`);
}

const writing = `fn main() {
    let out = std::env::var("OUT_DIR").unwrap();
    std::fs::write(out + "/g.rs", "pub fn start() { unsafe { libc::signal(2, handler as usize); } }").unwrap();
}
`;
const including = 'include!(concat!(env!("OUT_DIR"), "/g.rs"));\n';

test("a call in what is written is told, where the package includes it", async () => {
  expect(await spotsOf(writing, including)).toEqual(["unknown-handler generated@0.1.0 build.rs:3"]);
  expect(await spotsOf(writing, "pub fn start() {}")).toEqual([]);
  expect(await spotsOf(writing, including, false)).toEqual([]);
});

test("a script that writes no such call is none", async () => {
  expect(await spotsOf('fn main() { println!("cargo:rerun-if-changed=signal.rs"); }', including)).toEqual([]);
  expect(await spotsOf('fn main() { bindgen::builder().allowlist_function("sigaction"); }', including)).toEqual([]);
});
