/**
 * The regular files of a tar archive, in memory: nothing is written, so no name in it can lead anywhere.
 *
 * Input: the archive's bytes. Output: names and contents in their order; long names of GNU and pax are understood, links and
 * directories left out. An archive that is cut off or says sizes beyond its end is a `CrateError`.
 */
import { CrateError } from "./crate-error.ts";

export interface TarEntry {
  readonly path: string;
  readonly bytes: Buffer;
}

const block = 512;

/** Reads the archive; `file` is for the error. */
export function tarEntries(archive: Buffer, file: string): TarEntry[] {
  const entries: TarEntry[] = [];
  let longName: string | null = null;
  for (let at = 0; at + block <= archive.length; ) {
    const header = archive.subarray(at, at + block);
    if (header.every((byte) => byte === 0)) break;
    const size = sizeOf(header);
    const start = at + block;
    if (size === null || start + size > archive.length) throw new CrateError("the archive is damaged", { file });
    const bytes = archive.subarray(start, start + size);
    const kind = String.fromCharCode(header[156] ?? 0);
    if (kind === "L") longName = textOf(bytes);
    else if (kind === "x") longName = paxPath(bytes) ?? longName;
    else {
      if (kind === "0" || kind === "\0") entries.push({ path: longName ?? nameOf(header), bytes });
      longName = null;
    }
    at = start + Math.ceil(size / block) * block;
  }
  return entries;
}

function nameOf(header: Buffer): string {
  const prefix = header.subarray(257, 262).toString("latin1") === "ustar" ? textOf(header.subarray(345, 500)) : "";
  const name = textOf(header.subarray(0, 100));
  return prefix === "" ? name : `${prefix}/${name}`;
}

function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.subarray(0, end < 0 ? bytes.length : end).toString("utf8");
}

/** Octal digits; null for anything else (sizes of 8 GiB and more are written otherwise, and no crate has them). */
function sizeOf(header: Buffer): number | null {
  const text = textOf(header.subarray(124, 136)).trim();
  return /^[0-7]{1,11}$/u.test(text) ? Number.parseInt(text, 8) : null;
}

/** `LENGTH path=NAME` among the records. */
function paxPath(bytes: Buffer): string | null {
  return /(?:^|\n)\d+ path=([^\n]*)\n/u.exec(bytes.toString("utf8"))?.[1] ?? null;
}
