/** The report as JSON: the model as it is, two-space indent, one final newline. Equal reports give equal bytes. */
import { inertJson } from "../base/inert.ts";
import type { Report } from "../safety/report-model.ts";

/** The report as JSON text. */
export function renderJson(report: Report): string {
  return inertJson(`${JSON.stringify(report, null, 2)}\n`);
}
