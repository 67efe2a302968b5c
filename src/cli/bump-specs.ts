/**
 * The arguments of `bump` as changes: `NAME`, `NAME@VERSION`, `NAME@VERSION=>NAME2@VERSION2`, with `--rev`, `--branch`, `--tag`,
 * `--git` and `-F`, which belong to the one name given (or, as `NAME/feature`, to that name).
 */
import type { Bump } from "../crates/bump.ts";
import { CliError } from "./cli-error.ts";

export interface BumpFlags {
  readonly rev?: string;
  readonly branch?: string;
  readonly tag?: string;
  readonly git?: string;
  readonly features: readonly string[];
}

/** The changes that the arguments ask for. Throws where they make no sense together. */
export function bumpsOf(specs: readonly string[], flags: BumpFlags): Bump[] {
  const git = gitOf(flags);
  if (git !== null && specs.length > 1) throw new CliError("--rev, --branch and --tag go with one name", null);
  const bumps = specs.map((spec): Bump => ({ ...bumpOf(spec), git }));
  const features = flags.features.flatMap((text) => text.split(/[\s,]+/u)).filter((one) => one !== "");
  return features.reduce(withFeature, bumps);
}

function bumpOf(spec: string): Bump {
  const [left, right, ...rest] = spec.split("=>").map((one) => one.trim());
  const from = nameAndVersion(left ?? "", spec);
  if (right === undefined) return { ...from, replacement: null, git: null, features: [] };
  if (rest.length > 0) throw badSpec(spec);
  const to = nameAndVersion(right, spec);
  return { name: from.name, version: to.version, replacement: to.name, git: null, features: [] };
}

function nameAndVersion(text: string, spec: string): { readonly name: string; readonly version: string | null } {
  const [, name, version] = /^([A-Za-z0-9][\w-]*)(?:@([0-9][\w.+-]*))?$/u.exec(text) ?? [];
  if (name === undefined) throw badSpec(spec);
  if (version !== undefined && !/^\d+\.\d+\.\d+/u.test(version)) {
    throw new CliError(`\`${version}\` is no full version`, "write all three numbers, as in serde@1.0.0");
  }
  return { name, version: version ?? null };
}

function badSpec(spec: string): CliError {
  return new CliError(`\`${spec}\` names no bump`, "write NAME, NAME@1.2.3 or 'NAME@1.2.3=>OTHER@1.2.3'");
}

function gitOf(flags: BumpFlags): Bump["git"] {
  const kinds = ["rev", "branch", "tag"] as const;
  const given = kinds.flatMap((kind) => (flags[kind] === undefined ? [] : [{ kind, value: flags[kind] }]));
  if (given.length > 1) throw new CliError("only one of --rev, --branch and --tag can be given", null);
  const [one] = given;
  if (one === undefined) {
    if (flags.git === undefined) return null;
    throw new CliError("--git needs --rev, --branch or --tag", null);
  }
  return { url: flags.git ?? null, ...one };
}

function withFeature(bumps: readonly Bump[], feature: string): Bump[] {
  const at = feature.indexOf("/");
  const owner = at < 0 ? null : feature.slice(0, at);
  const name = feature.slice(at + 1);
  const index = owner === null ? 0 : bumps.findIndex((one) => one.name === owner || one.replacement === owner);
  if (index < 0 || (owner === null && bumps.length > 1)) {
    const help = `write ${bumps.map((one) => `${one.name}/${name}`).join(" or ")}`;
    throw new CliError(`it is not clear whose feature \`${feature}\` is`, help);
  }
  return bumps.map((one, position) => (position === index ? { ...one, features: [...one.features, name] } : one));
}
