/**
 * An excerpt in rustc's manner: line numbers, the line, carets under the columns. Wide lines are cut on both sides.
 */

import { inert } from "../base/inert.ts";
import type { Excerpt } from "../safety/report-model.ts";
import type { Painter, Tone } from "./style.ts";

const WIDTH = 140;

/** Lines of the frame, without a trailing blank bar. `line` is the marked line's number. */
export function codeFrame(excerpt: Excerpt, line: number, tone: Tone, paint: Painter): string[] {
  const gutter = String(excerpt.start + excerpt.lines.length - 1).length;
  const bar = (number: string): string => paint("accent", `${number.padStart(gutter)} |`);
  const out = [bar("")];
  for (const [offset, raw] of excerpt.lines.entries()) {
    const number = excerpt.start + offset;
    const { text, shift } = cut(raw, number === line ? excerpt.from : 1);
    out.push(`${bar(String(number))} ${text}`.trimEnd());
    if (number !== line) continue;
    const from = Math.max(0, displayWidth(raw.slice(shift, excerpt.from - 1)) + (shift > 0 ? 1 : 0));
    const to = Math.min(excerpt.to, raw.length + 1);
    const width = Math.max(1, Math.min(displayWidth(raw.slice(excerpt.from - 1, to - 1)), WIDTH - from));
    out.push(`${bar("")} ${" ".repeat(from)}${paint(tone, "^".repeat(width))}`);
  }
  return out;
}

function cut(raw: string, from: number): { text: string; shift: number } {
  if (raw.length <= WIDTH) return { text: inert(raw), shift: 0 };
  const shift = Math.max(0, Math.min(from - 1 - 40, raw.length - WIDTH));
  const head = shift > 0 ? "…" : "";
  const tail = shift + WIDTH < raw.length ? "…" : "";
  return { text: `${head}${inert(raw.slice(shift, shift + WIDTH))}${tail}`, shift };
}

function displayWidth(text: string): number {
  return inert(text).length;
}
