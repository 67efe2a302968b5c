/**
 * A finding's path as short names: the handler once, also where the way on to the worst begins in it again.
 */
import type { Finding } from "../safety/report-model.ts";
import { shortName } from "./short-name.ts";

/** Names from the handler to the site and on to the worst behind it. */
export function pathNames({ trace, beyond = [] }: Pick<Finding, "trace" | "beyond">): string[] {
  const onward = beyond.filter((frame) => frame.via !== "entry");
  return [...trace, ...onward].map((frame) => shortName(frame.function));
}
