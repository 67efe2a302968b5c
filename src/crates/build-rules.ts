/**
 * rules/build-scripts.json as checked data: what is known of build scripts without running them.
 */
import { CrateError } from "./crate-error.ts";
import { isTable, stringOf, stringsOf, type TomlTable, tableOf, valueOf } from "./toml.ts";

export interface BuildRules {
  /** Names that no build script of a release build sets. */
  readonly never: ReadonlySet<string>;
  readonly emitters: readonly Emitter[];
  readonly aliasMacros: readonly string[];
  readonly packages: readonly PackageRule[];
}

/** A call in a build script that emits a cfg. */
export interface Emitter {
  readonly call: string;
  /** May hold `$1`, `$2`: the call's literal arguments; or end in `*`. */
  readonly cfg: string;
  /** Set if rustc is at least `$1.$2`. */
  readonly fromRustc: boolean;
}

/** What the build script of a published package decides. */
export interface PackageRule {
  readonly package: string;
  /** Comma-separated bounds: `>=0.38.0, <2.0.0`. */
  readonly versions: string;
  /** Nothing but `cfgs` is ever set: the script need not be scanned. */
  readonly closed: boolean;
  /** cfg key (or prefix with `*`) to a cfg expression over target and features, or "unknown"; in order. */
  readonly cfgs: readonly (readonly [string, string])[];
}

/** Reads the text of rules/build-scripts.json. */
export function readBuildRules(text: string): BuildRules {
  const data: unknown = JSON.parse(text);
  if (!isTable(data)) {
    throw new CrateError("rules/build-scripts.json is damaged", { help: "install sigsafe-lint again" });
  }
  return {
    never: new Set(stringsOf(data, "never") ?? []),
    aliasMacros: stringsOf(data, "aliasMacros") ?? [],
    emitters: list(data, "emitters").map((one) => ({
      call: stringOf(one, "call") ?? "",
      cfg: stringOf(one, "cfg") ?? "*",
      fromRustc: valueOf(one, "fromRustc") === true,
    })),
    packages: list(data, "packages").map((one) => ({
      package: stringOf(one, "package") ?? "",
      versions: stringOf(one, "versions") ?? "",
      closed: valueOf(one, "closed") === true,
      cfgs: Object.entries(tableOf(one, "cfgs") ?? {}).map(([key, when]) => [key, String(when)] as const),
    })),
  };
}

/** Whether a version meets every comma-separated bound; release numbers only. */
export function versionInRange(version: string, range: string): boolean {
  return range.split(",").every((bound) => {
    const match = /^\s*(>=|<=|<|>|=)\s*([\d.]+)\s*$/u.exec(bound);
    if (match === null) return bound.trim() === "";
    const order = compareReleases(version, match[2] ?? "");
    const checks: Record<string, boolean> = {
      ">=": order >= 0,
      "<=": order <= 0,
      "<": order < 0,
      ">": order > 0,
      "=": order === 0,
    };
    return checks[match[1] ?? ""] ?? false;
  });
}

function compareReleases(a: string, b: string): number {
  const numbers = (text: string): number[] => (text.split(/[-+]/u)[0] ?? "").split(".").map(Number);
  const [left, right] = [numbers(a), numbers(b)];
  for (let at = 0; at < 3; at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function list(data: TomlTable, key: string): TomlTable[] {
  const value = valueOf(data, key);
  return Array.isArray(value) ? value.filter(isTable) : [];
}
