/**
 * The stable public interface of core, alloc and std as the toolchain's own documentation pages list it: functions, methods, impls, consts, macros.
 *
 * rustdoc has expanded macros, evaluated cfgs for the documented host (Linux, gnu) and resolved every path, so a page is the compiler's answer to
 * "what is there". Links give the public path of each name in a header. Unstable items and what only `Deref` or a blanket impl brings are left out.
 * An item that several pages show (std re-exports core) is kept once, by its source position and header.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { rustPath } from "./compiled-symbols.ts";

export interface ApiItem {
  readonly kind: "fn" | "method" | "provided" | "required" | "impl" | "const" | "assoc-const" | "type" | "macro";
  /** Public path: of the item, of the type or trait a member belongs to, of the type whose page shows an impl. */
  readonly path: string;
  /** Empty for impls. */
  readonly name: string;
  /** Header of the impl, names replaced by public paths. */
  readonly header: string;
  /** The declaration as the page prints it. */
  readonly sig: string;
  /** `core/src/option.rs` and line. */
  readonly source: string;
  readonly since: string;
}

/** Everything stable under the folder `share/doc/rust/html` of a toolchain, in the order of paths. */
export function readApi(html: string): ApiItem[] {
  const found = new Map<string, ApiItem>();
  for (const crate of ["std", "alloc", "core"]) {
    for (const file of pagesOf(path.join(html, crate))) {
      for (const item of readPage(html, file)) {
        const at =
          item.header === "" ? item.path.replace(/^(std|alloc|core)::/, "") : item.header.replace(/\w+::/g, "");
        const key = `${item.kind} ${item.source} ${at} ${item.name}`;
        if (!found.has(key)) found.set(key, item);
      }
    }
  }
  return [...found.values()];
}

const pageName = /^(struct|enum|union|trait|primitive|fn|macro|constant|static|type|traitalias)\.(\w+)\.html$/;

/** Private modules that have pages, other systems than the documented one, vector instructions. */
const elsewhere =
  /\/(core_arch|core_simd|simd|arch|std_detect|windows|darwin|macos|ios|wasi\w*|fortanix_sgx|xous|uefi|solid|hermit|trusty|motor|cygwin|contracts|bstr|intrinsics|AsciiExt|f16|f128|primitive\.f(16|128))(\/|\.html$)/;

function pagesOf(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((one) => one.isFile() && pageName.test(one.name));
  return files
    .map((one) => path.join(one.parentPath, one.name))
    .filter((file) => !elsewhere.test(file))
    .sort();
}

interface Page {
  readonly html: string;
  readonly file: string;
  readonly path: string;
}

function readPage(html: string, file: string): ApiItem[] {
  const [, kind = "", name = ""] = pageName.exec(path.basename(file)) ?? [];
  const text = readFileSync(file, "utf8");
  // A redirection from the private module where the item is written.
  if (!text.includes('<div class="main-heading">')) return [];
  const page: Page = { html, file, path: rustPath(html, file) };
  const heading = text.slice(text.indexOf('<div class="main-heading">'), text.indexOf("</h1>") + 1500);
  const main = text.slice(text.indexOf('<div class="main-heading">'));
  if (/class="stab unstable"/.test(beforeDocs(main))) return [];
  const base = { path: page.path, name, header: "", sig: "", source: sourceIn(heading), since: sinceIn(heading) };
  const declared = declaration(main);
  switch (kind) {
    case "fn":
      return [{ ...base, kind: "fn", sig: declared }];
    case "macro":
      return [{ ...base, kind: "macro", sig: declared }];
    case "constant":
    case "static":
      return [{ ...base, kind: "const", sig: declared }];
    case "trait":
      return [
        { ...base, kind: "type", sig: declared },
        ...traitMembers(page, main),
        ...members(page, main),
        ...implementors(page, main),
      ];
    case "type":
      return [{ ...base, kind: "type", sig: declared }];
    default:
      return [{ ...base, kind: "type", sig: declared }, ...members(page, main)];
  }
}

/** The main item's own stability stands before its documentation. */
function beforeDocs(main: string): string {
  const end = main.search(/<details class="toggle top-doc"|<div class="docblock"|<h2 /);
  return end < 0 ? main : main.slice(0, end);
}

function declaration(main: string): string {
  const code = /<pre class="rust item-decl"><code>([\s\S]*?)<\/code><\/pre>/.exec(main)?.[1] ?? "";
  return plain(code);
}

const section =
  /<section id="([^"]*)" class="([^"]*)">([\s\S]*?)<\/section>(<span class="item-info"><div class="stab unstable)?/g;

function members(page: Page, main: string): ApiItem[] {
  const items: ApiItem[] = [];
  let impl: {
    readonly header: string;
    readonly stable: boolean;
    readonly since: string;
    readonly trait: boolean;
  } | null = null;
  for (const part of ownParts(main)) {
    for (const [, id = "", classes = "", inside = "", unstable] of part.matchAll(section)) {
      if (classes === "impl") {
        const header = linked(page, code(inside, "h3"));
        impl = { header, stable: unstable === undefined, since: sinceIn(inside), trait: / for /.test(header) };
        if (impl.stable && impl.trait)
          items.push({
            kind: "impl",
            path: page.path,
            name: "",
            header,
            sig: plain(code(inside, "h3")),
            source: sourceIn(inside),
            since: impl.since,
          });
        continue;
      }
      const member = /^(method|associatedconstant)\.(\w+?)(?:-\d+)?$/.exec(id);
      if (member === null || impl === null || !impl.stable || unstable !== undefined) continue;
      const [, what, name = ""] = member;
      const since = sinceIn(inside);
      if (impl.trait || (since === "" && impl.since === "")) continue;
      const kind = what === "associatedconstant" ? "assoc-const" : "method";
      items.push({
        kind,
        path: page.path,
        name,
        header: impl.header,
        sig: plain(code(inside, "h4")),
        source: sourceIn(inside),
        since,
      });
    }
  }
  return items;
}

/** Inherent and trait impls; not what comes by deref, by blanket impls or by auto traits. */
function ownParts(main: string): string[] {
  const from = main.search(/<h2 id="(implementations|trait-implementations)"/);
  if (from < 0) return [];
  const rest = main.slice(from);
  const cuts = rest.search(/<h2 id="(implementors|foreign-impls|synthetic-implementations|blanket-implementations)"/);
  const own = cuts < 0 ? rest : rest.slice(0, cuts);
  const deref = own.search(/<h2 id="deref-methods/);
  if (deref < 0) return [own];
  const traits = own.search(/<h2 id="trait-implementations"/);
  return traits < deref ? [own.slice(0, deref)] : [own.slice(0, deref), own.slice(traits)];
}

function traitMembers(page: Page, main: string): ApiItem[] {
  const end = main.search(/<h2 id="(foreign-impls|implementors|dyn-compatibility|implementations)"/);
  const items: ApiItem[] = [];
  for (const [, id = "", , inside = "", unstable] of main.slice(0, end < 0 ? main.length : end).matchAll(section)) {
    const member = /^(tymethod|method)\.(\w+)$/.exec(id);
    if (member === null || unstable !== undefined) continue;
    const kind = member[1] === "tymethod" ? "required" : "provided";
    items.push({
      kind,
      path: page.path,
      name: member[2] ?? "",
      header: "",
      sig: plain(code(inside, "h4")),
      source: sourceIn(inside),
      since: sinceIn(inside),
    });
  }
  return items;
}

function implementors(page: Page, main: string): ApiItem[] {
  const start = main.search(/<h2 id="(foreign-impls|implementors)"/);
  if (start < 0) return [];
  const items: ApiItem[] = [];
  for (const [, , classes = "", inside = "", unstable] of main.slice(start).matchAll(section)) {
    if (classes !== "impl" || unstable !== undefined) continue;
    const header = linked(page, code(inside, "h3"));
    items.push({
      kind: "impl",
      path: page.path,
      name: "",
      header,
      sig: plain(code(inside, "h3")),
      source: sourceIn(inside),
      since: sinceIn(inside),
    });
  }
  return items;
}

function code(inside: string, tag: "h3" | "h4"): string {
  return new RegExp(`<${tag} class="code-header">([\\s\\S]*?)</${tag}>`).exec(inside)?.[1] ?? "";
}

function sourceIn(inside: string): string {
  const [, file = "", line = ""] = /href="(?:\.\.\/)+src\/([^"#]*)\.html#(\d+)/.exec(inside) ?? [];
  return file === "" ? "" : `${file.replace(/^(\w+)\//, "$1/src/")}:${line}`;
}

function sinceIn(inside: string): string {
  return /title="Stable since Rust version ([^",]*)/.exec(inside)?.[1] ?? "";
}

/** Links to types and traits become their public paths; the rest is text. */
function linked(page: Page, text: string): string {
  const named = text.replace(
    /(?:\w+::)*<a class="(?:struct|enum|union|trait|type|primitive)" href="([^"#]*)"[^>]*>([\s\S]*?)<\/a>/g,
    (_all, href: string, shown: string) =>
      href.startsWith("http") || href.includes("/primitive.") || href.startsWith("primitive.")
        ? shown
        : rustPath(page.html, path.resolve(path.dirname(page.file), href)),
  );
  return plain(named);
}

function plain(text: string): string {
  return text
    .replace(/<a href="#" class="tooltip"[^>]*>[\s\S]*?<\/a>/g, "")
    .replace(/<details[\s\S]*?<\/details>/g, "")
    .replace(/<[^>]*>/g, " ".repeat(0))
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&nbsp;/g, " ")
    .replace(/&amp;/g, "&")
    .replace(/(\S)where\n/g, "$1 where ")
    .replace(/\s+/g, " ")
    .trim();
}
