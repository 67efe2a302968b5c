/**
 * What the target, the build profile and rustflags say about every crate's cfgs.
 *
 * Input: cargo's configuration, the root manifest's profiles, the environment, a triple with its table of cfgs.
 * Output: the target part of a crate's `CfgSet`, as a sorted list of keys, and problems for flags that are not read.
 * `test`, `doc`, `miri` and the like are never set here; `debug_assertions` is off unless the profile switches it on.
 */
import { pushAll } from "../base/push-all.ts";
import { type CfgSet, cfgKey, evalCfg, parseCfg } from "./cfg.ts";
import type { CrateProblem, TargetChoice } from "./crate-graph.ts";
import { booleanOf, isTable, stringOf, stringsOf, type TomlTable, tableOf, valueOf } from "./toml.ts";

export type Environment = { readonly [name: string]: string | undefined };

export interface ProfileFlags {
  readonly debugAssertions: boolean;
  readonly panic: "unwind" | "abort" | null;
}

export interface FlagInput {
  readonly triple: string;
  /** The table's cfgs of the triple. */
  readonly targetCfgs: readonly string[];
  readonly config: TomlTable;
  readonly env: Environment;
  readonly profile: ProfileFlags;
}

/** The cfg keys that hold for every crate of a program, features aside. */
export function baseCfgs(input: FlagInput, problems: CrateProblem[]): string[] {
  const cfgs = new Set(input.targetCfgs);
  const setPanic = (strategy: string): void => {
    for (const key of cfgs) if (key.startsWith("panic=")) cfgs.delete(key);
    cfgs.add(cfgKey("panic", strategy));
  };
  if (input.profile.panic !== null) setPanic(input.profile.panic);
  if (input.profile.debugAssertions) cfgs.add("debug_assertions");
  const flags = rustflags(input);
  for (let at = 0; at < flags.length; at += 1) {
    const flag = flags[at] ?? "";
    const long = /^--(cfg|codegen|extern|target)(?:=(.*))?$/su.exec(flag);
    const short = /^-([CZ])(.*)$/su.exec(flag);
    const name = long?.[1] ?? short?.[1];
    if (name === undefined) {
      if (flag.startsWith("@")) problems.push(unread(flag));
      continue;
    }
    let value = long?.[2] ?? short?.[2] ?? "";
    if (value === "") {
      at += 1;
      value = flags[at] ?? "";
    }
    if (name === "cfg") addCfg(cfgs, value, problems);
    else if (name === "C" || name === "codegen") codegen(value, cfgs, setPanic, problems);
    else if (name === "extern") problems.push(unread(`--extern ${value}`));
  }
  return [...cfgs].sort();
}

/** Where nothing says which target: the configuration's `build.target`, then a Linux host, else x86_64 Linux with glibc. */
export function chooseTargets(flags: readonly string[], config: TomlTable, env: Environment): TargetChoice[] {
  if (flags.length > 0) return [...new Set(flags)].map((triple) => ({ triple, from: "flag" }));
  const build = tableOf(config, "build");
  const single = env["CARGO_BUILD_TARGET"] ?? stringOf(build, "target");
  const configured = single !== null && single !== "" ? [single] : (stringsOf(build, "target") ?? []);
  if (configured.length > 0) return [...new Set(configured)].map((triple) => ({ triple, from: "cargo-config" }));
  const host = linuxHost();
  return [host === null ? { triple: "x86_64-unknown-linux-gnu", from: "default" } : { triple: host, from: "host" }];
}

/** `debug-assertions` and `panic` of a profile: environment over configuration over manifest, `inherits` followed. */
export function profileFlags(name: string, manifest: TomlTable, config: TomlTable, env: Environment): ProfileFlags {
  const layers = layersOf(manifest, config);
  const { chain } = inheritance(name, layers);
  const find = (key: string): unknown => {
    for (const profile of chain) {
      const variable = `CARGO_PROFILE_${profile}_${key}`.toUpperCase().replaceAll("-", "_");
      const set = env[variable];
      if (set !== undefined) return set === "true" ? true : set === "false" ? false : set;
      for (const layer of layers) {
        const value = valueOf(tableOf(layer, profile), key);
        if (value !== undefined) return value;
      }
    }
    return undefined;
  };
  const assertions = find("debug-assertions");
  const panic = find("panic");
  const root = chain[chain.length - 1];
  return {
    debugAssertions:
      typeof assertions === "boolean" ? assertions : root === "dev" || root === "test" || root === "debug",
    panic: panic === "abort" || panic === "unwind" ? panic : null,
  };
}

/** A profile that nothing defines or that leads back to itself, and settings for single packages that would change their cfgs: they are not read. */
export function profileProblems(
  name: string,
  manifest: TomlTable,
  config: TomlTable,
  file: string | null,
): CrateProblem[] {
  const problems: CrateProblem[] = [];
  const layers = layersOf(manifest, config);
  const { chain, isLoop } = inheritance(name, layers);
  const unknown = chain.find((one) => !builtIn.has(one) && layers.every((layer) => tableOf(layer, one) === null));
  if (unknown !== undefined) {
    const message = `no profile is called \`${unknown}\`: it was read as one without debug assertions`;
    problems.push({ level: "warning", message, package: null, file, line: null });
  }
  if (isLoop) {
    const message = `the profile \`${name}\` inherits from itself: ${chain.slice(0, 10).join(", ")}`;
    problems.push({ level: "warning", message, package: null, file, line: null });
  }
  for (const source of [manifest, config]) {
    for (const [profile, table] of Object.entries(tableOf(source, "profile") ?? {})) {
      const packages = isTable(table) ? tableOf(table, "package") : null;
      for (const [name, overrides] of Object.entries(packages ?? {})) {
        if (!isTable(overrides) || booleanOf(overrides, "debug-assertions") === null) continue;
        const message = `\`profile.${profile}.package.${name}.debug-assertions\` is not read`;
        problems.push({ level: "warning", message, package: null, file, line: null });
      }
    }
  }
  return problems;
}

const builtIn: ReadonlySet<string> = new Set(["dev", "release", "test", "bench"]);

/** Where profiles are defined, the one that wins first. */
function layersOf(manifest: TomlTable, config: TomlTable): readonly (TomlTable | null)[] {
  return [tableOf(config, "profile"), tableOf(manifest, "profile")];
}

/** The profile, the one that it inherits from, and so on; up to where it would begin again. */
function inheritance(
  name: string,
  layers: readonly (TomlTable | null)[],
): { readonly chain: readonly string[]; readonly isLoop: boolean } {
  const chain = new Set([name]);
  // The set grows while it is walked.
  for (const last of chain) {
    const parent = layers.map((layer) => stringOf(tableOf(layer, last), "inherits")).find((one) => one !== null);
    if (parent === undefined || parent === null) break;
    if (chain.has(parent)) return { chain: [...chain], isLoop: true };
    chain.add(parent);
  }
  return { chain: [...chain], isLoop: false };
}

/** As cargo does it: the first of these sources that is there, never two. */
function rustflags(input: FlagInput): string[] {
  const { env, config, triple } = input;
  const encoded = env["CARGO_ENCODED_RUSTFLAGS"];
  if (encoded !== undefined) return encoded === "" ? [] : encoded.split("\u001f");
  const plain = env["RUSTFLAGS"];
  if (plain !== undefined) return words(plain);
  const variable = `CARGO_TARGET_${triple.toUpperCase().replaceAll("-", "_").replaceAll(".", "_")}_RUSTFLAGS`;
  const flags = words(env[variable] ?? "");
  const set: CfgSet = { known: new Set(input.targetCfgs), maybe: new Set(), never: new Set() };
  for (const [key, table] of Object.entries(tableOf(config, "target") ?? {})) {
    if (!isTable(table)) continue;
    const predicate = /^cfg\((.*)\)$/su.exec(key)?.[1];
    const holds = predicate === undefined ? key === triple : evalCfg(parseCfg(predicate), set) === "true";
    if (holds) pushAll(flags, flagList(table));
  }
  if (flags.length > 0) return flags;
  const build = env["CARGO_BUILD_RUSTFLAGS"];
  return build !== undefined ? words(build) : flagList(tableOf(config, "build"));
}

function flagList(table: TomlTable | null): string[] {
  const text = stringOf(table, "rustflags");
  return text !== null ? words(text) : [...(stringsOf(table, "rustflags") ?? [])];
}

function words(text: string): string[] {
  return text.split(" ").filter((word) => word !== "");
}

function addCfg(cfgs: Set<string>, text: string, problems: CrateProblem[]): void {
  const expr = parseCfg(text);
  if (expr.k === "name") cfgs.add(expr.name);
  else if (expr.k === "value") cfgs.add(cfgKey(expr.name, expr.value));
  else problems.push(unread(`--cfg ${text}`));
}

function codegen(
  option: string,
  cfgs: Set<string>,
  setPanic: (strategy: string) => void,
  problems: CrateProblem[],
): void {
  const [key, value] = [option.split("=", 1)[0] ?? "", option.slice(option.indexOf("=") + 1)];
  if (key === "panic") setPanic(value);
  else if (key === "target-cpu") problems.push(unread(`-C ${option}`));
  else if (key === "debug-assertions") {
    if (option === key || /^(y|yes|on|true)$/u.test(value)) cfgs.add("debug_assertions");
    else cfgs.delete("debug_assertions");
  } else if (key === "target-feature") {
    for (const feature of value.split(",")) {
      if (feature.startsWith("+")) cfgs.add(cfgKey("target_feature", feature.slice(1)));
      else if (feature.startsWith("-")) cfgs.delete(cfgKey("target_feature", feature.slice(1)));
    }
  }
}

function unread(flag: string): CrateProblem {
  const message = `the compiler flag \`${flag}\` is not read: what it changes in cfgs is not seen`;
  return { level: "note", message, package: null, file: null, line: null };
}

function linuxHost(): string | null {
  if (process.platform !== "linux") return null;
  const arch: Record<string, string> = { x64: "x86_64", arm64: "aarch64", ppc64: "powerpc64le", s390x: "s390x" };
  const name = process.arch === "riscv64" ? "riscv64gc" : arch[process.arch];
  if (name === undefined) return null;
  return `${name}-unknown-linux-${isGlibc() ? "gnu" : "musl"}`;
}

function isGlibc(): boolean {
  const report: NodeJS.ProcessReport & { excludeNetwork?: boolean } = process.report;
  const before = report.excludeNetwork ?? false;
  report.excludeNetwork = true;
  const header: unknown = (report.getReport() as { header?: unknown }).header;
  report.excludeNetwork = before;
  return isTable(header) && valueOf(header, "glibcVersionRuntime") !== undefined;
}
