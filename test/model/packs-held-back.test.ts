/** What a macro call with `#[sigsafe_impls(..)]` in the packs of std makes: impls of just these traits, and nothing else. */
import { expect, test } from "vitest";
import { indexPacks } from "../../src/model/pack-index.ts";
import type { DefId } from "../../src/names/defs.ts";
import type { TypeRef } from "../../src/syntax/ast.ts";
import { programOf, shippedPacks } from "../calls/program-of.ts";

test("held-back macros make impls of the traits and types that are named, all of them, and nothing else", async () => {
  const { names } = await programOf([{ name: "empty", text: "" }]);
  const { texts } = indexPacks(shippedPacks());
  const made = new Map<string, Set<string>>();
  for (const crate of names.allCrates().filter((one) => names.isPackCrate(one))) {
    const pending: DefId[] = [names.crateRoot(crate), ...names.implsOf(crate)];
    const seen = new Set<DefId>();
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      const { item, kind, children } = names.def(id);
      if (kind === "mod") pending.push(...children);
      const call = item?.source.expansion?.call;
      if (item === null || call === undefined) continue;
      const before = texts[call.file]?.text.slice(0, call.start) ?? "";
      const traits = /#\[sigsafe_impls\(([\w, ]+)\)\]\s*$/.exec(before.slice(-400))?.[1];
      if (traits === undefined) continue;
      const key = `${call.file}:${call.start} ${traits}`;
      const found = made.get(key) ?? new Set<string>();
      made.set(key, found);
      found.add(item.k === "impl" ? (item.trait?.segments.at(-1)?.name ?? `inherent ${nameOf(item.selfTy)}`) : kind);
    }
  }
  const named = texts.reduce((sum, { text }) => sum + text.split("#[sigsafe_impls(").length - 1, 0);
  expect(named).toBeGreaterThan(30);
  expect(made.size).toBe(named);
  for (const [key, traits] of made) expect([...traits].sort().join(", ")).toBe(key.replace(/^\S+ /, ""));
});

function nameOf(ty: TypeRef): string {
  return ty.k === "path" ? (ty.path.segments.at(-1)?.name ?? "") : ty.k;
}
