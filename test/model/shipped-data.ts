/** The shipped data files of the model, parsed, for the tests of their loaders. */
import { readFileSync } from "node:fs";
import { packageFile } from "../../src/base/package-file.ts";

export function shipped<T = unknown>(path: string): T {
  return JSON.parse(readFileSync(packageFile(path), "utf8"));
}

export function schemaOf(name: string): object {
  return shipped<object>(`rules/${name}.schema.json`);
}
