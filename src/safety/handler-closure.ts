/**
 * What a change must touch to matter to a program's handlers: the packages whose code they reach or that install them, and the words by
 * which code elsewhere could install one or stand behind a C symbol. Whether a changed file touches it is said by `cli/untouched.ts`.
 */
import type { Bodies } from "../calls/bodies.ts";
import type { CallGraph } from "../calls/call-graph.ts";
import { matchedNames, methodNames, type Registrars } from "../model/registrars.ts";
import type { DefId } from "../names/defs.ts";

export interface HandlerClosure {
  /** Names of packages, sorted. */
  readonly packages: readonly string[];
  /** Names of registrars, those of methods with a dot before them too, of macros around them; sorted. */
  readonly words: readonly string[];
}

/** The closure; `installers` are the functions with an installation in them. */
export function handlerClosure(
  bodies: Bodies,
  graph: CallGraph,
  registrars: Registrars,
  installers: readonly DefId[],
  forkEntries: boolean,
): HandlerClosure {
  const { names } = bodies;
  const packages = new Set<string>();
  const add = (def: DefId): void => {
    const owner = names.program.crates[names.def(def).crate]?.package.name;
    if (owner !== undefined) packages.add(owner);
  };
  for (const { what, model } of graph.nodes) if (what.k === "body" && !model) add(what.key.def);
  for (const def of installers) add(def);
  const called = registrars.all.flatMap(({ match }) => matchedNames(match)).filter((one) => one !== "*");
  const methods = methodNames(registrars, forkEntries).map((one) => `.${one}`);
  const words = [...called, ...methods, ...names.macrosMentioning([...registrars.symbols], null)];
  return { packages: [...packages].sort(), words: [...new Set(words)].sort() };
}

/** One closure for several programs. */
export function mergeClosures(list: readonly HandlerClosure[]): HandlerClosure {
  const union = (of: (one: HandlerClosure) => readonly string[]): string[] => [...new Set(list.flatMap(of))].sort();
  return { packages: union((one) => one.packages), words: union((one) => one.words) };
}
