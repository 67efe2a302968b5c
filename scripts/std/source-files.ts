/**
 * The sources that the toolchain's core, alloc and std were compiled from: the component `rust-src`, else the source pages of `rust-docs`.
 *
 * rustc stores the MD5 of each source file in the library's metadata. Only files that have theirs there are taken: what a page shows of another
 * system's module, or a file that was changed, is no source of this library. A page's code element is the file; anchors and tags are dropped.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export const stdCrates = ["core", "alloc", "std"] as const;

export interface StdSources {
  readonly origin: "rust-src" | "rust-docs";
  /** By path below the crate's folder: `core/option.rs`. */
  readonly files: ReadonlyMap<string, string>;
  /** Files that were there, but have no checksum in the metadata. */
  readonly left: number;
}

/** What is installed below a sysroot; null where neither component is. */
export function readStdSources(sysroot: string): StdSources | null {
  const library = path.join(sysroot, "lib/rustlib/src/rust/library");
  const pages = path.join(sysroot, "share/doc/rust/html/src");
  const origin = existsSync(path.join(library, "core/src/lib.rs")) ? "rust-src" : "rust-docs";
  if (origin === "rust-docs" && !existsSync(path.join(pages, "core/lib.rs.html"))) return null;
  const files = new Map<string, string>();
  let left = 0;
  for (const crate of stdCrates) {
    const metadata = metadataOf(sysroot, crate);
    if (metadata === null) return null;
    const folder = origin === "rust-src" ? path.join(library, crate, "src") : path.join(pages, crate);
    for (const file of filesBelow(folder, origin === "rust-src" ? ".rs" : ".rs.html")) {
      const raw = readFileSync(file, "utf8");
      const text = origin === "rust-src" ? raw : codeOf(raw);
      const name = path.posix.join(crate, path.relative(folder, file).replace(/\.html$/, ""));
      if (text !== null && isCompiled(metadata, text)) files.set(name, text);
      else left += 1;
    }
  }
  return { origin, files, left };
}

function metadataOf(sysroot: string, crate: string): Buffer | null {
  const folder = path.join(sysroot, "lib/rustlib/x86_64-unknown-linux-gnu/lib");
  if (!existsSync(folder)) return null;
  const name = readdirSync(folder).find((one) => one.startsWith(`lib${crate}-`) && one.endsWith(".rmeta"));
  return name === undefined ? null : readFileSync(path.join(folder, name));
}

/** With or without a last line break: pages do not show it. */
function isCompiled(metadata: Buffer, text: string): boolean {
  return [text, `${text}\n`].some((one) => metadata.includes(createHash("md5").update(one).digest()));
}

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((one) => one.isFile() && one.name.endsWith(ending))
    .map((one) => path.join(one.parentPath, one.name))
    .sort();
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** The file that a source page shows; null where it shows none. */
export function codeOf(page: string): string | null {
  const code = /<pre class="rust"><code>(.*?)<\/code><\/pre>/s.exec(page)?.[1];
  if (code === undefined) return null;
  return code
    .replace(/<a href=#\d+ id=\d+ data-nosnippet>\d+<\/a>/g, "")
    .replace(/<[^>]*>/g, "")
    .replace(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g, (all, hex?: string, decimal?: string, name?: string) => {
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
      return entities[name ?? ""] ?? all;
    });
}
