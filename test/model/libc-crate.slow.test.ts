/** Every function that the newest libc crate declares for Linux, gnu and musl, has an entry in signal-safety.json, and every link name that it gives one. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { loadSignalSafety } from "../../src/model/signal-safety.ts";
import { fetchedCrates } from "../support/fetched-crates.ts";
import { schemaOf, shipped } from "./shipped-data.ts";

const sources: string | null = fetchedCrates({ libc: "0.2" })?.get("libc") ?? null;
if (sources === null) console.warn("the libc crate could not be fetched: its functions were not looked up");

/** Other systems, and a wrapper of system calls for web assembly. */
const elsewhere = /android|uclibc|emscripten|l4re|wasm32/;

describe.skipIf(sources === null)("libc", () => {
  const safety = loadSignalSafety(schemaOf("signal-safety"), shipped("signal-safety.json"));
  const declared = sources === null ? [] : functionsUnder(join(sources, "src"));

  test("declares functions that are known", () => {
    expect(declared.length).toBeGreaterThan(700);
    expect(declared.filter(({ name }) => safety.lookup(name) === null).map(({ name }) => name)).toEqual([]);
  });

  test("gives them link names that are known", () => {
    const links = declared.flatMap((one) => one.links);
    expect(links.length).toBeGreaterThan(100);
    expect(links.filter((name) => safety.lookup(name) === null)).toEqual([]);
  });
});

function functionsUnder(root: string): { readonly name: string; readonly links: readonly string[] }[] {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((one) => one.name.endsWith(".rs"));
  return files.flatMap((one) => {
    const file = join(one.parentPath, one.name);
    const path = relative(root, file);
    if (!/^unix\/(?:mod\.rs|linux_like\/)/.test(path) || elsewhere.test(path)) return [];
    const text = readFileSync(file, "utf8").replace(/\/\/[^\n]*/g, "");
    const blocks = [...text.matchAll(/extern\s*"C"\s*\{([\s\S]*?)\n {0,4}\}/g)].map((match) => match[1] ?? "");
    return blocks.flatMap((block) =>
      [...block.matchAll(/((?:#\[[^\]]*\]\s*)*)pub (?:safe |unsafe )?fn (\w+)\s*\(/g)].map(
        ([, attributes = "", name = ""]) => ({ name, links: linksOf(attributes) }),
      ),
    );
  });
}

function linksOf(attributes: string): string[] {
  const given = attributes.matchAll(/cfg_attr\(([\s\S]*?),\s*link_name\s*=\s*"([^"]+)"/g);
  return [...given].flatMap(([, when = "", link = ""]) =>
    /gnu_time_bits64|musl32_time64|gnu_file_offset_bits64/.test(when) ? [link] : [],
  );
}
