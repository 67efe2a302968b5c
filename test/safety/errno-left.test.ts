/** The call that a finding about errno names: one whose change is there when the handler returns. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { reportOf } from "./report-of.ts";

const text = (name: string): string => readFileSync(new URL(`../../fixtures/safety/${name}`, import.meta.url), "utf8");

it("names what is not put right, not the first that changes errno", async () => {
  const report = await reportOf([
    { name: "libc", text: text("libc.rs.txt"), member: false },
    { name: "app", text: text("s07_errno_left_elsewhere.rs"), deps: ["libc"] },
  ]);
  const told = report.findings.filter((one) => one.kind === "errno");
  expect(told.map((one) => one.callee)).toEqual(["sem_post", "sem_post"]);
});
