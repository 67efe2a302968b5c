/** The cfg language: what is parsed prints back, and evaluation is three-valued as Kleene has it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CfgExpr, type CfgSet, evalCfg, parseCfg, printCfg, type Truth } from "../../src/crates/cfg.ts";

const set: CfgSet = {
  known: new Set(["unix", 'target_os="linux"', 'feature="std"', "r#true"]),
  maybe: new Set(["has_*", "backend=*", "probe"]),
  never: new Set(["has_none"]),
};

describe("evaluation", () => {
  const table: readonly (readonly [string, Truth])[] = [
    ["unix", "true"],
    ["windows", "false"],
    ['target_os = "linux"', "true"],
    ['target_os = "macos"', "false"],
    ['feature = "std",', "true"],
    ["true", "true"],
    ["false", "false"],
    ["probe", "unknown"],
    ["has_i128", "unknown"],
    ["has_none", "false"],
    ['backend = "simd"', "unknown"],
    ["all()", "true"],
    ["any()", "false"],
    ["not(unix)", "false"],
    ["not(probe)", "unknown"],
    ["all(unix, probe)", "unknown"],
    ["all(windows, probe)", "false"],
    ["any(unix, probe)", "true"],
    ["any(windows, probe)", "unknown"],
    ["all(any(unix, windows), not(windows))", "true"],
    ["unix(x)", "unknown"],
    ["", "unknown"],
    ["all(unix", "unknown"],
    ['version("1.0")', "unknown"],
  ];
  for (const [text, truth] of table) {
    test(`cfg(${text}) is ${truth}`, () => expect(evalCfg(parseCfg(text), set)).toBe(truth));
  }
});

test("what is printed is read back", () => {
  const { expr } = fc.letrec<{ expr: CfgExpr }>((tie) => ({
    expr: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom("unix", "windows", "probe").map((name): CfgExpr => ({ k: "name", name })),
      fc
        .tuple(fc.constantFrom("feature", "target_os"), fc.constantFrom("std", "linux", 'a"b\\'))
        .map(([name, value]): CfgExpr => ({ k: "value", name, value })),
      fc.array(tie("expr"), { maxLength: 3 }).map((of): CfgExpr => ({ k: "all", of })),
      fc.array(tie("expr"), { maxLength: 3 }).map((of): CfgExpr => ({ k: "any", of })),
      tie("expr").map((one): CfgExpr => ({ k: "not", of: one })),
    ),
  }));
  fc.assert(
    fc.property(expr, (one) => {
      expect(parseCfg(printCfg(one))).toEqual(one);
    }),
  );
});

test("no text makes it throw, however deep", () => {
  fc.assert(fc.property(fc.string(), (text) => void evalCfg(parseCfg(text), set)));
  expect(evalCfg(parseCfg(`${"not(".repeat(20_000)}unix${")".repeat(20_000)}`), set)).toBe("unknown");
});
