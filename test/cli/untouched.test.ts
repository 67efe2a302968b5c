/** What a lockfile says is not believed where it leads out of the registry's sources. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { touching } from "../../src/cli/untouched.ts";
import { tempFiles } from "../support/temp-files.ts";

const locked = (name: string, version: string): string =>
  `version = 4\n\n[[package]]\nname = "${name}"\nversion = "${version}"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\n`;

test("a locked package whose name leads elsewhere is not looked up there", () => {
  const home = tempFiles({
    "registry/src/index/a-1.0.0/Cargo.toml": "",
    "registry/src/index/a-1.0.0/src/lib.rs": "",
    "outside/a-1.0.0/src/lib.rs": "",
  });
  const record = {
    packages: ["app"],
    words: ["signal"],
    around: [{ name: "app", folder: "", deps: [] }],
  };
  const reason = (name: string, version: string): string | null =>
    touching(record, {
      changed: ["Cargo.lock"],
      root: "",
      before: () => locked("old", "1.0.0"),
      after: () => locked(name, version),
      cargoHome: home,
    });
  expect(reason("a", "1.0.0")).toBeNull();
  expect(reason("gone", "1.0.0")).toBe("gone may install a handler");
  for (const [name, version] of [
    ["../../../outside/a", "1.0.0"],
    ["a", "/../../../../outside/a-1.0.0"],
    [join(home, "outside/a"), "1.0.0"],
  ] as const)
    expect(reason(name, version)).toBe(`${name} may install a handler`);
});
