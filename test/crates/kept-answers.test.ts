/**
 * Cargo's answers kept from run to run: used again where nothing changed that decides them, and asked for anew after each change that may.
 * A script stands in for cargo; `kept-answers.slow.test.ts` has the real one.
 */
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { AnswerStore, KeptAnswer } from "../../src/crates/kept-answers.ts";
import type { LoadOptions } from "../../src/crates/load-job.ts";
import { loadWorkspace } from "../../src/crates/load-workspace.ts";
import { loadOptions } from "../support/load-options.ts";
import { tempFiles } from "../support/temp-files.ts";

const manifest = '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\ndep = "1"\n';

/** A machine with a workspace, a registry and a cargo that writes down what it is asked. */
function machine(): { readonly top: string; readonly root: string; readonly store: Map<string, KeptAnswer> } {
  const top = tempFiles({
    "ws/Cargo.toml": manifest,
    "ws/Cargo.lock": "version = 4\n",
    "ws/src/main.rs": "fn main() {}",
    "registry/dep/Cargo.toml": '[package]\nname = "dep"\nversion = "1.0.0"\n',
    "registry/dep/src/lib.rs": "",
    "rustup/settings.toml": 'default_toolchain = "stable"\n',
    "rustup/toolchains/stable/bin/rustc": "",
    "home/config.toml": "",
    "bin/cargo": "",
    "more/on-run": "",
  });
  const root = join(top, "ws");
  const packageIn = (name: string, folder: string, source: string | null, kind: string): unknown => {
    const src_path = join(folder, kind === "bin" ? "src/main.rs" : "src/lib.rs");
    const targets = [{ kind: [kind], crate_types: [kind], name, src_path, edition: "2021" }];
    const dependencies = source === null ? [{ name: "dep", kind: null, target: null, source: "registry+x" }] : [];
    const manifest_path = join(folder, "Cargo.toml");
    return { id: name, name, version: "1.0.0", source, manifest_path, targets, features: {}, dependencies };
  };
  const metadata = {
    packages: [packageIn("app", root, null, "bin"), packageIn("dep", join(top, "registry/dep"), "registry+x", "lib")],
    resolve: {
      nodes: [
        { id: "app", deps: [{ name: "dep", pkg: "dep", dep_kinds: [{ kind: null, target: null }] }] },
        { id: "dep", deps: [] },
      ],
    },
    workspace_members: ["app"],
    workspace_root: root,
  };
  writeFileSync(join(top, "metadata.json"), JSON.stringify(metadata));
  const answers = `case "$1" in\nmetadata) cat ${top}/metadata.json;;\ntree) printf 'app v1.0.0\\t\\t\\ndep v1.0.0\\t\\t\\n';;\nesac\n`;
  writeFileSync(join(top, "bin/cargo"), `#!/bin/sh\necho "$1" >> ${top}/asked\n. ${top}/more/on-run\n${answers}`);
  chmodSync(join(top, "bin/cargo"), 0o755);
  return { top, root, store: new Map() };
}

/** What cargo is asked in one run. */
async function asked(
  { top, root, store }: ReturnType<typeof machine>,
  more: Partial<LoadOptions> = {},
): Promise<string[]> {
  const env = {
    PATH: process.env["PATH"],
    HOME: top,
    CARGO_HOME: join(top, "home"),
    RUSTUP_HOME: join(top, "rustup"),
    SIGSAFE_CARGO: join(top, "bin/cargo"),
    ...more.env,
  };
  const answers: AnswerStore = {
    read: (key) => store.get(key) ?? null,
    write: (key, answer) => void store.set(key, structuredClone(answer)),
  };
  const log = join(top, "asked");
  rmSync(log, { force: true });
  const workspace = await loadWorkspace(loadOptions(root, { answers: () => answers, ...more, env }));
  expect(workspace.packages.map((one) => one.id)).toEqual(["app@1.0.0", "dep@1.0.0"]);
  return existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
}

const all = ["metadata", "tree"];

test("a second run needs no cargo, whatever sources hold", async () => {
  const here = machine();
  expect(await asked(here)).toEqual(all);
  expect(await asked(here)).toEqual([]);
  writeFileSync(join(here.root, "src/main.rs"), "fn main() { other(); }");
  expect(await asked(here)).toEqual([]);
});

const changes: Readonly<Record<string, (top: string) => void>> = {
  "the manifest": (top) => appendFileSync(join(top, "ws/Cargo.toml"), "# more\n"),
  "Cargo.lock": (top) => appendFileSync(join(top, "ws/Cargo.lock"), "\n"),
  "a program beside the manifest": (top) => {
    writeFileSync(placeIn(top, "ws/src/bin/second.rs"), "fn main() {}");
  },
  "the workspace's configuration": (top) => {
    writeFileSync(placeIn(top, "ws/.cargo/config.toml"), '[registries.x]\nindex = "sparse+https://x.invalid/"\n');
  },
  "the user's configuration": (top) => writeFileSync(join(top, "home/config.toml"), "[net]\nretry = 3\n"),
  "a dependency's manifest": (top) => appendFileSync(join(top, "registry/dep/Cargo.toml"), "# more\n"),
  "cargo itself": (top) => appendFileSync(join(top, "bin/cargo"), "# more\n"),
  "the toolchain that is chosen": (top) => writeFileSync(join(top, "rustup/settings.toml"), ""),
  "a toolchain": (top) => writeFileSync(join(top, "rustup/toolchains/stable/bin/rustc"), "newer"),
};

test.each(Object.entries(changes))("asks again after a change of %s", async (_, change) => {
  const here = machine();
  await asked(here);
  change(here.top);
  expect(await asked(here)).toEqual(all);
  expect(await asked(here)).toEqual([]);
});

test("other flags and another environment are other questions", async () => {
  const here = machine();
  await asked(here);
  expect(await asked(here, { targets: ["aarch64-unknown-linux-gnu"] })).toEqual(all);
  expect(await asked(here, { allFeatures: true })).toEqual(all);
  expect(await asked(here, { env: { CARGO_NET_RETRY: "9" } })).toEqual(all);
  expect(await asked(here)).toEqual([]);
});

test("an answer that something changed during is not kept", async () => {
  const here = machine();
  writeFileSync(join(here.top, "more/on-run"), `echo "# $$" >> ${here.root}/Cargo.toml`);
  await asked(here);
  expect(here.store.size).toBe(0);
});

test("an answer that failed is not kept", async () => {
  const here = machine();
  writeFileSync(join(here.top, "more/on-run"), "echo 'error: no' >&2; exit 101");
  await expect(asked(here)).rejects.toThrow("cargo could not read the workspace");
  expect(here.store.size).toBe(0);
});

test("what is kept and cannot be read is asked for anew", async () => {
  const here = machine();
  await asked(here);
  for (const [key, answer] of here.store)
    if (answer.run.stdout.startsWith("{")) here.store.set(key, { ...answer, run: { ...answer.run, stdout: "{}" } });
  expect(await asked(here)).toEqual(["metadata"]);
  expect(await asked(here)).toEqual([]);
});

test("without a lockfile, and where configuration puts other packages in, cargo is asked each time", async () => {
  const here = machine();
  writeFileSync(placeIn(here.top, "ws/.cargo/config.toml"), '[patch.crates-io]\nother = { path = "/nowhere" }\n');
  expect(await asked(here)).toEqual(all);
  expect(await asked(here)).toEqual(all);
  rmSync(join(here.root, ".cargo"), { recursive: true });
  rmSync(join(here.root, "Cargo.lock"));
  await asked(here);
  expect(await asked(here)).toEqual(all);
  expect(here.store.size).toBe(0);
});

/** A path whose directory is there. */
function placeIn(top: string, file: string): string {
  mkdirSync(dirname(join(top, file)), { recursive: true });
  return join(top, file);
}
