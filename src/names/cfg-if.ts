/**
 * `cfg_if! { if #[cfg(..)] { .. } else if #[cfg(..)] { .. } else { .. } }`: the arm that is compiled, as a source.
 *
 * A crate that declares everything inside such calls, as libc does, would have its text printed and read again at each `else`.
 * The macro is known by its rules (rules/macros.json), never by its name. Where a condition cannot be told, or the call is one
 * of the macro's own, the rules decide as they do for every macro.
 */
import { stableHash } from "../base/stable-hash.ts";
import { type CfgSet, evalCfg, parseCfg } from "../crates/cfg.ts";
import type { MacroCall, Source, TokenTree } from "../syntax/ast.ts";
import { type RawToken, scan } from "../syntax/scan.ts";
import { closeOf, part } from "./cfg-select.ts";
import { flatten } from "./tokens.ts";

/** The arm of the first condition that holds, the one behind the last `else`, or an empty source; null where the rules have to say it. */
export function compiledArm(call: MacroCall, cfg: CfgSet): Source | null {
  const { source, start, end } = call;
  const { text } = source;
  const tokens = scan(text, start, end, source.edition);
  const word = (at: number): string => text.slice(tokens[at]?.start ?? end, tokens[at]?.end ?? end);
  const group = (at: number): Group | null => groupAt(text, tokens, at);
  for (let at = 0; at < tokens.length; ) {
    if (word(at) === "else" && word(at + 1) !== "if") {
      const body = group(at + 1);
      return body?.open === "{" && body.next === tokens.length ? part(source, body.start, body.end) : null;
    }
    if (at > 0) {
      if (word(at) !== "else") return null;
      at += 1;
    }
    const condition = word(at) === "if" && word(at + 1) === "#" ? group(at + 2) : null;
    const body = condition === null ? null : group(condition.next);
    if (condition?.open !== "[" || body?.open !== "{") return null;
    const inner = /^\s*cfg\s*\(([\s\S]*)\)\s*$/.exec(text.slice(condition.start, condition.end))?.[1];
    // Several conditions in one attribute: an older form of the macro, which takes all of them.
    const held = inner === undefined || hasComma(inner) ? "unknown" : evalCfg(parseCfg(inner), cfg);
    if (held === "true") return part(source, body.start, body.end);
    if (held !== "false") return null;
    at = body.next;
  }
  return tokens.length === 0 ? null : part(source, end, end);
}

/** What a macro's rules are known by: their tokens, whatever `$crate` is called. */
export function rulesHash(trees: readonly TokenTree[]): string {
  const words = flatten(trees).map((token) => token.text);
  return stableHash([words.join(" ").replaceAll("$ crate : : ", "").replace(/ ;$/, "")]);
}

function hasComma(text: string): boolean {
  let level = 0;
  for (const char of text.replace(/"[^"]*"/g, "")) {
    if (char === "(") level += 1;
    else if (char === ")") level -= 1;
    else if (char === "," && level === 0) return true;
  }
  return false;
}

/** What stands between two delimiters, and the token behind them. */
interface Group {
  readonly open: string;
  readonly start: number;
  readonly end: number;
  readonly next: number;
}

function groupAt(text: string, tokens: readonly RawToken[], at: number): Group | null {
  const open = tokens[at];
  const close = open?.k === "open" ? closeOf(tokens, at) : -1;
  const last = tokens[close];
  if (open === undefined || last === undefined) return null;
  return { open: text[open.start] ?? "", start: open.end, end: last.start, next: close + 1 };
}
