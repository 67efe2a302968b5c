/**
 * The reader of the cache: mutated entries under their right key and hash, as whoever writes to the directory or restores an archive of it
 * could make them, read back and used as a run would: a result of a program in a report, a closure by `diff`. One in sixteen is
 * written as it stands, without a header.
 */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { deflateRawSync } from "node:zlib";
import { findClosure } from "../../src/cli/closure-record.ts";
import { renderReport } from "../../src/cli/formats.ts";
import { type KnownProgram, openProgramCache } from "../../src/cli/program-cache.ts";
import { FORMATS } from "../../src/cli/run-options.ts";
import { touching } from "../../src/cli/untouched.ts";
import { loadWorkspace } from "../../src/crates/load-workspace.ts";
import { openCacheStore } from "../../src/load/cache-store.ts";
import { assembleReport } from "../../src/safety/assemble-report.ts";
import type { Report } from "../../src/safety/report-model.ts";
import { loadOptionsBase } from "./program.ts";
import { filesOf } from "./seeds.ts";

const options = { strictPosix: false, forkEntries: false, faultLowers: true };

/** Entries as they are kept, not compressed: a result of a program, and a closure. */
export function cacheSeeds(): readonly string[] {
  const results = filesOf("test/report/stored", "deadlock.json").map((text) => JSON.stringify(storedOf(parsed(text))));
  const around = [{ name: "app", folder: "", deps: ["libc"] }];
  const record = { packages: ["app"], words: ["sigaction", "signal"], around };
  return [...results, JSON.stringify(record), JSON.stringify({ ...record, around: [] })];
}

/** What a run keeps of the first program of a report. */
export function storedOf(report: Report): KnownProgram & { readonly others: readonly unknown[] } {
  const [program] = report.programs;
  if (program === undefined) throw new Error("a report without a program");
  const at = { package: "app@0.1.0", file: "src/main.rs", line: 3 };
  const scope = { k: "lines", package: "app@0.1.0", file: "src/main.rs", from: 1, to: 9 } as const;
  const parts = report.handlers.map((handler) => {
    const own = <T extends { readonly handler: string | null }>(list: readonly T[]): T[] =>
      list.filter((one) => one.handler === handler.id);
    const { findings, guards, blindSpots } = report;
    return { handler, findings: own(findings), guards: own(guards), blindSpots: own(blindSpots) };
  });
  const summary = {
    program,
    parts,
    blindSpots: report.blindSpots.filter((one) => one.handler === null),
    problems: report.problems,
    allows: [{ rule: "heap-allocation", reason: "known", until: "2027-01-31", source: "src/main.rs:3", scope, at }],
    namedHandlers: ["app::on_tick"],
    closure: { packages: ["app"], words: ["signal"] },
  };
  return { summary, problems: [], stdVersion: report.input.stdVersion, others: [["src/x.in", "none"]] };
}

/** The reader, with a workspace and a cache of its own below `directory`; true where the text is an entry's JSON. */
export async function cacheReader(directory: string): Promise<(text: string) => boolean> {
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
    writeFileSync(path.join(directory, file), text);
  };
  write("cached/Cargo.toml", '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n');
  write("cached/src/main.rs", "fn main() {}\n");
  const workspace = await loadWorkspace({ ...loadOptionsBase, cwd: path.join(directory, "cached") });
  const [program] = workspace.programs;
  if (program === undefined) throw new Error("no program");
  const store = openCacheStore(path.join(directory, "entries"));
  const cache = openProgramCache(store.directory, workspace, options);
  const [seed = ""] = cacheSeeds();
  cache.find(program);
  cache.keep(program, parsed(seed), []);
  const [entry = ""] = readdirSync(path.join(directory, "entries"));
  const key = path.basename(entry, ".entry");
  const lock = 'version = 4\n\n[[package]]\nname = "libc"\nversion = "0.2.1"\nsource = "registry+x"\n';
  return (text) => {
    if (text.length % 16 === 0) write(path.join("entries", entry), text);
    else store.write(key, deflateRawSync(text));
    const known = cache.find(program);
    if (known !== null) {
      const report = assembleReport({
        tool: { name: "sigsafe-lint", version: "0" },
        input: { manifestPath: "Cargo.toml", stdVersion: known.stdVersion, profile: "release" },
        programs: [known.summary],
        packages: workspace.packages,
        problems: known.problems,
        today: "2026-01-31",
      });
      const format = FORMATS[text.length % FORMATS.length] ?? "text";
      renderReport(report, format, { colour: true, explain: true, quiet: false });
    }
    const record = findClosure(store, key);
    if (record !== null)
      touching(record, {
        changed: ["Cargo.lock", "src/main.rs"],
        root: "",
        before: (file) => (file === "Cargo.lock" ? lock : "fn main() {}"),
        after: (file) => (file === "Cargo.lock" ? lock.replace("0.2.1", "0.2.2") : "fn main() { signal(1) }"),
        cargoHome: "/nonexistent",
      });
    return text.length % 16 !== 0 && /^\s*[[{]/u.test(text);
  };
}

function parsed<T>(text: string): T {
  return JSON.parse(text) as T;
}
