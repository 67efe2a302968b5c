/** rules/allocators.json: symbols of allocators, and what must not be taken for one. */
import { expect, test } from "vitest";
import { loadAllocators } from "../../src/model/allocators.ts";
import { schemaOf, shipped } from "./shipped-data.ts";

const allocators = loadAllocators(schemaOf("allocators"), shipped("rules/allocators.json"));

test.each<[string, readonly string[] | null]>([
  ["__rust_alloc", ["alloc"]],
  ["__rust_dealloc", ["dealloc"]],
  ["_rjem_mallocx", ["alloc"]],
  ["_rjem_sdallocx", ["dealloc"]],
  ["rallocx", ["alloc", "dealloc"]],
  ["je_free", ["dealloc"]],
  ["nallocx", []],
  ["mi_malloc_aligned", ["alloc"]],
  ["mi_malloc_size", []],
  ["mi_heap_realloc_aligned", ["alloc", "dealloc"]],
  ["mi_unheard_of", null],
  ["sn_rust_dealloc", ["dealloc"]],
  ["malloc", null],
  ["write", null],
])("%s", (symbol, effects) => {
  expect(allocators.bySymbol(symbol)?.effects ?? null).toEqual(effects);
});

test("the methods of the traits", () => {
  expect(allocators.traits.get("core::alloc::GlobalAlloc")?.get("realloc")).toEqual(["alloc", "dealloc"]);
});
