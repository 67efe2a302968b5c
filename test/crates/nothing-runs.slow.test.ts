/**
 * One attack each, and nothing else that could stop it: for every way in which reading a workspace could run something of it, a workspace that tries
 * that way alone. That each would run something is shown by cargo itself, called as nobody should. Needs cargo; skipped, and said so, without it.
 */
import { execFile, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { homedir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CrateError } from "../../src/crates/crate-error.ts";
import { loadWorkspace } from "../../src/crates/load-workspace.ts";
import { commitFiles } from "../support/git-repository.ts";
import { loadOptions } from "../support/load-options.ts";
import { tempFiles } from "../support/temp-files.ts";

const cargo: boolean = spawnSync("cargo", ["--version"]).status === 0;
const rustup: boolean = spawnSync("rustup", ["--version"]).status === 0;
if (!cargo) console.warn("SKIPPED: cargo is missing, so what it would run cannot be seen");
else if (!rustup) console.warn("SKIPPED: rustup is missing, so what rust-toolchain.toml names cannot be seen");

const own = '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n';
/** With a published crate: without one, nobody asks cargo. */
const manifest = `${own}[dependencies]\ncfg-if = "=1.0.0"\n`;
type Env = Readonly<Record<string, string | undefined>>;

interface Attack {
  readonly name: string;
  /** Plants it in a workspace; `run` is a program there that notes that it ran. Gives what joins the environment. */
  readonly plant: (root: string, run: string) => Env;
  /** Cargo as it must not be called: inside the workspace with the environment as it is. Null: it needs none to be seen. */
  readonly exposed?: "here" | "elsewhere";
  readonly if?: boolean;
  /** Cargo can only say no. */
  readonly refused?: boolean;
}

let server: Server | null = null;
/** A registry that wants to know who asks, and so makes cargo start a credential provider. */
let registry = "";
beforeAll(async () => {
  const made = createServer((_, response) => {
    response.writeHead(401, { "www-authenticate": 'Cargo login_url="http://127.0.0.1/"' }).end();
  });
  await new Promise<void>((done) => made.listen(0, "127.0.0.1", done));
  registry = `sparse+http://127.0.0.1:${(made.address() as AddressInfo).port}/`;
  server = made;
});
afterAll(() => server?.close());

function put(root: string, file: string, text: string): string {
  const full = path.join(root, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, text, { mode: 0o755 });
  return full;
}

const quoted = (text: string): string => JSON.stringify(text);
const configured = (name: string, text: (run: string) => string): Attack => ({
  name,
  exposed: "here",
  plant(root, run) {
    put(root, ".cargo/config.toml", text(run));
    return {};
  },
});
const wanting = (name: string, text: (run: string) => string, file = ".cargo/config.toml", env: Env = {}): Attack => ({
  name,
  exposed: "here",
  refused: true,
  plant(root, run) {
    put(root, "Cargo.toml", `${own}[dependencies]\np = { version = "1", registry = "private" }\n`);
    put(root, ".cargo/config.toml", `[registries.private]\nindex = "${registry}"\n`);
    put(root, file, `[registries.private]\nindex = "${registry}"\n${text(run)}`);
    return Object.fromEntries(Object.entries(env).map(([key, value]) => [key, path.join(root, value ?? "")]));
  },
});
/** What the user's own configuration says counts for the user's builds, and not here. */
const atHome = (key: string): Attack => ({
  name: `${key} of the user's own configuration`,
  exposed: "elsewhere",
  plant: (_, run) => ({ CARGO_HOME: home(`[build]\n${key} = ${quoted(run)}\n`) }),
});

/** A CARGO_HOME with a configuration, and with the downloads of the real one. */
function home(config: string): string {
  const made = tempFiles({ "config.toml": config });
  const real = process.env["CARGO_HOME"] ?? path.join(homedir(), ".cargo");
  if (existsSync(path.join(real, "registry"))) symlinkSync(path.join(real, "registry"), path.join(made, "registry"));
  return made;
}

const attacks: readonly Attack[] = [
  configured("build.rustc-wrapper", (run) => `[build]\nrustc-wrapper = ${quoted(run)}\n`),
  configured("build.rustc", (run) => `[build]\nrustc = ${quoted(run)}\n`),
  configured("build.rustc-workspace-wrapper", (run) => `[build]\nrustc-workspace-wrapper = ${quoted(run)}\n`),
  atHome("rustc-wrapper"),
  atHome("rustc"),
  atHome("rustc-workspace-wrapper"),
  wanting("credential-provider of a registry", (run) => `credential-provider = [${quoted(run)}]\n`),
  wanting("global credential providers", (run) => `[registry]\nglobal-credential-providers = [${quoted(run)}]\n`),
  wanting("a credential alias", (run) => `credential-provider = ["x"]\n[credential-alias]\nx = [${quoted(run)}]\n`),
  wanting("a CARGO_HOME inside", (run) => `credential-provider = [${quoted(run)}]\n`, "home/config.toml", {
    CARGO_HOME: "home",
  }),
  {
    name: "rust-toolchain.toml",
    exposed: "here",
    if: rustup,
    plant(root, run) {
      put(root, "rust-toolchain.toml", `[toolchain]\npath = ${quoted(path.join(root, "toolchain"))}\n`);
      put(root, "toolchain/bin/cargo", readFileSync(run, "utf8"));
      return {};
    },
  },
  {
    name: "a cargo first on PATH",
    exposed: "here",
    plant(root, run) {
      const bin = path.dirname(put(root, "node_modules/.bin/cargo", readFileSync(run, "utf8")));
      return { PATH: `${bin}:${process.env["PATH"]}` };
    },
  },
  {
    name: "a cargo that a link on PATH leads to",
    exposed: "here",
    plant(_, run) {
      const bin = tempFiles({});
      symlinkSync(run, path.join(bin, "cargo"));
      return { PATH: `${bin}:${process.env["PATH"]}` };
    },
  },
  {
    name: "a rustc that a link on PATH leads to",
    exposed: "here",
    plant(_, run) {
      const bin = tempFiles({});
      symlinkSync(run, path.join(bin, "rustc"));
      return { PATH: `${bin}:${process.env["PATH"]}` };
    },
  },
  {
    name: "a git first on PATH that cargo would fetch with",
    exposed: "here",
    plant(root, run) {
      const bin = path.dirname(put(root, "node_modules/.bin/git", readFileSync(run, "utf8")));
      put(root, "Cargo.toml", `${own}[dependencies]\np = { git = "file://${dependency()}" }\n`);
      const home = tempFiles({});
      return { PATH: `${bin}:${process.env["PATH"]}`, CARGO_NET_GIT_FETCH_WITH_CLI: "true", CARGO_HOME: home };
    },
  },
  {
    name: "a cargo that CARGO names",
    plant: (root, run) => ({ CARGO: put(root, "node_modules/.bin/cargo", readFileSync(run, "utf8")) }),
  },
  {
    name: "a toolchain that RUSTUP_TOOLCHAIN names by its path",
    exposed: "here",
    if: rustup,
    plant(root, run) {
      put(root, "toolchain/bin/cargo", readFileSync(run, "utf8"));
      return { RUSTUP_TOOLCHAIN: path.join(root, "toolchain") };
    },
  },
];

function dependency(): string {
  const files = { "Cargo.toml": own.replace("app", "p"), "src/lib.rs": "" };
  const root = tempFiles({});
  commitFiles(root, files);
  return root;
}

/** A workspace with one attack planted, and how to see whether it ran. */
function planted(attack: Attack): { readonly root: string; readonly env: Env; readonly ran: () => string } {
  const log = path.join(tempFiles({}), "ran");
  const root = tempFiles({ "Cargo.toml": manifest, "src/lib.rs": "" });
  const run = put(root, "run.sh", `#!/bin/sh\necho "$0 $@" >> ${log}\nexit 1\n`);
  chmodSync(run, 0o755);
  const more = attack.plant(root, run);
  // A build of a crate before this one may have kept what rustc said; nothing of this test's own variables either.
  const env = { ...process.env, CARGO_CACHE_RUSTC_INFO: "0", ...more };
  return { root, env, ran: () => (existsSync(log) ? readFileSync(log, "utf8") : "") };
}

describe.runIf(cargo).each(attacks.filter((one) => one.if !== false))("$name", (attack) => {
  test("runs nothing", { timeout: 120_000 }, async () => {
    const { root, env, ran } = planted(attack);
    const ended = await loadWorkspace(loadOptions(root, { env })).then(
      ({ origin }) => origin,
      (error: unknown) => error,
    );
    expect(ran()).toBe("");
    // Cargo was asked: there was an occasion.
    if (attack.refused === true) expect(String((ended as CrateError).detail)).toMatch(/require a credential-provider/);
    else expect(ended).toBe("cargo");
  });

  test.runIf(attack.exposed !== undefined)(
    "would run where cargo is called carelessly",
    { timeout: 120_000 },
    async () => {
      const { root, env, ran } = planted(attack);
      const cwd = attack.exposed === "here" ? root : tempFiles({});
      const args = ["metadata", "--format-version", "1", "--filter-platform", "x86_64-unknown-linux-gnu"];
      const command = [...args, "--manifest-path", path.join(root, "Cargo.toml")];
      await promisify(execFile)("cargo", command, { cwd, env: env as NodeJS.ProcessEnv }).catch(() => null);
      expect(ran()).not.toBe("");
    },
  );
});

/** Rustup would download a toolchain that the user's settings name and that is not there. */
test.runIf(cargo && rustup)("no toolchain is downloaded", { timeout: 120_000 }, async () => {
  const asked: string[] = [];
  const proxy = createServer().on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    socket.end("HTTP/1.1 502 no\r\n\r\n");
  });
  await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
  const root = tempFiles({ "Cargo.toml": manifest, "src/lib.rs": "" });
  const settings = 'version = "12"\nprofile = "minimal"\ndefault_toolchain = "1.0.0-x86_64-unknown-linux-gnu"\n';
  const env = {
    ...process.env,
    RUSTUP_HOME: tempFiles({ "settings.toml": settings }),
    RUSTUP_TOOLCHAIN: undefined,
    RUSTUP_DIST_SERVER: undefined,
    RUSTUP_AUTO_INSTALL: "1",
    NO_PROXY: undefined,
    no_proxy: undefined,
    https_proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
  };
  const ended = await loadWorkspace(loadOptions(root, { env })).catch((error: unknown) => error);
  expect(asked).toEqual([]);
  expect(String((ended as CrateError).detail)).toMatch(/is not installed/);
  await promisify(execFile)("cargo", ["metadata"], { cwd: root, env: env as NodeJS.ProcessEnv }).catch(() => null);
  expect(asked).toContain("static.rust-lang.org:443");
  proxy.close();
});
