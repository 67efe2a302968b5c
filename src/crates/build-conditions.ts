/**
 * Whether a build script gets to a place of its text: what it asks there of the compiler's version and of features, and where it may have left before.
 *
 * Input: the script, a place of its text, the curly braces around it. Output: "true", "false", or "unknown" under any condition but these.
 * A script that fails builds nothing: a panic and `?` are no way round.
 */
import { bracesAt, matchingBrace, stringLiterals } from "./build-text.ts";
import { type CfgSet, cfgKey, evalCfg, parseCfg, type Truth } from "./cfg.ts";

/** What is known while a script runs. */
export interface ScriptFacts {
  /** Minor version of the compiler that is assumed. */
  readonly minor: number;
  /** The package's features, as cfgs: the script is compiled with them too. */
  readonly features: ReadonlySet<string>;
}

/** A script's text without comments, and where it may leave a function. */
export interface Script {
  readonly text: string;
  readonly leavings: readonly Leaving[];
}
interface Leaving {
  readonly at: number;
  /** Curly braces around it, innermost first. */
  readonly braces: readonly number[];
  /** Whether it is left there for sure, by how many of the braces are looked at. */
  readonly told: Map<number, Truth>;
}

/** Where a script may leave is looked for once, however many places are asked of. */
export function readScript(text: string): Script {
  const quoted = stringLiterals(text);
  const found = [...text.matchAll(leaving)].map(({ index }) => index);
  const around = bracesAt(text, found);
  let next = 0;
  const places = found.filter((at) => {
    while ((quoted[next]?.end ?? text.length) <= at) next += 1;
    return at < (quoted[next]?.start ?? text.length);
  });
  return { text, leavings: places.map((at) => ({ at, braces: around.get(at) ?? [], told: new Map() })) };
}

/**
 * "false" under a condition that does not hold, "true" where only conditions that hold stand between the place and `fn main`, else "unknown". `braces`: around
 * the place, innermost first.
 */
export function isReached(script: Script, at: number, braces: readonly number[], facts: ScriptFacts): Truth {
  const { text } = script;
  let result = underAttributes(text, at, facts);
  for (const [index, open] of braces.entries()) {
    if (result === "false") return result;
    const head = headOf(text, open);
    const main = /\bfn\s+main\s*\(\s*\)\s*(->[^{;]*)?$/su.exec(head);
    if (main !== null) {
      result = both(result, underAttributes(text, open - (head.length - main.index), facts));
      if (index < braces.length - 1) result = both(result, "unknown");
      return result === "true" ? stays(script, open, at, braces, facts) : result;
    }
    result = both(result, isPlainBlock(text, open) ? underAttributes(text, open, facts) : underCondition(head, facts));
  }
  return both(result, "unknown");
}

const leaving: RegExp = /\breturn\b|\bexit\s*\(\s*0\s*\)/gu;
const ofCompiler: RegExp = /minor|rustc|compiler|version/iu;

function both(left: Truth, right: Truth): Truth {
  if (left === "false" || right === "false") return "false";
  return left === "unknown" || right === "unknown" ? "unknown" : "true";
}

function headOf(text: string, open: number): string {
  return text.slice(Math.max(0, open - 400), open);
}

/** Of an `if` before an opening brace; "unknown" for whatever else opens one. */
function underCondition(head: string, facts: ScriptFacts): Truth {
  const condition = /\bif\s+((?:(?!\bif\b)[^{};])*)$/su.exec(head)?.[1];
  return condition === undefined || /\belse\s+if\b[^{}]*$/su.test(head) ? "unknown" : judge(condition, facts);
}

/** The cfgs in front of the statement or item that a place belongs to. */
function underAttributes(text: string, at: number, facts: ScriptFacts): Truth {
  let result: Truth = "true";
  for (const attribute of attributesBefore(text, at).list) {
    const written = /^\s*cfg\s*\((.*)\)\s*$/su.exec(attribute)?.[1];
    if (written !== undefined) result = both(result, ofFeatures(written, facts));
  }
  return result;
}

/** Whether nothing but attributes stands in front of a brace. */
function isPlainBlock(text: string, open: number): boolean {
  return attributesBefore(text, open).rest.trim() === "";
}

function attributesBefore(text: string, at: number): { readonly list: readonly string[]; readonly rest: string } {
  const list: string[] = [];
  let rest = statementBefore(text, at);
  for (let mark = /^\s*#\s*\[/u.exec(rest); mark !== null; mark = /^\s*#\s*\[/u.exec(rest)) {
    const close = matchingBrace(rest, mark[0].length - 1);
    list.push(rest.slice(mark[0].length, close));
    rest = rest.slice(close + 1);
  }
  return { list, rest };
}

/** What stands between the end of the statement before and a place. */
function statementBefore(text: string, at: number): string {
  const before = text.slice(Math.max(0, at - 1000), at);
  return before.slice(Math.max(before.lastIndexOf(";"), before.lastIndexOf("{"), before.lastIndexOf("}")) + 1);
}

/** A cfg of the script's own: features are the package's, the target is the host. */
function ofFeatures(written: string, facts: ScriptFacts): Truth {
  const set: CfgSet = { known: facts.features, maybe: new Set(["*"]), never: new Set(["feature"]) };
  return evalCfg(parseCfg(written), set);
}

function judge(condition: string, facts: ScriptFacts): Truth {
  if (/^let\s+Some\(\s*\w*(minor|rustc|compiler)\w*\s*\)\s*=/u.test(condition)) return "true";
  let result: Truth = "true";
  for (const part of condition.split("&&")) {
    const value = part.includes("||") ? "unknown" : (ofVersion(part, facts.minor) ?? ofFeature(part, facts));
    if (value === "false") return "false";
    result = both(result, value);
  }
  return result;
}

function ofVersion(part: string, minor: number): Truth | null {
  const bare = part.replace(/^[\s(]*(?:\w+\.is_some_and\(\|\w+\|\s*)?/u, "").replace(/[\s)]*$/u, "");
  const test = /^\w*(?:minor|rustc|compiler)\w*\s*(<=?|>=?)\s*(\d+)$/u.exec(bare);
  const bound = Number(test?.[2]);
  const holds: Record<string, boolean> = {
    "<": minor < bound,
    "<=": minor <= bound,
    ">": minor > bound,
    ">=": minor >= bound,
  };
  const value = holds[test?.[1] ?? ""];
  return value === undefined ? null : value ? "true" : "false";
}

/** `cfg!(feature = "x")`, and the variable that cargo sets for a feature. */
function ofFeature(part: string, facts: ScriptFacts): Truth {
  const [, not = "", asked = ""] = /^\s*(!?)\s*(\S.*)$/su.exec(part) ?? [];
  const written = /^cfg!\s*\((.*)\)\s*$/su.exec(asked)?.[1];
  const variable =
    /^(?:std::)?(?:env::)?var(?:_os)?\s*\(\s*"CARGO_FEATURE_(\w+)"\s*\)\s*\.is_(ok|some|none|err)\(\)\s*$/u.exec(asked);
  let value: Truth = "unknown";
  if (written !== undefined) value = ofFeatures(written, facts);
  else if (variable !== null) {
    const spelled = (key: string): string => key.toUpperCase().replaceAll("-", "_");
    const key = spelled(cfgKey("feature", variable[1] ?? ""));
    const on = [...facts.features].some((one) => spelled(one) === key);
    value = on === /ok|some/u.test(variable[2] ?? "") ? "true" : "false";
  }
  if (not === "" || value === "unknown") return value;
  return value === "true" ? "false" : "true";
}

/** Whether `main` goes on to a place: it may return before. That the compiler's version was found is taken for given. */
function stays(
  { text, leavings }: Script,
  main: number,
  at: number,
  braces: readonly number[],
  facts: ScriptFacts,
): Truth {
  const outer = new Set(braces);
  let result: Truth = "true";
  for (const one of leavings) {
    if (one.at < main) continue;
    if (one.at >= at) break;
    const inner = one.braces.filter((open) => !outer.has(open));
    const left = one.told.get(inner.length) ?? leaves(text, one.at, inner, facts);
    one.told.set(inner.length, left);
    if (left === "true") return "false";
    result = both(result, left === "false" ? "true" : "unknown");
  }
  return result;
}

/** Whether a `return` ends `main`; `inner`: the braces between both, innermost first. */
function leaves(text: string, place: number, inner: readonly number[], facts: ScriptFacts): Truth {
  let result: Truth = "true";
  for (const open of inner) {
    const head = headOf(text, open);
    if (/\bfn\b[^{};]*$|\|[^|{};]*\|\s*$/su.test(head)) return "false";
    result = both(result, underCondition(head, facts));
  }
  if (result !== "unknown") return result;
  return ofCompiler.test(statementBefore(text, inner.at(-1) ?? place)) ? "false" : "unknown";
}
