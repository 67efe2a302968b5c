/**
 * What cargo says on stderr, in our terms: a failure as a `CrateError` with a way out, warnings that matter as problems.
 */
import { CrateError } from "./crate-error.ts";
import type { CrateProblem } from "./crate-graph.ts";

/** The error for a cargo run that failed: cargo's own words, and what to do about them. */
export function cargoFailure(stderr: string, manifestPath: string, offline: boolean): CrateError {
  const text = cargoWords(stderr);
  const missing = missingSource(text);
  if (missing !== null) {
    return new CrateError(`the source of \`${missing}\` is not there`, {
      file: manifestPath,
      detail: text,
      help: offline ? "run `cargo fetch --locked` with the network on" : "run `cargo fetch --locked`",
    });
  }
  if (/cannot create the lock file|lock file .* needs to be updated|cannot update the lock file/u.test(text)) {
    const none = /cannot create/u.test(text);
    return new CrateError(none ? "there is no Cargo.lock, and --locked was given" : "Cargo.lock is out of date", {
      file: manifestPath,
      detail: text,
      help: none
        ? "run `cargo generate-lockfile`, or leave --locked out"
        : "run `cargo update --workspace`, or leave --locked out",
    });
  }
  return new CrateError("cargo could not read the workspace", { file: manifestPath, detail: text });
}

/** True where the failure is only that the lockfile would have to change. */
export function isLockFailure(error: unknown): boolean {
  return error instanceof CrateError && /^Cargo\.lock is out of date/u.test(error.message);
}

/** The warnings that say something is not compiled, or compiled otherwise than the manifest reads. */
export function cargoWarnings(stderr: string): CrateProblem[] {
  const problems: CrateProblem[] = [];
  for (const paragraph of cargoWords(stderr).split(/^(?=warning: )/mu)) {
    if (!paragraph.startsWith("warning: ")) continue;
    const message = paragraph.slice("warning: ".length).split("\n")[0] ?? "";
    const matters =
      /ignoring invalid dependency|was not used in the crate graph|path override|unused manifest key: (patch|replace)/u;
    if (!matters.test(message)) continue;
    problems.push({ level: "warning", message: `cargo: ${message}`, package: null, file: null, line: null });
  }
  return problems;
}

function missingSource(text: string): string | null {
  const patterns = [
    /failed to download `([^`]+)`/u,
    /failed to load source for dependency `([^`]+)`/u,
    /unable to get packages from source[\s\S]*?`([^`]+)`/u,
    /no matching package named `([^`]+)` found[\s\S]*offline mode/u,
    /can't checkout from '([^']+)': you are in the offline mode/u,
  ];
  for (const pattern of patterns) {
    const found = pattern.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  return null;
}

/** What cargo said: no progress lines, no escapes, no other control characters. */
export function cargoWords(stderr: string): string {
  return stderr
    .replace(/\u001b\[[0-9;]*[A-Za-z]/gu, "")
    .replace(/[^\P{Cc}\n\t]/gu, "")
    .split("\n")
    .filter((line) => !/^\s+(Updating|Downloading|Downloaded|Locking|Adding|Compiling|Blocking|Fetching)\b/u.test(line))
    .join("\n")
    .trim();
}
