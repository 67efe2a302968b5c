/**
 * Which functions are worth inferring to look for installations: by the text of their bodies and what its names mean.
 *
 * Input: the words that may stand for a registrar in a crate. A function passes where one stands as a call, a value or a macro and
 * its path means a registrar, or means nothing that names alone can tell (an import in a block, text of a macro). Words of parameters, in
 * declarations, in comments and in strings are something else, and so are those behind a dot that are no method's. Nothing is inferred here.
 */
import type { Span } from "../base/span.ts";
import { namesMacro } from "../base/word-set.ts";
import type { Bodies } from "../calls/bodies.ts";
import type { Registrars } from "../model/registrars.ts";
import type { DefId } from "../names/defs.ts";
import type { BareItem, Path } from "../syntax/ast.ts";
import { type WordPlace, wordPlaces } from "../syntax/word-places.ts";

export interface RegistrarWords {
  /** Names of registrars, and other names of them in a crate. */
  readonly names: ReadonlySet<string>;
  /** Those of them that may stand behind a dot. */
  readonly methods: ReadonlySet<string>;
  /** Macros that could write one: they are that only where they are called as macros, or handed on. */
  readonly macros: ReadonlySet<string>;
}

/** Could the function's text call one of the words as a registrar? */
export function mayInstall(bodies: Bodies, registrars: Registrars, def: DefId, words: RegistrarWords): boolean {
  const { item } = bodies.names.def(def);
  if (item === null) return false;
  const text = item.source.text.slice(item.start, item.end);
  return installs(bodies, registrars, def, text, item.span, words, parameterNames(item, text));
}

const none: ReadonlySet<string> = new Set();

/** Names that mean a parameter wherever they stand alone in a function; none where a function within it may mean something else by them. */
function parameterNames(item: BareItem, text: string): ReadonlySet<string> {
  if (item.k !== "fn" || (text.match(/\bfn\b/gu) ?? []).length !== 1) return none;
  return new Set(item.params.flatMap(({ pat }) => (pat.k === "ident" ? [pat.name] : [])));
}

/** Could a text that stands in a definition call one of the words as a registrar? */
export function installs(
  bodies: Bodies,
  registrars: Registrars,
  def: DefId,
  text: string,
  span: Span,
  { names, methods, macros }: RegistrarWords,
  shadowed: ReadonlySet<string> = none,
): boolean {
  let placeOf: ((at: number) => WordPlace) | null = null;
  const edition = bodies.names.def(def).item?.source.edition ?? "2021";
  for (const found of text.matchAll(/(?:[A-Za-z_]\w*\s*::\s*)*([A-Za-z_]\w*)/g)) {
    const word = found[1];
    if (word === undefined || (!names.has(word) && !macros.has(word))) continue;
    placeOf ??= wordPlaces(text, edition);
    if (placeOf(found.index) === "silent") continue;
    if (!names.has(word)) {
      const end = found.index + found[0].length;
      if (namesMacro(text, end - word.length, end)) return true;
      continue;
    }
    // On the same line, or right before it: what ends the line above may be the end of a comment.
    const before = /[^\n]*$/u.exec(text.slice(Math.max(0, found.index - 20), found.index))?.[0] ?? "";
    const after = text.slice(found.index + found[0].length, found.index + found[0].length + 120).trimStart();
    if (before.endsWith(".")) {
      if (methods.has(word) && /^(?:\(|::\s*<)/.test(after)) return true;
      continue;
    }
    if (/\b(?:fn|let|mut|mod|struct)\s+$/.test(before)) continue;
    if (/^![^=]/.test(after)) {
      if (macros.has(word) || !bodies.names.isToldByWords(word, bodies.names.def(def).crate)) return true;
      continue;
    }
    if (found[0] === word && shadowed.has(word)) continue;
    const called = after.startsWith("(") || after.startsWith("::<") || /^as\b/.test(after);
    const value = /^[,);\]}]/.test(after) || after === "";
    if (!called && !value) continue;
    const meaning = meaningOf(
      bodies,
      registrars,
      { def, span },
      found[0].split("::").map((part) => part.trim()),
      after,
    );
    if (meaning === "registrar" || (meaning === "unknown" && called)) return true;
  }
  return false;
}

/** So far back a line is looked through for the beginning of a comment. */
const COMMENT = 400;

/** Do texts, of which `test` tells whether one has a pattern, call one of the words (`.word`: behind a dot); or hand one of those on that may be `values`, and that they import or declare? */
export function mayName(
  words: ReadonlySet<string>,
  test: (pattern: RegExp) => boolean,
  values: ReadonlySet<string> = words,
): boolean {
  if (test(callLike(words))) return true;
  const any = anyOf([...values].filter((one) => !one.startsWith(".")));
  // What stands before the word is looked at last: a pattern that begins with it is tried at each character. A comment that began further back is none.
  const value = `\\b(${any})(?=\\s*[,;)}\\]])(?<=(?:[({[,=:>&]\\s*|\\bsym\\s+)\\1)(?<!//[^\\n]{0,${COMMENT}})`;
  // Each import is looked through up to the next one: no stretch of text is twice.
  const imported = `\\buse\\s(?:(?!\\buse\\s)[^;])*?(?:\\b(?:${any})\\b(?!\\s*::)|\\*)`;
  const known = `${imported}|\\bfn\\s+(?:${any})\\b|::\\s*(?:${any})\\s*[,;)}\\]]`;
  return test(new RegExp(value)) && test(new RegExp(known));
}

/** Text in which one of the words is called (`.word`: behind a dot), imported under another name, linked to, or a macro's name. */
export function callLike(words: ReadonlySet<string>): RegExp {
  const any = anyOf([...words].filter((one) => !one.startsWith(".")));
  const methods = [...words].flatMap((one) => (one.startsWith(".") ? one.slice(1) : []));
  const behindDot = methods.length === 0 ? "" : `|\\.\\s*(?:${anyOf(methods)})\\s*(?:\\(|::\\s*<)`;
  return new RegExp(
    `(?<![.\\w])(?<!\\bfn\\s)(?:${any})\\s*(?:\\(|::<|!|as\\b)|link_name\\s*=\\s*"(?:${any})"${behindDot}`,
  );
}

function anyOf(words: Iterable<string>): string {
  return [...words].map((word) => word.replace(/\W/g, "\\$&")).join("|");
}

function meaningOf(
  bodies: Bodies,
  registrars: Registrars,
  { def, span }: { readonly def: DefId; readonly span: Span },
  segments: readonly string[],
  after: string,
): "registrar" | "other" | "unknown" {
  const { names } = bodies;
  const path: Path = {
    global: false,
    dollarCrate: null,
    qself: null,
    qselfPosition: 0,
    segments: segments.map((name) => ({ name, args: null, span, context: 0 })),
    span,
  };
  const found = names.resolve(names.scopeOf(def), path, "value");
  if (found.k !== "def") return "unknown";
  const { foreign } = names.def(found.def);
  const printed = names.pathOf(found.def);
  const matching = [...(foreign === null ? [] : registrars.bySymbol(foreign.symbol)), ...registrars.byPath(printed)];
  if (matching.length === 0) return "other";
  const constants = matching.flatMap((one) => (one.match.where ?? []).map((where) => where.constant));
  const free = matching.some((one) => (one.match.where ?? []).length === 0);
  return free || constants.some((name) => mayBe(name, after)) ? "registrar" : "other";
}

/** Another constant of the same family (`SYS_…`) right behind the parenthesis is not the one that was asked for; whatever else stands there may be. */
function mayBe(constant: string, after: string): boolean {
  const first = /^\(\s*(?:\w+\s*::\s*)*([A-Za-z_]\w*)/.exec(after)?.[1] ?? constant;
  return first === constant || !first.startsWith(constant.slice(0, constant.indexOf("_") + 1));
}
