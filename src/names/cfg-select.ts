/**
 * `cfg_select! { unix => { .. } windows => value, _ => { .. } }`: the arms that may be compiled, as sources, whatever stands where the
 * call does: items, statements, a value, a pattern, a type. Source: core::cfg_select, Rust 1.95.
 */
import { type CfgSet, evalCfg, parseCfg } from "../crates/cfg.ts";
import type { MacroCall, Source, SourceForm } from "../syntax/ast.ts";
import { type RawToken, scan } from "../syntax/scan.ts";

/** The arms one of which is compiled: the first whose condition is true, and those before it of which nobody knows; none where all are false. */
export function selectedArms(call: MacroCall, cfg: CfgSet): readonly Source[] {
  const { text } = call.source;
  const found: Source[] = [];
  const tokens = scan(text, call.start, call.end, call.source.edition);
  let from = 0;
  for (let at = 0; at < tokens.length; at += 1) {
    if (!isArrow(text, tokens, at)) {
      if (tokens[at]?.k === "open") at = closeOf(tokens, at);
      continue;
    }
    const start = tokens[from]?.start ?? call.start;
    const condition = text.slice(start, tokens[at]?.start ?? start).trim();
    const braced = text[tokens[at + 2]?.start ?? call.end] === "{";
    const end = braced ? closeOf(tokens, at + 2) : commaFrom(text, tokens, at + 2);
    if (end < 0) return found;
    const holds = condition === "_" ? "true" : evalCfg(parseCfg(condition), cfg);
    if (holds !== "false") {
      const last = tokens[end]?.start ?? call.end;
      found.push(part(call.source, (braced ? tokens[at + 2]?.end : tokens[at + 2]?.start) ?? last, last));
      if (holds === "true") return found;
    }
    from = braced && text[tokens[end + 1]?.start ?? call.end] !== "," ? end + 1 : end + (braced ? 2 : 1);
    at = from - 1;
  }
  return found;
}

/** A part of a source as a source of its own. */
export function part(source: Source, start: number, end: number): Source {
  return {
    ...source,
    text: source.text.slice(start, end),
    spanOf: (from, to) => source.spanOf(from + start, to + start),
    originAt: (offset) => source.originAt(offset + start),
    contextAt: (offset) => source.contextAt(offset + start),
    form: ofPart,
  };
}

const ofPart: SourceForm = { k: "part" };

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

/** The comma that ends the value at `from`; where none does, what is behind the last token. */
function commaFrom(text: string, tokens: readonly RawToken[], from: number): number {
  let angles = 0;
  for (let at = from; at < tokens.length; at += 1) {
    const char = text[tokens[at]?.start ?? 0];
    if (tokens[at]?.k === "open") at = closeOf(tokens, at);
    if (at < 0) return -1;
    if (char === "<" && (angles > 0 || text[tokens[at - 1]?.start ?? 0] === ":")) angles += 1;
    else if (char === ">" && angles > 0) angles -= 1;
    else if (char === "," && angles === 0) return at;
  }
  return tokens.length;
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
