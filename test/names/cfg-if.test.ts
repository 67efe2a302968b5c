/**
 * The arm that a call of `cfg_if!`'s form compiles, and where the rules have to say it. What the rules of the published macro are is
 * compared with the crate in test/names/cfg-if.slow.test.ts.
 */
import { expect, test } from "vitest";
import type { FileId } from "../../src/base/span.ts";
import type { CfgSet } from "../../src/crates/cfg.ts";
import { compiledArm, rulesHash } from "../../src/names/cfg-if.ts";
import type { MacroCall } from "../../src/syntax/ast.ts";
import { lexTokens } from "../../src/syntax/lexer.ts";
import { fileSource } from "../../src/syntax/source.ts";

const cfg: CfgSet = { known: new Set(["unix", "a"]), maybe: new Set(["perhaps"]), never: new Set() };

test.each([
  ["if #[cfg(unix)] { one } else { two }", "one"],
  ["if #[cfg(windows)] { one } else { two }", "two"],
  ["if #[cfg(windows)] { one } else if #[cfg(all(unix, a))] { { two } } else if #[cfg(a)] { three }", "{ two }"],
  ["if #[cfg(windows)] { one } else if #[cfg(any(b, not(a)))] { two }", ""],
  ['if /* } */ #[cfg(b)] { "}" } else { /* else */ fn f() {} }', "/* else */ fn f() {}"],
  ["if #[cfg(windows)] { x } else if #[cfg(perhaps)] { one } else { two }", null],
  ["if #[cfg(unix)] { one } else if #[cfg(perhaps)] { two }", "one"],
  ["if #[cfg(unix, a)] { one }", null],
  ["@__items () ; ((unix) (one)),", null],
  ["if unix { one }", null],
  ["if #[cfg(windows)] { one } else { two } more", null],
  ["if #[cfg(windows)] { one } if #[cfg(unix)] { two }", null],
  ["", null],
] as const)("%s", (text, arm) => {
  expect(compiledArm(callOf(text), cfg)?.text.trim() ?? null).toBe(arm);
});

test("an arm's offsets lead to where it is written", () => {
  const call = callOf("if #[cfg(windows)] { one } else { two }");
  const arm = compiledArm(call, cfg);
  const span = arm?.spanOf(1, 4);
  expect(call.source.text.slice(span?.start, span?.end)).toBe("two");
});

test("rules are the same whatever their layout and the crate's name, and others are not", () => {
  const hash = (rules: string): string => {
    const source = fileSource(rules, 0 as FileId, "2021");
    return rulesHash(lexTokens(source, 0, rules.length).trees);
  };
  const one = "($($t:tt)*) => { $crate::m! { $($t)* } };";
  expect(hash("($($t:tt)*) => {\n  // again\n  m! { $($t)* }\n}")).toBe(hash(one));
  expect(hash("($($t:tt)*) => { m! { $($t)+ } }")).not.toBe(hash(one));
});

function callOf(args: string): MacroCall {
  const text = `m! { ${args} }`;
  const source = fileSource(text, 0 as FileId, "2021");
  const span = source.spanOf(0, text.length);
  const path = { global: false, dollarCrate: null, qself: null, qselfPosition: 0, segments: [], span };
  return { path, delimiter: "{", source, start: 4, end: text.length - 2, span };
}
