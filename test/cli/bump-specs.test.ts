/** The arguments of `bump`: what they ask for, and what is refused. */
import { describe, expect, test } from "vitest";
import { type BumpFlags, bumpsOf } from "../../src/cli/bump-specs.ts";
import { nearestVersions } from "../../src/crates/versions.ts";

const flags: BumpFlags = { features: [] };
const plain = { version: null, replacement: null, git: null, features: [] };

test("names, versions, other crates, several at once", () => {
  expect(bumpsOf(["pprof"], flags)).toEqual([{ ...plain, name: "pprof" }]);
  expect(bumpsOf(["pprof@0.14.1", "log@0.4.0"], flags)).toEqual([
    { ...plain, name: "pprof", version: "0.14.1" },
    { ...plain, name: "log", version: "0.4.0" },
  ]);
  expect(bumpsOf(["pprof@0.15.0=>pprof-pyroscope-fork@0.1500.4"], flags)).toEqual([
    { ...plain, name: "pprof", replacement: "pprof-pyroscope-fork", version: "0.1500.4" },
  ]);
});

test("a revision, and features of the one name or of the name they carry", () => {
  expect(bumpsOf(["a"], { ...flags, rev: "abc", git: "u" })[0]?.git).toEqual({ url: "u", kind: "rev", value: "abc" });
  expect(bumpsOf(["a"], { features: ["x,y z"] })[0]?.features).toEqual(["x", "y", "z"]);
  expect(bumpsOf(["a", "b"], { features: ["b/x"] }).map((one) => one.features)).toEqual([[], ["x"]]);
});

describe("refused", () => {
  const cases: readonly (readonly [readonly string[], Partial<BumpFlags>, RegExp])[] = [
    [["--all"], {}, /names no bump/],
    [["a@1"], {}, /no full version/],
    [["a@x"], {}, /names no bump/],
    [["a=>b=>c"], {}, /names no bump/],
    [["a", "b"], { features: ["x"] }, /whose feature/],
    [["a"], { features: ["c/x"] }, /whose feature/],
    [["a", "b"], { rev: "1" }, /go with one name/],
    [["a"], { rev: "1", tag: "2" }, /only one of/],
    [["a"], { git: "u" }, /--git needs/],
  ];
  for (const [specs, more, message] of cases) {
    test(`${specs.join(" ")} ${JSON.stringify(more)}`, () => {
      expect(() => bumpsOf(specs, { ...flags, ...more })).toThrow(message);
    });
  }
});

test("versions to try: newer ones upwards, then older ones downwards, none yanked or pre-released", () => {
  const all = ["0.9.0", "1.0.0", "1.1.0", "1.2.0", "2.0.0-rc.1", "2.0.0"].map((version) => ({
    version,
    yanked: version === "1.2.0",
  }));
  expect(nearestVersions(all, "1.0.0")).toEqual(["1.1.0", "2.0.0", "0.9.0"]);
});
