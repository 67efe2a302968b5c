/**
 * Fixtures of names: whole small programs in one file, with what must be resolved written at the end of the line.
 *
 * `//# crate NAME key=value ..` begins a crate (edition, deps=name,alias:name, id, maybe, kind=proc-macro, procs), `//# file PATH` a
 * further file of it, `//# out PATH` a file that a build script would make. On a line: `//~ NAME -> TEXT` (NAME resolves to a path that holds
 * TEXT), `//~ NAME : TYPE`, `//~ NAME !! REASON` (not resolved, and why), `//~ problem REASON`, `//~ assumed PATH`.
 */
import { readdirSync, readFileSync } from "node:fs";
import type { Edition } from "../../src/syntax/ast.ts";
import type { CrateText } from "../calls/program-of.ts";

export interface FixtureCrate extends CrateText {
  readonly procMacro: boolean;
  /** What is in the build script's output directory. */
  readonly out: ReadonlyMap<string, string>;
}
export interface Claim {
  /** Crate by its place in the fixture, file by its path in the crate. */
  readonly crate: number;
  readonly file: string;
  /** From 1, in that file. */
  readonly line: number;
  readonly what: "->" | ":" | "!!" | "problem" | "assumed";
  readonly name: string;
  readonly said: string;
}
export interface Fixture {
  readonly name: string;
  readonly crates: readonly FixtureCrate[];
  readonly claims: readonly Claim[];
}

const folder: URL = new URL("../../fixtures/names/", import.meta.url);

/** All fixtures, by name. */
export function readFixtures(): Fixture[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".rs"));
  return files.sort().map((file) => readFixture(file.slice(0, -3), readFileSync(new URL(file, folder), "utf8")));
}

function readFixture(name: string, text: string): Fixture {
  const crates: (FixtureCrate & { text: string; files: Map<string, string>; out: Map<string, string> })[] = [];
  const claims: Claim[] = [];
  let write = (_line: string): void => undefined;
  const start = (options: readonly string[]): void => {
    const [own = name, ...rest] = options;
    const keys = new Map(rest.map((one) => [one.split("=")[0] ?? "", one.slice(one.indexOf("=") + 1)]));
    const list = (key: string): string[] => keys.get(key)?.split(",") ?? [];
    const id = keys.get("id");
    const made = {
      name: own,
      text: "",
      edition: (keys.get("edition") ?? "2021") as Edition,
      deps: list("deps"),
      maybe: list("maybe"),
      procMacros: list("procs"),
      procMacro: keys.get("kind") === "proc-macro",
      files: new Map<string, string>(),
      out: new Map<string, string>(),
      ...(id === undefined ? {} : { id }),
    };
    const crate = crates.push(made) - 1;
    write = (line) => {
      made.text += `${line}\n`;
      claims.push(...claimsOf(line, crate, "src/lib.rs", made.text.split("\n").length - 1));
    };
  };
  for (const line of text.trimEnd().split("\n")) {
    const [, directive, rest = ""] = /^\/\/# (crate|file|out) (.*)$/.exec(line) ?? [];
    const crate = crates.at(-1);
    if (directive === "crate") start(rest.trim().split(/\s+/));
    else if (directive !== undefined && crate !== undefined) {
      const files = directive === "file" ? crate.files : crate.out;
      const place = crates.length - 1;
      files.set(rest, "");
      write = (written) => {
        const before = files.get(rest) ?? "";
        files.set(rest, `${before}${written}\n`);
        claims.push(...claimsOf(written, place, rest, before.split("\n").length));
      };
    } else {
      if (crates.length === 0) start([name]);
      write(line);
    }
  }
  return { name, crates, claims };
}

function claimsOf(text: string, crate: number, file: string, line: number): Claim[] {
  return text
    .split("//~ ")
    .slice(1)
    .map((one): Claim => {
      const plain = /^(problem|assumed) (.+)$/.exec(one.trim());
      if (plain !== null) {
        const [, what, said = ""] = plain;
        return { crate, file, line, what: what as Claim["what"], name: "", said };
      }
      const found = /^(\S+) (->|:|!!) (.+)$/.exec(one.trim());
      if (found === null) throw new Error(`no claim: ${one}`);
      const [, name = "", what, said = ""] = found;
      return { crate, file, line, what: what as Claim["what"], name, said };
    });
}
