/**
 * The files of the workspace that cargo reads by itself where its configuration names a directory as a source: a manifest and a list of checksums
 * in each directory there. Cargo waits for ever for a pipe's words and reads a device until memory ends, so they are looked at first.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { CargoConfig } from "./cargo-config.ts";
import { CrateError } from "./crate-error.ts";
import { statOf } from "./regular-file.ts";
import { isTable, stringOf, tableOf } from "./toml.ts";

const maxBytes = 64 * 1024 * 1024;

/** Throws where one of them is there and no file, or larger than any real one. */
export function checkVendored({ carried }: Pick<CargoConfig, "carried">): void {
  for (const source of Object.values(tableOf(carried, "source") ?? {})) {
    const directory = isTable(source) ? stringOf(source, "directory") : null;
    for (const name of directory === null ? [] : namesIn(directory)) {
      for (const file of ["Cargo.toml", ".cargo-checksum.json"].map((one) => join(directory ?? "", name, one))) {
        const stat = statOf(file);
        if (stat === null || (stat.isFile() && stat.size <= maxBytes)) continue;
        const why = stat.isFile() ? "is larger than 64 MB" : "is no file";
        throw new CrateError(`a file of a vendored package ${why}`, {
          file,
          help: "make it again with `cargo vendor`",
        });
      }
    }
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
