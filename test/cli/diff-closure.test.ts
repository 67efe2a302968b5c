/**
 * `diff` after an earlier run: what no handler is reached by is not analysed again. Each way in which a change could matter all the same
 * is tried: the closure itself, what it depends on, what leads to it, code that installs a handler elsewhere, manifests.
 */
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commitFiles, git } from "../support/git-repository.ts";
import { type CliRun, runCli } from "../support/run-cli.ts";
import { tempFiles } from "../support/temp-files.ts";

const present: boolean = spawnSync("git", ["--version"]).status === 0;
if (!present) console.warn("SKIPPED: git is missing");

const own = (name: string, dependencies: readonly string[] = []): string =>
  `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\n${dependencies.map((one) => `${one} = { path = "../${one}" }\n`).join("")}`;
const entry = (name: string, dependencies: readonly string[] = []): string =>
  `[[package]]\nname = "${name}"\nversion = "0.1.0"\n${dependencies.length === 0 ? "" : `dependencies = [\n${dependencies.map((one) => ` "${one}",\n`).join("")}]\n`}\n`;

const handler =
  'extern "C" { fn signal(a: i32, b: usize) -> usize; }\nextern "C" fn on_tick(_: i32) { base::note(); }\npub fn install() { unsafe { signal(14, on_tick as *const () as usize); } }\n';

describe.runIf(present)(
  "diff with the base's closure in the cache",
  () => {
    const root = tempFiles({});
    const cache = tempFiles({});
    const files = {
      "Cargo.toml": '[workspace]\nmembers = ["app", "tick", "base", "other", "tool"]\nresolver = "2"\n',
      "Cargo.lock": `version = 4\n\n${entry("app", ["other", "tick"])}${entry("base")}${entry("other")}${entry("tick", ["base"])}${entry("tool", ["other"])}`,
      "app/Cargo.toml": own("app", ["tick", "other"]),
      "app/src/main.rs": "fn main() { tick::install(); other::help(); }\n",
      "tick/Cargo.toml": own("tick", ["base"]),
      "tick/src/lib.rs": handler,
      "base/Cargo.toml": own("base"),
      "base/src/lib.rs": "pub fn note() {}\n",
      "other/Cargo.toml": own("other"),
      "other/src/lib.rs": "pub fn help() -> usize { 1 }\n",
      "tool/Cargo.toml": own("tool", ["other"]),
      "tool/src/main.rs": "fn main() { other::help(); }\n",
    };
    commitFiles(root, files);
    const diff = (...args: readonly string[]): Promise<CliRun> =>
      runCli(["diff", "--base", "HEAD", "--workspace", "--target", "x86_64-unknown-linux-gnu", ...args], {
        cwd: root,
        env: { XDG_CACHE_HOME: cache },
      });
    const change = async (file: keyof typeof files, text: string): Promise<string> => {
      writeFileSync(join(root, file), text);
      const run = await diff();
      git(root, "checkout", "-q", "--", ".");
      expect(run.stderr).toBe("");
      return `${run.code} ${/note: (analysed, since .*|no handler is reached by what changed.*)/.exec(run.stdout)?.[1]}`;
    };
    const harmless = "pub fn help() -> usize { let many = vec![1, 2]; many.len() }\n";

    test("analyses the first time, and says that the closure was not there", async () => {
      expect(await change("other/src/lib.rs", harmless)).toBe(
        "0 analysed, since the base's closure is not in the cache",
      );
    });

    test("analyses nothing where no handler is reached by what changed", async () => {
      const untouched = "0 no handler is reached by what changed, as an earlier run found: nothing was analysed";
      expect(await change("other/src/lib.rs", harmless)).toBe(untouched);
      expect(await change("tool/src/main.rs", 'fn main() { println!("{}", other::help()); }\n')).toBe(untouched);
      expect(await change("other/Cargo.toml", `${own("other")}# more\n`)).toBe(untouched);
    });

    test("analyses what handlers reach, what that depends on, and what leads to it", async () => {
      expect(await change("tick/src/lib.rs", `${handler}// more\n`)).toBe(
        "0 analysed, since tick/src/lib.rs is among what handlers are compiled with",
      );
      expect(await change("base/src/lib.rs", "pub fn note() { drop(Box::new(1u8)); }\n")).toMatch(
        /^1 analysed, since base\/src\/lib\.rs is among/,
      );
      expect(await change("app/src/main.rs", `${files["app/src/main.rs"]}// more\n`)).toBe(
        "0 analysed, since app, which app/src/main.rs is in, leads to a handler",
      );
      expect(await change("app/Cargo.toml", `${files["app/Cargo.toml"]}# more\n`)).toBe(
        "0 analysed, since app is among what handlers are compiled with",
      );
      expect(await change("Cargo.toml", `${files["Cargo.toml"]}# more\n`)).toMatch(/^0 analysed, since Cargo\.toml /);
    });

    test("analyses code elsewhere that could install a handler, or stand behind a symbol", async () => {
      const installs = handler.replace("base::note()", "drop(Box::new(1u8))").replace("pub fn install", "pub fn help2");
      expect(await change("other/src/lib.rs", `${files["other/src/lib.rs"]}${installs}`)).toMatch(
        /^1 analysed, since other\/src\/lib\.rs may install a handler/,
      );
      const symbol = `${files["other/src/lib.rs"]}#[no_mangle]\npub extern "C" fn malloc_hook() {}\n`;
      expect(await change("other/src/lib.rs", symbol)).toMatch(/^0 analysed, since other\/src\/lib\.rs may install/);
    });

    test("analyses a change of the lockfile that leads to a handler, and without the cache everything", async () => {
      const lock = files["Cargo.lock"].replace(entry("tool", ["other"]), entry("tool", ["other", "tick"]));
      writeFileSync(join(root, "tool/Cargo.toml"), own("tool", ["other", "tick"]));
      expect(await change("Cargo.lock", lock)).toMatch(
        /^0 analysed, since tool is among what handlers are compiled with/,
      );
      writeFileSync(join(root, "other/src/lib.rs"), harmless);
      const run = await diff("--no-cache");
      expect([run.code, run.stdout]).toEqual([0, expect.stringMatching(/analysed, since no cache is used/)]);
      git(root, "checkout", "-q", "--", ".");
      rmSync(cache, { recursive: true, force: true });
      expect(await change("other/src/lib.rs", harmless)).toBe(
        "0 analysed, since the base's closure is not in the cache",
      );
    });
  },
  600_000,
);
