/**
 * One macro call: which macro it means, and what a `macro_rules!` macro makes of its arguments.
 *
 * Output: the printed expansion as a source, or why there is none. Depth, steps and output are bounded; over a bound the answer
 * is "limit". What an expansion is parsed as is its caller's business.
 */
import type { FileId } from "../base/span.ts";
import type { CfgSet } from "../crates/cfg.ts";
import type { MacroCall, Path, Source, TokenTree } from "../syntax/ast.ts";
import type { MacroFailure } from "../syntax/ast-body.ts";
import { lexTokens } from "../syntax/lexer.ts";
import { dollarCrateName } from "../syntax/lower-path.ts";
import { printTokens } from "../syntax/print-tokens.ts";
import { compiledArm, rulesHash } from "./cfg-if.ts";
import type { DefId } from "./defs.ts";
import { resolvePath } from "./lookup.ts";
import { type Bindings, matchRule } from "./macro-match.ts";
import { compileRules, type Rule } from "./macro-rules.ts";
import { type TranscribeOptions, transcribe } from "./macro-transcribe.ts";
import { defOf, type LookupResult, type MacroRec, type MacroScope, type Store } from "./store.ts";
import { textualMacro } from "./textual-macro.ts";
import type { CallMadeBy } from "./token-call.ts";
import { flatten } from "./tokens.ts";

export type Expansion =
  | { readonly k: "source"; readonly source: Source }
  | { readonly k: "failed"; readonly failure: MacroFailure };
/** What a macro by example made, not printed yet. */
export interface ExpandedTrees extends CallMadeBy {
  readonly k: "trees";
  readonly trees: readonly TokenTree[];
  /** For whoever keeps something of the expansion, but not its trees: what makes them once more. Tokens take much more than the texts that they came from. */
  remake(): () => readonly TokenTree[];
}
export type ExpandedTokens = Expansion | ExpandedTrees;

const maxDepth = 256;
const maxSteps = 2_000_000;
const maxTokens = 400_000;
/** What an expansion costs beside its tokens, in tokens: macros that double themselves print few at a time. */
const expansionCost = 200;
/** For one call in a file, with all that its expansion calls: as many as twenty thousand expansions. */
const maxTokensOfCall = 4_000_000;

/** What a macro's path means where it is called; null where nothing of that name is known. */
export function resolveMacro(store: Store, from: DefId, scope: MacroScope | null, path: Path): LookupResult | null {
  const [first] = path.segments;
  if (first === undefined || path.qself !== null) return null;
  const bare = path.segments.length === 1 && !path.global && path.dollarCrate === null;
  const textual = bare ? textualMacro(scope, first.name) : null;
  if (textual !== null) return { k: "def", def: textual };
  const names = path.segments.map((segment) => segment.name);
  const answer = resolvePath(
    store,
    from,
    { global: path.global, dollarCrate: path.dollarCrate, names, use: false },
    "macro",
  );
  return answer.k === "found" ? answer.result : null;
}

/** An expansion as text. */
export function asText(expanded: ExpandedTokens): Expansion {
  return expanded.k === "trees" ? { k: "source", source: expanded.print(expanded.trees) } : expanded;
}

/** Expands a call to token trees, where it is not the text itself that is left of it. */
export function expandTokens(store: Store, macro: DefId, call: MacroCall, cfg: CfgSet): ExpandedTokens {
  const record = store.macros.get(macro);
  const name = defOf(store, macro).name;
  if (record === undefined) return failed("unknown-macro", `${name}!`);
  const depth = (expansionAround(call)?.depth ?? 0) + 1;
  if (depth > maxDepth) return failed("limit", `${name}!: expanded more than ${maxDepth} times within itself`);
  const rules = rulesOf(store, record);
  const arm = record.cfgIf ? compiledArm(call, cfg) : null;
  if (arm !== null) return { k: "source", source: arm };
  const found = matchOf(rules, record, call);
  if (found === "limit") return failed("limit", `${name}!: no end of matching its arguments`);
  if (found !== null) {
    const { rule, bound } = found;
    store.nextContext += 1;
    const options = {
      call: call.span,
      context: store.nextContext,
      crateName: dollarCrateName(record.crate),
      localInnerMacros: record.localInnerMacros,
    };
    const outermost = outermostCall(call);
    const spent = store.tokensByCall.get(outermost) ?? 0;
    const before = Math.min(maxTokens, store.tokensLeft, maxTokensOfCall - spent);
    const tokens = { tokens: before };
    const out = transcribe(rule.template, bound, options, tokens);
    const cost = before - Math.max(0, tokens.tokens) + expansionCost;
    store.tokensLeft -= cost;
    store.tokensByCall.set(outermost, spent + cost);
    if (tokens.tokens <= 0) return failed("limit", `${name}!: its expansion is too large`);
    if (out === null) return failed("parse-error", `${name}!: repetitions do not agree`);
    const edition = call.made?.edition ?? call.source.edition;
    return {
      k: "trees",
      trees: out,
      expansion: { call: call.span, macro: name, depth },
      edition,
      print: (trees) => printed(trees, call, name, depth, edition),
      remake: () => {
        call.made?.release();
        return () => madeAgain(store, record, call, options);
      },
    };
  }
  return failed("parse-error", `${name}!: no rule matches the arguments`);
}

function matchOf(
  rules: readonly Rule[],
  { edition }: MacroRec,
  call: MacroCall,
): { readonly rule: Rule; readonly bound: Bindings } | "limit" | null {
  const flat = flatten(call.made?.trees() ?? lexTokens(call.source, call.start, call.end).trees);
  const budget = { steps: maxSteps };
  for (const rule of rules) {
    const bound = matchRule(rule.matcher, flat, edition, budget);
    if (budget.steps <= 0) return "limit";
    if (bound !== null) return { rule, bound };
  }
  return null;
}

/** The trees of an expansion that was made before, within the same bounds, so that nothing is charged. */
function madeAgain(store: Store, record: MacroRec, call: MacroCall, options: TranscribeOptions): readonly TokenTree[] {
  const found = matchOf(rulesOf(store, record), record, call);
  if (found === null || found === "limit") return [];
  return transcribe(found.rule.template, found.bound, options, { tokens: maxTokens }) ?? [];
}

/** The call in a file that an expansion within expansions began with. */
function outermostCall(call: MacroCall): string {
  const { file, start } = expansionAround(call)?.call ?? call.span;
  return `${file}:${start}`;
}

function expansionAround(call: MacroCall): Source["expansion"] {
  return call.made === undefined ? call.source.expansion : call.made.expansion;
}

/** The source of token trees that a call stands for. */
export function printed(
  trees: readonly TokenTree[],
  call: MacroCall,
  macro: string,
  depth: number,
  edition: Source["edition"],
): Source {
  return printTokens(trees, { file: call.span.file as FileId, edition, call: call.span, macro, depth });
}

/** The name a macro was called by. */
export function macroName(path: Path): string {
  return path.segments.map((segment) => segment.name).join("::");
}

function rulesOf(store: Store, record: MacroRec): NonNullable<MacroRec["rules"]> {
  if (record.rules !== null) return record.rules;
  const { item } = defOf(store, record.def);
  if (item?.k !== "macro-rules") record.rules = [];
  else {
    const { trees } = lexTokens(item.source, item.body.start, item.body.end);
    record.rules = compileRules(trees, item.form);
    record.cfgIf = store.generated.cfgIf.has(rulesHash(trees));
  }
  return record.rules;
}

/** Lets go of the rules of macros, which are read again where one is called again. */
export function forgetRules(store: Store): void {
  for (const record of store.macros.values()) record.rules = null;
}

/** That there is no expansion, and why. */
export function failed(reason: MacroFailure["reason"], text: string): Expansion & { readonly k: "failed" } {
  return { k: "failed", failure: { reason, text } };
}
