/** The report as one page that needs nothing but itself. */
import type { Report } from "../safety/report-model.ts";

/** The page. */
export function renderHtml(report: Report): string {
  return `<!doctype html><title>${report.tool.name}</title>\n`;
}
