/**
 * Literals from their text: kind, value where something asks for it, suffix.
 */
import type { Literal } from "./ast-body.ts";

const suffixes = /(?:[iu](?:8|16|32|64|128|size)|f(?:16|32|64|128))$/;
const simpleEscapes: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  "0": "\0",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

/** The string that a macro's only argument is, a comma behind it allowed; null for what is none. */
export function stringArgument(text: string): string | null {
  const literal = literalOf(text.trim().replace(/,$/, "").trimEnd());
  return literal?.k === "str" ? literal.value : null;
}

/** A literal from the text of its token; null for what is none. */
export function literalOf(text: string): Literal | null {
  if (text === "true" || text === "false") return { k: "bool", value: text === "true" };
  const first = text[0] ?? "";
  if (first >= "0" && first <= "9") return numberOf(text);
  const quoted = /^(b|c|br|cr|r)?(#*)(["'])([\s\S]*)\3\2[A-Za-z0-9_]*$/.exec(text);
  if (quoted === null) return null;
  const prefix = quoted[1] ?? "";
  const content = quoted[4] ?? "";
  if (quoted[3] === "'")
    return prefix === "b"
      ? { k: "byte", value: byteOf(content) }
      : { k: "char", value: unescapeText(content).codePointAt(0) ?? 0 };
  if (prefix.startsWith("c")) return { k: "c-str" };
  const value = prefix.includes("r") ? content : unescapeText(content);
  return prefix.startsWith("b") ? { k: "byte-str", length: utf8Length(value) } : { k: "str", value };
}

/** Escapes of a string or char literal resolved; what is no escape stays as it is. */
export function unescapeText(content: string): string {
  if (!content.includes("\\") && !content.includes("\r")) return content;
  return content
    .replace(/\r\n/g, "\n")
    .replace(
      /\\(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F_]+)\}|(\n)\s*|([nrt0\\'"]))/g,
      (whole, hex?: string, unicode?: string, line?: string, simple?: string) => {
        if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
        if (unicode !== undefined) {
          const point = Number.parseInt(unicode.replaceAll("_", ""), 16);
          return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
        }
        if (line !== undefined) return "";
        return simpleEscapes[simple ?? ""] ?? whole;
      },
    );
}

function numberOf(text: string): Literal {
  const hex = /^0[xX]/.test(text);
  const suffix = (hex ? /(?:[iu](?:8|16|32|64|128|size))$/ : suffixes).exec(text)?.[0] ?? null;
  const body = (suffix === null ? text : text.slice(0, -suffix.length)).replaceAll("_", "");
  const radix = /^0[xob]/.test(body);
  if (suffix?.startsWith("f") || (!radix && /[.eE]/.test(body))) return { k: "float", value: body, suffix };
  return { k: "int", value: decimalOf(body), suffix };
}

/** An integer's value in decimal, whatever its base was. */
function decimalOf(body: string): string {
  try {
    return BigInt(body).toString();
  } catch {
    return body;
  }
}

function byteOf(content: string): number {
  return (unescapeText(content).charCodeAt(0) || 0) & 0xff;
}

function utf8Length(value: string): number {
  let length = 0;
  for (const char of value) {
    const point = char.codePointAt(0) ?? 0;
    length += point < 0x100 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return length;
}
