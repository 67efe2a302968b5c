/**
 * Templates of derived code: Rust text with forms that are filled in from the shape of the type.
 *
 * `$match{ARM}`: `match self` with ARM for each variant; `$variants{TEXT}`: TEXT for each variant. Inside those: `$each{TEXT}`: for
 * each field, `$field` its variable; `$construct{TEXT}`: the variant with TEXT for each field; `$format(ATTR, F){ELSE}`: what the variant's
 * `#[ATTR("..", ..)]` writes to the formatter F; `$marked(NAMES){TEXT}{ELSE}`: TEXT with `$field` for the first field that has one
 * of the helper attributes or names, else ELSE. In an impl for one field: `$with{TEXT}{REST}`: its variant, TEXT in that field. Unknown forms stay as they are.
 */
import type { Attr } from "../syntax/ast.ts";

export interface TemplateField {
  readonly name: string;
  /** Variable that patterns bind it to. */
  readonly variable: string;
  readonly attrs: readonly Attr[];
}
export interface TemplateVariant {
  /** `Self`, `Self::Name`. */
  readonly path: string;
  readonly shape: "unit" | "tuple" | "named";
  readonly fields: readonly TemplateField[];
  readonly attrs: readonly Attr[];
}
interface Cx {
  readonly variants: readonly TemplateVariant[];
  readonly variant: TemplateVariant | null;
  readonly field: TemplateField | null;
  /** The field that the impl is for. */
  readonly own: { readonly variant: TemplateVariant; readonly field: TemplateField } | null;
  readonly core: string;
}

const maxDepth = 16;

/** The template's text for a type; `core` is how its text names that crate. */
export function fillTemplate(text: string, variants: readonly TemplateVariant[], own: Cx["own"], core: string): string {
  return fill(text, { variants, variant: null, field: null, own, core }, 0);
}

function fill(text: string, cx: Cx, depth: number): string {
  if (depth > maxDepth) return "";
  let out = "";
  let at = 0;
  const form = /\$(match|variants|each|construct|format|marked|with|field)\b(?:\(([^()]*)\))?/g;
  for (let found = form.exec(text); found !== null; found = form.exec(text)) {
    out += text.slice(at, found.index);
    at = form.lastIndex;
    const parts: string[] = [];
    while (found[1] !== "field" && text[at] === "{") {
      const end = closing(text, at);
      parts.push(text.slice(at + 1, end));
      at = end + 1;
    }
    const args = (found[2] ?? "").split(",").map((one) => one.trim());
    out += formText(found[1] ?? "", args, parts, cx, depth + 1);
    form.lastIndex = at;
  }
  return out + text.slice(at);
}

function closing(text: string, open: number): number {
  let level = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === "{") level += 1;
    else if (text[at] === "}") level -= 1;
    if (level === 0) return at;
  }
  return text.length;
}

function formText(name: string, args: readonly string[], parts: readonly string[], cx: Cx, depth: number): string {
  const [first = "", second = ""] = parts;
  const { variant } = cx;
  switch (name) {
    case "match":
      if (cx.variants.length === 0) return "match *self {}";
      return `match self { ${cx.variants
        .map((one) => `${patternOf(one)} => ${fill(first, { ...cx, variant: one }, depth)},`)
        .join(" ")} }`;
    case "variants":
      return cx.variants.map((one) => fill(first, { ...cx, variant: one }, depth)).join(" ");
    case "each":
      return (variant?.fields ?? []).map((field) => fill(first, { ...cx, field }, depth)).join(" ");
    case "construct":
      return variant === null ? "loop {}" : built(variant, (field) => fill(first, { ...cx, field }, depth));
    case "with":
      return cx.own === null
        ? "loop {}"
        : built(cx.own.variant, (field) => fill(field === cx.own?.field ? first : second, cx, depth));
    case "marked": {
      const field = variant?.fields.find(
        (one) => args.includes(one.name) || one.attrs.some((attr) => args.includes(`#${attr.path}`)),
      );
      return field === undefined ? fill(second, cx, depth) : fill(first, { ...cx, field }, depth);
    }
    case "format":
      return (variant === null ? null : formatted(variant, args, cx.core)) ?? fill(first, cx, depth);
    case "field":
      return cx.field?.variable ?? "()";
    default:
      return "";
  }
}

function patternOf(variant: TemplateVariant): string {
  return built(variant, (field) => field.variable);
}

function built(variant: TemplateVariant, value: (field: TemplateField) => string): string {
  if (variant.shape === "unit") return variant.path;
  if (variant.shape === "tuple") return `${variant.path}(${variant.fields.map(value).join(", ")})`;
  return `${variant.path} { ${variant.fields.map((field) => `${field.name}: ${value(field)}`).join(", ")} }`;
}

/** `#[error("{0} of {size}", .size)]`: fields by position and name become the variables that the pattern binds. */
function formatted(variant: TemplateVariant, args: readonly string[], core: string): string | null {
  const [name, formatter] = args;
  const attr = variant.attrs.find((one) => one.path === name);
  if (attr === undefined) return null;
  const tokens = attr.tokens.trim();
  if (/^transparent\b/.test(tokens)) {
    const [field] = variant.fields;
    return field === undefined ? null : `${core}::fmt::Display::fmt(${field.variable}, ${formatter})`;
  }
  const by = /^fmt\s*=\s*([\w:]+)$/.exec(tokens);
  if (by !== null) return `${by[1]}(${[...variant.fields.map((field) => field.variable), formatter].join(", ")})`;
  const literal = /^(?:"(?:[^"\\]|\\[\s\S])*"|r(#*)"[\s\S]*?"\1)/.exec(tokens)?.[0];
  if (literal === undefined) return null;
  const text = literal.replace(/\{\{|\{(\d+)(?=[:}])/g, (all, digits) => (digits === undefined ? all : `{_${digits}`));
  const rest = tokens
    .slice(literal.length)
    .replace(/(^|[,=(\s&*!])\.(\d+)/g, "$1_$2")
    .replace(/(^|[,=(\s&*!])\.([a-zA-Z_]\w*)/g, "$1$2");
  return `${core}::fmt::Formatter::write_fmt(${formatter}, ${core}::format_args!(${text}${rest}))`;
}
