/**
 * Build scripts that write a call which installs a handler into their package: that is said, whether or not anything else is known of handlers.
 */
import { expect, test } from "vitest";
import { reportOf } from "./report-of.ts";

async function spotsOf(
  script: string,
  library: string,
  hasBuildScript = true,
  beside: readonly (readonly [string, string])[] = [],
): Promise<readonly string[]> {
  const report = await reportOf(
    [
      { name: "generated", text: library, member: false, hasBuildScript },
      { name: "app", text: "fn main() { generated::start(); }", deps: ["generated"] },
    ],
    {},
    new Map([["/generated/build.rs", script], ...beside]),
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

const template = "pub fn start() { unsafe { libc::signal(2, handler as usize); } }";

test("a call in a module of the script, or in a file that it includes or reads, is told there", async () => {
  const inModule = [
    ["/generated/gen/mod.rs", "mod inner;"],
    ["/generated/gen/inner.rs", writing],
  ] as const;
  const spot = (file: string): string[] => [`unknown-handler generated@0.1.0 ${file}`];
  expect(await spotsOf("mod gen;\nfn main() { gen::run() }", including, true, inModule)).toEqual(
    spot("gen/inner.rs:3"),
  );
  const byPath = [["/generated/build/gen.rs", writing]] as const;
  expect(await spotsOf('#[path = "build/gen.rs"]\nmod gen;', including, true, byPath)).toEqual(spot("build/gen.rs:3"));
  const beside = [["/generated/t.rs.in", template]] as const;
  const included = 'fn main() { std::fs::write(out(), include_str!("t.rs.in")).unwrap(); }';
  expect(await spotsOf(included, including, true, beside)).toEqual(spot("t.rs.in:1"));
  const read = 'fn main() { let text = std::fs::read_to_string("t.rs.in"); std::fs::write(out(), text).unwrap(); }';
  expect(await spotsOf(read, including, true, beside)).toEqual(spot("t.rs.in:1"));
});

test("a path that is put together out of literals is found", async () => {
  const spot = ["unknown-handler generated@0.1.0 parts/unix/t.rs.in:1"];
  const beside = [["/generated/parts/unix/t.rs.in", template]] as const;
  const scripts = [
    'fn main() { write(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/parts/unix/t.rs.in"))); }',
    'fn main() { let root = env::var("CARGO_MANIFEST_DIR"); let p = Path::new(&root).join("parts").join("unix").join("t.rs.in"); write(fs::read_to_string(&p)); }',
    'fn main() { let root = Path::new("parts/unix"); for one in ["none.in", "t.rs.in"] { write(fs::read_to_string(root.join(one))); } }',
    'const DIR: &str = "parts/unix";\nfn main() { let mut text = String::new(); File::open(format!("{DIR}/{}", "t.rs.in")).read_to_string(&mut text); }',
  ];
  for (const script of scripts) expect(await spotsOf(script, including, true, beside)).toEqual(spot);
});

test("a file that the script only names is none of what it writes", async () => {
  const beside = [["/generated/t.rs.in", template]] as const;
  const named = 'fn main() { println!("cargo:rerun-if-changed=t.rs.in"); }';
  expect(await spotsOf(named, including, true, beside)).toEqual([]);
});
