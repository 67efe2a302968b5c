/**
 * Whole-program questions are asked of texts first: every call, and every field that is set, which inference sees in a body must have passed the
 * filters of its text. Asked of published crates, body by body; what a filter hides there is a caller that nobody looks at.
 */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../src/base/package-file.ts";
import { type Bodies, createBodies } from "../../src/calls/bodies.ts";
import { functionsIn } from "../../src/calls/body-index.ts";
import { callShape } from "../../src/calls/call-shape.ts";
import { namingField } from "../../src/calls/field-mentions.ts";
import { fieldsOnTheWay } from "../../src/calls/flow-places.ts";
import type { Mir } from "../../src/calls/mir.ts";
import { holdersOfType } from "../../src/calls/type-holders.ts";
import { readModel } from "../../src/cli/rule-files.ts";
import { openProgram } from "../../src/cli/run-program.ts";
import { loadWorkspace } from "../../src/crates/load-workspace.ts";
import type { DefId } from "../../src/names/defs.ts";
import { initParser } from "../../src/syntax/parser.ts";
import { loadOptions } from "../support/load-options.ts";

const online: boolean = spawnSync("cargo", ["info", "--quiet", "libc"], { cwd: "/", timeout: 60_000 }).status === 0;
const manifest: string = path.join(import.meta.dirname, "../mir-judge/Cargo.toml");

async function published(): Promise<Bodies> {
  await initParser({ grammarWasm: packageFile("assets/tree-sitter-rust.wasm") });
  const workspace = await loadWorkspace(loadOptions(path.dirname(manifest), { manifestPath: manifest }));
  const [program] = workspace.programs;
  if (program === undefined) throw new Error("no program");
  return createBodies(openProgram(workspace, program, readModel()).types);
}

/** Every definition with a body of its own, and its MIR and that of its closures. */
function* everyBody(bodies: Bodies): Generator<{ readonly def: DefId; readonly mirs: readonly Mir[] }> {
  for (const { id } of bodies.names.program.crates) {
    for (const def of bodies.ofCrate(id, null))
      yield { def, mirs: bodies.withClosures(def).flatMap((key) => bodies.mir(key) ?? []) };
  }
}

/** Functions of the program that the body calls, or whose value it takes. */
function calledIn({ names }: Bodies, mir: Mir): readonly DefId[] {
  const all = mir.blocks.flatMap((block) => [
    ...functionsIn(block).map((one) => one.def),
    ...(block.term.k === "call" && block.term.callee.k === "def" ? [block.term.callee.def] : []),
  ]);
  return all.filter((def) => names.def(def).item?.k === "fn" && !names.isPackCrate(names.def(def).crate));
}

/** Fields of structs of the body's own crate that it sets, lends or builds. */
function setIn({ names }: Bodies, def: DefId, mir: Mir): readonly { readonly owner: DefId; readonly index: number }[] {
  const all = mir.blocks.flatMap(({ stmts, term }) => [
    ...stmts.flatMap(({ place, value }) => [
      ...fieldsOnTheWay(mir, place),
      ...(value.k === "ref" && place.proj.length === 0 ? fieldsOnTheWay(mir, value.place) : []),
      ...(value.k === "aggregate" && value.kind.k === "adt"
        ? value.kind.indices.map((index) => ({ owner: (value.kind as { readonly def: DefId }).def, index }))
        : []),
    ]),
    ...(term.k === "call" ? fieldsOnTheWay(mir, term.dest) : []),
  ]);
  const { crate } = names.def(def);
  return all.filter(({ owner }) => names.def(owner).kind === "struct" && names.def(owner).crate === crate);
}

/** Do the filters let the body through where the callers of the function are looked for? */
function isHeard(bodies: Bodies, def: DefId, target: DefId): boolean {
  const { names, types } = bodies;
  const { crate } = names.def(def);
  const { name, parent, item } = names.def(target);
  if (!bodies.mentioning(crate, [name], callShape(names, target)).includes(def)) return false;
  if (parent === null || names.def(parent).kind !== "impl" || types.implTraitRef(parent) !== null) return true;
  const self = types.implSelfTy(parent);
  if (self.k !== "adt" || item?.k !== "fn") return true;
  const how = item.selfParam === null ? "name" : "value";
  const holders = holdersOfType(bodies, self.def, bodies.cratesThatSee(target), how);
  if (holders === null) return true;
  const meant = bodies.mentioning(crate, [name], callShape(names, target, holders.types));
  return holders.mayBeIn(crate) && holders.among(crate, meant).includes(def);
}

describe.skipIf(!online)("text filters", () => {
  test("hide no call and no field that is set", { timeout: 1_800_000 }, async () => {
    const bodies = await published();
    const { names, types } = bodies;
    const hidden = new Set<string>();
    let calls = 0;
    let fields = 0;
    for (const { def, mirs } of everyBody(bodies)) {
      const { crate } = names.def(def);
      for (const target of new Set(mirs.flatMap((mir) => calledIn(bodies, mir)))) {
        // What a derive or macro writes stands nowhere in the body's text.
        if (!bodies.mentioning(crate, [names.def(target).name]).includes(def)) continue;
        calls += 1;
        if (!isHeard(bodies, def, target)) hidden.add(`${names.pathOf(def)} -> ${names.pathOf(target)}`);
      }
      for (const { owner, index } of mirs.flatMap((mir) => setIn(bodies, def, mir))) {
        const name = types.fieldNames(owner)[index];
        const type = names.def(owner).name;
        if (name === undefined) continue;
        const words = /^\d/.test(name) ? [type, "Self", name] : [name];
        if (!bodies.mentioning(crate, words).includes(def)) continue;
        fields += 1;
        if (!namingField(bodies, crate, { owner, name }, [crate]).includes(def))
          hidden.add(`${names.pathOf(def)} sets ${type}.${name}`);
      }
    }
    expect([...hidden]).toEqual([]);
    expect(calls).toBeGreaterThan(3_000);
    expect(fields).toBeGreaterThan(3_000);
  });
});
