/**
 * Places of a text report as links of the terminal (OSC 8): a file of the workspace to the file, one of a crate from crates.io to its source
 * on docs.rs. Nothing else becomes a link, and the text that is shown stays the same.
 *
 * @see https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda
 */
import type { Report, ReportPackage } from "../safety/report-model.ts";

/** The text with its places linked; `base` is the absolute directory that the report's folders are relative to. */
export function withHyperlinks(text: string, report: Report, base: string): string {
  const packages = new Map(report.packages.map((one) => [one.id, one]));
  return text.replace(PLACE, (shown: string, id: string, file: string, line: string) => {
    const owner = packages.get(id);
    const target = owner === undefined ? null : urlOf(owner, file, line, base);
    return target === null ? shown : `\u001b]8;;${target}\u001b\\${shown}\u001b]8;;\u001b\\`;
  });
}

/** `name@version/file:line`, with a column or without, as `placeText` writes it. */
const PLACE = /([\w-]+@[\w.+-]+)\/([\w./@+-]+\.\w+):(\d+)(?::\d+)?/gu;

function urlOf(owner: ReportPackage, file: string, line: string, base: string): string | null {
  if (typeof owner.root === "string") {
    const path = owner.root.startsWith("/") ? owner.root : `${base}/${owner.root}`;
    return `file://${encodeURI(`${path}/${file}`).replace(/[?#]/gu, encodeURIComponent)}`;
  }
  const [, name, version] = /^(.*)@(.*)$/u.exec(owner.id) ?? [];
  const crates = owner.source === "registry+https://github.com/rust-lang/crates.io-index";
  return crates && name !== undefined && version !== undefined
    ? `https://docs.rs/crate/${name}/${encodeURIComponent(version)}/source/${encodeURI(file)}#${line}`
    : null;
}
