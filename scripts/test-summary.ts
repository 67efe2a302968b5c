/**
 * Closes a run of `.ci/run`: names what was skipped and what failed, then prints `N passed, N failed, N skipped` as the last line.
 *
 * Input: a folder with `<project>.json` (vitest's JSON reporter) and `<project>.code` (its exit code) per project, how many
 * other steps passed, and the names of those that failed. Exit code: 0 only if nothing failed and some test ran.
 * A run that ended badly without a failed test (a file that did not load, an unhandled error, no results) counts as a failure.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface TestFile {
  readonly name: string;
  readonly status: string;
  readonly message?: string;
  readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
}

const [folder = "", stepsPassed = "0", ...failedSteps] = process.argv.slice(2);
const skipped: string[] = [];
const failed: string[] = failedSteps.map((step) => `step: ${step}`);
let testsPassed = 0;

for (const code of readdirSync(folder).filter((name) => name.endsWith(".code"))) {
  const project = code.slice(0, -".code".length);
  const before = failed.length;
  const results = join(folder, `${project}.json`);
  const files: readonly TestFile[] = existsSync(results) ? JSON.parse(readFileSync(results, "utf8")).testResults : [];
  for (const file of files) count(file);
  const exitCode = readFileSync(join(folder, code), "utf8").trim();
  if (exitCode !== "0" && failed.length === before) failed.push(`${project} tests: exit code ${exitCode}`);
}
if (testsPassed === 0) failed.push("no test passed");

for (const name of skipped) console.log(`SKIPPED ${name}`);
for (const name of failed) console.log(`FAILED ${name}`);
console.log(`${testsPassed + Number(stepsPassed)} passed, ${failed.length} failed, ${skipped.length} skipped`);
process.exitCode = failed.length === 0 ? 0 : 1;

function count(file: TestFile): void {
  const path = file.name.replace(`${process.cwd()}/`, "");
  const before = failed.length;
  for (const { fullName, status } of file.assertionResults) {
    const name = `${path}: ${fullName}`;
    if (status === "passed") testsPassed += 1;
    else if (status === "failed") failed.push(name);
    else skipped.push(name);
  }
  if (file.status === "failed" && failed.length === before) failed.push(`${path}: ${file.message ?? "did not load"}`);
}
