/** The report as JSON: the model as it is, two-space indent, one final newline. Equal reports give equal bytes. */
import type { Report } from "../safety/report-model.ts";

/** The report as JSON text. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
