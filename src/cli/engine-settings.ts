/**
 * How the JavaScript engine spends time and memory on one short run: V8's flags that suit a process of a few seconds.
 *
 * By default V8 optimises whatever is warm, on threads beside; in a run of seconds a third of all CPU time went there and most of it was never
 * earned back. A larger budget leaves the optimiser what is hot for long. By default a heap may grow to four times what was in use when garbage was last
 * collected: the run of a large workspace ended at half as much again as it needed. It grows by 30 % here (docs/decisions/memory-of-trees.md). Flags that a V8 does not know are left alone: the budget is one of V8 10
 * and 11 (Node 18 to 20); that of Node 22 has no flag of this name.
 */
import { setFlagsFromString } from "node:v8";

/** Sets them; to be called before much has run. Results do not depend on it. */
export function settleEngine(): void {
  const major = Number(process.versions.v8.split(".")[0]);
  if (major < 10 || major > 11) return;
  setFlagsFromString("--interrupt-budget=1000000");
  setFlagsFromString("--heap-growing-percent=30");
}
