/**
 * Where reports go: stdout in one format, files in others, each whole or not at all; the job summary of GitHub; and the exit
 * code, the same for every format.
 */
import { appendFileSync } from "node:fs";
import type { Report } from "../safety/report-model.ts";
import { CliError } from "./cli-error.ts";
import { clearProgress } from "./progress.ts";
import { FORMATS, type Format, type OutputFlags } from "./run-options.ts";
import { writeFileWhole } from "./write-file.ts";

export interface OutputTarget {
  readonly format: Format;
  /** "-" is stdout. */
  readonly file: string;
}

/** The files that `--output` names; a usage error is told before anything is analysed. */
export function outputTargets(flags: OutputFlags): OutputTarget[] {
  const targets = flags.output.map((text) => outputTarget(text, flags.format));
  if (targets.length === 0) return [{ format: flags.format, file: "-" }];
  const twice = targets.find((one, at) => targets.findIndex((other) => other.file === one.file) !== at);
  if (twice !== undefined)
    throw new CliError(`two reports are to be written to ${twice.file}`, "give each --output a file of its own");
  return targets;
}

/** Prints a report as the flags say. */
export async function writeReport(report: Report, flags: OutputFlags): Promise<void> {
  const { renderReport } = await import("./formats.ts");
  clearProgress();
  for (const { format, file } of outputTargets(flags)) {
    const text = renderReport(report, format, {
      colour: file === "-" && wantsColour(flags.color, process.stdout.isTTY === true),
      explain: flags.explain === true,
      quiet: flags.quiet === true,
      links: file === "-" && wantsLinks(flags.hyperlinks, process.stdout.isTTY === true) ? process.cwd() : null,
    });
    if (format === "github") await writeSummary(report);
    if (file === "-") process.stdout.write(text);
    else writing(file, "give another path to --output", () => writeFileWhole(file, text));
  }
}

/** Prints something that is no report, to each place that the flags name. */
export function writeTexts(flags: OutputFlags, render: (format: Format) => string): void {
  clearProgress();
  for (const { format, file } of outputTargets(flags)) {
    const text = render(format);
    if (file === "-") process.stdout.write(text);
    else writing(file, "give another path to --output", () => writeFileWhole(file, text));
  }
}

/** A job's summary is a file that every step adds to. */
async function writeSummary(report: Report): Promise<void> {
  const file = process.env["GITHUB_STEP_SUMMARY"];
  if (file === undefined || file === "") return;
  const { renderMarkdown } = await import("../report/markdown.ts");
  writing(file, "GITHUB_STEP_SUMMARY names it", () => appendFileSync(file, renderMarkdown(report)));
}

function writing(file: string, help: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new CliError(`${file} cannot be written: ${(error as Error).message}`, help);
  }
}

/** 1 where something at or above `--fail-on` was found, a claim in a source does not hold, or more could not be followed than allowed. */
export function exitCodeOf(report: Report, flags: OutputFlags): number {
  const ranks = { never: 4, error: 3, warning: 2, note: 1 };
  const limit = ranks[flags.failOn];
  const found = report.findings.some((one) => one.suppressed === null && ranks[one.level] >= limit);
  const blind = flags.maxBlindSpots !== undefined && report.blindSpots.length > flags.maxBlindSpots;
  const broken = flags.failOn !== "never" && report.problems.some((one) => one.level === "error");
  return found || blind || broken ? 1 : 0;
}

/** Whether colours are wanted: NO_COLOR, CLICOLOR_FORCE and CARGO_TERM_COLOR are obeyed. */
export function wantsColour(when: OutputFlags["color"], terminal: boolean): boolean {
  const { env } = process;
  if (when !== "auto") return when === "always";
  if (env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "") return false;
  if (env["CLICOLOR_FORCE"] !== undefined && env["CLICOLOR_FORCE"] !== "0") return true;
  const cargo = env["CARGO_TERM_COLOR"];
  if (cargo === "always" || cargo === "never") return cargo === "always";
  return terminal && env["TERM"] !== "dumb";
}

/** Whether places are to be links: cargo's variable is obeyed; else on terminals that are known to show them. */
export function wantsLinks(
  when: OutputFlags["hyperlinks"],
  terminal: boolean,
  env: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  if (when !== "auto") return when === "always";
  const cargo = env["CARGO_TERM_HYPERLINKS"];
  if (cargo === "true" || cargo === "false") return cargo === "true";
  if (!terminal || env["TERM"] === "dumb" || env["CI"] !== undefined) return false;
  const named = ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper"].includes(env["TERM_PROGRAM"] ?? "");
  const own = ["WT_SESSION", "KITTY_WINDOW_ID", "KONSOLE_VERSION"].some((name) => (env[name] ?? "") !== "");
  const term = /^(?:xterm-kitty|xterm-ghostty|alacritty|foot)/u.test(env["TERM"] ?? "");
  return named || own || term || Number(env["VTE_VERSION"] ?? 0) >= 5000;
}

function outputTarget(text: string, fallback: Format): OutputTarget {
  const [, word, file] = /^([a-z]+)=(.*)$/su.exec(text) ?? [];
  if (word === undefined || file === undefined) return { format: fallback, file: text };
  const format = FORMATS.find((one) => one === word);
  if (format === undefined)
    throw new CliError(
      `\`${word}\` is no format`,
      `formats: ${FORMATS.join(", ")}; for a file of that name write ./${text}`,
    );
  if (file === "") throw new CliError(`--output ${text} names no file`, `write ${word}=FILE, or ${word}=- for stdout`);
  return { format, file };
}
