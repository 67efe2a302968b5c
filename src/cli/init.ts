/**
 * `init`: a commented sigsafe.toml beside the root manifest, and a GitHub workflow; the only verb that writes into the workspace.
 * A file that exists is never changed: then nothing is written at all.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Command } from "commander";
import { packageFile } from "../base/package-file.ts";
import { isInside } from "../crates/cargo-process.ts";
import { locateWorkspace } from "../crates/locate-workspace.ts";
import { isNamed } from "../crates/regular-file.ts";
import { CliError } from "./cli-error.ts";

interface InitFlags {
  readonly manifestPath?: string;
  readonly workflow: boolean;
}
interface NewFile {
  readonly file: string;
  readonly text: string;
}

/** Adds the verb. */
export function addInit(program: Command): void {
  program
    .command("init")
    .description("write a commented sigsafe.toml and a GitHub workflow; nothing that exists is changed")
    .option("--manifest-path <FILE>", "a Cargo.toml of the workspace")
    .option("--no-workflow", "the configuration alone")
    .action((flags: InitFlags) => {
      const cwd = process.cwd();
      const { root, files } = filesOf(flags, cwd);
      const there = files.filter((one) => isNamed(one.file)).map((one) => path.relative(cwd, one.file));
      if (there.length > 0) {
        const help = flags.workflow
          ? "remove it, or give --no-workflow where the workflow is the one that exists"
          : null;
        throw new CliError(`nothing was written: ${there.join(" and ")} exists already`, help);
      }
      for (const { file, text } of files) {
        const shown = path.relative(cwd, file);
        try {
          let above = path.dirname(file);
          while (!existsSync(above)) above = path.dirname(above);
          if (!isInside(above, root)) throw new Error("a link leads out of the repository");
          mkdirSync(path.dirname(file), { recursive: true });
          writeFileSync(file, text, { flag: "wx" });
        } catch (error) {
          throw new CliError(`${shown} cannot be written: ${(error as Error).message}`);
        }
        process.stdout.write(`wrote ${shown}\n`);
      }
      process.stdout.write("next: commit them, and run `sigsafe-lint`; a finding that is accepted gets an [[allow]]\n");
    });
}

function filesOf(flags: InitFlags, cwd: string): { readonly root: string; readonly files: readonly NewFile[] } {
  const { root } = locateWorkspace(cwd, flags.manifestPath ?? null);
  const config = { file: path.join(root, "sigsafe.toml"), text: template("sigsafe.toml") };
  if (!flags.workflow) return { root, files: [config] };
  const repository = repositoryOf(root);
  const inside = path.relative(repository, root).replaceAll("\\", "/");
  const workflow = template("workflow.yml")
    .replace(/working-directory: \.$/mu, () => `working-directory: ${inside === "" ? "." : JSON.stringify(inside)}`)
    .replace(
      "sarif_file: ./sigsafe.sarif",
      () => `sarif_file: ${JSON.stringify(`./${path.posix.join(inside, "sigsafe.sarif")}`)}`,
    );
  const file = path.join(repository, ".github", "workflows", "sigsafe.yml");
  return { root: repository, files: [config, { file, text: workflow }] };
}

/** The directory with `.git` around the workspace, or the workspace itself. */
function repositoryOf(root: string): string {
  for (let at = root; ; at = path.dirname(at)) {
    if (existsSync(path.join(at, ".git"))) return at;
    if (at === path.dirname(at)) return root;
  }
}

function template(name: string): string {
  return readFileSync(packageFile(`assets/init/${name}`), "utf8");
}
