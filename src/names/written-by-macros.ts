/**
 * May a proc macro write a call of a function? By the text of the proc-macro crates that the program uses: whoever writes the call names the
 * function, and a crate that it is seen through.
 *
 * Nothing is parsed and no macro is run; of a name that is put together (`format_ident!("{}_all", …)`) the part is looked for that is written out.
 */
import type { CrateId, Program } from "../crates/crate-graph.ts";
import type { FilePort } from "../load/port.ts";

/** What a crate names that puts code together for a macro; others that a macro is built with run in the compiler, and call what they name there. */
export const writesCode: RegExp = /\b(?:TokenStream|ToTokens)\b/;

/** Does a proc-macro crate mention the function's name, or put it together, and one of the crates through which it can be named? */
export function mayBeWrittenByMacros(
  program: Program,
  files: FilePort,
  name: string,
  through: readonly CrateId[],
): boolean {
  const crates = [...new Set(through.flatMap((id) => program.crates[id]?.name ?? []))];
  const composed = composing(name);
  return program.macroCrates.some((node) => {
    // Whether a text mentions a word is answered with a maybe, which costs nothing.
    const has = (word: string): boolean => files.mentions(node, [word]) && files.matches(node, standing(word));
    // `crate_name("tokio-util")` has the words one by one.
    const namesCrate = crates.some((crate) => has(crate) || crate.split("_").every((part) => part !== "" && has(part)));
    if (!namesCrate) return false;
    if (composed !== null && files.matches(node, composed)) return true;
    return has(name) && (files.matches(node, writesCode) || files.matches(node, inString(name)));
  });
}

function standing(word: string): RegExp {
  return new RegExp(`\\b${word}\\b`);
}

function inString(word: string): RegExp {
  return new RegExp(`(?:"[^"\\n]*|\\bstringify\\s*!\\s*[([{][^)\\]}]*)\\b${word}\\b`);
}

/** So many letters of a name tell that a format string makes it. */
const FEWEST_LETTERS = 3;

/** Format strings that make the name of something else: `"set_{}"`, `"{kind}_hook"`; null for short names. */
function composing(name: string): RegExp | null {
  const cuts = [...name].map((_, at) => at).filter((at) => at >= FEWEST_LETTERS);
  const begins = cuts.map((at) => name.slice(0, at));
  const ends = cuts.map((at) => name.slice(name.length - at));
  if (cuts.length === 0) return null;
  return new RegExp(`"(?:(?:${begins.join("|")})\\{[^"\\n]*|[^"\\n]*\\}(?:${ends.join("|")}))"`);
}
