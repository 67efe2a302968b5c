/**
 * Our own feature unifier, for where cargo cannot be asked: a workspace of path crates, or stored metadata.
 *
 * Input: packages, resolved edges, one member with its requested features, a target. Output: the features of every
 * package the program is compiled from. It follows resolver 2 (features of build and dev dependencies, of proc macros
 * and of other targets are kept apart); what it gives is marked as approximated.
 */
import type { ExactFeatures } from "./feature-tree.ts";
import {
  activatedOptionals,
  isActive,
  libraryOf,
  manifestName,
  type RawDependency,
  type RawPackage,
  type RawWorkspace,
} from "./raw-packages.ts";

export interface FeatureChoice {
  readonly features: readonly string[];
  readonly allFeatures: boolean;
  readonly noDefaultFeatures: boolean;
}

/** Features by package key. */
export function unifyFeatures(
  raw: RawWorkspace,
  member: string,
  choice: FeatureChoice,
  withDev: boolean,
  holds: (target: string | null) => boolean,
): ExactFeatures {
  const states = new Map<string, Set<string>>();
  /** Features asked of a dependency by `name/feature` or `name?/feature`, by `key name`. */
  const asked = new Map<string, Set<string>>();
  const queue: string[] = [];
  const request = (key: string, features: Iterable<string>): void => {
    const pkg = raw.packages.get(key);
    if (pkg === undefined) return;
    const fresh = !states.has(key);
    const state = states.get(key) ?? new Set<string>();
    states.set(key, state);
    const before = state.size;
    for (const feature of features) enable(pkg, feature, state);
    if (fresh || state.size > before) queue.push(key);
  };
  const root = raw.packages.get(member);
  if (root === undefined) return states;
  request(member, requested(root, choice));
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    const pkg = raw.packages.get(key);
    const state = states.get(key);
    if (pkg === undefined || state === undefined) continue;
    collectAsked(pkg, state, asked);
    const optionals = activatedOptionals(pkg, state);
    for (const edge of raw.edges.get(key) ?? []) {
      const to = raw.packages.get(edge.to);
      if (to === undefined || libraryOf(to)?.kind === "proc-macro") continue;
      for (const declaration of edge.declarations) {
        if (!isActive(declaration, withDev && key === member, optionals, holds)) continue;
        request(edge.to, wantedOf(declaration, asked.get(`${key} ${manifestName(declaration)}`)));
      }
    }
  }
  return states;
}

function requested(pkg: RawPackage, choice: FeatureChoice): string[] {
  if (choice.allFeatures) return [...pkg.features.keys()];
  const own = choice.features.map((feature) => {
    const prefix = `${pkg.name}/`;
    return feature.startsWith(prefix) ? feature.slice(prefix.length) : feature;
  });
  return choice.noDefaultFeatures ? own : ["default", ...own];
}

/** Switches a feature on with every feature of the same package that it names. */
function enable(pkg: RawPackage, feature: string, state: Set<string>): void {
  const stack = [feature];
  for (let one = stack.pop(); one !== undefined; one = stack.pop()) {
    if (state.has(one) || !pkg.features.has(one)) continue;
    state.add(one);
    for (const value of pkg.features.get(one) ?? []) {
      if (value.startsWith("dep:")) continue;
      const slash = value.indexOf("/");
      // `name/feature` of an optional dependency also switches on the feature that bears its name.
      stack.push(slash < 0 ? value : value[slash - 1] === "?" ? "" : value.slice(0, slash));
    }
  }
}

function collectAsked(pkg: RawPackage, state: ReadonlySet<string>, asked: Map<string, Set<string>>): void {
  for (const feature of state) {
    for (const value of pkg.features.get(feature) ?? []) {
      const slash = value.indexOf("/");
      if (slash < 0) continue;
      const name = value.slice(0, slash).replace(/\?$/u, "");
      const key = `${pkg.key} ${name}`;
      asked.set(key, (asked.get(key) ?? new Set()).add(value.slice(slash + 1)));
    }
  }
}

function wantedOf(declaration: RawDependency, asked: ReadonlySet<string> | undefined): string[] {
  return [...declaration.features, ...(declaration.defaultFeatures ? ["default"] : []), ...(asked ?? [])];
}
