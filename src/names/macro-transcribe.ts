/**
 * A rule's template filled with what its matcher bound.
 *
 * Tokens of the definition get the span of the call and the expansion's hygiene context; tokens of the arguments keep theirs.
 * Null where the output would be larger than the budget, or where repetitions do not agree.
 */
import { pushAll } from "../base/push-all.ts";
import type { Span } from "../base/span.ts";
import type { Token, TokenTree } from "../syntax/ast.ts";
import type { Binding, Bindings } from "./macro-match.ts";
import { type Round, valueOfMetavar } from "./macro-metavars.ts";
import type { Template } from "./macro-rules.ts";

export interface TranscribeOptions {
  readonly call: Span;
  readonly context: number;
  /** What `$crate` is printed as. */
  readonly crateName: string;
  /** `#[macro_export(local_inner_macros)]`: macro calls of the definition mean macros of its crate. */
  readonly localInnerMacros: boolean;
}
export interface TokenBudget {
  tokens: number;
}

/** The expansion. */
export function transcribe(
  template: readonly Template[],
  bound: Bindings,
  options: TranscribeOptions,
  budget: TokenBudget,
  around: readonly Round[] = [],
): TokenTree[] | null {
  const out: TokenTree[] = [];
  for (let index = 0; index < template.length; index += 1) {
    const part = template[index];
    if (part === undefined || budget.tokens-- <= 0) return null;
    switch (part.k) {
      case "token":
        if (options.localInnerMacros && isMacroName(template, index)) pushAll(out, cratePath(options));
        out.push(definitionToken(part.token, options));
        break;
      case "crate":
        out.push({ ...definitionToken(part.token, options), text: options.crateName });
        break;
      case "group": {
        const inner = transcribe(part.inner, bound, options, budget, around);
        if (inner === null) return null;
        out.push({ ...part.group, trees: inner, span: options.call, origin: part.group.origin ?? part.group.span });
        break;
      }
      case "var": {
        const binding = bound.get(part.name);
        if (binding?.k !== "leaf") return null;
        append(out, leafTrees(binding));
        break;
      }
      case "repeat": {
        const repeated = repeat(part, bound, options, budget, around);
        if (repeated === null) return null;
        append(out, repeated);
        break;
      }
      case "metavar": {
        const value = valueOfMetavar(part.metavar, bound, around);
        if (value === null) return null;
        if (value.text !== "") out.push(definitionToken({ ...part.token, ...value, joint: false }, options));
        break;
      }
      default:
        part satisfies never;
    }
  }
  return out;
}

function repeat(
  part: Template & { readonly k: "repeat" },
  bound: Bindings,
  options: TranscribeOptions,
  budget: TokenBudget,
  around: readonly Round[],
): TokenTree[] | null {
  const lists: ListBinding[] = [];
  const names: string[] = [];
  for (const name of part.names) {
    const binding = bound.get(name);
    if (binding?.k !== "list") continue;
    lists.push(binding);
    names.push(name);
  }
  const rounds = lists[0]?.items.length ?? -1;
  // A list that is shorter is another one's inner repetition that matched nothing; rustc refuses the call.
  if (rounds < 0 || lists.some((list) => list.items.length !== rounds)) return null;
  const out: TokenTree[] = [];
  const inner: RoundBindings = {
    round: 0,
    get: (name) => {
      const at = names.lastIndexOf(name);
      return at < 0 ? bound.get(name) : lists[at]?.items[inner.round]?.get(name);
    },
  };
  for (let round = 0; round < rounds; round += 1) {
    inner.round = round;
    const trees = transcribe(part.inner, inner, options, budget, [...around, { round, rounds }]);
    if (trees === null) return null;
    if (round > 0) for (const token of part.separator) out.push(definitionToken(token, options));
    append(out, trees);
  }
  return out;
}

type ListBinding = Binding & { readonly k: "list" };
/** What is bound inside a repetition: names of its lists to what they are in one round, all others to what they are around it. */
interface RoundBindings extends Bindings {
  round: number;
}

/** Adds all of a list, however long: a call with that many arguments would overflow the stack. */
function append(out: TokenTree[], more: readonly TokenTree[]): void {
  for (const one of more) out.push(one);
}

function definitionToken(token: Token, options: TranscribeOptions): Token {
  const { k, text, joint, context, span, origin } = token;
  const own = context === 0 ? options.context : context;
  return { k, text, joint, span: options.call, context: own, origin: origin ?? span };
}

/** What a matched fragment is put in as; one that more tokens make up stays together. */
function leafTrees(binding: Binding & { readonly k: "leaf" }): readonly TokenTree[] {
  const { kind, trees } = binding;
  const [first] = trees;
  const last = trees.at(-1);
  if (first === undefined || last === undefined || trees.length === 1) return trees;
  const fragment = kind === "expr" || kind === "expr_2021" ? "expr" : kind === "ty" ? "type" : null;
  if (fragment === null) return trees;
  const sameFile = first.span.file === last.span.file && last.span.end >= first.span.start;
  const span = sameFile ? { ...first.span, end: last.span.end } : first.span;
  return [{ k: "group", delimiter: "", fragment, trees, span }];
}

function isMacroName(template: readonly Template[], index: number): boolean {
  const part = template[index];
  const bang = template[index + 1];
  const group = template[index + 2];
  const before = template[index - 1];
  if (part?.k !== "token" || part.token.k !== "ident" || bang?.k !== "token" || bang.token.text !== "!") return false;
  return group?.k === "group" && !(before?.k === "token" && before.token.text === ":");
}

function cratePath(options: TranscribeOptions): Token[] {
  const make = (k: Token["k"], text: string, joint: boolean): Token => ({
    k,
    text,
    joint,
    span: options.call,
    context: options.context,
  });
  return [make("ident", options.crateName, false), make("punct", ":", true), make("punct", ":", false)];
}
