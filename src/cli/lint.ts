/** `check` and `crate` once they know what they are about: one report, or a table of verdicts. */
import type { Workspace } from "../crates/crate-graph.ts";
import { eachFails, eachRows } from "./each.ts";
import { checkTableFormat, renderTable } from "./each-output.ts";
import type { LoadContext } from "./load.ts";
import { exitCodeOf, type OutputTarget, writeReport, writeTexts } from "./output.ts";
import { reportOn } from "./run-on.ts";
import type { Flags, Settings } from "./settings.ts";

/** Lints what `load` loads, and prints the report or the table. */
export async function lint(
  load: (flags: Flags) => Promise<Workspace>,
  targets: readonly OutputTarget[],
  settings: Settings,
  context: LoadContext,
): Promise<void> {
  const { flags } = settings;
  if (flags.eachFeature === true || flags.eachTarget === true) {
    for (const { format } of targets) checkTableFormat(format);
    const rows = await eachRows(load, settings, context, { reportOn });
    writeTexts(flags, (format) => renderTable(rows, format));
    process.exitCode = eachFails(rows, flags) ? 1 : 0;
    return;
  }
  const report = await reportOn(await load(flags), settings, context);
  await writeReport(report, flags);
  process.exitCode = exitCodeOf(report, flags);
}
