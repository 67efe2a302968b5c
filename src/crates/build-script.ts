/**
 * Which cfgs a build script may set, without running it.
 *
 * Input: the script's text, the rules in rules/build-scripts.json, the cfgs known so far. Output: cfgs that are surely set
 * (an alias macro's, a check of the compiler's version) and those that may be. A cfg printed with a computed name
 * makes every undeclared name of the crate unknown. Of conditions, those of the compiler's version and of features are judged.
 */
import { isReached, readScript, type ScriptFacts } from "./build-conditions.ts";
import { type BuildRules, type PackageRule, versionInRange } from "./build-rules.ts";
import { blankComments, bracesAround, matchingBrace, splitTopLevel, stringLiterals } from "./build-text.ts";
import { type CfgSet, cfgKey, evalCfg, parseCfg, type Truth } from "./cfg.ts";

export interface BuildCfgs {
  readonly set: readonly string[];
  /** Keys or prefixes ending in `*`, as in `CfgSet.maybe`. */
  readonly maybe: readonly string[];
}

/** What the build script of one package says, `known` being the cfgs of target, flags and features. */
export function buildCfgs(
  script: string,
  pkg: { readonly name: string; readonly version: string },
  rules: BuildRules,
  rustc: string,
  known: ReadonlySet<string>,
): BuildCfgs {
  const facts = new Facts(known, rules.never);
  const text = blankComments(script);
  const rule = rules.packages.find((one) => one.package === pkg.name && versionInRange(pkg.version, one.versions));
  if (script.length > maxScriptLength) facts.add("*", "unknown");
  else if (rule?.closed !== true) {
    scanAliases(text, rules.aliasMacros, facts);
    scanPrinted(text, { minor: minorOf(rustc), features: featuresOf(known) }, facts);
    scanEmitters(text, rules, minorOf(rustc), facts);
  }
  if (rule !== undefined) applyRule(rule, facts);
  return facts.result();
}

const maxScriptLength = 256 * 1024;
const maxCalls = 500;
const maxCallLength = 4096;

class Facts {
  readonly #known: ReadonlySet<string>;
  readonly #never: ReadonlySet<string>;
  readonly #values = new Map<string, Truth>();

  constructor(known: ReadonlySet<string>, never: ReadonlySet<string>) {
    this.#known = known;
    this.#never = never;
  }

  /** Several emissions of one cfg: surely set by one is set. */
  add(key: string, value: Truth): void {
    if (this.#never.has(key)) return;
    const before = this.#values.get(key) ?? "false";
    if (before === "true" || value === "false") return;
    this.#values.set(key, value);
  }

  /** A rule's word replaces what the scan made of the script. */
  override(key: string, value: Truth): void {
    this.#values.set(key, value);
  }

  cfgSet(): CfgSet {
    const { set, maybe } = this.result();
    return { known: new Set([...this.#known, ...set]), maybe: new Set(maybe), never: this.#never };
  }

  result(): BuildCfgs {
    const of = (truth: Truth): string[] => [...this.#values].filter(([, value]) => value === truth).map(([key]) => key);
    return { set: of("true").sort(), maybe: of("unknown").sort() };
  }
}

function applyRule(rule: PackageRule, facts: Facts): void {
  for (const [key, when] of rule.cfgs) {
    facts.override(key, when === "unknown" ? "unknown" : evalCfg(parseCfg(when), facts.cfgSet()));
  }
}

/** `name! { alias: { predicate }, … }` */
function scanAliases(text: string, macros: readonly string[], facts: Facts): void {
  for (const macro of macros) {
    const opening = new RegExp(`\\b${macro}!\\s*[({[]`, "gu");
    for (const match of [...text.matchAll(opening)].slice(0, maxCalls / 50)) {
      const start = match.index + match[0].length;
      const end = matchingBrace(text, start - 1);
      for (const entry of splitTopLevel(text.slice(start, end), ",")) {
        const parts = /^\s*([A-Za-z_]\w*)\s*:\s*\{(.*)\}\s*$/su.exec(entry);
        if (parts?.[1] === undefined) continue;
        facts.add(parts[1], evalCfg(parseCfg(parts[2] ?? ""), facts.cfgSet()));
      }
    }
  }
}

/** String literals that hold `cargo:rustc-cfg=…`. */
function scanPrinted(text: string, running: ScriptFacts, facts: Facts): void {
  const around = bracesAround(text);
  const script = readScript(text);
  for (const literal of stringLiterals(text)) {
    if (/cargo::?(\{|rustc-\{)/u.test(literal.value)) facts.add("*", "unknown");
    for (const match of literal.value.matchAll(/cargo::?rustc-cfg(=?)([^\n]*)/gu)) {
      const written = match[1] === "" ? "" : (match[2] ?? "");
      facts.add(writtenKey(written), isReached(script, literal.start, around.get(literal.start) ?? [], running));
    }
  }
}

/** What is printed after `rustc-cfg=`: a key, or with a placeholder the part before it. */
function writtenKey(written: string): string {
  const hole = written.replaceAll("{{", "\0\0").indexOf("{");
  if (hole >= 0) return `${written.slice(0, hole)}*`;
  const expr = parseCfg(written);
  return expr.k === "name" ? expr.name : expr.k === "value" ? cfgKey(expr.name, expr.value) : "*";
}

function scanEmitters(text: string, rules: BuildRules, minor: number, facts: Facts): void {
  for (const emitter of rules.emitters) {
    const call = new RegExp(`\\b${emitter.call}!?\\s*\\(`, "gu");
    const calls = [...text.matchAll(call)];
    if (calls.length > maxCalls) facts.add("*", "unknown");
    for (const match of calls.slice(0, maxCalls)) {
      const start = match.index + match[0].length;
      // Its own definition is no call.
      if (/\bfn\s+$/u.test(text.slice(Math.max(0, match.index - 20), match.index))) continue;
      const args = splitTopLevel(text.slice(start, matchingBrace(text, start - 1, start + maxCallLength)), ",").map(
        (arg) => arg.trim(),
      );
      const literals = args.map((arg) => /^"([^"\\]*)"$/su.exec(arg)?.[1] ?? /^(\d+)$/u.exec(arg)?.[1] ?? null);
      let complete = true;
      const key = emitter.cfg.replace(/\$(\d)/gu, (_, index) => {
        const value = literals[Number(index) - 1] ?? null;
        if (value === null) complete = false;
        return value ?? "";
      });
      const needed = Number(literals[1] ?? Number.NaN);
      const truth: Truth = emitter.fromRustc && literals[0] === "1" && needed <= minor ? "true" : "unknown";
      facts.add(complete ? key : "*", truth);
    }
  }
}

function featuresOf(known: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...known].filter((key) => key.startsWith("feature=")));
}

function minorOf(rustc: string): number {
  return Number(/^1\.(\d+)/u.exec(rustc)?.[1] ?? 0);
}
