/**
 * May a proc macro write a call of a function? By the text of the proc-macro crates that the program uses: whoever writes the call names the
 * function, and a crate that it is seen through.
 *
 * Nothing is parsed and no macro is run; a name that is put together (`format_ident!("{}_all", …)`) is not seen.
 */
import type { CrateId, Program } from "../crates/crate-graph.ts";
import type { FilePort } from "../load/port.ts";

/** Does a proc-macro crate mention the function's name, and one of the crates through which it can be named? */
export function mayBeWrittenByMacros(
  program: Program,
  files: FilePort,
  name: string,
  through: readonly CrateId[],
): boolean {
  const crates = [...new Set(through.flatMap((id) => program.crates[id]?.name ?? []))];
  return program.macroCrates.some((node) => {
    const has = (word: string): boolean => files.mentions(node, [word]);
    // `crate_name("tokio-util")` has the words one by one.
    return (
      has(name) && crates.some((crate) => has(crate) || crate.split("_").every((part) => part !== "" && has(part)))
    );
  });
}
