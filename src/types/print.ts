/**
 * Types as Rust writes them, for messages, traces and tests. Not for keys: use `id`.
 *
 * Crate-qualified paths are shortened to the definition's own name; unknown is printed with its reason.
 */
import type { DefId, Names } from "../names/defs.ts";
import type { DynTrait, Ty } from "./ty.ts";

const maxDepth = 24;

/** The arguments of a type that are not its parameters' defaults. */
export type ShownArgs = (ty: Ty & { readonly k: "adt" }) => readonly Ty[];

const allArgs: ShownArgs = (ty) => ty.args;

/** The type as text; arguments that `shown` leaves out are not printed. */
export function printTy(names: Names, ty: Ty, shown: ShownArgs = allArgs, depth = 0): string {
  if (depth > maxDepth) return "…";
  const show = (inner: Ty): string => printTy(names, inner, shown, depth + 1);
  const generic = (args: readonly Ty[]): string => (args.length === 0 ? "" : `<${args.map(show).join(", ")}>`);
  switch (ty.k) {
    case "adt":
      return names.def(ty.def).name + generic(shown(ty));
    case "prim":
    case "param":
      return ty.name;
    case "never":
      return "!";
    case "ref":
      return (ty.mut ? "&mut " : "&") + show(ty.inner);
    case "ptr":
      return (ty.mut ? "*mut " : "*const ") + show(ty.inner);
    case "slice":
      return `[${show(ty.inner)}]`;
    case "array":
      return `[${show(ty.inner)}; ${show(ty.len)}]`;
    case "tuple":
      return ty.elems.length === 1 ? `(${ty.elems.map(show).join("")},)` : `(${ty.elems.map(show).join(", ")})`;
    case "fn-def":
      return `fn item ${names.def(ty.def).name}${generic(ty.args)}`;
    case "fn-ptr":
      return `${ty.abi === null ? "" : `extern "${ty.abi}" `}fn(${ty.params.map(show).join(", ")}${ty.variadic ? ", ..." : ""})${printRet(ty.ret, show)}`;
    case "closure":
      return `closure ${names.pathOf(ty.body)}#${ty.closure}`;
    case "dyn":
      return `dyn ${ty.traits
        .map((one) => printDyn(names, one, show))
        .sort()
        .join(" + ")}`;
    case "opaque":
      return `impl ${names.pathOf(ty.def)}#${ty.index}${generic(ty.args)}`;
    case "proj":
      return printProj(names, ty.assoc, ty.args, show);
    case "const":
      return ty.value.startsWith("#") ? "_" : ty.value;
    case "infer":
      return ty.kind === "general" ? "_" : `{${ty.kind === "int" ? "integer" : "float"}}`;
    case "unknown":
      return `{unknown: ${ty.reason}}`;
    default:
      return unreachable(ty);
  }
}

function printRet(ret: Ty, show: (ty: Ty) => string): string {
  return ret.k === "tuple" && ret.elems.length === 0 ? "" : ` -> ${show(ret)}`;
}

function printDyn(names: Names, one: DynTrait, show: (ty: Ty) => string): string {
  const parts = [
    ...one.args.map(show),
    ...one.bindings.map((binding) => `${names.def(binding.assoc).name} = ${show(binding.ty)}`),
  ];
  return names.def(one.trait).name + (parts.length === 0 ? "" : `<${parts.join(", ")}>`);
}

function printProj(names: Names, assoc: DefId, args: readonly Ty[], show: (ty: Ty) => string): string {
  const def = names.def(assoc);
  const [self, ...rest] = args;
  const trait = def.parent === null ? "?" : names.def(def.parent).name;
  return `<${self === undefined ? "?" : show(self)} as ${trait}${rest.length === 0 ? "" : `<${rest.map(show).join(", ")}>`}>::${def.name}`;
}

function unreachable(value: never): never {
  return value;
}
