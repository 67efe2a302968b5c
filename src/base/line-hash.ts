/**
 * GitHub's `primaryLocationLineHash`: a rolling hash over the first 100 characters, from the start of a line, that are
 * neither space nor tab; equal hashes of one file are numbered. The algorithm is github/codeql-action's fingerprints.ts.
 */
import { lineStarts } from "./line-index.ts";

const blockSize = 100;
const endOfFile = 65535;

/** The hashes of some lines (1-based) of a text, in the order asked for; "" for a line that is not there. */
export function lineHashes(text: string, lines: readonly number[]): string[] {
  const starts = lineStarts(text);
  const seen = new Map<string, number>();
  const ordinals = new Map<number, string>();
  // Equal hashes are numbered over the whole file, so every earlier line with an equal window counts.
  const wanted = new Set(lines.map((line) => windowText(text, starts[line - 1])));
  const firsts = new Set([...wanted].map((window) => window?.[0]));
  for (let line = 1; line <= starts.length; line += 1) {
    if (!firsts.has(firstOf(text, starts[line - 1]))) continue;
    const window = windowText(text, starts[line - 1]);
    if (window === null || !wanted.has(window)) continue;
    const ordinal = (seen.get(window) ?? 0) + 1;
    seen.set(window, ordinal);
    ordinals.set(line, `${hash(window)}:${ordinal}`);
  }
  return lines.map((line) => ordinals.get(line) ?? "");
}

/** What is hashed: line ends as LF, the end of the file as one mark. A line of nothing but the end of the file counts too. */
function windowText(text: string, start: number | undefined): string | null {
  if (start === undefined) return null;
  let window = "";
  let at = start;
  for (; at < text.length && window.length < blockSize; at += 1) {
    const char = text[at] ?? "";
    if (char === " " || char === "\t") continue;
    if (char === "\r") {
      if (text[at + 1] === "\n") at += 1;
      window += "\n";
    } else window += char;
  }
  return window.length < blockSize ? window + String.fromCharCode(endOfFile) : window;
}

/** What the window of a line begins with. */
function firstOf(text: string, start: number | undefined): string | undefined {
  if (start === undefined) return undefined;
  let at = start;
  while (text[at] === " " || text[at] === "\t") at += 1;
  const char = text[at] ?? String.fromCharCode(endOfFile);
  return char === "\r" ? "\n" : char;
}

function hash(window: string): string {
  let value = 0n;
  for (let at = 0; at < blockSize; at += 1) {
    const char = at < window.length ? window.charCodeAt(at) : 0;
    value = BigInt.asUintN(64, value * 37n + BigInt(char));
  }
  return value.toString(16);
}
