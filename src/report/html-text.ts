/**
 * Pieces of HTML from foreign text: everything is inert and escaped here, so a page holds no tag or attribute that is not ours.
 */

import { inert } from "../base/inert.ts";
import type { Excerpt, Place, Report } from "../safety/report-model.ts";
import { placeText } from "./wording.ts";

/** Text for an element or a quoted attribute. */
export function escaped(raw: string): string {
  return inert(raw).replace(/[&<>"']/gu, (char) => `&#${char.codePointAt(0)};`);
}

/** Text in which what stands between backticks is code. */
export function prose(raw: string): string {
  const parts = raw.split("`");
  const unpaired = parts.length % 2 === 0;
  return parts
    .map((part, at) => {
      if (at % 2 === 0) return escaped(part);
      return unpaired && at === parts.length - 1 ? escaped(`\`${part}`) : `<code>${broken(part)}</code>`;
    })
    .join("");
}

/** A path or place that may break after its separators. */
export function broken(raw: string): string {
  return escaped(raw).replace(/(::|\/)(?=.)/gu, "$1<wbr>");
}

const CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index";

/** A place; where its crate is published, a link to its source on docs.rs. Nothing is fetched unless it is followed. */
export function placeLink(report: Report, place: Omit<Place, "column"> & { readonly column?: number }): string {
  const shown = `<span class="at">${broken(placeText(place))}</span>`;
  const owner = report.packages.find((one) => one.id === place.package);
  const [, name, version] = /^([\w-]+)@([\w.+-]+)$/u.exec(place.package) ?? [];
  if (owner?.source !== CRATES_IO || name === undefined || version === undefined) return shown;
  const path = [name, version, "source", ...place.file.replace(/\p{Cs}/gu, "\ufffd").split("/")]
    .map(encodeURIComponent)
    .join("/");
  const href = `https://docs.rs/crate/${path}#${place.line}`;
  return `<a href="${escaped(href)}" target="_blank" rel="noopener noreferrer" title="source on docs.rs">${shown}</a>`;
}

/** Lines of code with their numbers, the columns of one line marked. */
export function codeBlock(excerpt: Excerpt, line: number): string {
  const rows = excerpt.lines.map((raw, offset) => {
    const number = excerpt.start + offset;
    const marked = number === line ? markedLine(raw, excerpt.from, excerpt.to) : escaped(raw);
    return `<span class="row${number === line ? " here" : ""}"><span class="no">${number}</span>${marked}</span>`;
  });
  return `<pre class="code">${rows.join("\n")}</pre>`;
}

function markedLine(raw: string, from: number, to: number): string {
  const start = Math.max(0, Math.min(from - 1, raw.length));
  const end = Math.max(start, Math.min(to - 1, raw.length));
  const inside = raw.slice(start, end);
  return `${escaped(raw.slice(0, start))}<mark>${inside === "" ? " " : escaped(inside)}</mark>${escaped(raw.slice(end))}`;
}
