/** Long chains of iterator adapters are followed to the end, in time that grows with their length alone. */
import { expect, test } from "vitest";
import { edgesOf, programOf } from "../calls/program-of.ts";

test("thirty closures deep, each is called", async () => {
  const chain = Array.from({ length: 30 }, (_, at) => `.map(|x| x + step_${at}())`).join("");
  const steps = Array.from({ length: 30 }, (_, at) => `fn step_${at}() -> u32 { ${at} }`).join("\n");
  const text = `${steps}\npub fn long() -> u32 { (0..9u32)${chain}.filter(|x| x % 2 == 0).sum() }`;
  const graph = (await programOf([{ name: "a", text }])).graph(["a::long"]);
  const paths = new Set(graph.sites.flatMap((site) => edgesOf(site).map((edge) => graph.node(edge.target).path)));
  for (let at = 0; at < 30; at += 1) expect(paths).toContain(`a::step_${at}`);
  expect(graph.sites.filter(({ outcome }) => outcome.k === "unresolved")).toEqual([]);
}, 30_000);
