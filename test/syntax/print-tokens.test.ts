/**
 * Printed token trees lex to the same token trees, and every printed token leads back to where it was written.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { fileId } from "../../src/base/span.ts";
import type { Source, TokenTree } from "../../src/syntax/ast.ts";
import { lexTokens } from "../../src/syntax/lexer.ts";
import { printTokens } from "../../src/syntax/print-tokens.ts";
import { fileSource } from "../../src/syntax/source.ts";

const word: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ..."fn x r#type _ 'a 'static '\\'' 'x' b'y' 1 1.0 0xff_u8 1e3 1..2 \"s\\\"\" r#\"q\"# b\"z\" c\"w\" $ # ! ? . .. ..= : :: -> =>".split(
      " ",
    ),
    ..."= == <<= >> < > & && | || + - * / % ^ @ , ; ~ macro_rules é \u{1F980}".split(" "),
    "/// doc\n",
    "/* c */",
    "// c\n",
    "//! inner\n",
  ),
  fc.stringMatching(/^[a-z_][a-z0-9_]{0,6}$/),
);
const text: fc.Arbitrary<string> = fc.letrec<{ list: string; one: string }>((tie) => ({
  one: fc.oneof(
    { depthSize: "small" },
    word,
    fc.tuple(fc.constantFrom("()", "[]", "{}"), tie("list")).map(([pair, inner]) => `${pair[0]}${inner}${pair[1]}`),
  ),
  list: fc.array(tie("one"), { maxLength: 12 }).chain((words) =>
    fc
      .array(fc.constantFrom(" ", "", "\n"), { minLength: words.length, maxLength: words.length })
      // Blanks may be missing wherever the words do not grow together.
      .map((blanks) => words.map((one, at) => one + (/[\p{L}\p{N}_'"#$/*.]$/u.test(one) ? " " : blanks[at])).join("")),
  ),
})).list;

test("lex(print(lex(x))) is lex(x)", () => {
  fc.assert(
    fc.property(text, (written) => {
      const { trees } = lexed(fileSource(written, fileId(0), "2021"));
      const again = lexed(print(trees)).trees;
      expect(shape(again)).toEqual(shape(trees));
    }),
    { numRuns: 500, seed: 1 },
  );
});

test("each token keeps its span and its context", () => {
  fc.assert(
    fc.property(text, (written) => {
      const { trees } = lexed(fileSource(written, fileId(3), "2021"));
      const again = lexed(print(trees)).trees;
      expect(leaves(again).map((leaf) => leaf.span)).toEqual(leaves(trees).map((leaf) => leaf.span));
    }),
    { numRuns: 300, seed: 2 },
  );
});

test("a range over tokens of two files is the call", () => {
  const one = lexed(fileSource("a", fileId(1), "2021")).trees;
  const other = lexed(fileSource("b", fileId(2), "2021")).trees;
  const source = print([...one, ...other]);
  expect(source.text).toBe("a b");
  expect(source.spanOf(0, 1)).toEqual({ file: 1, start: 0, end: 1 });
  expect(source.spanOf(0, 3)).toEqual(call);
  expect(print([]).spanOf(0, 0)).toEqual(call);
});

const call = { file: fileId(9), start: 5, end: 7 };

function print(trees: readonly TokenTree[]): Source {
  return printTokens(trees, { file: fileId(0), edition: "2021", call, macro: "m", depth: 1 });
}

function lexed(source: Source): ReturnType<typeof lexTokens> {
  return lexTokens(source, 0, source.text.length);
}

/** Trees without spans. A `$` is printed at what follows it, so that it may become joint, which nothing asks. */
function shape(trees: readonly TokenTree[]): unknown {
  return trees.map((tree) =>
    tree.k === "group" ? [tree.delimiter, shape(tree.trees)] : [tree.k, tree.text, tree.joint && tree.text !== "$"],
  );
}

function leaves(trees: readonly TokenTree[]): readonly Exclude<TokenTree, { k: "group" }>[] {
  return trees.flatMap((tree) => (tree.k === "group" ? leaves(tree.trees) : [tree]));
}
