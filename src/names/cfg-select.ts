/**
 * `cfg_select! { unix => { .. } _ => { .. } }`: the arm that is compiled, as a source. Source: core::cfg_select, Rust 1.95.
 */
import { type CfgSet, evalCfg, parseCfg } from "../crates/cfg.ts";
import type { MacroCall, Source } from "../syntax/ast.ts";
import { type RawToken, scan } from "../syntax/scan.ts";

/** The first arm whose condition is not false; null where there is none. */
export function selectedArm(call: MacroCall, cfg: CfgSet): Source | null {
  const { text } = call.source;
  const tokens = scan(text, call.start, call.end, call.source.edition);
  let from = 0;
  for (let at = 0; at < tokens.length; at += 1) {
    if (!isArrow(text, tokens, at)) {
      if (tokens[at]?.k === "open") at = closeOf(tokens, at);
      continue;
    }
    const start = tokens[from]?.start ?? call.start;
    const condition = text.slice(start, tokens[at]?.start ?? start).trim();
    const open = at + 2;
    const close = tokens[open]?.k === "open" ? closeOf(tokens, open) : -1;
    if (close < 0) return null;
    if (condition === "_" || evalCfg(parseCfg(condition), cfg) !== "false") {
      return part(call.source, tokens[open]?.end ?? 0, tokens[close]?.start ?? 0);
    }
    from = close + 1;
    if (text[tokens[from]?.start ?? 0] === ",") from += 1;
    at = close;
  }
  return null;
}

/** A part of a source as a source of its own. */
export function part(source: Source, start: number, end: number): Source {
  return {
    ...source,
    text: source.text.slice(start, end),
    spanOf: (from, to) => source.spanOf(from + start, to + start),
    originAt: (offset) => source.originAt(offset + start),
    contextAt: (offset) => source.contextAt(offset + start),
  };
}

function isArrow(text: string, tokens: readonly RawToken[], at: number): boolean {
  const one = tokens[at];
  const two = tokens[at + 1];
  return (
    one !== undefined &&
    two !== undefined &&
    text[one.start] === "=" &&
    text[two.start] === ">" &&
    two.start === one.end
  );
}

/** The token that closes the one at `open`; -1 where none does. */
export function closeOf(tokens: readonly RawToken[], open: number): number {
  let level = 0;
  for (let at = open; at < tokens.length; at += 1) {
    if (tokens[at]?.k === "open") level += 1;
    if (tokens[at]?.k === "close") level -= 1;
    if (level === 0) return at;
  }
  return -1;
}
