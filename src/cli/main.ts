#!/usr/bin/env node
/**
 * The command's entry: `sigsafe-lint [VERB] [FLAGS]`.
 *
 * Input: the process's arguments. Output: what was asked for on stdout, and the exit code.
 * So far it knows its version and its usage; anything else is a usage error (exit code 2), never a silent success.
 */
import { readFileSync } from "node:fs";
import { packageFile } from "../base/package-file.ts";

const usage: string = "Usage: sigsafe-lint [--version | --help]\n";

process.exitCode = main(process.argv.slice(2));

function main(args: readonly string[]): number {
  if (args.includes("--version") || args.includes("-V")) {
    process.stdout.write(`sigsafe-lint ${version()}\n`);
    return 0;
  }
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(usage);
    return 0;
  }
  process.stderr.write(usage);
  return 2;
}

function version(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(packageFile("package.json"), "utf8"));
  return manifest.version;
}
