/**
 * Draws docs/terminal.svg, the README's picture: what the command prints for fixtures/deadlock on a terminal, colours and all.
 *
 * Input: nothing; it runs the command. Lines are wrapped as a terminal of `columns` would. `npm run docs` writes the file;
 * test/terminal-svg.test.ts holds it against the report's snapshot.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { packageFile } from "../src/base/package-file.ts";
import { type Cell, cellsOf, svgOf } from "./terminal/svg.ts";

const columns = 118;
const command: readonly string[] = ["check", "--manifest-path", "fixtures/deadlock/Cargo.toml"];

const run = spawnSync(
  process.execPath,
  [
    "--import",
    import.meta.resolve("tsx"),
    packageFile("src/cli/main.ts"),
    ...command,
    "--target",
    "x86_64-unknown-linux-gnu",
    "--color",
    "always",
  ],
  { cwd: packageFile("."), encoding: "utf8" },
);
if (run.status !== 1) throw new Error(`exit code ${run.status}: ${run.stderr}`);

const prompt: Cell[][] = cellsOf(`\u001b[2m$\u001b[22m sigsafe-lint ${command.join(" ")}\n`, columns);
writeFileSync(packageFile("docs/terminal.svg"), svgOf([...prompt, ...cellsOf(run.stdout, columns)], columns));
