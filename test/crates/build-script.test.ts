/** What build scripts surely set, may set and do not set, by where they print it. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type BuildRules, readBuildRules } from "../../src/crates/build-rules.ts";
import { buildCfgs } from "../../src/crates/build-script.ts";

const rules: BuildRules = { never: new Set(["feature"]), emitters: [], aliasMacros: [], packages: [] };
const known: ReadonlySet<string> = new Set(["unix", 'feature="std"', 'feature="two-words"']);

/** `has` as a script leaves it whose `main` is this. */
function told(body: string, main = "fn main()"): "set" | "maybe" | "no" {
  const script = `use std::env;\n${main} {\n${body}\n}\nfn other() { }\n`;
  const { set, maybe } = buildCfgs(script, { name: "p", version: "1.0.0" }, rules, "1.95.0", known);
  return set.includes("has") ? "set" : maybe.includes("has") ? "maybe" : "no";
}
const print = 'println!("cargo:rustc-cfg=has");';

describe("a cfg that a build script prints", () => {
  test.each([
    ["in main", print, "set"],
    ["behind other statements", `let a = { 1 };\nprintln!("cargo:rerun-if-changed=build.rs"); ${print}`, "set"],
    ["under a feature that is on", `#[cfg(feature = "std")]\n${print}`, "set"],
    ["under a feature that is off", `#[cfg(feature = "alloc")]\n${print}`, "no"],
    ["under no feature", `let a = 1;\n#[cfg(not(feature = "std"))]\n#[allow(unused)]\n${print}`, "no"],
    ["under what the host is", `#[cfg(unix)]\n${print}`, "maybe"],
    ["in a block under a feature", `#[cfg(feature = "std")] { ${print} }`, "set"],
    ["in a block under another one", `#[cfg(feature = "alloc")]\n{ { ${print} } }`, "no"],
    ["in a block of something else", `for _ in 0..n { ${print} }`, "maybe"],
    ["behind a statement under a feature", `#[cfg(feature = "alloc")]\nlet a = 1;\n${print}`, "set"],
    ["where a feature is asked for", `if cfg!(feature = "alloc") { ${print} }`, "no"],
    ["where another one is", `if cfg!(all(feature = "std", not(feature = "alloc"))) { ${print} }`, "set"],
    ["where cargo's variable is", `if env::var_os("CARGO_FEATURE_TWO_WORDS").is_some() { ${print} }`, "set"],
    ["where it is not", `if env::var("CARGO_FEATURE_TWO_WORDS").is_err() { ${print} }`, "no"],
    ["where that is refused", `if !env::var("CARGO_FEATURE_ALLOC").is_ok() && rustc >= 70 { ${print} }`, "set"],
    ["with another condition beside", `if cfg!(feature = "std") && probe() { ${print} }`, "maybe"],
    ["behind a way out", `if env::var("X").is_ok() { return; }\n${print}`, "maybe"],
    ["behind a way out of another feature", `if cfg!(feature = "alloc") { return; }\n${print}`, "set"],
    ["behind a way out that is taken", `if cfg!(feature = "std") { return; }\n${print}`, "no"],
    [
      "behind a compiler's version that is not told",
      `let v = match rustc() { Some(v) => v, None => return };\n${print}`,
      "set",
    ],
    ["behind an old compiler's way out", `if minor < 70 { println!("old"); return; }\n${print}`, "set"],
    ["behind a closure that returns", `let f = |x: u8| { return x; };\nfn g() { return; }\n${print}`, "set"],
    ["behind a word in a string", `println!("cargo:warning=no return here");\n${print}`, "set"],
  ])("%s", (_, body, expected) => {
    expect(told(body)).toBe(expected);
  });

  test.each([
    ["with a feature that is on", '#[cfg(feature = "std")]\nfn main()', "set"],
    ["with a feature that is off", '#[cfg(not(feature = "std"))]\nfn main() -> Result<(), u8>', "no"],
    ["of the host", "#[cfg(unix)]\npub fn main()", "maybe"],
  ])("in a main %s", (_, main, expected) => {
    expect(told(print, main)).toBe(expected);
  });

  test("in the main of a module that may not be called", () => {
    expect(told("", `mod build { pub fn main() { ${print} } }\nfn main()`)).toBe("maybe");
  });

  test("behind thousands of ways out, by thousands of prints, in a few seconds", () => {
    const body = "if asked() { return; }\n".repeat(3000) + `${print}\n`.repeat(3000);
    expect(told(body)).toBe("maybe");
  }, 20_000);
});

describe("the rules that ship", () => {
  const shipped = readBuildRules(readFileSync(new URL("../../rules/build-scripts.json", import.meta.url), "utf8"));
  // As rustc 1.95 is told, `cargo check -v`. A printed name that is computed makes all unknown without a rule.
  const printed = 'fn main() { let name = "x"; println!("cargo:rustc-cfg={}", name); }';
  const linux: readonly string[] = ["unix", 'target_os="linux"', 'target_arch="x86_64"', 'target_pointer_width="64"'];
  test.each([
    ["rustix", "0.37.28", ["asm", "linux_kernel", "linux_like", "linux_raw"]],
    ["rustix", "0.38.44", ["linux_kernel", "linux_like", "linux_raw", "linux_raw_dep"]],
    ["io-lifetimes", "1.0.11", ["io_safety_is_in_std", "panic_in_const_fn"]],
  ])("%s %s", (name, version, expected) => {
    const { set, maybe } = buildCfgs(printed, { name, version }, shipped, "1.95.0", new Set(linux));
    expect(set.filter((one) => !/rustc|exp/u.test(one)).sort()).toEqual(expected);
    expect(maybe).not.toContain("*");
    expect(maybe).not.toContain("libc");
  });
});
