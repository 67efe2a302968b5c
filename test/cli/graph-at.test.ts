/** `graph --at`: what the names and calls of a line mean, in whichever body they stand. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../support/run-cli.ts";
import { tempFiles } from "../support/temp-files.ts";

test("functions inside functions and statics are described; a line without names is said so", async () => {
  const root = tempFiles({
    "Cargo.toml": '[package]\nname = "at"\nversion = "0.1.0"\nedition = "2021"\n',
    "Cargo.lock": 'version = 4\n\n[[package]]\nname = "at"\nversion = "0.1.0"\n',
    "src/main.rs": [
      "fn main() {",
      "    fn inner(v: &Vec<String>) -> usize {",
      "        v.first().map_or(0, String::len)",
      "    }",
      "    static S: std::sync::Mutex<u32> = std::sync::Mutex::new(1);",
      "    inner(&vec![S.lock().unwrap().to_string()]);",
      "}",
    ].join("\n"),
  });
  const at = async (line: number): Promise<string> => {
    const place = `${join(root, "src/main.rs")}:${line}`;
    const run = await runCli(["graph", "--manifest-path", join(root, "Cargo.toml"), "--offline", "--at", place]);
    return run.code === 0 ? run.stdout : `${run.code} ${run.stderr}`;
  };
  const method = await at(3);
  expect(method).toContain("at::main::inner  (at@0.1.0)");
  expect(method).toMatch(/11: method first: Option<&String>\n {6}receiver: &Vec<String>\n/);
  expect(method).toContain("then: Deref::deref of Vec<String> to [String]");
  expect(method).toContain("resolves to: core::option::Option::map_or<&String, usize, fn item len>");
  expect(await at(5)).toMatch(/at::main::S {2}.*resolves to: std::sync::.*Mutex::new<u32>/s);
  expect(await at(4)).toMatch(/^2 .*no function with a name or call stands at .*main\.rs:4/s);
}, 180_000);
