/**
 * Which cfgs a target has: the table in rules/targets.json, so that no rustc has to be asked.
 *
 * Input: the text of that file. Output: cfg keys by triple. Knows nothing of features, profiles or rustflags.
 */
import { CrateError } from "./crate-error.ts";
import { isTable } from "./toml.ts";

export interface TargetTable {
  /** The rustc that the table was taken from. */
  readonly rustc: string;
  readonly cfgsOf: ReadonlyMap<string, readonly string[]>;
}

/** Reads the text of rules/targets.json. */
export function readTargetTable(text: string): TargetTable {
  const data: unknown = JSON.parse(text);
  if (!isTable(data) || !Array.isArray(data["cfgs"]) || !isTable(data["targets"])) {
    throw new CrateError("the target table (rules/targets.json) is damaged", { help: "install sigsafe-lint again" });
  }
  const cfgs = data["cfgs"].map(String);
  const cfgsOf = new Map<string, readonly string[]>();
  for (const [triple, indices] of Object.entries(data["targets"])) {
    const list = String(indices)
      .split(" ")
      .map((index) => cfgs[Number(index)])
      .filter((cfg) => cfg !== undefined);
    cfgsOf.set(triple, list);
  }
  return { rustc: String(data["rustc"]), cfgsOf };
}

/** The cfgs of a triple; an error with near names where the table does not have it. */
export function targetCfgs(table: TargetTable, triple: string): readonly string[] {
  const cfgs = table.cfgsOf.get(triple);
  if (cfgs !== undefined) return cfgs;
  const arch = triple.split("-")[0] ?? triple;
  const near = [...table.cfgsOf.keys()].filter((known) => known.startsWith(`${arch}-`)).slice(0, 5);
  throw new CrateError(`the target \`${triple}\` is not known`, {
    help:
      near.length > 0 ? `known targets of this architecture: ${near.join(", ")}` : "see `rustc --print target-list`",
  });
}
