/**
 * Which files count as a crate's text: all that it may be made of, and none that its cfgs leave out.
 */
import path from "node:path";
import { expect, test } from "vitest";
import { crateTexts } from "../../src/load/crate-texts.ts";
import { tempFiles } from "../support/temp-files.ts";

const cfg = { known: new Set(["unix"]), maybe: new Set<string>(), never: new Set<string>() };

function namesIn(files: Readonly<Record<string, string>>, all = false): string[] | null {
  const root = tempFiles(files);
  const found = crateTexts({ root, rootFile: path.join(root, "src/lib.rs"), cfg, all }, [root]);
  return found === null ? null : found.texts.flatMap((text) => text.match(/word_\w+/g) ?? []).sort();
}

test("modules are followed wherever they are declared, inside macros and braces too", () => {
  const files = {
    "src/lib.rs": "mod a; mod r#b; mac! { pub mod c ; } mod d { mod e; }",
    "src/a.rs": "mod f; // word_a",
    "src/a/f.rs": "word_f",
    "src/b/mod.rs": "word_b",
    "src/c.rs": "word_c",
    "src/d/e.rs": "word_e",
    "src/unnamed.rs": "word_no",
    "tests/a.rs": "word_no",
    "benches/x.rs": "word_no",
  };
  expect(namesIn(files)).toEqual(["word_a", "word_b", "word_c", "word_e", "word_f"]);
});

test("a declaration whose own cfg is false is not followed; one that may be true is", () => {
  const files = {
    "src/lib.rs": `#[cfg(windows)] mod a; #[cfg(unix)] #[doc(hidden)] pub(crate) mod b; #[path = "c.rs"] #[cfg(all(unix, windows))] mod z;
      #[cfg(windows)] fn f() {} mod d; #[cfg_attr(windows, path = "e.rs")] mod d;
      #[cfg(windows)] #[path = "g.rs"] pub mod y; #[path = "h.rs"] #[cfg(unix)] mod y; #[path = "i.rs"] fn f() {}
      #[cfg(windows)] mod w; #[path = "j.rs"] mod w;`,
    "src/a.rs": "word_no",
    "src/b.rs": "word_b",
    "src/c.rs": "word_no",
    "src/d.rs": "word_d",
    "src/e.rs": "word_e",
    "src/g.rs": "word_no",
    "src/h.rs": "word_h",
    "src/i.rs": "word_i",
    "src/j.rs": "word_j",
  };
  expect(namesIn(files)).toEqual(["word_b", "word_d", "word_e", "word_h", "word_i", "word_j"]);
});

test("files named by path or include count, wherever below the roots they are", () => {
  const files = {
    "src/lib.rs": '#[path = "../other/x.rs"] mod x; include!("tables.in"); mod m { include!("deep/y.rs"); }',
    "other/x.rs": "word_x",
    "src/tables.in": "word_tables",
    "src/deep/y.rs": "word_y",
  };
  expect(namesIn(files)).toEqual(["word_tables", "word_x", "word_y"]);
});

test("where a macro makes names of modules, every file of the package counts", () => {
  const files = { "src/lib.rs": "macro_rules! m { ($x:ident) => { mod $x; } }", "src/a.rs": "word_a" };
  expect(namesIn(files)).toEqual(["word_a"]);
  expect(namesIn({ "src/lib.rs": '#[path = "dir"] mod x { mod a; }', "dir/a.rs": "word_a" })).toEqual(["word_a"]);
  expect(namesIn({ "src/lib.rs": "dependency::m!(a);", "src/a.rs": "word_a" })).toEqual([]);
  expect(namesIn({ "src/lib.rs": "dependency::m!(a);", "src/a.rs": "word_a" }, true)).toEqual(["word_a"]);
});

test("outside the roots nothing is read, and it cannot be told", () => {
  const root = tempFiles({ "src/lib.rs": "" });
  expect(crateTexts({ root, rootFile: path.join(root, "src/lib.rs"), cfg, all: false }, ["/nowhere"])).toBeNull();
});
