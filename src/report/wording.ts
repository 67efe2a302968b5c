/** Words that every format shares: places, counts, handlers, verdicts. None of it is made inert: the formats do that. */
import type { BlindSpot, Finding, Place, ReportHandler } from "../safety/report-model.ts";

/** `name@version/file:line`, with the column where asked. */
export function placeText(
  place: Omit<Place, "column"> & { readonly column?: number },
  column: boolean = false,
): string {
  const at = `${place.package}/${place.file}:${place.line}`;
  return column && place.column !== undefined ? `${at}:${place.column}` : at;
}

/** `1 error`, `2 errors`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** What a handler is entered by: its signals, or the kind of entry; `fault` where it is one. */
export function enteredBy(handler: ReportHandler): string {
  const entry = handler.entryKind === "signal" ? "signal unknown" : handler.entryKind;
  const signals = handler.signals.length === 0 ? entry : handler.signals.join(", ");
  return handler.delivery === "fault" ? `${signals}, fault` : signals;
}

/** Covered effects, each once: without the entries that name the whole function. */
export function coveredCalls<T extends { readonly whole?: true }>(effects: readonly T[]): readonly T[] {
  return effects.filter((one) => one.whole !== true);
}

/** Counts of effects behind a finding, most first. */
export function coversText(covers: Finding["covers"]): string {
  const counts = new Map<string, number>();
  for (const one of coveredCalls(covers)) counts.set(one.kind, (counts.get(one.kind) ?? 0) + 1);
  return [...counts]
    .sort(([left, many], [right, more]) => more - many || (left < right ? -1 : 1))
    .map(([kind, number]) => `${number} ${kind}`)
    .join(", ");
}

/** A handler's verdict; where calls were not followed it says how many. */
export function verdictText(handler: ReportHandler, blindSpots: readonly BlindSpot[]): string {
  if (handler.verdict !== "incomplete") return handler.verdict;
  return `incomplete, ${count(blindSpots.filter((one) => one.handler === handler.id).length, "blind spot")}`;
}

/** What an unfollowed call's cause means. */
export function causeOf(reason: BlindSpot["reason"]): string {
  return CAUSES[reason]?.[0] ?? "the call could not be followed";
}

/** What would resolve calls that were not followed for this cause. */
export function wayOutOf(reason: BlindSpot["reason"]): string {
  return CAUSES[reason]?.[1] ?? "read the place; a rule can say what it does";
}

const CAUSES: Readonly<Record<BlindSpot["reason"], readonly [string, string]>> = {
  "unknown-type": [
    "the receiver's type could not be told",
    "`sigsafe-lint graph --at FILE:LINE` shows how far it got; a rule for the call settles it",
  ],
  "fn-pointer": ["nothing shows which functions this pointer may hold", "look at what stores into it"],
  "open-world": ["the program chooses this code at run time", "look at what is registered there"],
  "unknown-macro": ["a procedural or unknown macro", "add a rule for what it expands to"],
  "attribute-macro": ["an attribute macro may rewrite this item; it was read as written", "read what it makes of it"],
  "build-output": ["code made by a build script, which is never run here", "read the generated file"],
  "parse-error": ["the text could not be parsed", "read the place; report it if rustc takes it"],
  "no-model": ["no rule says what this function does", "a rule pack can say it"],
  "unknown-extern": ["no rule says whether this C function is safe", "a rule pack can say it"],
  "inline-asm": ["inline assembly is not read", "read the place"],
  "unknown-handler": [
    "a handler is installed here and its function was not found",
    "find the function that is installed, and lint it by name",
  ],
  "c-source": ["the package ships C that installs handlers; C is not read", "read the C source"],
  limit: ["a limit of the analysis was reached", "lint fewer members or targets at once"],
};
