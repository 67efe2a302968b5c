/**
 * Where a `mod` declaration's items are: in its braces or in a file. Source: the Rust Reference, "Module Source Filenames".
 */
import path from "node:path";
import type { Attr, Item, ModItem } from "../syntax/ast.ts";
import { attrNamed, stringOf } from "./attributes.ts";
import type { NameProblem } from "./defs.ts";
import type { Container, CrateState, Directory, Store } from "./store.ts";

export interface LoadedModule {
  readonly items: readonly Item[];
  readonly innerAttrs: readonly Attr[];
  readonly directory: Directory;
  readonly problem: Omit<NameProblem, "def"> | null;
}

/** Modules nested deeper are not entered, nor more files of one crate: links and a few files that name each other could go on for ever. */
const maxDepth = 128;
const maxFiles = 20_000;

export interface ModuleVersion {
  readonly attrs: readonly Attr[];
  readonly undecided: boolean;
}

/**
 * The attributes of a module, once for each file that it may be in: `#[cfg_attr(a, path = "a.rs")] #[cfg_attr(not(a), path = "b.rs")]`, where nobody knows
 * `a`. A file that is not there is none, as long as another one is.
 */
export function moduleVersions(
  store: Store,
  crate: CrateState,
  item: ModItem,
  attrs: readonly Attr[],
  where: Container,
): readonly ModuleVersion[] {
  const isPath = (one: Attr): boolean => one.path === "path" && one.undecided === true;
  const paths = item.items === null ? attrs.filter(isPath) : [];
  const { node } = crate;
  if (paths.length === 0 || node === null) return [{ attrs, undecided: false }];
  const others = attrs.filter((one) => !isPath(one));
  const versions = [...paths.map((one) => [one, ...others]), others].filter((one) =>
    candidatesOf(item, one, where).some((file) => store.files.exists(file, node)),
  );
  if (versions.length < 2) return [{ attrs: versions[0] ?? attrs, undecided: false }];
  return versions.map((one) => ({ attrs: one, undecided: true }));
}

/** The files that a module without braces may be in. */
function candidatesOf(item: ModItem, attrs: readonly Attr[], where: Container): readonly string[] {
  const around = where.module.directory;
  const written = attrNamed(attrs, "path");
  const given = written === null ? null : stringOf(written.tokens);
  return given === null
    ? [path.join(around.childDir, `${item.name}.rs`), path.join(around.childDir, item.name, "mod.rs")]
    : [path.resolve(around.inline ? around.childDir : around.fileDir, given)];
}

/** The items of a module. */
export function loadModule(
  store: Store,
  crate: CrateState,
  item: ModItem,
  attrs: readonly Attr[],
  where: Container,
  depth: number,
): LoadedModule {
  const around = where.module.directory;
  const written = attrNamed(attrs, "path");
  const given = written === null ? null : stringOf(written.tokens);
  if (item.items !== null) {
    const childDir =
      given === null
        ? path.join(around.childDir, item.name)
        : path.join(around.inline ? around.childDir : around.fileDir, given);
    return {
      items: item.items,
      innerAttrs: item.innerAttrs,
      directory: { fileDir: around.fileDir, childDir, inline: true, open: openFiles(where) },
      problem: null,
    };
  }
  const empty = { items: [], innerAttrs: [], directory: around };
  const problem = (reason: "missing-file" | "limit", text: string): LoadedModule => ({
    ...empty,
    problem: { reason, crate: crate.id, span: item.span, text },
  });
  if (crate.node === null) return { ...empty, problem: null };
  if (depth >= maxDepth) return problem("limit", `mod ${item.name}: modules nested deeper than ${maxDepth}`);
  const { node } = crate;
  const candidates = candidatesOf(item, attrs, where);
  const file = candidates.find((candidate) => store.files.exists(candidate, node));
  const refused = file === undefined ? null : refusal(crate, file, openFiles(where));
  if (refused !== null) return problem("limit", `mod ${item.name}: ${refused}`);
  const loaded = file === undefined ? null : store.files.file(file, node);
  if (file === undefined || loaded === null)
    return problem(
      "missing-file",
      `the file of \`mod ${item.name}\` was not read (${path.basename(candidates[0] ?? "")})`,
    );
  const fileDir = path.dirname(file);
  const ownsDirectory = given !== null || path.basename(file) === "mod.rs";
  const childDir = ownsDirectory ? fileDir : path.join(fileDir, path.basename(file, ".rs"));
  return {
    items: loaded.items,
    innerAttrs: loaded.innerAttrs,
    directory: { fileDir, childDir, inline: false, open: [...openFiles(where), file] },
    problem: null,
  };
}

/** The files that items stand in which are being collected: those of the modules around, then those of `include!`. */
export function openFiles(where: Container): readonly string[] {
  const { open } = where.module.directory;
  return where.included.length === 0 ? open : [...open, ...where.included];
}

/** Why a file is not read at this place: it is being read there already, or files without end are; null where it may be. */
export function refusal(crate: CrateState, file: string, open: readonly string[]): string | null {
  if (open.includes(file)) return `${path.basename(file)} holds itself`;
  if (open.length >= maxDepth) return `files within each other deeper than ${maxDepth}`;
  crate.filesRead += 1;
  return crate.filesRead > maxFiles ? `more than ${maxFiles} files` : null;
}
