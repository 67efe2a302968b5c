/**
 * What an operation on constants gives: decimals, "true" and "false" in and out; null where it cannot be told.
 */
import { binaryInts } from "../types/const-ints.ts";
import type { Ty } from "../types/ty.ts";
import type { Operand, Rvalue } from "./mir.ts";

/** The value of an expression of this type whose operands are told by `of`; null where a number leaves the type, which wraps or panics as the program is built. */
export function computed(value: Rvalue, ty: Ty | null, of: (operand: Operand) => string | null): string | null {
  switch (value.k) {
    case "use":
      return of(value.operand);
    case "cast":
      return value.kind === "other" && value.to.k === "prim" ? fitting(of(value.operand), value.to.name) : null;
    case "unary": {
      const inner = of(value.operand);
      if (value.op === "neg" && inner !== null && /^-?[1-9]\d*$/.test(inner))
        return within(inner.startsWith("-") ? inner.slice(1) : `-${inner}`, ty);
      if (value.op !== "not") return null;
      return inner === "true" ? "false" : inner === "false" ? "true" : null;
    }
    case "binary": {
      const left = of(value.left);
      const right = of(value.right);
      return left === null || right === null ? null : within(compared(value.op, left, right), ty);
    }
    default:
      return null;
  }
}

/** A truth value, or a number that the type has. */
function within(value: string | null, ty: Ty | null): string | null {
  if (value === null || isBool(value)) return value;
  return ty?.k === "prim" ? fitting(value, ty.name) : null;
}

/** The number in a type of integers, where it has that value there too. */
function fitting(value: string | null, type: string): string | null {
  const found = /^([iu])(8|16|32|64|128|size)$/.exec(type);
  if (found === null || value === null) return null;
  if (!/^-?\d+$/.test(value)) return value === "true" ? "1" : value === "false" ? "0" : null;
  const number = BigInt(value);
  const bits = BigInt(found[2] === "size" ? 64 : Number(found[2]));
  const [low, high] = found[1] === "u" ? [0n, (1n << bits) - 1n] : [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n];
  return number >= low && number <= high ? value : null;
}

function compared(op: string, left: string, right: string): string | null {
  if (op === "eq") return String(left === right);
  if (op === "ne") return String(left !== right);
  if (op === "bitand" && isBool(left) && isBool(right)) return String(left === "true" && right === "true");
  if (op === "bitor" && isBool(left) && isBool(right)) return String(left === "true" || right === "true");
  if (!/^-?\d+$/.test(left) || !/^-?\d+$/.test(right)) return null;
  const [a, b] = [BigInt(left), BigInt(right)];
  if (!isComputed(op) || (op === "sub" && a < b)) return null;
  const found = binaryInts(op, { k: "int", value: a, ty: null }, { k: "int", value: b, ty: null });
  return found === null ? null : String(found.value);
}

const COMPUTED = ["lt", "le", "gt", "ge", "add", "sub", "mul", "bitand", "bitor", "bitxor"] as const;

function isComputed(op: string): op is (typeof COMPUTED)[number] {
  return COMPUTED.some((one) => one === op);
}

function isBool(text: string): boolean {
  return text === "true" || text === "false";
}
