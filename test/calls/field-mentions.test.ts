/**
 * Which bodies may set a field: every way to do so, and those that only have a word in common with it.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { namingField } from "../../src/calls/field-mentions.ts";
import { programOf, type TestProgram } from "./program-of.ts";

const text = `
pub struct Hook { run: fn(), data: usize }
impl Hook {
    pub fn made() -> Self { Self { run: none, data: 0 } }
    pub fn set(&mut self, run: fn()) { self.run = run; }
    pub fn short(run: fn(), data: usize) -> Hook { Hook { data, run } }
    pub fn called(&self) { (self.run)(); }
    pub fn run(&self) { self.run(); }
}
pub type Other = Hook;
fn none() {}
fn by_alias(run: fn()) -> Other { Other { run, data: 1 } }
fn by_pattern(hook: &mut Hook, with: fn()) { let Hook { run, .. } = hook; *run = with; }
fn by_ref(mut hook: Hook, with: fn()) { let Hook { ref mut run, data: _ } = hook; *run = with; }
fn by_function() { made_elsewhere() . run = none; }
fn made_elsewhere() -> Hook { Hook::made() }
fn by_comment() { made_elsewhere()./* the hook */run = none; }
macro_rules! set { ($it:expr, $field:ident, $to:expr) => { $it.$field = $to } }
fn by_macro(hook: &mut Hook) { set!(hook, run, none); }
macro_rules! set_run { ($it:expr) => { $it.run = none } }
fn by_its_macro(hook: &mut Hook) { set_run!(hook); }
struct Runner { run: u8 }
fn only_in_words(run: fn()) { /* run: */ let text = "hook.run"; run(); call(run, text); }
fn call(_run: fn(), _text: &str) {}
${Array.from({ length: 25 }, (_, at) => `fn stranger_${at}(it: &mut Runner) { it.run = 1; *it = Runner { run: 2 }; }`).join("\n")}

pub struct Wrapped(fn());
impl Wrapped {
    fn wrap(one: fn()) -> Self { Self(one) }
    fn set_first(&mut self, one: fn()) { self.0 = one; }
    fn number(&self) -> usize { 0 }
}
fn wraps(one: fn()) -> Wrapped { Wrapped(one) }
fn maps(one: Option<fn()>) -> Option<Wrapped> { one.map(Wrapped) }
fn takes_apart(w: &mut Wrapped) { let Wrapped(one) = w; *one = none; }
type Short = Wrapped;
fn by_number(one: fn()) -> Short { Short { 0: one } }
fn typed(_w: &Wrapped) -> Option<Wrapped> { None }
fn by_path() -> Wrapped { Wrapped::wrap(none) }
fn counts(list: &[u8]) -> bool { list.len() > 0 && list[0] == 0 }
`;

let program: TestProgram;
beforeAll(async () => {
  program = await programOf([{ name: "own", text }]);
});

function naming(owner: string, name: string): string[] {
  const { bodies, names, def } = program;
  const crate = names.def(def(owner)).crate;
  const found = namingField(bodies, crate, { owner: def(owner), name }, [crate]);
  return found.map((id) => names.def(id).name).sort();
}

describe("a named field", () => {
  test("is set behind a dot, where one is made or taken apart, and by macros", () => {
    expect(naming("own::Hook", "run")).toEqual(
      "by_alias by_comment by_function by_its_macro by_macro by_pattern by_ref called made set short".split(" "),
    );
  });
});

describe("a tuple struct's field", () => {
  test("is set behind a dot or by the constructor", () => {
    // Where the words alone are few, nobody looks at which type is meant.
    expect(naming("own::Wrapped", "0")).toEqual(
      "by_number made maps set_first takes_apart typed wrap wraps".split(" "),
    );
  });
});
