/**
 * Integer arithmetic as Rust's constants have it: values with the type they wrap at. Null: it would panic, or is not known.
 */
import type { BinaryOp } from "../syntax/ast-body.ts";

export interface IntValue {
  readonly k: "int";
  readonly value: bigint;
  /** Null: a literal whose type is not told. */
  readonly ty: string | null;
}
type BoolValue = { readonly k: "bool"; readonly value: boolean };

/** The value as the type holds it. */
export function wrapInt(value: bigint, ty: string): bigint {
  const bits = bitsOf(ty);
  return ty.startsWith("u") ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value);
}

/** One operator on two integers. */
export function binaryInts(op: BinaryOp, left: IntValue, right: IntValue): IntValue | BoolValue | null {
  const ty = op === "shl" || op === "shr" ? left.ty : (left.ty ?? right.ty);
  const a = left.value;
  const b = right.value;
  const int = (value: bigint): IntValue | null =>
    ty !== null && wrapInt(value, ty) !== value ? null : { k: "int", value, ty };
  const bool = (value: boolean): BoolValue => ({ k: "bool", value });
  switch (op) {
    case "add":
      return int(a + b);
    case "sub":
      return int(a - b);
    case "mul":
      return int(a * b);
    case "div":
      return b === 0n ? null : int(a / b);
    case "rem":
      return b === 0n ? null : int(a % b);
    case "shl":
      return b < 0n || b > 127n ? null : { k: "int", value: ty === null ? a << b : wrapInt(a << b, ty), ty };
    case "shr":
      return b < 0n || b > 127n ? null : int(a >> b);
    case "bitand":
      return int(a & b);
    case "bitor":
      return int(a | b);
    case "bitxor":
      return int(a ^ b);
    case "eq":
      return bool(a === b);
    case "ne":
      return bool(a !== b);
    case "lt":
      return bool(a < b);
    case "le":
      return bool(a <= b);
    case "gt":
      return bool(a > b);
    case "ge":
      return bool(a >= b);
    case "and":
    case "or":
      return null;
    default:
      return unreachable(op);
  }
}

/** Methods of the integer types that constants use. */
export function intMethod(self: IntValue, name: string, args: readonly bigint[]): IntValue | BoolValue | null {
  const { value, ty } = self;
  const [arg] = args;
  const exact = (result: bigint): IntValue | null =>
    ty !== null && wrapInt(result, ty) !== result ? null : { k: "int", value: result, ty };
  if (arg !== undefined) {
    switch (name) {
      case "pow":
        return arg < 0n || arg > 128n ? null : exact(value ** arg);
      case "min":
        // biome-ignore lint/complexity/useMathMinMax: these are bigints
        return exact(value < arg ? value : arg);
      case "max":
        // biome-ignore lint/complexity/useMathMinMax: these are bigints
        return exact(value > arg ? value : arg);
      case "wrapping_add":
        return ty === null ? null : exact(wrapInt(value + arg, ty));
      case "wrapping_sub":
        return ty === null ? null : exact(wrapInt(value - arg, ty));
      case "wrapping_mul":
        return ty === null ? null : exact(wrapInt(value * arg, ty));
      case "saturating_sub":
        return ty?.startsWith("u") === true ? exact(value > arg ? value - arg : 0n) : null;
      case "ilog":
        return value > 0n && arg > 1n ? { k: "int", value: logOf(value, arg), ty: "u32" } : null;
      case "div_ceil":
        return arg <= 0n || value < 0n ? null : exact((value + arg - 1n) / arg);
      default:
        return null;
    }
  }
  switch (name) {
    case "is_power_of_two":
      return { k: "bool", value: value > 0n && (value & (value - 1n)) === 0n };
    case "next_power_of_two":
      return exact(value <= 1n ? 1n : 1n << BigInt((value - 1n).toString(2).length));
    case "ilog2":
      return value > 0n ? { k: "int", value: logOf(value, 2n), ty: "u32" } : null;
    case "ilog10":
      return value > 0n ? { k: "int", value: logOf(value, 10n), ty: "u32" } : null;
    case "trailing_zeros":
      return value === 0n
        ? null
        : {
            k: "int",
            value: BigInt(/0*$/.exec((value < 0n ? -value : value).toString(2))?.[0].length ?? 0),
            ty: "u32",
          };
    case "count_ones":
      return ty === null
        ? null
        : {
            k: "int",
            value: BigInt([...BigInt.asUintN(bitsOf(ty), value).toString(2)].filter((bit) => bit === "1").length),
            ty: "u32",
          };
    default:
      return null;
  }
}

function logOf(value: bigint, base: bigint): bigint {
  let count = 0n;
  for (let rest = value / base; rest > 0n; rest /= base) count += 1n;
  return count;
}

function bitsOf(ty: string): number {
  const bits = Number(/\d+$/.exec(ty)?.[0] ?? "64");
  return Number.isFinite(bits) ? bits : 64;
}

function unreachable(value: never): never {
  return value;
}
