/** Types and paths of std as rustc reads them: public paths, no arguments that are the defaults. Null for a type without a name. */
import type { DefId, Names } from "../../src/names/defs.ts";
import type { Types } from "../../src/types/api.ts";
import type { Ty } from "../../src/types/ty.ts";

export interface RustWriter {
  text(ty: Ty): string | null;
  path(def: DefId): string;
}

/** `redirects`: from paths of definition to public ones. */
export function rustWriter(names: Names, types: Types, redirects: ReadonlyMap<string, string>): RustWriter {
  return { text, path };

  function path(def: DefId): string {
    const own = names.pathOf(def);
    return redirects.get(own) ?? own;
  }

  function all(tys: readonly Ty[], then: (texts: readonly string[]) => string): string | null {
    const texts: string[] = [];
    for (const one of tys) {
      const written = text(one);
      if (written === null) return null;
      texts.push(written);
    }
    return then(texts);
  }

  function text(ty: Ty): string | null {
    switch (ty.k) {
      case "adt":
        return all(
          shown(ty.def, ty.args),
          (args) => `${path(ty.def)}${args.length === 0 ? "" : `<${args.join(", ")}>`}`,
        );
      case "prim":
        return ty.name;
      case "never":
        return "!";
      case "const":
        return ty.value;
      case "ref":
        return all([ty.inner], ([inner = ""]) => `&${ty.mut ? "mut " : ""}${wrapped(ty.inner, inner)}`);
      case "ptr":
        return all([ty.inner], ([inner = ""]) => `*${ty.mut ? "mut" : "const"} ${wrapped(ty.inner, inner)}`);
      case "slice":
        return all([ty.inner], ([inner]) => `[${inner}]`);
      case "array":
        return all([ty.inner, ty.len], ([inner, len]) => `[${inner}; ${len}]`);
      case "tuple":
        return all(ty.elems, (elems) => `(${elems.map((one) => `${one},`).join(" ")})`);
      case "fn-ptr":
        if (ty.variadic) return null;
        return all([...ty.params, ty.ret], (parts) => {
          const abi = ty.abi === null ? "" : `extern "${ty.abi}" `;
          return `${abi}fn(${parts.slice(0, -1).join(", ")}) -> ${parts.at(-1)}`;
        });
      case "dyn":
        return dynText(ty);
      default:
        return null;
    }
  }

  /** Without the last ones that are what they are where nothing is written. */
  function shown(def: DefId, args: readonly Ty[]): readonly Ty[] {
    const { params } = types.genericsOf(def);
    let count = args.length;
    while (count > 0) {
      const fallback = params[count - 1]?.default?.();
      if (fallback === undefined || types.normalize(types.subst(fallback, args), []) !== args[count - 1]) break;
      count -= 1;
    }
    return args.slice(0, count);
  }

  function dynText(ty: Ty & { readonly k: "dyn" }): string | null {
    const texts: string[] = [];
    for (const one of ty.traits) {
      const parts = [...one.args.map(text)];
      for (const { assoc, ty: bound } of one.bindings) {
        const written = text(bound);
        parts.push(written === null ? null : `${names.def(assoc).name} = ${written}`);
      }
      if (parts.includes(null)) return null;
      texts.push(`${path(one.trait)}${parts.length === 0 ? "" : `<${parts.join(", ")}>`}`);
    }
    return `dyn ${texts.join(" + ")}`;
  }
}

function wrapped(ty: Ty, text: string): string {
  return ty.k === "dyn" ? `(${text})` : text;
}
