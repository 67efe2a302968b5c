/**
 * Where reports go: stdout in one format, files in others; and the exit code, the same for every format.
 */
import { writeFileSync } from "node:fs";
import { renderJson } from "../report/json.ts";
import { renderText } from "../report/text.ts";
import type { Report } from "../safety/report-model.ts";
import { CliError } from "./cli-error.ts";
import { FORMATS, type Format, type OutputFlags } from "./run-options.ts";

/** Prints a report as the flags say. */
export function writeReport(report: Report, flags: OutputFlags): void {
  for (const target of flags.output) {
    const { format, file } = outputTarget(target);
    try {
      writeFileSync(file, render(report, format ?? flags.format, { ...flags, color: "never" }, false));
    } catch (error) {
      throw new CliError(`${file} cannot be written: ${(error as Error).message}`, "give another path to --output");
    }
  }
  if (flags.output.length === 0)
    process.stdout.write(render(report, flags.format, flags, process.stdout.isTTY === true));
}

/** 1 where something at or above `--fail-on` was found or more could not be followed than allowed; else 0. */
export function exitCodeOf(report: Report, flags: OutputFlags): number {
  const ranks = { never: 4, error: 3, warning: 2, note: 1 };
  const limit = ranks[flags.failOn];
  const found = report.findings.some((one) => one.suppressed === null && ranks[one.level] >= limit);
  const blind = flags.maxBlindSpots !== undefined && report.blindSpots.length > flags.maxBlindSpots;
  return found || blind ? 1 : 0;
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

function render(report: Report, format: Format, flags: OutputFlags, terminal: boolean): string {
  if (format === "json") return renderJson(report);
  return renderText(report, {
    colour: wantsColour(flags.color, terminal),
    explain: flags.explain === true,
    quiet: flags.quiet === true,
  });
}

function outputTarget(text: string): { readonly format: Format | null; readonly file: string } {
  const at = text.indexOf("=");
  const format = FORMATS.find((one) => one === text.slice(0, Math.max(at, 0)));
  return format === undefined ? { format: null, file: text } : { format, file: text.slice(at + 1) };
}
