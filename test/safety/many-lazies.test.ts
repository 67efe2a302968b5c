/**
 * Statics of one type are told apart, though there are many: each is forced before the installation, and none is an error in the handler.
 */
import { expect, test } from "vitest";
import { reportOf } from "./report-of.ts";

test("a hundred lazies of one type", async () => {
  const names = Array.from({ length: 100 }, (_, at) => `L${at}`);
  const all = names.map((one) => `let _ = ${one}.len();`).join(" ");
  const text = `use std::sync::LazyLock;
extern "C" { fn signal(s: i32, h: usize) -> usize; }
${names.map((one) => `static ${one}: LazyLock<Vec<u8>> = LazyLock::new(|| vec![1]);`).join("\n")}
extern "C" fn on_signal(_: i32) { ${all} }
fn main() { ${all} unsafe { signal(10, on_signal as extern "C" fn(i32) as usize); } }
`;
  const { handlers } = await reportOf([{ name: "app", kind: "bin", text }]);
  expect(handlers[0]?.verdict).toBe("clean");
});
