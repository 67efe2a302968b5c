/**
 * `pub`, `pub(crate)`, `pub(in a::b)`.
 */
import type { Visibility } from "./ast.ts";
import { type Lowering, textOf } from "./lowering.ts";

const unwritten: Visibility = { k: "private" };
const everywhere: Visibility = { k: "public" };

/** The visibility of a `visibility_modifier` node; -1 means that none was written. */
export function lowerVisibility(l: Lowering, node: number): Visibility {
  return node < 0 ? unwritten : visibilityOf(textOf(l, node));
}

/** The visibility that a text says. */
export function visibilityOf(text: string): Visibility {
  if (text === "pub") return everywhere;
  const restricted = /\(([^)]*)\)/.exec(text)?.[1];
  if (restricted === undefined) {
    return text.trim() === "crate" ? { k: "restricted", path: ["crate"] } : everywhere;
  }
  const path = restricted.trim().replace(/^in\s+/, "");
  return { k: "restricted", path: path.split("::").map((segment) => segment.trim().replace(/^r#/, "")) };
}
