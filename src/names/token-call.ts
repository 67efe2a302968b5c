/**
 * Macro calls that a macro wrote, made of its tokens: most of what recursive macros do is to call themselves, and nothing has to be printed for that.
 *
 * The arguments are what lexing their text would give; where that is not so, they are the text. Whoever asks for the text has it printed.
 */
import type { Span } from "../base/span.ts";
import type { Edition, MacroCall, MacroCallItem, MadeCall, Source, TokenTree } from "../syntax/ast.ts";
import type { Stmt } from "../syntax/ast-body.ts";
import { holdsInvisible } from "../syntax/print-tokens.ts";
import type { CallTokens } from "./item-tokens.ts";

export interface CallMadeBy {
  readonly expansion: NonNullable<Source["expansion"]>;
  readonly edition: Edition;
  print(trees: readonly TokenTree[]): Source;
}

/** The call as an item. */
export function callItem(tokens: CallTokens, by: CallMadeBy): MacroCallItem {
  return new TokenCallItem(new TokenCall(tokens, by));
}

/** The call as a statement. */
export function callStatement(tokens: CallTokens, by: CallMadeBy): Stmt {
  const call = new TokenCall(tokens, by);
  return { k: "macro", call, semi: tokens.semi, attrs: [], span: call.span, expanded: null, failure: null };
}

class TokenCall implements MacroCall, MadeCall {
  readonly path: MacroCall["path"];
  readonly delimiter: MacroCall["delimiter"];
  readonly start = 0;
  readonly span: Span;
  readonly expansion: MadeCall["expansion"];
  readonly edition: Edition;
  readonly #print: CallMadeBy["print"];
  #trees: readonly TokenTree[] | null;
  #source: Source | null = null;

  constructor({ path, group }: CallTokens, { expansion, edition, print }: CallMadeBy) {
    this.path = path;
    this.delimiter = group.delimiter === "" ? "(" : group.delimiter;
    this.span = spanOver(path.span, group.span, expansion.call);
    this.expansion = expansion;
    this.edition = edition;
    this.#print = print;
    this.#trees = group.trees;
    if (holdsInvisible(group.trees)) this.release();
  }
  get made(): MadeCall {
    return this;
  }
  get source(): Source {
    this.#source ??= this.#print(this.#trees ?? []);
    return this.#source;
  }
  get end(): number {
    return this.source.text.length;
  }
  trees(): readonly TokenTree[] | null {
    return this.#trees;
  }
  forget(): void {
    this.#trees = null;
  }
  release(): void {
    this.#source = this.source;
    this.#trees = null;
  }
}

class TokenCallItem implements MacroCallItem {
  readonly k = "macro-call";
  readonly attrs = [];
  readonly vis = { k: "private" } as const;
  readonly name = "";
  readonly start = 0;
  readonly broken = false;
  readonly call: TokenCall;
  constructor(call: TokenCall) {
    this.call = call;
  }
  get span(): Span {
    return this.call.span;
  }
  get keySpan(): Span {
    return this.call.span;
  }
  get source(): Source {
    return this.call.source;
  }
  get end(): number {
    return this.call.end;
  }
}

/** As printed text has it: from the first token to the last where both were written in one place, else where the macro was called. */
function spanOver(first: Span, last: Span, call: Span): Span {
  if (first.file !== last.file || first.start > last.start) return call;
  const end = Math.max(first.end, last.end);
  return first.file === call.file && first.start === call.start && end === call.end ? call : { ...first, end };
}
