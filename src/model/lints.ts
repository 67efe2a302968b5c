/**
 * rules/lints.json as an index: the texts and the default level of each rule. Every rule of the vocabulary has exactly one
 * entry, and every kind is under the rule that the vocabulary says; anything else is refused.
 */
import { checkAgainst, ModelError } from "./schema-check.ts";
import { KINDS, type Kind, type Level, RULE_OF, type Rule } from "./vocabulary.ts";

export interface Lint {
  readonly id: Rule;
  readonly kinds: readonly Kind[];
  /** For handlers of asynchronous signals, before anything lowers it. */
  readonly level: Level;
  readonly title: string;
  /** One sentence. */
  readonly short: string;
  /** What to do instead. */
  readonly help: string;
  /** Markdown with a bad and a good example. */
  readonly explanation: string;
  readonly references: readonly string[];
}

export interface Lints {
  readonly all: readonly Lint[];
  readonly of: (rule: Rule) => Lint;
  readonly ofKind: (kind: Kind) => Lint;
  /** For names that users write; null where there is no such rule. */
  readonly find: (name: string) => Lint | null;
}

const file = "rules/lints.json";

/** Reads the parsed rules/lints.json. Throws a ModelError where it does not fit its schema or the vocabulary. */
export function loadLints(schema: object | null, value: unknown): Lints {
  const { lints } = checkAgainst<{ readonly lints: readonly Lint[] }>(file, schema, value);
  const byId = new Map<string, Lint>(lints.map((lint) => [lint.id, lint]));
  if (byId.size !== lints.length) throw damaged("a rule has two entries");
  const wanted = new Set<string>(Object.values(RULE_OF));
  for (const lint of lints) {
    if (!wanted.has(lint.id) && lint.kinds.length > 0) throw damaged(`${lint.id} is no rule of the vocabulary`);
    const kinds = KINDS.filter((kind) => RULE_OF[kind] === lint.id);
    if (kinds.join() !== lint.kinds.join()) throw damaged(`${lint.id} is for the kinds ${kinds.join(", ")}`);
  }
  const of = (rule: Rule): Lint => {
    const lint = byId.get(rule);
    if (lint === undefined) throw damaged(`${rule} has no entry`);
    return lint;
  };
  for (const kind of KINDS) of(RULE_OF[kind]);
  return { all: lints, of, ofKind: (kind) => of(RULE_OF[kind]), find: (name) => byId.get(name) ?? null };
}

function damaged(problem: string): ModelError {
  return new ModelError(file, "/lints", problem, "install the program again");
}
