/**
 * Which folder under src may import which: DESIGN's table as data, and the rules made from it.
 *
 * `layers` is the one place where it is written down; test/layers.test.ts runs it, counts the modules that were seen (this
 * tool reports success when it can read nothing) and plants one violation per rule. A layer that needs more than its
 * row allows has its code in the wrong folder: move it down, or take what you need as a parameter.
 * `parser: "swc"`: dependency-cruiser 17, the last for Node 20, cannot read TypeScript through TypeScript 7.
 */

/** Each folder, lowest first, with what it may import besides itself: folders, or single files of them. */
export const layers = {
  base: [],
  crates: ["base"],
  syntax: ["base"],
  model: ["base"],
  load: ["base", "crates", "syntax"],
  names: ["base", "crates", "syntax", "model", "load/port.ts"],
  types: ["base", "crates", "syntax", "model", "load", "names"],
  calls: ["base", "crates", "syntax", "model", "load", "names", "types"],
  safety: ["base", "crates", "syntax", "model", "load", "names", "types", "calls"],
  report: ["base", "safety/report-model.ts"],
  cli: ["base", "crates", "syntax", "model", "load", "names", "types", "calls", "safety", "report"],
};

/** What reaches outside the program, and the only folders that may. An empty list: nobody. */
export const outside = {
  disk: { modules: "^(node:)?fs(/promises)?$", only: ["crates", "load", "cli"] },
  processes: { modules: "^(node:)?(child_process|cluster)$", only: ["crates"] },
  threads: { modules: "^(node:)?worker_threads$", only: ["load"] },
  network: { modules: "^(node:)?(http|http2|https|net|tls|dgram|dns|inspector)(/promises)?$", only: [] },
};

/** Each runtime dependency, and the only folders that may import it. */
export const packages = {
  "web-tree-sitter": ["syntax"],
  "smol-toml": ["crates", "cli"],
  semver: ["crates", "cli"],
  ajv: ["model", "cli"],
  commander: ["cli"],
};

const entries = "^src/cli/(main|cargo-main)\\.ts$";

/** Worker threads are started from a file's URL, which is no import. */
const startedByUrl = "^src/load/[a-z-]*worker\\.ts$";

const escapeRegExp = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const inFolders = (folders) => (folders.length === 0 ? "^$" : `^src/(${folders.join("|")})/`);
const target = (entry) => `^src/${escapeRegExp(entry)}${entry.includes(".") ? "$" : "/"}`;

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...Object.entries(layers).map(([folder, below]) => ({
      name: `${folder}-imports-only-below`,
      comment: `src/${folder} may import ${below.join(", ") || "no other folder"}. Move the code, or take the value as a parameter.`,
      severity: "error",
      from: { path: `^src/${folder}/` },
      to: { path: "^src/", pathNot: [`^src/${folder}/`, ...below.map(target)] },
    })),
    ...Object.entries(outside).map(([what, { modules, only }]) => ({
      name: `${what}-only-where-allowed`,
      comment: `Only ${only.join(", ") || "nobody"} may use this: what is read or started is passed down as a value or a port.`,
      severity: "error",
      from: { path: "^src/", pathNot: inFolders(only) },
      to: { path: modules },
    })),
    ...Object.entries(packages).map(([name, only]) => ({
      name: `${name}-only-where-allowed`,
      comment: `Only ${only.join(", ")} may import ${name}: the other layers see its results in types of our own.`,
      severity: "error",
      from: { path: "^src/", pathNot: inFolders(only) },
      to: { path: `node_modules/${escapeRegExp(name)}/` },
    })),
    {
      name: "no-unlisted-package",
      comment: "A new runtime dependency is a decision: add it to the table with the folder that may import it.",
      severity: "error",
      from: { path: "^src/" },
      to: {
        path: "node_modules/",
        pathNot: Object.keys(packages).map((name) => `node_modules/${escapeRegExp(name)}/`),
      },
    },
    {
      name: "no-unresolved-import",
      comment: "An import that leads nowhere hides from every other rule.",
      severity: "error",
      from: { path: "^src/" },
      to: { couldNotResolve: true },
    },
    {
      name: "no-cycle",
      comment:
        "Modules that need each other are one module, or want a third below both. Only the files of one family " +
        "(`mir-build.ts`, `mir-expr.ts`), one recursion over a tree split by its kinds of node, may form a cycle.",
      severity: "error",
      from: { path: "^(src/[^/]+/[a-z]+)[^/]*$" },
      to: { circular: true, via: { pathNot: "^$1[-.]" } },
    },
    {
      name: "src-imports-src-only",
      comment: "The program does not see its tests, scripts or fixtures.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(test|scripts|fixtures|dist)/" },
    },
    {
      name: "no-dead-wood",
      comment: "Not reachable from the commands' entries: delete it or wire it.",
      severity: "error",
      from: { path: `${entries}|${startedByUrl}` },
      to: { path: "^src/", pathNot: `${entries}|${startedByUrl}`, reachable: false },
    },
  ],
  options: {
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};
