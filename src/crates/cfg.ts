/**
 * The language of `#[cfg(…)]`: its type, parser, printer and three-valued evaluation, and nothing else.
 *
 * Input: the text between the parentheses of `cfg(…)`, and the set of cfgs a crate is compiled with.
 * Output: "true", "false", or "unknown" where only a build script could tell. What is declared nowhere is false,
 * as it is for rustc. Never throws: text that is not a cfg predicate becomes an opaque part, which is unknown.
 */

export type CfgExpr =
  | { readonly k: "all"; readonly of: readonly CfgExpr[] }
  | { readonly k: "any"; readonly of: readonly CfgExpr[] }
  | { readonly k: "not"; readonly of: CfgExpr }
  | { readonly k: "name"; readonly name: string }
  | { readonly k: "value"; readonly name: string; readonly value: string }
  | { readonly k: "const"; readonly value: boolean }
  | { readonly k: "opaque"; readonly text: string };

export type Truth = "true" | "false" | "unknown";

/** The cfgs of one crate. Keys are spelled as rustc prints them: `unix`, `feature="std"`. */
export interface CfgSet {
  readonly known: ReadonlySet<string>;
  /** May be set by the build script: keys, or prefixes ending in `*` (`backend=*`, `has_*`, `*`). */
  readonly maybe: ReadonlySet<string>;
  /** Names that the patterns of `maybe` do not cover: no build script sets them. */
  readonly never: ReadonlySet<string>;
}

/** `all(…)` nested deeper than this is opaque. */
const maxDepth = 100;

/** Parses the text between the parentheses of `cfg(…)`; a trailing comma is allowed, as in rustc. */
export function parseCfg(text: string): CfgExpr {
  const tokens = tokenize(text);
  if (tokens === null) return { k: "opaque", text: text.trim() };
  const parser: Parser = { text, tokens, at: 0 };
  const expr = parsePredicate(parser, 0);
  if (peek(parser)?.k === ",") parser.at += 1;
  return parser.at === tokens.length ? expr : { k: "opaque", text: text.trim() };
}

/** Prints an expression so that `parseCfg` reads it back. */
export function printCfg(expr: CfgExpr): string {
  switch (expr.k) {
    case "all":
    case "any":
      return `${expr.k}(${expr.of.map(printCfg).join(", ")})`;
    case "not":
      return `not(${printCfg(expr.of)})`;
    case "name":
      return expr.name;
    case "value":
      return `${expr.name} = ${JSON.stringify(expr.value)}`;
    case "const":
      return String(expr.value);
    case "opaque":
      return expr.text;
    default:
      return expr satisfies never;
  }
}

/** Evaluates an expression against the cfgs of a crate. */
export function evalCfg(expr: CfgExpr, set: CfgSet): Truth {
  switch (expr.k) {
    case "all":
      return fold(expr.of, set, "false", "true");
    case "any":
      return fold(expr.of, set, "true", "false");
    case "not": {
      const inner = evalCfg(expr.of, set);
      return inner === "unknown" ? inner : inner === "true" ? "false" : "true";
    }
    case "name":
      return lookUp(expr.name, set);
    case "value":
      return lookUp(cfgKey(expr.name, expr.value), set);
    case "const":
      return expr.value ? "true" : "false";
    case "opaque":
      return "unknown";
    default:
      return expr satisfies never;
  }
}

/** The key of a cfg as rustc prints it: `unix`, or `feature="std"`. */
export function cfgKey(name: string, value: string | null): string {
  return value === null ? name : `${name}="${value}"`;
}

/** One string for one set, for keys and hashes. */
export function cfgSetKey(set: CfgSet): string {
  return `${[...set.known].sort().join("\n")}\n?\n${[...set.maybe].sort().join("\n")}`;
}

function fold(parts: readonly CfgExpr[], set: CfgSet, decisive: Truth, neutral: Truth): Truth {
  let result = neutral;
  for (const part of parts) {
    const value = evalCfg(part, set);
    if (value === decisive) return decisive;
    if (value === "unknown") result = "unknown";
  }
  return result;
}

function lookUp(key: string, set: CfgSet): Truth {
  if (set.known.has(key)) return "true";
  if (set.maybe.size === 0) return "false";
  if (set.maybe.has(key)) return "unknown";
  const equals = key.indexOf("=");
  const name = equals < 0 ? key : key.slice(0, equals);
  for (const pattern of set.maybe) {
    if (!pattern.endsWith("*")) continue;
    const prefix = pattern.slice(0, -1);
    if (!key.startsWith(prefix)) continue;
    if (prefix.includes("=") || !set.never.has(name)) return "unknown";
  }
  return "false";
}

type Token =
  | { readonly k: "ident"; readonly text: string; readonly start: number; readonly end: number }
  | { readonly k: "string"; readonly text: string; readonly start: number; readonly end: number }
  | { readonly k: "(" | ")" | "," | "=" | "other"; readonly start: number; readonly end: number };

interface Parser {
  readonly text: string;
  readonly tokens: readonly Token[];
  at: number;
}

function peek(parser: Parser): Token | undefined {
  return parser.tokens[parser.at];
}

function parsePredicate(parser: Parser, depth: number): CfgExpr {
  const token = peek(parser);
  if (token?.k !== "ident" || depth > maxDepth) return skipOpaque(parser);
  const next = parser.tokens[parser.at + 1];
  if (next?.k === "(") {
    if (token.text === "all" || token.text === "any" || token.text === "not") {
      parser.at += 2;
      return parseList(parser, token.text, token.start, depth);
    }
    return skipOpaque(parser);
  }
  if (next?.k === "=") {
    const value = parser.tokens[parser.at + 2];
    if (value?.k !== "string") return skipOpaque(parser);
    parser.at += 3;
    return { k: "value", name: token.text, value: value.text };
  }
  if (next !== undefined && next.k !== "," && next.k !== ")") return skipOpaque(parser);
  parser.at += 1;
  // `r#true` is a name, `true` a constant.
  const raw = parser.text.slice(token.start, token.start + 2) === "r#";
  if (!raw && (token.text === "true" || token.text === "false")) return { k: "const", value: token.text === "true" };
  return { k: "name", name: token.text };
}

function parseList(parser: Parser, name: "all" | "any" | "not", start: number, depth: number): CfgExpr {
  const of: CfgExpr[] = [];
  for (;;) {
    const token = peek(parser);
    if (token === undefined) return { k: "opaque", text: parser.text.slice(start).trim() };
    if (token.k === ")") break;
    of.push(parsePredicate(parser, depth + 1));
    const after = peek(parser);
    if (after?.k === ",") parser.at += 1;
  }
  const end = parser.tokens[parser.at]?.end ?? parser.text.length;
  parser.at += 1;
  if (name !== "not") return { k: name, of };
  const inner = of[0];
  return of.length === 1 && inner !== undefined
    ? { k: "not", of: inner }
    : { k: "opaque", text: parser.text.slice(start, end) };
}

/** Skips to the next comma or closing parenthesis of this level; always consumes something unless there is none. */
function skipOpaque(parser: Parser): CfgExpr {
  const start = peek(parser)?.start ?? parser.text.length;
  let end = start;
  let level = 0;
  for (;;) {
    const token = peek(parser);
    if (token === undefined) break;
    if (level === 0 && (token.k === ")" || (token.k === "," && end > start))) break;
    if (token.k === "(") level += 1;
    if (token.k === ")") level -= 1;
    end = token.end;
    parser.at += 1;
    if (level === 0 && token.k === ",") break;
  }
  return { k: "opaque", text: parser.text.slice(start, end).trim() };
}

/** `null` where a string or comment does not end. */
function tokenize(text: string): Token[] | null {
  const tokens: Token[] = [];
  const space = /\s+|\/\/[^\n]*/uy;
  const ident = /(?:r#)?[\p{XID_Start}_]\p{XID_Continue}*/uy;
  let at = 0;
  const match = (regex: RegExp): string | null => {
    regex.lastIndex = at;
    return regex.exec(text)?.[0] ?? null;
  };
  while (at < text.length) {
    const start = at;
    const blank = match(space);
    if (blank !== null) {
      at += blank.length;
      continue;
    }
    if (text.startsWith("/*", at)) {
      at = endOfBlockComment(text, at);
      if (at < 0) return null;
      continue;
    }
    const raw = /r(#*)"/uy;
    raw.lastIndex = at;
    const opened = raw.exec(text);
    if (opened !== null) {
      const close = `"${opened[1]}`;
      const end = text.indexOf(close, at + opened[0].length);
      if (end < 0) return null;
      tokens.push({ k: "string", text: text.slice(at + opened[0].length, end), start, end: end + close.length });
      at = end + close.length;
      continue;
    }
    if (text[at] === '"') {
      const end = endOfString(text, at);
      if (end < 0) return null;
      tokens.push({ k: "string", text: unescape(text.slice(at + 1, end - 1)), start, end });
      at = end;
      continue;
    }
    const word = match(ident);
    if (word !== null) {
      at += word.length;
      tokens.push({ k: "ident", text: word.startsWith("r#") ? word.slice(2) : word, start, end: at });
      continue;
    }
    const char = text[at];
    at += 1;
    const k = char === "(" || char === ")" || char === "," || char === "=" ? char : "other";
    tokens.push({ k, start, end: at });
  }
  return tokens;
}

/** Block comments nest in Rust. */
function endOfBlockComment(text: string, start: number): number {
  let level = 0;
  for (let at = start; at < text.length; at += 1) {
    if (text.startsWith("/*", at)) {
      level += 1;
      at += 1;
    } else if (text.startsWith("*/", at)) {
      level -= 1;
      at += 1;
      if (level === 0) return at + 1;
    }
  }
  return -1;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return -1;
}

function unescape(text: string): string {
  return text.replace(/\\(?:u\{([0-9a-fA-F_]{1,8})\}|x([0-7][0-9a-fA-F])|(.))/gsu, (_, unicode, hex, char) => {
    if (unicode !== undefined) {
      const code = Number.parseInt(unicode.replaceAll("_", ""), 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : "";
    }
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    const simple: Record<string, string> = { n: "\n", r: "\r", t: "\t", "0": "\0" };
    return simple[char] ?? char;
  });
}
