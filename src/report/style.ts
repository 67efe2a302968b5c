/**
 * Terminal styles, or none: the one place that knows escape sequences, and the one that makes foreign text inert.
 *
 * Text of the analysed program (names, snippets, messages) goes through `inert` before it is printed anywhere: control
 * characters and bidirectional marks would let a file under review rewrite the report.
 */
import { styleText } from "node:util";

export type Tone = "error" | "warning" | "note" | "good" | "accent" | "dim" | "bold";
export type Painter = (tone: Tone, text: string) => string;

const FORMATS = {
  error: ["bold", "red"],
  warning: ["bold", "yellow"],
  note: ["bold", "cyan"],
  good: ["bold", "green"],
  accent: ["bold", "blue"],
  dim: ["dim"],
  bold: ["bold"],
} as const satisfies Record<Tone, readonly Parameters<typeof styleText>[0][]>;

/** A painter that colours, or one that gives the text back. */
export function painter(colour: boolean): Painter {
  if (!colour) return (_, text) => text;
  return (tone, text) => styleText([...FORMATS[tone]], text, { validateStream: false });
}

/** Control characters (tabs become blanks) and bidirectional or invisible marks as `\u{..}`. */
export function inert(text: string): string {
  return text
    .replace(/\t/gu, "    ")
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}
