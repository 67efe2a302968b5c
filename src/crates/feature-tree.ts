/**
 * The exact features of one program, from `cargo tree`: the only answer of cargo's that keeps build-time and dev features
 * apart and one member's features from another's.
 */
import { addTo } from "../base/add-to.ts";
import { pushAll } from "../base/push-all.ts";
import { cargoFailure } from "./cargo-messages.ts";
import type { Ask } from "./kept-answers.ts";
import { manifestsOf, type RawPackage, type RawWorkspace } from "./raw-packages.ts";

export interface FeatureRequest {
  readonly raw: RawWorkspace;
  /** Key of the member. */
  readonly member: string;
  readonly triple: string;
  readonly withDev: boolean;
  /** The member's manifest as cargo is to see it (a skeleton's, or the real one). */
  readonly manifestPath: string;
  readonly featureFlags: readonly string[];
  readonly realPath: (path: string) => string;
}

/** Features by package key: every package that the program is compiled from, and no other. */
export type ExactFeatures = ReadonlyMap<string, ReadonlySet<string>>;

/** Asks for `cargo tree` of one member. */
export async function askFeatureTree(ask: Ask, request: FeatureRequest): Promise<ExactFeatures> {
  const { raw, manifestPath, realPath } = request;
  const args = ["tree", "--manifest-path", manifestPath, "--locked", "--offline", "--target", request.triple];
  args.push("-e", request.withDev ? "normal,dev,no-proc-macro" : "normal,no-proc-macro");
  args.push("--prefix", "none", "--charset", "ascii", "-f", "{p}\t{f}\t");
  args.push("-p", packageSpec(raw, request.member));
  pushAll(args, request.featureFlags);
  return await ask(
    args,
    ({ code, stdout, stderr }) => {
      if (code !== 0) throw cargoFailure(stderr, realPath(manifestPath), true);
      return readFeatureTree(stdout, raw, realPath);
    },
    () => manifestsOf(raw),
  );
}

/** Reads lines of `{p}\t{f}\t`; a package that the metadata does not have is passed over. */
export function readFeatureTree(
  text: string,
  raw: RawWorkspace,
  realPath: (path: string) => string = (path) => path,
): ExactFeatures {
  const byId = new Map<string, RawPackage[]>();
  for (const pkg of raw.packages.values()) {
    const id = `${pkg.name} v${pkg.version}`;
    addTo(byId, id, pkg);
  }
  const exact = new Map<string, Set<string>>();
  for (const line of text.split("\n")) {
    const [shown, features] = line.split("\t");
    const match = /^(\S+ v\S+)(?: \((.*)\))?$/u.exec((shown ?? "").replace(/ \(proc-macro\)/u, ""));
    const candidates = byId.get(match?.[1] ?? "") ?? [];
    const pkg = candidates.length < 2 ? candidates[0] : pick(candidates, match?.[2] ?? null, realPath);
    if (pkg === undefined) continue;
    const set = exact.get(pkg.key) ?? new Set<string>();
    for (const feature of (features ?? "").split(",")) if (feature !== "") set.add(feature);
    exact.set(pkg.key, set);
  }
  return exact;
}

/** Cargo's package ids are specs since 1.77; before that a name has to do. */
function packageSpec(raw: RawWorkspace, key: string): string {
  const pkg = raw.packages.get(key);
  return key.includes("#") || pkg === undefined ? key : `${pkg.name}:${pkg.version}`;
}

/** Two packages of one name and version: the text in parentheses is a path, a git URL or a registry's name. */
function pick(
  candidates: readonly RawPackage[],
  place: string | null,
  realPath: (path: string) => string,
): RawPackage | undefined {
  if (place === null) return candidates.find((pkg) => pkg.source?.includes("crates.io-index"));
  const path = realPath(place);
  const bare = place.split("#")[0] ?? place;
  return (
    candidates.find((pkg) => pkg.source === null && pkg.root === path) ??
    candidates.find((pkg) => pkg.source?.startsWith(`git+${bare}`) && pkg.source.includes(place.split("#")[1] ?? "")) ??
    candidates.find(
      (pkg) => pkg.source !== null && place.startsWith("registry ") && !pkg.source.includes("crates.io-index"),
    )
  );
}
