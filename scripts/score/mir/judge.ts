/**
 * Compares what rustc's MIR says of a crate with what the tool says, call by call and variable by variable.
 *
 * A call of rustc's is found again by its place (file, first and last character of the expression) and matched to the tool's call there
 * with the same callee, else with any. Calls that stand in the text of a macro's definition or belong to std's macros are left out: the tool
 * places them at the macro's call. `function`: the same function; `generics`: with the same types too.
 */
import path from "node:path";
import type { MirCall, MirFacts, Place } from "./read-mir.ts";
import {
  type CalleeShape,
  printCallee,
  printShape,
  readType,
  sameCallee,
  sameFunction,
  sameShape,
  shape,
} from "./shape.ts";
import type { ToolCall, ToolFacts } from "./tool-facts.ts";

export interface Disagreement {
  readonly kind: "unresolved" | "function" | "generics" | "absent" | "variable" | "macro-made" | "extra";
  readonly at: string;
  readonly rustc: string;
  readonly tool: string;
}
export interface Verdict {
  readonly crate: string;
  readonly bodies: number;
  readonly calls: number;
  /** The same function. */
  readonly functions: number;
  /** With the same types. */
  readonly exact: number;
  /** Calls in the text of macros, compared as a bag. */
  readonly made: number;
  readonly madeRight: number;
  readonly variables: number;
  readonly variablesRight: number;
  readonly disagreements: readonly Disagreement[];
}

export interface JudgeInput {
  readonly crate: string;
  readonly mir: MirFacts;
  readonly tool: ToolFacts;
  /** Absolute directory that relative files of rustc's start from. */
  readonly root: string;
  /** Whether a place stands in the text of a macro's definition or of an attribute. */
  madeAt(file: string, line: number, column: number): "macro" | "attribute" | null;
}

/** The comparison of one crate. */
export function judge(input: JudgeInput): Verdict {
  const disagreements: Disagreement[] = [];
  const counts = judgeCalls(input, disagreements);
  const { variables, variablesRight } = judgeVariables(input, disagreements);
  return { crate: input.crate, bodies: input.tool.bodies, ...counts, variables, variablesRight, disagreements };
}

function judgeCalls(
  input: JudgeInput,
  out: Disagreement[],
): Pick<Verdict, "calls" | "functions" | "exact" | "made" | "madeRight"> {
  const pool = toolPool(input.tool.calls);
  // A body that is printed twice (generic constants, promoted values) says the same twice.
  const wanted = new Map<string, MirCall>();
  for (const [index, one] of input.mir.calls.flatMap((call) => judgedCall(input, call)).entries())
    wanted.set(`${keyOf(one.place)} ${one.place.range === "formatted" ? index : one.text}`, one);
  let open = [...wanted.values()];
  const pass = (
    near: (one: MirCall) => readonly ToolCall[],
    fits: (one: MirCall, other: ToolCall) => boolean,
    found: (one: MirCall, other: ToolCall) => void,
  ): void => {
    open = open.filter((one) => {
      const other = near(one).find((candidate) => !pool.taken.has(candidate) && fits(one, candidate));
      if (other === undefined) return true;
      pool.taken.add(other);
      found(one, other);
      return false;
    });
  };
  let exact = 0;
  let functions = 0;
  const say = (kind: Disagreement["kind"]) => (one: MirCall, other: ToolCall) =>
    out.push({ kind, at: keyOf(absolute(input, one.place)), rustc: printMir(one), tool: printTool(other) });
  const here = (one: MirCall): readonly ToolCall[] => pool.at(absolute(input, one.place));
  const near = (one: MirCall): readonly ToolCall[] => pool.near(absolute(input, one.place));
  const same = (one: MirCall, other: ToolCall): boolean => agrees(one, other, sameCallee);
  const alike = (one: MirCall, other: ToolCall): boolean => agrees(one, other, sameFunction);
  const right = (): void => {
    exact += 1;
  };
  const otherTypes = (one: MirCall, other: ToolCall): void => {
    functions += 1;
    say("generics")(one, other);
  };
  pass(here, same, right);
  pass(near, same, right);
  pass(here, alike, otherTypes);
  pass(near, alike, otherTypes);
  pass(here, (_, other) => other.unresolved !== null, say("unresolved"));
  pass(here, () => true, say("function"));
  const made = input.mir.calls.filter((call) => isMacroMade(input, call));
  const byText = groupBy(
    input.tool.calls.filter((one) => !pool.taken.has(one)),
    (one) => printTool(one),
  );
  let madeRight = 0;
  for (const one of made) {
    if ((byText.get(printMir(one)) ?? []).pop() !== undefined) madeRight += 1;
    else out.push({ kind: "macro-made", at: keyOf(absolute(input, one.place)), rustc: printMir(one), tool: "-" });
  }
  for (const one of [...byText.values()].flat())
    out.push({ kind: "extra", at: keyOf(one.place), rustc: "-", tool: printTool(one) });
  for (const one of open)
    out.push({ kind: "absent", at: keyOf(absolute(input, one.place)), rustc: printMir(one), tool: "-" });
  return { calls: wanted.size, functions: functions + exact, exact, made: made.length, madeRight };
}

interface Pool {
  readonly taken: Set<ToolCall>;
  /** Calls at exactly this place. */
  at(place: Place): readonly ToolCall[];
  /** Calls that begin or end there: rustc places an index at its brackets, and some dereferences at the whole call. */
  near(place: Place): readonly ToolCall[];
}

function toolPool(calls: readonly ToolCall[]): Pool {
  const placeOf = (one: ToolCall): Place => (one.formats ? { ...one.place, range: "formatted" } : one.place);
  const exact = groupBy(calls, (one) => keyOf(placeOf(one)));
  const starts = groupBy(calls, (one) => endKey(placeOf(one), 0));
  const ends = groupBy(calls, (one) => endKey(placeOf(one), 1));
  return {
    taken: new Set(),
    at: (place) => exact.get(keyOf(place)) ?? [],
    near: (place) => [...(ends.get(endKey(place, 1)) ?? []), ...(starts.get(endKey(place, 0)) ?? [])],
  };
}

function endKey(place: Place, end: 0 | 1): string {
  return `${place.file}:${place.range.split(": ")[end]}`;
}

function printMir(one: MirCall): string {
  return one.callee === null ? one.text : printCallee(one.callee);
}

/** Only what is written in the crate's own text and is no machinery of a built-in macro or of `.await`. */
function judgedCall(input: JudgeInput, call: MirCall): MirCall[] {
  if (inPanic(input, call.place)) return [];
  if (isForeign(input, call.place) || (call.impl !== null && isForeign(input, call.impl))) return [];
  const format = /(?:^|::)Argument::<'_>::new_(\w+)::<(.*)>$/.exec(call.text);
  if (format !== null) {
    const trait = formatTraits[format[1] ?? ""];
    if (trait === undefined) return [];
    const callee = { owner: readType(format[2] ?? ""), trait: shape(trait), name: "fmt", args: [] };
    return [{ ...call, callee, place: { file: call.place.file, range: "formatted" } }];
  }
  if (isAwait(call)) return [];
  if (
    call.callee?.trait?.head === "Try" ||
    /RangeInclusive::<.*>::new$|^<str as \w+::cmp::PartialEq>::eq$/.test(call.text)
  )
    return [];
  if (call.callee?.trait?.head === "FromResidual") {
    const [to, from] = [call.callee.owner, call.callee.trait.args[0]].map((one) => one?.args[1]);
    if (to === undefined || from === undefined) return [];
    return [{ ...call, callee: { owner: to, trait: shape("From", from), name: "from", args: [] } }];
  }
  if (/^(core|std)::(fmt::(rt::|Arguments)|panicking::|future::get_context|hint::must_use)/.test(call.text)) return [];
  return [call];
}

/** `into_future`, `poll` and the pinning that `.await` stands for: rustc places them at the word. */
function isAwait({ place, callee, text }: MirCall): boolean {
  const [line, column] = startOf(place.range);
  if (place.range !== `${line}:${column}: ${line}:${column + "await".length}`) return false;
  return /^(into_future|poll|new_unchecked)$/.test(callee?.name ?? "") || /async (fn )?(body|block)|Pin::</.test(text);
}

/** Whether a place stands in the arguments of an explicit panic. */
function inPanic(input: JudgeInput, place: Place): boolean {
  const [line, column] = startOf(place.range);
  const { file } = absolute(input, place);
  return (panicsOf(input.tool).get(file) ?? []).some((range) => {
    const [fromLine, fromColumn] = startOf(range);
    const [toLine, toColumn] = startOf(range.slice(range.indexOf(": ") + 2));
    const after = line > fromLine || (line === fromLine && column > fromColumn);
    return after && (line < toLine || (line === toLine && column < toColumn));
  });
}

const panicRanges = new WeakMap<ToolFacts, ReadonlyMap<string, readonly string[]>>();

function panicsOf(tool: ToolFacts): ReadonlyMap<string, readonly string[]> {
  let known = panicRanges.get(tool);
  if (known === undefined) {
    const groups = groupBy(tool.panics, (one) => one.file);
    known = new Map([...groups].map(([file, list]) => [file, list.map((one) => one.range)]));
    panicRanges.set(tool, known);
  }
  return known;
}

function startOf(range: string): [line: number, column: number] {
  const [, line = 0, column = 0] = (/^(\d+):(\d+)/.exec(range) ?? []).map(Number);
  return [line, column];
}

/** Written in a macro's definition, and no part of a derive. */
function isMacroMade(input: JudgeInput, call: MirCall): boolean {
  if (!isForeign(input, call.place) || call.place.file.startsWith("/rustc/") || call.place.file.startsWith("<"))
    return false;
  if (call.impl !== null && input.madeAt(fileOf(input, call.impl.file), ...startOf(call.impl.range)) === "attribute")
    return false;
  return !/^(core|std)::(fmt::(rt::|Arguments)|panicking::|hint::must_use)|FromResidual|as core::ops::Try|as std::ops::Try/.test(
    call.text,
  );
}

/** Whether a place stands in std's text, in a macro's definition or in an attribute. */
function isForeign(input: JudgeInput, { file, range }: Place): boolean {
  if (file.startsWith("/rustc/") || file.startsWith("<")) return true;
  const [line, column] = startOf(range);
  return input.madeAt(fileOf(input, file), line, column) !== null;
}

const formatTraits: Readonly<Record<string, string>> = {
  display: "Display",
  debug: "Debug",
  lower_hex: "LowerHex",
  upper_hex: "UpperHex",
  pointer: "Pointer",
  octal: "Octal",
  binary: "Binary",
  lower_exp: "LowerExp",
  upper_exp: "UpperExp",
};

function agrees(mir: MirCall, tool: ToolCall, same: (left: CalleeShape, right: CalleeShape) => boolean): boolean {
  if (tool.callee !== null) return mir.callee !== null && same(mir.callee, tool.callee);
  if (tool.value === null) return false;
  if (mir.callee === null || mir.text.startsWith("const")) return tool.value.head.startsWith("fn");
  // A closure, parameter or `dyn Fn` is called through a trait of the Fn family.
  const { trait, owner } = mir.callee;
  if (trait === null) return tool.value.head === "fn item";
  if (tool.value.head === "*") return true;
  const values = [tool.value, ...tool.value.args.slice(0, 1)];
  return /^(Async)?Fn(Mut|Once)?$/.test(trait.head) && owner !== null && values.some((one) => sameShape(one, owner));
}

function printTool(call: ToolCall): string {
  if (call.unresolved !== null) return `unresolved: ${call.unresolved}`;
  if (call.callee !== null) return printCallee(call.callee);
  return `value of ${call.value === null ? "?" : printShape(call.value)}`;
}

function judgeVariables(input: JudgeInput, out: Disagreement[]): { variables: number; variablesRight: number } {
  const tool = groupBy(input.tool.variables, (one) => keyOf(one.place));
  let variables = 0;
  let variablesRight = 0;
  const seen = new Set<string>();
  for (const one of input.mir.variables) {
    if (isForeign(input, one.place) || (one.impl !== null && isForeign(input, one.impl))) continue;
    const key = keyOf(absolute(input, one.place));
    const id = `${key} ${printShape(one.ty)}`;
    const others = tool.get(key);
    // Where nothing stands the body is not the tool's (derives, cfg): told by the calls.
    if (others === undefined || seen.has(id)) continue;
    seen.add(id);
    variables += 1;
    // In a match with a guard each variable is there twice, once by reference.
    const wanted = one.ty.head === "&" ? [one.ty, one.ty.args[0] ?? one.ty] : [one.ty];
    if (others.some((other) => wanted.some((ty) => sameShape(ty, other.ty)))) variablesRight += 1;
    else
      out.push({
        kind: "variable",
        at: key,
        rustc: `${one.name}: ${printShape(one.ty)}`,
        tool: others.map((other) => printShape(other.ty)).join(" | "),
      });
  }
  return { variables, variablesRight };
}

function fileOf(input: JudgeInput, file: string): string {
  return path.resolve(input.root, file);
}

function absolute(input: JudgeInput, place: Place): Place {
  return { ...place, file: fileOf(input, place.file) };
}

function keyOf({ file, range }: Place): string {
  return `${file}:${range}`;
}

function groupBy<T>(list: readonly T[], key: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of list) {
    const at = key(one);
    const group = groups.get(at);
    if (group === undefined) groups.set(at, [one]);
    else group.push(one);
  }
  return groups;
}
