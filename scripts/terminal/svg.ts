/**
 * Text with escape sequences as an SVG that looks like a terminal: each character in its cell, equal neighbours in one run.
 *
 * Knows the styles that the report uses (bold, dim, the eight colours) and nothing else; other sequences are dropped.
 */

export interface Cell {
  readonly char: string;
  readonly bold: boolean;
  readonly dim: boolean;
  /** 30 to 37, or null for the terminal's own. */
  readonly colour: number | null;
}

const width = 8.4;
const height = 19;
const margin = 16;
const bar = 30;
const palette: Readonly<Record<number, string>> = {
  30: "#6e7681",
  31: "#ff7b72",
  32: "#56d364",
  33: "#e3b341",
  34: "#79c0ff",
  35: "#d2a8ff",
  36: "#76e3ea",
  37: "#e6edf3",
};

/** Lines of cells, wrapped between words at `columns`. */
export function cellsOf(text: string, columns: number): Cell[][] {
  const lines: Cell[][] = [[]];
  let style = { bold: false, dim: false, colour: null as number | null };
  for (const [part, codes] of text.matchAll(/\u001b\[([0-9;]*)[A-Za-z]|[\s\S]/gu)) {
    if (codes !== undefined) {
      for (const code of codes.split(";").map(Number)) style = styled(style, code);
    } else if (part === "\n") lines.push([]);
    else {
      if ((lines.at(-1)?.length ?? 0) >= columns) wrap(lines);
      lines.at(-1)?.push({ char: part, ...style });
    }
  }
  if (lines.at(-1)?.length === 0) lines.pop();
  return lines;
}

/** The picture. */
export function svgOf(lines: readonly (readonly Cell[])[], columns: number): string {
  const [w, h] = [Math.ceil(columns * width + 2 * margin), Math.ceil(lines.length * height + bar + 2 * margin)];
  const rows = lines.map((line, row) => rowOf(line, bar + margin + row * height + 13)).filter((row) => row !== "");
  const lights = ["#ff5f56", "#ffbd2e", "#27c93f"].map(
    (fill, index) => `<circle cx="${margin + 6 + index * 20}" cy="18" r="6" fill="${fill}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img">`,
    "<title>sigsafe-lint on a program that deadlocks in a SIGPROF handler</title>",
    `<rect width="${w}" height="${h}" rx="10" fill="#0d1117"/>`,
    ...lights,
    `<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14" fill="#e6edf3" xml:space="preserve">`,
    ...rows,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

/** Begins a new line with the last line's last word. */
function wrap(lines: Cell[][]): void {
  const last = lines.at(-1) ?? [];
  const blank = last.findLastIndex((cell) => cell.char === " ");
  lines.push(blank > 0 ? last.splice(blank + 1) : []);
}

function styled(style: Omit<Cell, "char">, code: number): Omit<Cell, "char"> {
  if (code === 0) return { bold: false, dim: false, colour: null };
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 39) return { ...style, colour: null };
  return code >= 30 && code <= 37 ? { ...style, colour: code } : style;
}

/** One `<text>` of runs, each stretched to its cells so that any monospace font keeps the columns. */
function rowOf(line: readonly Cell[], y: number): string {
  const runs: string[] = [];
  for (let from = 0; from < line.length; ) {
    const first = line[from];
    if (first === undefined) break;
    let to = from + 1;
    for (let next = line[to]; next !== undefined && sameStyle(first, next); next = line[to]) to += 1;
    const text = line
      .slice(from, to)
      .map((cell) => cell.char)
      .join("");
    // Blanks that belong to no word are left out: a renderer may fold them.
    for (const words of text.matchAll(/\S+(?: \S+)*/g)) runs.push(runOf(first, words[0], from + words.index));
    from = to;
  }
  return runs.length === 0 ? "" : `<text y="${y}">${runs.join("")}</text>`;
}

function runOf(style: Cell, text: string, column: number): string {
  const attributes = [
    `x="${(margin + column * width).toFixed(1)}"`,
    `textLength="${([...text].length * width).toFixed(1)}"`,
  ];
  if (style.bold) attributes.push('font-weight="bold"');
  if (style.dim) attributes.push('fill-opacity="0.6"');
  if (style.colour !== null) attributes.push(`fill="${palette[style.colour]}"`);
  return `<tspan ${attributes.join(" ")}>${escaped(text)}</tspan>`;
}

function sameStyle(one: Cell, other: Cell): boolean {
  return one.bold === other.bold && one.dim === other.dim && one.colour === other.colour;
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
