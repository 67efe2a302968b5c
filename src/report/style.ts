/**
 * Terminal styles, or none: the one place that knows escape sequences. Foreign text is made inert before (base/inert.ts).
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
