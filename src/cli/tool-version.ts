/** The tool's own version. */
import { readFileSync } from "node:fs";
import { packageFile } from "../base/package-file.ts";

/** The version in package.json. */
export function toolVersion(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(packageFile("package.json"), "utf8"));
  return manifest.version;
}
