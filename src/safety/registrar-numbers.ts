/**
 * Calls of registrars that are one for some numbers only, such as system calls: which of them install a handler.
 *
 * Input: such a call. Where its number, a constant, is the registrar's, the call is one; where it is a parameter, those calls of the
 * function around it are that have that number. What code outside the program chooses does not count; a number that cannot be told is
 * told as that, where the number or its name stands anywhere that the function can be called from, and the arguments can be the registrar's. Inside a
 * function that is a registrar itself nothing is told again.
 */
import type { Bodies } from "../calls/bodies.ts";
import { callSitesOf } from "../calls/call-sites.ts";
import type { BodyKey, Mir, Operand } from "../calls/mir.ts";
import { operandTy } from "../calls/value-types.ts";
import { cfgKey } from "../crates/cfg.ts";
import type { Registrar } from "../model/registrars.ts";
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import type { ValueQuery } from "./handler-values.ts";
import { namedNumbers } from "./named-numbers.ts";
import type { RegistrarCall, RegistrarSearch } from "./registrar-uses.ts";
import { callsOfWrapper } from "./registrar-wrappers.ts";

/** Functions around functions around a registrar that are looked at. */
const MAX_WRAPPERS = 4;

/** Takes up a call that has the constants which its registrar asks for, or those calls of the function around it that have. */
export function takeUp(search: RegistrarSearch, call: RegistrarCall): void {
  follow(search, call, false, 0);
}

/** Does the number, or a name for it, stand in the text of a crate that can name the definition? */
export function isNumberSeen(
  { bodies, registrars, arch, seen }: RegistrarSearch,
  registrar: Registrar,
  def: DefId,
): boolean {
  return bodies.cratesThatSee(def).some((crate) => {
    const key = `${registrar.id} ${crate}`;
    const known = seen.get(key);
    if (known !== undefined) return known;
    const number = registrars.numberOn(arch, registrar.match.where?.[0]?.numbers);
    const found = bodies.names.mayMatch(crate, numberPattern(registrar, number));
    seen.set(key, found);
    return found;
  });
}

/** `hidden`: what the call installs is made on the way. */
function follow(search: RegistrarSearch, call: RegistrarCall, hidden: boolean, depth: number): void {
  const { bodies, found } = search;
  const { registrar, body, term } = call;
  const which = meaning(search, call);
  if (which === "parameter") found.wrappers.push(body.def);
  if (which === "this" && isWithinLeaf(search, body.def)) return;
  if (which === "this" && !hidden) found.calls.push(call);
  else if (which === "this") found.passed.push({ registrar, body, span: term.span });
  else if (which === "other" || depth > MAX_WRAPPERS || !isNumberSeen(search, registrar, body.def)) return;
  else if (which === "unknown") {
    if (!givesNoAction(bodies, call)) found.unread.push({ registrar, body, span: term.span });
  } else for (const outer of callsOfWrapper(bodies, call)) follow(search, outer.call, hidden || outer.hides, depth + 1);
}

type Meaning = "this" | "parameter" | "unknown" | "other";

/** Do the constants that the registrar asks for stand there, or what may be their numbers; or a parameter of the function around it? What code outside the program chooses does not count. */
function meaning({ bodies, registrars, arch }: RegistrarSearch, call: RegistrarCall): Meaning {
  const { registrar, symbol, body, term } = call;
  const query: ValueQuery = { bodies, registrars, registrar, symbol, parametersOf: body };
  const all = (registrar.match.where ?? []).map(({ arg, constant, numbers }): Meaning => {
    const operand = term.args[arg];
    if (operand === undefined) return "other";
    const found = namedNumbers(query, body, operand, { arg });
    if (found.names.includes(constant)) return "this";
    const wanted = registrars.numberOn(arch, numbers);
    const isConstant = operand.k === "const" && operand.value.k === "const";
    if (found.numbers.length === 0 ? isConstant : wanted !== null && found.numbers.includes(wanted)) return "this";
    if (found.parameters.length > 0) return "parameter";
    const isUnknown = found.open && found.given.length === 0 && !namesAnother(bodies, body, constant);
    return isUnknown ? "unknown" : "other";
  });
  return (["other", "unknown", "parameter"] as const).find((one) => all.includes(one)) ?? "this";
}

/** A function's call that gives nothing which can be an action: no argument there, zero, or what is narrower than a pointer; or a pointer for the signal. */
function givesNoAction(bodies: Bodies, { registrar, body, block, term }: RegistrarCall): boolean {
  const mir = bodies.mir(body);
  // What assembly leaves in a register is not seen.
  if (mir === null || mir.blocks[block]?.term.k !== "call") return false;
  const cfg = bodies.names.crateNode(bodies.names.def(body.def).crate)?.cfg;
  const isWide = cfg?.known.has(cfgKey("target_pointer_width", "64")) === true;
  const isNone = (operand: Operand | undefined): boolean => {
    if (operand === undefined) return true;
    if (operand.k === "const" && operand.value.k === "int" && operand.value.value === "0") return true;
    const ty = typeOf(mir, operand);
    return ty?.k === "prim" && (isWide ? NARROW_64 : NARROW).has(ty.name);
  };
  const signal = registrar.signal === undefined ? undefined : term.args[registrar.signal.arg];
  const given = signal === undefined ? null : typeOf(mir, signal);
  return given?.k === "ptr" || given?.k === "ref" || registrar.handlers.every(({ arg }) => isNone(term.args[arg]));
}

const NARROW: ReadonlySet<string> = new Set(["i8", "u8", "i16", "u16", "bool"]);
const NARROW_64: ReadonlySet<string> = new Set([...NARROW, "i32", "u32"]);

/** The type of a whole variable, field or constant. */
function typeOf(mir: Mir, operand: Operand): Ty | null {
  const isPart = operand.k !== "const" && operand.place.proj.length > 0 && operand.place.proj.at(-1)?.k !== "field";
  return isPart ? null : operandTy(mir, operand);
}

/** Another constant of the same family (`SYS_…`), which is declared for other systems only, is not the one that was asked for. */
function namesAnother(bodies: Bodies, body: BodyKey, constant: string): boolean {
  const family = constant.slice(0, constant.indexOf("_") + 1);
  return (bodies.mir(body)?.blind ?? []).some(({ text }) => {
    const name = text.slice(text.lastIndexOf(":") + 1);
    return family !== "" && name.startsWith(family) && name !== constant;
  });
}

/** Is it a registrar that is called itself what it does inside, or called by such alone? */
function isWithinLeaf({ bodies, registrars }: RegistrarSearch, def: DefId): boolean {
  const isLeaf = (one: DefId): boolean => registrars.byPath(bodies.names.pathOf(one)).some(({ leaf }) => leaf === true);
  if (isLeaf(def)) return true;
  const { calls, open } = callSitesOf(bodies, { def, closure: null });
  return !open && calls.length > 0 && calls.every(({ body }) => isLeaf(body.def));
}

/** What the text of a program must have for a system call to be the registrar's: its number, or a name for it. */
function numberPattern({ match }: Registrar, number: number | null): RegExp {
  const names = (match.where ?? []).map(({ constant }) => constant.slice(constant.indexOf("_") + 1));
  const digits = number === null ? [] : [`${number}`, `0x0*${number.toString(16)}`];
  const literal = `(?<![\\w.$])(?:${digits.join("|")})(?:_?[iu](?:8|16|32|64|128|size))?(?![\\w.])`;
  return new RegExp([...names, ...(digits.length > 0 ? [literal] : [])].join("|"), "i");
}
