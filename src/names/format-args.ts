/**
 * `format_args!`: which trait formats which argument. Source: the std::fmt documentation, "Syntax".
 *
 * A template that is no literal formats every argument with Display. An argument that is formatted twice is evaluated once: the
 * second placeholder is kept only for plain paths.
 */
import type { MacroCall } from "../syntax/ast.ts";
import type { BodyArena, Expr, FormatTrait } from "../syntax/ast-body.ts";
import { lowerExprIn } from "../syntax/body.ts";
import { literalOf } from "../syntax/literals.ts";
import { argumentRanges } from "./argument-ranges.ts";

interface Placeholder {
  readonly arg: string;
  readonly trait: FormatTrait;
}
interface Argument {
  readonly name: string | null;
  readonly start: number;
  readonly end: number;
  value: Expr | null;
}

/** The formatted arguments, in the order of the template; arguments that no placeholder names are evaluated all the same. */
export function formatArgs(call: MacroCall, arena: BodyArena): { readonly value: Expr; readonly trait: FormatTrait }[] {
  const [first, ...rest] = argumentRanges(call);
  if (first === undefined) return [];
  const args = rest.map(({ start, end }): Argument => {
    const named = /^\s*(?:r#)?([\p{XID_Start}_]\p{XID_Continue}*)\s*=(?![=>])/u.exec(
      call.source.text.slice(start, end),
    );
    return { name: named?.[1] ?? null, start: start + (named?.[0].length ?? 0), end, value: null };
  });
  const out: { value: Expr; trait: FormatTrait }[] = [];
  const template = templateOf(call.source.text.slice(first.start, first.end));
  const lower = (start: number, end: number): Expr | null => lowerExprIn(call.source, start, end, arena)?.expr ?? null;
  const use = (arg: Argument, trait: FormatTrait): void => {
    if (arg.value !== null && arg.value.k !== "path") return;
    const value = lower(arg.start, arg.end);
    arg.value ??= value;
    if (value !== null) out.push({ value, trait });
  };
  for (const { arg, trait } of template ?? []) {
    const known = /^\d+$/.test(arg) ? args[Number(arg)] : args.find((one) => one.name === arg);
    if (known !== undefined) use(known, trait);
    else if (!/^\d+$/.test(arg)) out.push({ value: inlineArgument(call, first.start, arg, arena), trait });
  }
  for (const arg of args) if (arg.value === null) use(arg, "Display");
  return out;
}

/** `{name}`: a path with the template's hygiene. */
function inlineArgument(call: MacroCall, at: number, name: string, arena: BodyArena): Expr {
  const span = call.source.spanOf(at, Math.min(at + 1, call.end));
  const blank = /^\s*/.exec(call.source.text.slice(at, call.end))?.[0].length ?? 0;
  const context = call.source.contextAt(at + blank);
  const segments = [{ name, args: null, span, context }];
  const path = { global: false, dollarCrate: null, qself: null, qselfPosition: 0, segments, span };
  arena.nextExpr += 1;
  return { id: arena.nextExpr - 1, span, attrs: [], k: "path", path };
}

/** The placeholders of a template; null where its text is not known. */
function templateOf(text: string): Placeholder[] | null {
  const trimmed = text
    .trim()
    .replace(/^\((.*)\)$/s, "$1")
    .trim();
  const literal = literalOf(trimmed);
  if (literal?.k === "str") return placeholders(literal.value);
  const joined = /^(?:\w+\s*::\s*)*concat\s*!\s*[([{](.*)[)\]}]$/s.exec(trimmed);
  return joined === null
    ? null
    : placeholders([...(joined[1] ?? "").matchAll(/"((?:[^"\\]|\\.)*)"/gs)].map((part) => part[1] ?? "").join(""));
}

function placeholders(template: string): Placeholder[] {
  const out: Placeholder[] = [];
  let next = 0;
  const pattern = /\{\{|\}\}|\{\s*((?:\d+|[\p{XID_Start}_]\p{XID_Continue}*)?)\s*(?::([^{}]*))?\}/gu;
  for (const found of template.matchAll(pattern)) {
    if (found[0] === "{{" || found[0] === "}}") continue;
    const spec = (found[2] ?? "").trim();
    for (const width of spec.matchAll(/(\d+|[\p{XID_Start}_]\p{XID_Continue}*)\$/gu))
      out.push({ arg: width[1] ?? "", trait: "Display" });
    if (spec.includes(".*")) {
      out.push({ arg: String(next), trait: "Display" });
      next += 1;
    }
    const arg = found[1] === undefined || found[1] === "" ? String(next++) : found[1];
    out.push({ arg, trait: traitOf(spec) });
  }
  return out;
}

function traitOf(spec: string): FormatTrait {
  if (spec.endsWith("?")) return "Debug";
  const kinds: Readonly<Record<string, FormatTrait>> = {
    x: "LowerHex",
    X: "UpperHex",
    o: "Octal",
    b: "Binary",
    e: "LowerExp",
    E: "UpperExp",
    p: "Pointer",
  };
  const last = spec.at(-1) ?? "";
  // `{:>width$}` ends in a sign, `{:x}` in a type; a lone fill letter cannot end a spec.
  return kinds[last] ?? "Display";
}
