/**
 * One temporary directory for one load, removed afterwards and at exit.
 *
 * It must lie where cargo, started in it, finds no configuration of anybody's: no `.cargo/config.toml` and no
 * `rust-toolchain` in it or above it (a shared /tmp may hold a stranger's), save the user's own CARGO_HOME.
 */
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { ancestors, configIn } from "./cargo-config.ts";
import { CrateError } from "./crate-error.ts";

export interface Scratch {
  readonly root: string;
  /** Makes and returns a directory of that name. */
  readonly directory: (name: string) => string;
  readonly remove: () => void;
}

const open = new Set<string>();
let hooked = false;

/** Makes the directory. `trustedHome`, a CARGO_HOME, is the only place whose configuration may be seen from it. */
export function openScratch(trustedHome: string | null): Scratch {
  const candidates = [tmpdir(), join(homedir(), ".cache"), homedir()].filter((one) => existsSync(one));
  const free = candidates.filter((one) => configurationAbove(one, trustedHome) === null);
  const [first] = candidates;
  if (free.length === 0 && first !== undefined) {
    throw new CrateError("no temporary directory is free of cargo configuration", {
      help: `remove ${configurationAbove(first, trustedHome)}, or set TMPDIR to a directory without one above it`,
    });
  }
  const root = firstMade(free);
  open.add(root);
  if (!hooked) {
    hooked = true;
    process.on("exit", () => {
      for (const one of open) rmSync(one, { recursive: true, force: true });
    });
  }
  return {
    root,
    directory: (name) => {
      const path = join(root, name);
      mkdirSync(path, { recursive: true });
      return path;
    },
    remove: () => {
      open.delete(root);
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A new directory in the first of these that takes one. */
function firstMade(parents: readonly string[]): string {
  for (const parent of parents) {
    try {
      return realpathSync(mkdtempSync(join(parent, "sigsafe-lint-")));
    } catch {
      // It cannot be written to: the next.
    }
  }
  const help = "set TMPDIR to a directory that is there and can be written to";
  throw new CrateError("there is no directory for temporary files", { help });
}

function configurationAbove(directory: string, trustedHome: string | null): string | null {
  for (const one of ancestors(realpathSync(directory))) {
    const config = configIn(join(one, ".cargo"));
    const trusted = trustedHome !== null && config !== null && dirname(config) === resolve(trustedHome);
    if (config !== null && !trusted) return config;
    for (const name of ["rust-toolchain", "rust-toolchain.toml"]) {
      if (existsSync(join(one, name))) return join(one, name);
    }
  }
  return null;
}
