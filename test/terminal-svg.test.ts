/** The README's picture shows what the command prints today: its text is the report's snapshot (test/report/deadlock.test.ts). */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { cellsOf, svgOf } from "../scripts/terminal/svg.ts";
import { packageFile } from "../src/base/package-file.ts";

const command = "$ sigsafe-lint check --manifest-path fixtures/deadlock/Cargo.toml\n";
const unspaced = (text: string): string => text.replace(/\s+/gu, "");

test("docs/terminal.svg is the output as it is; `npm run docs` draws it again", () => {
  const svg = readFileSync(packageFile("docs/terminal.svg"), "utf8");
  const shown = svg
    .slice(svg.indexOf("<g"))
    .replace(/<[^>]*>/g, "")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");
  const expected = readFileSync(packageFile("test/report/deadlock.txt"), "utf8");
  expect(unspaced(shown)).toBe(unspaced(command + expected));
});

test("a character stands in its column, in its style", () => {
  const [first, second] = cellsOf("a\u001b[1;31mb\u001b[22;39m c dd", 6);
  expect(first?.map((cell) => cell.char).join("")).toBe("ab c ");
  expect(second?.map((cell) => cell.char).join("")).toBe("dd");
  expect(first?.[1]).toEqual({ char: "b", bold: true, dim: false, colour: 31 });
  expect(svgOf([first ?? []], 6)).toContain('font-weight="bold" fill="#ff7b72">b</tspan>');
});
