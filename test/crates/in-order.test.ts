/** Answers come in the order of the questions, and no more than so many are worked on at a time. */
import { expect, test } from "vitest";
import { inOrder } from "../../src/crates/in-order.ts";

test("answers in order, bounded", async () => {
  let running = 0;
  let most = 0;
  const work = async (given: number): Promise<number> => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((done) => setTimeout(done, given % 2 === 0 ? 8 : 1));
    running -= 1;
    return given * 10;
  };
  const seen: [number, number][] = [];
  for await (const one of inOrder([0, 1, 2, 3, 4, 5, 6], 3, work)) seen.push(one);
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6].map((one) => [one, one * 10]));
  expect(most).toBe(3);
});

test("the first failure is thrown in its turn, later ones by nobody", async () => {
  const work = async (given: number): Promise<number> => {
    if (given > 0) throw new Error(`no ${given}`);
    return given;
  };
  const seen: number[] = [];
  const all = async (): Promise<void> => {
    for await (const [question] of inOrder([0, 1, 2, 3], 4, work)) seen.push(question);
  };
  await expect(all()).rejects.toThrow("no 1");
  expect(seen).toEqual([0]);
});
