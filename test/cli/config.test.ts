/** The configuration file: what it takes, what it refuses and how; flags win; the JSON Schema knows the same keys. */
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../src/base/package-file.ts";
import { CONFIG_KEYS, loadConfig, readConfig } from "../../src/cli/config.ts";
import { withOutputFlags, withWorkspaceFlags } from "../../src/cli/run-options.ts";
import { type Flags, readSettings, type Settings } from "../../src/cli/settings.ts";
import { tempFiles } from "../support/temp-files.ts";

const manifest = '[package]\nname = "a"\nversion = "0.1.0"\nedition = "2021"\n';

describe("sigsafe.toml", () => {
  test("gives settings and entries with their lines", () => {
    const config = readConfig(
      'fail-on = "warning"\nmax-blind-spots = 3\nstrict-posix = true\ntargets = ["aarch64-unknown-linux-gnu"]\n\n[[allow]]\nrule = "lock-wait"\n[[allow]]\nrule = "heap-free"\n\n[[handler]]\nfunction = "a::b"\n',
      "/w/sigsafe.toml",
    );
    expect(config).toMatchObject({ failOn: "warning", maxBlindSpots: 3, strictPosix: true });
    expect(config.targets).toEqual(["aarch64-unknown-linux-gnu"]);
    expect(config.allow.map((one) => [one.table["rule"], one.line])).toEqual([
      ["lock-wait", 6],
      ["heap-free", 8],
    ]);
    expect(config.handlers.map((one) => [one.table["function"], one.line])).toEqual([["a::b", 11]]);
  });

  const refused: readonly (readonly [string, RegExp, RegExp | null])[] = [
    ['\nfail_on = "error"\n', /unknown key `fail_on`\n {2}--> \/w\/sigsafe\.toml:2/, /did you mean `fail-on`/],
    ["max-blindspots = 1\n", /unknown key `max-blindspots`/, /did you mean `max-blind-spots`/],
    ["[[allows]]\n", /unknown key `allows`\n.*:1/, /did you mean `allow`/],
    ["zzz = 1\n", /unknown key `zzz`/, /known keys: fail-on, /],
    ['fail-on = "errors"\n', /`fail-on` must be one of "error", "warning"/, null],
    ["max-blind-spots = -1\n", /`max-blind-spots` must be a number/, null],
    ["max-blind-spots = 1.5\n", /must be a number/, null],
    ['strict-posix = "yes"\n', /must be true or false/, null],
    ['\nrules = ["gone.json"]\n', /the rule pack `gone\.json` cannot be read\n {2}--> \/w\/sigsafe\.toml:2/, null],
    ["targets = [1]\n", /`targets` must be a text/, null],
    ['[allow]\nrule = "x"\n', /`allow` must be written as `\[\[allow\]\]`\n.*:1/, null],
    ["__proto__ = 1\n", /unknown key `__proto__`/, null],
  ];
  for (const [text, message, help] of refused) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      const error = errorOf(() => readConfig(text, "/w/sigsafe.toml"));
      expect(error.message).toMatch(message);
      if (help !== null) expect(error.help).toMatch(help);
    });
  }

  test("that is no TOML is refused with its line", () => {
    expect(errorOf(() => readConfig("a = \n", "/w/sigsafe.toml"))).toMatchObject({ line: 1 });
  });
});

describe("where it stands", () => {
  test("beside the root manifest, in the manifest's metadata, or where --config says", () => {
    expect(loadConfig(tempFiles({ "Cargo.toml": manifest }), null, "/")).toMatchObject({ file: null, allow: [] });
    const beside = tempFiles({ "Cargo.toml": manifest, "sigsafe.toml": 'fail-on = "note"\n' });
    expect(loadConfig(beside, null, "/")).toMatchObject({ failOn: "note", file: join(beside, "sigsafe.toml") });
    const metadata =
      '[workspace]\n[workspace.metadata.sigsafe]\nfail-on = "never"\n[[workspace.metadata.sigsafe.allow]]\n';
    const inside = loadConfig(tempFiles({ "Cargo.toml": metadata }), null, "/");
    expect([inside.failOn, inside.allow[0]?.line]).toEqual(["never", 4]);
    const own = tempFiles({ "Cargo.toml": `${manifest}[package.metadata.sigsafe]\nprofile = "dev"\n` });
    expect(loadConfig(own, null, "/")).toMatchObject({ profile: "dev" });
    expect(loadConfig(own, "sigsafe.toml", beside)).toMatchObject({ failOn: "note" });
  });

  test("two at once, or a file of --config that is not there, are errors", () => {
    const both = tempFiles({
      "Cargo.toml": `${manifest}[package.metadata.sigsafe]\nfail-on = "error"\n`,
      "sigsafe.toml": "",
    });
    expect(errorOf(() => loadConfig(both, null, "/")).message).toMatch(/two configurations/);
    expect(errorOf(() => loadConfig(both, "none.toml", both)).message).toMatch(/--config cannot be read/);
  });

  test("what is there and cannot be read is an error, not a configuration that says nothing", () => {
    const place = tempFiles({ "Cargo.toml": manifest });
    symlinkSync("gone.toml", join(place, "sigsafe.toml"));
    expect(errorOf(() => loadConfig(place, null, "/")).message).toMatch(/^sigsafe\.toml is a link that leads nowhere/);
    const folder = tempFiles({ "Cargo.toml": manifest, "sigsafe.toml/x": "" });
    expect(errorOf(() => loadConfig(folder, null, "/")).message).toMatch(/^sigsafe\.toml is no file/);
    const latin1 = tempFiles({ "Cargo.toml": manifest, "sigsafe.toml": Buffer.from("# \u00e9", "latin1") });
    expect(errorOf(() => loadConfig(latin1, null, "/")).message).toMatch(/^sigsafe\.toml is not UTF-8/);
    const large = tempFiles({ "Cargo.toml": manifest, "sigsafe.toml": "#".repeat(5 << 20) });
    expect(errorOf(() => loadConfig(large, null, "/")).message).toMatch(/^sigsafe\.toml is larger than 4 MB/);
  });

  test("an unknown key of a manifest's metadata is told with its line there", () => {
    const root = tempFiles({ "Cargo.toml": `${manifest}\n[package.metadata.sigsafe]\nfail-onn = "error"\n` });
    expect(errorOf(() => loadConfig(root, null, "/")).message).toMatch(/unknown key `fail-onn`\n.*Cargo\.toml:7$/);
  });
});

test("flags that were written win over the configuration, and it over defaults", () => {
  const root = tempFiles({
    "Cargo.toml": manifest,
    "src/lib.rs": "",
    "sigsafe.toml": 'fail-on = "note"\nprofile = "dev"\ntargets = ["a-b-c"]\nfault-errors = "error"\n',
  });
  const plain = settingsOf([], root);
  expect(plain.flags).toMatchObject({ failOn: "note", profile: "dev", target: ["a-b-c"], format: "text" });
  expect(plain.config.faultErrors).toBe("error");
  const levels = '[fault-errors]\ndefault = "warning"\nmy-crate = "error"\n';
  expect(readConfig(levels, "sigsafe.toml")).toMatchObject({
    faultErrors: "warning",
    faultErrorsOf: { "my-crate": "error" },
  });
  expect(() => readConfig('[fault-errors]\nmy-crate = "note"\n', "sigsafe.toml")).toThrow(/one of/u);
  const given = settingsOf(["--fail-on", "error", "--profile", "release", "--target", "x"], root);
  expect(given.flags).toMatchObject({ failOn: "error", profile: "release", target: ["x"] });
});

test("the JSON Schema knows the same keys", () => {
  const schema = JSON.parse(readFileSync(packageFile("schemas/config.schema.json"), "utf8"));
  expect(Object.keys(schema.properties).sort()).toEqual([...CONFIG_KEYS].sort());
  expect(schema.additionalProperties).toBe(false);
});

function settingsOf(args: readonly string[], cwd: string): Settings {
  const command = withOutputFlags(withWorkspaceFlags(new Command("check"))).parse(args, { from: "user" });
  return readSettings(command.opts<Flags>(), command, cwd, "workspace");
}

function errorOf(run: () => unknown): { readonly message: string; readonly help?: string; readonly line?: number } {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was refused");
}
