/**
 * A dependency's declaration changed in a manifest: another requirement, another package under the same name, a git revision,
 * more features. Works on tables, for the manifests of a skeleton copy: what comes out is read by cargo alone, so comments
 * and layout are not kept.
 *
 * A declaration counts by the package it means (`package = "…"`, else its key), in every table that can hold one, the
 * workspace's shared ones and `[patch]` included. One that inherits is left alone: the shared one is changed.
 */
import { isTable, stringOf, type TomlTable, tableOf, valueOf } from "./toml.ts";

export interface DependencyChange {
  /** The package as it is called now. */
  readonly name: string;
  /** Another package under the old name. */
  readonly replacement: string | null;
  readonly requirement: string | null;
  readonly git: GitChange | null;
  readonly features: readonly string[];
  /** Features to switch off; `default` is `default-features = false`. */
  readonly off?: readonly string[];
}

export interface GitChange {
  /** Null keeps the repository that the declaration names. */
  readonly url: string | null;
  readonly kind: "rev" | "branch" | "tag";
  readonly value: string;
}

export interface EditedManifest {
  readonly table: TomlTable;
  /** The declarations changed: the table's name and the key. */
  readonly edits: readonly string[];
  /** Declarations without a repository, where one is needed. */
  readonly withoutGit: readonly string[];
  /** Declarations of a path or repository, which a version alone does not move to a registry: that may hold another crate of the name. */
  readonly elsewhere: readonly string[];
}

const sections = [
  "dependencies",
  "dev-dependencies",
  "dev_dependencies",
  "build-dependencies",
  "build_dependencies",
] as const;

/** The manifest with every declaration of the package changed. */
export function editDependency(manifest: TomlTable, change: DependencyChange): EditedManifest {
  const edits: string[] = [];
  const withoutGit: string[] = [];
  const elsewhere: string[] = [];
  const visit = (holder: TomlTable, where: string, shared: boolean): TomlTable => {
    const entries = Object.entries(holder).map(([key, value]): [string, unknown] => {
      if (packageNamed(key, value) !== change.name) return [key, value];
      if (inherits(value)) return [key, isTable(value) ? withoutFeatures(value, change.off ?? [], false) : value];
      if (shared && change.requirement === null && change.git === null) return [key, value];
      const spec: TomlTable = isTable(value) ? value : { version: value };
      if (change.git !== null && change.git.url === null && stringOf(spec, "git") === null) {
        if (!shared) withoutGit.push(`${where}.${key}`);
        return [key, value];
      }
      const local = stringOf(spec, "git") !== null || stringOf(spec, "path") !== null;
      if (local && change.requirement !== null && change.replacement === null) {
        elsewhere.push(`${where}.${key}`);
        return [key, value];
      }
      edits.push(`${where}.${key}`);
      return [key, changed(key, spec, change)];
    });
    return Object.fromEntries(entries);
  };
  const dependencyTables = (holder: TomlTable, prefix: string): TomlTable =>
    mapTables(holder, (table, key) =>
      sections.some((one) => one === key) ? visit(table, `${prefix}${key}`, false) : table,
    );
  const table = mapTables(dependencyTables(manifest, ""), (one, key) => {
    if (key === "target") return mapTables(one, (inner, name) => dependencyTables(inner, `target.${name}.`));
    if (key === "workspace") return dependencyTables(one, "workspace.");
    if (key === "patch") return patched(one, change, visit);
    return one;
  });
  return { table, edits, withoutGit, elsewhere };
}

/** Patches follow a git change; one that would hide another version or package is taken out. */
function patched(
  patch: TomlTable,
  change: DependencyChange,
  visit: (holder: TomlTable, where: string, shared: boolean) => TomlTable,
): TomlTable {
  if (change.git !== null) return mapTables(patch, (one, source) => visit(one, `patch.${source}`, true));
  if (change.requirement === null) return patch;
  const hides = (key: string, value: unknown): boolean => {
    const name = packageNamed(key, value);
    return name === change.name || name === change.replacement;
  };
  return mapTables(patch, (one) => Object.fromEntries(Object.entries(one).filter((entry) => !hides(...entry))));
}

function changed(key: string, spec: TomlTable, change: DependencyChange): TomlTable {
  const { replacement, requirement, git, features } = change;
  let result: Record<string, unknown> = { ...spec };
  if (requirement !== null) {
    for (const gone of ["path", "git", "rev", "branch", "tag", "registry", "registry-index"]) delete result[gone];
    if (replacement === null && spec["registry"] !== undefined) result["registry"] = spec["registry"];
    result["version"] = requirement;
  }
  if (replacement !== null && replacement !== key) result["package"] = replacement;
  else if (replacement === key) delete result["package"];
  if (git !== null) {
    const { version: _, rev: __, branch: ___, tag: ____, path: _____, ...rest } = result;
    result = { ...rest, git: git.url ?? result["git"], [git.kind]: git.value };
  }
  if (features.length > 0) {
    const before = Array.isArray(spec["features"]) ? spec["features"] : [];
    result["features"] = [...new Set([...before, ...features])];
  }
  return withoutFeatures(result, change.off ?? [], true);
}

/** What the declarations of a package switch on, `default` among it; sorted. */
export function declaredFeatures(manifest: TomlTable, name: string): string[] {
  const found = new Set<string>();
  const visit = (holder: TomlTable): void => {
    for (const [key, value] of Object.entries(holder)) {
      if (packageNamed(key, value) !== name) continue;
      const spec = isTable(value) ? value : {};
      const listed = spec["features"];
      for (const one of Array.isArray(listed) ? listed : []) if (typeof one === "string") found.add(one);
      const off = [spec["default-features"], spec["default_features"]].includes(false);
      if (!off && !inherits(value)) found.add("default");
    }
  };
  const tables = (holder: TomlTable): void => {
    for (const section of sections) {
      const table = tableOf(holder, section);
      if (table !== null) visit(table);
    }
  };
  tables(manifest);
  const workspace = tableOf(manifest, "workspace");
  if (workspace !== null) tables(workspace);
  for (const one of Object.values(tableOf(manifest, "target") ?? {})) if (isTable(one)) tables(one);
  return [...found].sort();
}

function withoutFeatures(spec: TomlTable, off: readonly string[], own: boolean): TomlTable {
  if (off.length === 0) return spec;
  const listed = spec["features"];
  const { default_features: _, ...rest } = spec;
  return {
    ...rest,
    ...(Array.isArray(listed) ? { features: listed.filter((one) => !off.includes(one)) } : {}),
    ...(own && off.includes("default") ? { "default-features": false } : {}),
  };
}

function packageNamed(key: string, value: unknown): string {
  return (isTable(value) ? stringOf(value, "package") : null) ?? key;
}

function inherits(value: unknown): boolean {
  return isTable(value) && valueOf(value, "workspace") === true;
}

function mapTables(holder: TomlTable, map: (table: TomlTable, key: string) => TomlTable): TomlTable {
  return Object.fromEntries(
    Object.entries(holder).map(([key, value]): [string, unknown] => {
      const table = tableOf(holder, key);
      return [key, table === null ? value : map(table, key)];
    }),
  );
}
