/**
 * Token trees in a flat form that can be walked by index: what matching and the search for a fragment's end work on.
 *
 * Input: token trees. Output: one entry per token, delimiters included; `end` is the index behind the tree that starts
 * there. An invisible group (a matched expression or type) is one entry: nothing looks into it.
 */
import type { TokenTree } from "../syntax/ast.ts";

export interface Flat {
  readonly k: "ident" | "lifetime" | "literal" | "punct" | "open" | "close" | "group";
  /** The delimiter for `open` and `close`, empty for `group`. */
  readonly text: string;
  /** The next character is punctuation and follows at once. */
  readonly joint: boolean;
  /** The tree that starts here; null for `close`. */
  readonly tree: TokenTree | null;
  readonly end: number;
}

const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** The flat form of token trees. Iterative: nesting is bounded by nothing but the input. */
export function flatten(trees: readonly TokenTree[]): readonly Flat[] {
  const out: { k: Flat["k"]; text: string; joint: boolean; tree: TokenTree | null; end: number }[] = [];
  const stack: {
    readonly trees: readonly TokenTree[];
    at: number;
    readonly open: number;
    readonly delimiter: string;
  }[] = [{ trees, at: 0, open: -1, delimiter: "" }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const tree = top.trees[top.at];
    if (tree === undefined) {
      stack.pop();
      const open = out[top.open];
      if (open !== undefined) {
        out.push({ k: "close", text: closing[top.delimiter] ?? "", joint: false, tree: null, end: out.length + 1 });
        open.end = out.length;
      }
      continue;
    }
    top.at += 1;
    if (tree.k !== "group") {
      out.push({ k: tree.k, text: tree.text, joint: tree.joint, tree, end: out.length + 1 });
    } else if (tree.delimiter === "") {
      out.push({ k: "group", text: "", joint: false, tree, end: out.length + 1 });
    } else {
      out.push({ k: "open", text: tree.delimiter, joint: false, tree, end: 0 });
      stack.push({ trees: tree.trees, at: 0, open: out.length - 1, delimiter: tree.delimiter });
    }
  }
  return out;
}

/** The trees of the flat range [start, end). */
export function treesOf(flat: readonly Flat[], start: number, end: number): TokenTree[] {
  const trees: TokenTree[] = [];
  for (let at = start; at < end; ) {
    const token = flat[at];
    if (token === undefined) break;
    if (token.tree !== null) trees.push(token.tree);
    at = token.end;
  }
  return trees;
}

const operators: ReadonlySet<string> = new Set(
  "<<= >>= ... ..= && || == != <= >= -> <- => :: .. << >> += -= *= /= %= ^= &= |=".split(" "),
);

/** How many tokens the operator at `at` is made of, as rustc glues them; 1 for what is no operator. */
export function operatorLength(flat: readonly Flat[], at: number): number {
  const one = flat[at];
  if (one?.k !== "punct" || !one.joint) return 1;
  const two = flat[at + 1];
  if (two?.k !== "punct") return 1;
  const pair = one.text + two.text;
  const three = two.joint ? flat[at + 2] : undefined;
  if (three?.k === "punct" && operators.has(pair + three.text)) return 3;
  return operators.has(pair) ? 2 : 1;
}

/** The operator at `at`, glued; empty where no punctuation stands. */
export function operatorAt(flat: readonly Flat[], at: number): string {
  const one = flat[at];
  if (one?.k !== "punct") return "";
  const length = operatorLength(flat, at);
  if (length === 1) return one.text;
  return one.text + (flat[at + 1]?.text ?? "") + (length === 3 ? (flat[at + 2]?.text ?? "") : "");
}
