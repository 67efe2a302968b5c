/**
 * Starts cargo, and is the only place that starts anything for reading a workspace.
 *
 * Invariant 1: nothing of the analysed project ever runs. Cargo runs `build.rustc-wrapper` and `build.rustc` of any
 * configuration it finds from its working directory, and rustup obeys `rust-toolchain.toml` there. So: an empty
 * working directory outside the project with nothing of the kind above it, an allow-list of environment variables,
 * `RUSTC` and the wrappers pinned by environment (which beats every configuration file), programs looked up on the
 * part of PATH that lies outside the project (`npx` puts the project's node_modules/.bin first), and a private
 * CARGO_HOME where the real one lies inside the project. Kept by test/crates/cargo-process.slow.test.ts.
 */
import { spawn } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, isAbsolute, join, resolve, sep } from "node:path";
import { ancestors } from "./cargo-config.ts";
import type { Environment } from "./compile-flags.ts";
import { CrateError } from "./crate-error.ts";
import type { Scratch } from "./scratch.ts";

export interface Cargo {
  readonly binary: string;
  readonly env: Environment;
  /** The empty directory it is started in. */
  readonly cwd: string;
  /** The user's own CARGO_HOME; `env` may name a private one instead. */
  readonly home: string;
  /** False where CARGO_HOME lies inside the project: then its configuration is the project's. */
  readonly homeIsTrusted: boolean;
  /** Turns a path below the private CARGO_HOME into the real one. */
  readonly realPath: (path: string) => string;
}

export interface CargoRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunLimits {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 15 * 60_000;
const maxOutputBytes = 400 * 1024 * 1024;

/** Finds cargo; `null` where there is none. `workspaceRoot` is what must not be trusted; `null` for a published crate. */
export function openCargo(env: Environment, workspaceRoot: string | null, scratch: Scratch): Cargo | null {
  const project = workspaceRoot === null ? null : projectRoot(workspaceRoot);
  const path = (env["PATH"] ?? env["Path"] ?? "")
    .split(delimiter)
    .filter((entry) => isAbsolute(entry) && !isInside(entry, project))
    .join(delimiter);
  const binary = chosenCargo(env, project) ?? findProgram("cargo", path, project);
  if (binary === null) return null;
  const home = cargoHome(env);
  const homeIsTrusted = trustedCargoHome(env, workspaceRoot) !== null;
  const usedHome = homeIsTrusted ? home : privateHome(home, scratch);
  const rustc = findProgram("rustc", path, project);
  return {
    binary,
    cwd: scratch.directory("empty"),
    home,
    homeIsTrusted,
    realPath: (one) => (homeIsTrusted || !one.startsWith(usedHome + sep) ? one : home + one.slice(usedHome.length)),
    env: {
      ...allowed(env),
      PATH: path,
      CARGO_HOME: usedHome,
      ...(rustc === null ? {} : { RUSTC: rustc }),
      RUSTC_WRAPPER: "",
      RUSTC_WORKSPACE_WRAPPER: "",
      RUSTUP_AUTO_INSTALL: "0",
      CARGO_TERM_COLOR: "never",
      CARGO_TERM_PROGRESS_WHEN: "never",
      GIT_TERMINAL_PROMPT: "0",
    },
  };
}

/** Where cargo keeps registries: `CARGO_HOME`, or `.cargo` in the home directory. */
export function cargoHome(env: Environment): string {
  const set = env["CARGO_HOME"];
  return set !== undefined && set !== "" ? resolve(set) : join(env["HOME"] ?? homedir(), ".cargo");
}

/** CARGO_HOME, unless it lies inside the project (as in some CI caches): then its configuration is the project's. */
export function trustedCargoHome(env: Environment, workspaceRoot: string | null): string | null {
  const home = cargoHome(env);
  return workspaceRoot !== null && isInside(home, projectRoot(workspaceRoot)) ? null : home;
}

/** Runs cargo with an argument vector. A failure of cargo is a result, not an exception. */
export async function runCargo(cargo: Cargo, args: readonly string[], limits: RunLimits = {}): Promise<CargoRun> {
  const first = await start(cargo.binary, args, cargo.cwd, cargo.env, limits);
  // rustup without a default toolchain, where the project's own rust-toolchain.toml would have chosen one.
  if (first.code === 0 || !/no default is configured|no default toolchain/u.test(first.stderr)) return first;
  const installed = installedToolchain(cargo.env);
  if (installed === null) return first;
  return await start(cargo.binary, args, cargo.cwd, { ...cargo.env, RUSTUP_TOOLCHAIN: installed }, limits);
}

/** True where `path`, links resolved, is `root` or lies below it. */
export function isInside(path: string, root: string | null): boolean {
  if (root === null) return false;
  const [inner, outer] = [real(path), real(root)];
  return inner === outer || inner.startsWith(outer.endsWith(sep) ? outer : outer + sep);
}

/** The repository around the workspace, or the workspace itself. */
export function projectRoot(workspaceRoot: string): string {
  return ancestors(workspaceRoot).find((directory) => existsSync(join(directory, ".git"))) ?? workspaceRoot;
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/** `SIGSAFE_CARGO` is the user's word; `CARGO` is set by cargo for its subcommands. */
function chosenCargo(env: Environment, project: string | null): string | null {
  const own = env["SIGSAFE_CARGO"];
  if (own !== undefined && own !== "") {
    if (isAbsolute(own) && isExecutable(own)) return own;
    throw new CrateError(`SIGSAFE_CARGO is not an executable file given by its absolute path: ${own}`);
  }
  const parent = env["CARGO"];
  if (parent === undefined || !isAbsolute(parent) || isInside(parent, project)) return null;
  return /^cargo(\.exe)?$/u.test(basename(parent)) && isExecutable(parent) ? parent : null;
}

function findProgram(name: string, path: string, project: string | null): string | null {
  const endings = process.platform === "win32" ? [".exe"] : [""];
  for (const directory of path.split(delimiter).filter(Boolean)) {
    for (const ending of endings) {
      const file = join(directory, name + ending);
      if (isExecutable(file) && !isInside(file, project)) return file;
    }
  }
  return null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const allowedNames: ReadonlySet<string> = new Set(
  `HOME USER LOGNAME TMPDIR TEMP TMP LANG LC_ALL RUSTUP_HOME SSH_AUTH_SOCK SSL_CERT_FILE SSL_CERT_DIR
   HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY http_proxy https_proxy all_proxy no_proxy
   SYSTEMROOT SYSTEMDRIVE WINDIR COMSPEC PATHEXT USERPROFILE APPDATA LOCALAPPDATA PROGRAMDATA PROGRAMFILES`.split(
    /\s+/u,
  ),
);

/** Where registries are and how to reach them; never what to compile with, nor what program gives credentials. */
const allowedPattern =
  /^CARGO_(HTTP_[A-Z_]+|NET_(OFFLINE|RETRY|GIT_FETCH_WITH_CLI)|REGISTRY_(DEFAULT|INDEX|TOKEN)|REGISTRIES_[A-Z0-9_]+_(INDEX|TOKEN|PROTOCOL)|RESOLVER_[A-Z_]+)$/u;

function allowed(env: Environment): Environment {
  const result: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(env)) {
    const key = process.platform === "win32" ? name.toUpperCase() : name;
    if (value !== undefined && (allowedNames.has(key) || allowedPattern.test(name))) result[name] = value;
  }
  // A toolchain's name, as `cargo +name` sets it; a path could be the project's.
  const toolchain = env["RUSTUP_TOOLCHAIN"];
  if (toolchain !== undefined && /^[\w.+-]+$/u.test(toolchain)) result["RUSTUP_TOOLCHAIN"] = toolchain;
  return result;
}

/** A CARGO_HOME with the real one's downloads and none of its configuration. */
function privateHome(home: string, scratch: Scratch): string {
  const directory = scratch.directory("cargo-home");
  for (const name of ["registry", "git"]) {
    mkdirSync(join(home, name), { recursive: true });
    symlinkSync(join(home, name), join(directory, name));
  }
  return directory;
}

function installedToolchain(env: Environment): string | null {
  const home = env["RUSTUP_HOME"] ?? join(env["HOME"] ?? homedir(), ".rustup");
  try {
    const names = readdirSync(join(home, "toolchains")).filter((name) => /^[\w.+-]+$/u.test(name));
    names.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    return (
      names.find((name) => name.startsWith("stable")) ??
      names.filter((name) => /^\d/u.test(name)).pop() ??
      names[0] ??
      null
    );
  } catch {
    return null;
  }
}

function start(
  binary: string,
  args: readonly string[],
  cwd: string,
  env: Environment,
  limits: RunLimits,
): Promise<CargoRun> {
  return new Promise((done, fail) => {
    const child = spawn(binary, args, {
      cwd,
      env: env as NodeJS.ProcessEnv,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
      timeout: limits.timeoutMs ?? defaultTimeoutMs,
      killSignal: "SIGKILL",
      ...(limits.signal === undefined ? {} : { signal: limits.signal }),
    });
    const collected: Record<"stdout" | "stderr", Buffer[]> = { stdout: [], stderr: [] };
    let bytes = 0;
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxOutputBytes) child.kill("SIGKILL");
        else collected[stream].push(chunk);
      });
    }
    child.on("error", (error) => {
      if (limits.signal?.aborted) fail(error);
      else fail(new CrateError(`cargo could not be started: ${error.message}`, { file: binary }));
    });
    child.on("close", (code, killedBy) => {
      if (bytes > maxOutputBytes) {
        fail(
          new CrateError("cargo printed more than 400 MB: the workspace is too large", {
            help: "select packages with -p",
          }),
        );
      } else if (code === null) {
        fail(new CrateError(`cargo was ended by ${killedBy ?? "a signal"} (time limit: 15 minutes)`));
      } else {
        const text = (stream: "stdout" | "stderr"): string => Buffer.concat(collected[stream]).toString("utf8");
        done({ code, stdout: text("stdout"), stderr: text("stderr") });
      }
    });
  });
}
