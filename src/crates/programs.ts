/**
 * From packages with exact features to programs: which crates one is made of, who sees whom under which name, which cfgs hold.
 *
 * Input: a `RawWorkspace`, one member, the features of every package in it. Output: a `Program`. Starts nothing, and reads
 * no file itself (the text of build scripts comes through the context).
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { BuildRules } from "./build-rules.ts";
import { buildCfgs } from "./build-script.ts";
import { type CfgSet, cfgKey, cfgSetKey } from "./cfg.ts";
import { CrateError } from "./crate-error.ts";
import type {
  CrateDep,
  CrateId,
  CrateKind,
  CrateNode,
  CrateProblem,
  PackageInfo,
  Program,
  ProgramKind,
} from "./crate-graph.ts";
import type { ExactFeatures } from "./feature-tree.ts";
import {
  activatedOptionals,
  crateName,
  isActive,
  libraryOf,
  type RawPackage,
  type RawTarget,
  type RawWorkspace,
} from "./raw-packages.ts";

export interface ProgramContext {
  readonly raw: RawWorkspace;
  readonly triple: string;
  /** The cfgs of target, profile and flags. */
  readonly base: readonly string[];
  readonly holds: (target: string | null) => boolean;
  readonly rules: BuildRules;
  /** The rustc that the target table and the std packs describe. */
  readonly rustc: string;
  readonly infoOf: (pkg: RawPackage) => PackageInfo;
  readonly scriptOf: (pkg: RawPackage) => string | null;
  /** Keys of the packages that count as members. */
  readonly members: ReadonlySet<string>;
}

export interface ProgramChoice {
  /** Key of the member. */
  readonly member: string;
  readonly exact: ExactFeatures;
  /** Tests, examples and benches instead of what is shipped. */
  readonly dev: boolean;
  /** Its library too, for the users that it has elsewhere, whatever else the member makes. */
  readonly withLibrary?: boolean;
  readonly approximated: boolean;
}

/** Assembles one program; `null` where the member makes nothing of the kind. */
export function assembleProgram(
  context: ProgramContext,
  choice: ProgramChoice,
  problems: CrateProblem[],
): Program | null {
  const member = context.raw.packages.get(choice.member);
  if (member === undefined) return null;
  const roots = rootTargets(member, choice, problems);
  if (roots.length === 0) return null;
  const drafts = collectDrafts(context, choice, member, roots, problems);
  const crates = link(context, drafts);
  const rootIds = crates.filter((_, index) => drafts[index]?.isRoot === true).map((crate) => crate.id);
  const info = context.infoOf(member);
  const features = [...(choice.exact.get(member.key) ?? [])].sort();
  return {
    id: `${info.id} for ${context.triple}${choice.dev ? " (tests)" : ""}`,
    package: info.id,
    target: context.triple,
    features,
    kind: programKind(choice, roots),
    roots: rootIds,
    crates,
    macroCrates: macroCrates(context, choice, drafts),
    featuresApproximated: choice.approximated,
    key: sha256(rootIds.map((id) => crates[id]?.key ?? "").join("\n")),
  };
}

/** What a member ships: its bins, and its library where that is a cdylib or staticlib, or the only thing there is. */
function rootTargets(member: RawPackage, choice: ProgramChoice, problems: CrateProblem[]): RawTarget[] {
  const enabled = choice.exact.get(member.key) ?? new Set();
  const wanted = member.targets.filter((target) =>
    choice.dev
      ? target.kind === "test" || target.kind === "example" || target.kind === "bench"
      : target.kind === "bin" || (target.kind === "lib" && libraryKind(target) !== "lib"),
  );
  const built = wanted.filter((target) => {
    const missing = target.requiredFeatures.filter((feature) => !enabled.has(feature));
    if (missing.length === 0) return true;
    const message = `the ${target.kind} \`${target.name}\` is not linted: it needs the features ${missing.join(", ")}`;
    problems.push({ level: "note", message, package: packageId(member), file: member.manifestPath, line: null });
    return false;
  });
  if (choice.dev || (built.length > 0 && choice.withLibrary !== true)) return built;
  return [...built, ...member.targets.filter((target) => target.kind === "lib" && !built.includes(target))];
}

function programKind({ dev, withLibrary }: ProgramChoice, roots: readonly RawTarget[]): ProgramKind {
  if (dev) return "dev";
  const library = roots.find((root) => root.kind === "lib");
  if (library === undefined || (withLibrary !== true && roots.some((root) => root.kind === "bin"))) return "bin";
  return libraryKind(library);
}

function libraryKind(target: RawTarget): "cdylib" | "staticlib" | "lib" {
  if (target.crateTypes.includes("cdylib")) return "cdylib";
  return target.crateTypes.includes("staticlib") ? "staticlib" : "lib";
}

/** Which of their dependencies are on is not asked: a text that is looked through in vain does no harm. */
function macroCrates(context: ProgramContext, choice: ProgramChoice, drafts: readonly Draft[]): CrateNode[] {
  const found = new Map<string, Draft>();
  const queue = drafts.map(({ pkg }) => pkg);
  const seen = new Set(queue.map((pkg) => pkg.key));
  for (let pkg = queue.shift(); pkg !== undefined; pkg = queue.shift()) {
    for (const edge of context.raw.edges.get(pkg.key) ?? []) {
      const to = context.raw.packages.get(edge.to);
      const target = to === undefined ? null : libraryOf(to);
      const isOfMacro = target?.kind === "proc-macro" || found.has(pkg.key);
      if (to === undefined || target === null || !isOfMacro || seen.has(`macro ${to.key}`)) continue;
      seen.add(`macro ${to.key}`);
      const features = choice.exact.get(to.key) ?? new Set<string>();
      found.set(to.key, {
        pkg: to,
        target,
        kind: "proc-macro",
        isRoot: false,
        features,
        deps: new Map(),
        procMacros: new Set(),
      });
      queue.push(to);
    }
  }
  return link(
    context,
    [...found.values()].sort((a, b) => compare(orderOf(a), orderOf(b))),
  );
}

interface Draft {
  readonly pkg: RawPackage;
  readonly target: RawTarget;
  readonly kind: CrateKind;
  readonly isRoot: boolean;
  readonly features: ReadonlySet<string>;
  /** Extern name to the key of the package whose library it is. */
  readonly deps: ReadonlyMap<string, string>;
  readonly procMacros: ReadonlySet<string>;
}

function collectDrafts(
  context: ProgramContext,
  choice: ProgramChoice,
  member: RawPackage,
  roots: readonly RawTarget[],
  problems: CrateProblem[],
): Draft[] {
  const drafts: Draft[] = [];
  const seen = new Set<string>([member.key]);
  const queue = [member];
  const visit = (from: RawPackage, withDev: boolean): Pick<Draft, "deps" | "procMacros"> => {
    const links = activeLinks(context, choice, from, withDev, problems);
    for (const key of links.deps.values()) {
      const to = context.raw.packages.get(key);
      if (to === undefined || seen.has(key)) continue;
      seen.add(key);
      queue.push(to);
    }
    return links;
  };
  for (let pkg = queue.shift(); pkg !== undefined; pkg = queue.shift()) {
    const features = choice.exact.get(pkg.key) ?? new Set<string>();
    const library = libraryOf(pkg);
    const isMember = pkg.key === member.key;
    const own = visit(pkg, false);
    if (library !== null && library.kind === "lib") {
      const isRoot = isMember && roots.includes(library);
      drafts.push({ pkg, target: library, kind: isMember ? libraryKind(library) : "lib", isRoot, features, ...own });
    }
    if (!isMember) continue;
    const forRoots = choice.dev ? visit(pkg, true) : own;
    const deps = new Map(forRoots.deps);
    const procMacros = new Set(forRoots.procMacros);
    if (library?.kind === "proc-macro") procMacros.add(crateName(library.name));
    else if (library !== null && isLinkable(library)) deps.set(crateName(library.name), pkg.key);
    for (const target of roots) {
      if (target.kind === "lib" || target.kind === "proc-macro" || target.kind === "build-script") continue;
      drafts.push({ pkg, target, kind: target.kind, isRoot: true, features, deps, procMacros });
    }
  }
  return drafts.sort((a, b) => compare(orderOf(a), orderOf(b)));
}

function isLinkable(library: RawTarget): boolean {
  return library.crateTypes.some((type) => type === "lib" || type === "rlib" || type === "dylib");
}

function orderOf(draft: Draft): string {
  return [packageId(draft.pkg), draft.pkg.source ?? "", draft.pkg.root, draft.kind, draft.target.name].join("\n");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The libraries that a package's targets see, by extern name. */
function activeLinks(
  context: ProgramContext,
  choice: ProgramChoice,
  from: RawPackage,
  withDev: boolean,
  problems: CrateProblem[],
): Pick<Draft, "deps" | "procMacros"> {
  const deps = new Map<string, string>();
  const procMacros = new Set<string>();
  const optionals = activatedOptionals(from, choice.exact.get(from.key) ?? new Set());
  for (const edge of context.raw.edges.get(from.key) ?? []) {
    if (!edge.declarations.some((one) => isActive(one, withDev, optionals, context.holds))) continue;
    const to = context.raw.packages.get(edge.to);
    const library = to === undefined ? null : libraryOf(to);
    if (to === undefined || library === null) continue;
    if (library.kind === "proc-macro") procMacros.add(edge.externName);
    else if (choice.exact.has(edge.to)) deps.set(edge.externName, edge.to);
    else {
      const message = `cargo does not list ${packageId(to)} in this program, though ${packageId(from)} asks for it`;
      problems.push({ level: "warning", message, package: packageId(from), file: from.manifestPath, line: null });
    }
  }
  return { deps, procMacros };
}

function link(context: ProgramContext, drafts: readonly Draft[]): CrateNode[] {
  const libraries = new Map<string, CrateId>();
  drafts.forEach((draft, index) => {
    if (draft.target.kind === "lib") libraries.set(draft.pkg.key, index as CrateId);
  });
  const cfgs = new Map<string, CfgSet>();
  const nodes = drafts.map((draft, index): CrateNode => {
    const deps: CrateDep[] = [];
    for (const [externName, key] of draft.deps) {
      const crate = libraries.get(key);
      if (crate !== undefined && crate !== index) deps.push({ externName, crate });
    }
    const tested = draft.kind === "test" || draft.kind === "bench";
    const cfgId = `${draft.pkg.key} ${tested}`;
    const cfg = cfgs.get(cfgId) ?? crateCfg(context, draft, tested);
    cfgs.set(cfgId, cfg);
    return {
      id: index as CrateId,
      name: crateName(draft.target.name),
      package: context.infoOf(draft.pkg),
      kind: draft.kind,
      rootFile: draft.target.srcPath,
      edition: draft.target.edition,
      deps: deps.sort((a, b) => compare(a.externName, b.externName)),
      procMacroDeps: [...draft.procMacros].sort(),
      features: [...draft.features].sort(),
      cfg,
      isMember: context.members.has(draft.pkg.key),
      buildScript: draft.pkg.targets.find((target) => target.kind === "build-script")?.srcPath ?? null,
      key: "",
    };
  });
  const keys = crateKeys(nodes);
  return nodes.map((node, index) => ({ ...node, key: keys[index] ?? "" }));
}

function crateCfg(context: ProgramContext, draft: Draft, tested: boolean): CfgSet {
  const known = new Set(context.base);
  for (const feature of draft.features) known.add(cfgKey("feature", feature));
  const maybe = new Set<string>();
  const script = context.scriptOf(draft.pkg);
  if (script !== null) {
    const found = buildCfgs(script, draft.pkg, context.rules, context.rustc, known);
    for (const key of found.set) known.add(key);
    for (const key of found.maybe) maybe.add(key);
  }
  // Cargo compiles integration tests and benches with --test; build scripts are not told.
  if (tested) known.add("test");
  return { known, maybe, never: context.rules.never };
}

/** Keys from the leaves up, without recursion: a chain of crates may be as long as somebody likes. One that leads back to itself is an error. */
function crateKeys(nodes: readonly CrateNode[]): string[] {
  const keys: string[] = nodes.map(() => "");
  const state = new Uint8Array(nodes.length);
  for (const start of nodes) {
    const stack: CrateNode[] = [start];
    for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
      if (state[node.id] === 0) {
        state[node.id] = 1;
        for (const dep of node.deps) {
          const next = nodes[dep.crate];
          if (next !== undefined && state[next.id] === 1) throw cycleError(next, stack, state);
          if (next !== undefined && state[next.id] === 0) stack.push(next);
        }
        continue;
      }
      stack.pop();
      if (state[node.id] === 2) continue;
      state[node.id] = 2;
      const { package: info } = node;
      const deps = node.deps.map((dep) => `${dep.externName}=${keys[dep.crate]}`);
      const place = info.source === null ? node.rootFile : node.rootFile.slice(info.root.length);
      const identity = [info.id, info.source ?? "", info.checksum ?? "", place, node.kind, node.edition];
      keys[node.id] = sha256([...identity, cfgSetKey(node.cfg), ...deps, ...node.procMacroDeps].join("\n"));
    }
  }
  return keys;
}

/** Those that were entered and not left are the way from `first` back to it. */
function cycleError(first: CrateNode, stack: readonly CrateNode[], state: Uint8Array): CrateError {
  const way = stack.slice(stack.indexOf(first) + 1).filter((one) => state[one.id] === 1);
  const through = [...way.slice(0, 5).map((one) => one.package.id), ...(way.length > 5 ? ["…"] : [])].join(", ");
  return new CrateError(`the package ${first.package.id} depends on itself, through ${through}`, {
    file: join(first.package.root, "Cargo.toml"),
    help: "break the cycle of dependencies; cargo refuses it too",
  });
}

function packageId(pkg: RawPackage): string {
  return `${pkg.name}@${pkg.version}`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
