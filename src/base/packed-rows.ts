/**
 * Rows of integers as bytes, and back: of numbers that grow slowly from row to row, in a third of the room that typed arrays take.
 *
 * Each number is its difference from that above it, a zigzag varint (Protocol Buffers, encoding). Numbers have at most 31 bits. Nothing is
 * searched in the bytes: whoever reads unpacks, and `unpacked` keeps what was unpacked last.
 */

let buffer = new Uint8Array(1 << 12);

/** The first `length` numbers, `width` of them a row. */
export function packRows(numbers: Int32Array, length: number, width: number): Uint8Array {
  const most = length * 5;
  if (buffer.length < most) buffer = new Uint8Array(most * 2);
  const bytes = buffer;
  let end = 0;
  for (let at = 0; at < length; at += 1) {
    const difference = ((numbers[at] as number) - (at < width ? 0 : (numbers[at - width] as number))) | 0;
    let rest = ((difference << 1) ^ (difference >> 31)) >>> 0;
    for (; rest > 127; rest >>>= 7) {
      bytes[end] = (rest & 127) | 128;
      end += 1;
    }
    bytes[end] = rest;
    end += 1;
  }
  return bytes.slice(0, end);
}

/** The numbers that `packRows` was given. */
export function unpackRows(bytes: Uint8Array, width: number): Int32Array {
  let count = 0;
  for (const byte of bytes) if (byte < 128) count += 1;
  const numbers = new Int32Array(count);
  let at = 0;
  let value = 0;
  let shift = 0;
  for (const byte of bytes) {
    value |= (byte & 127) << shift;
    if (byte > 127) {
      shift += 7;
      continue;
    }
    const difference = (value >>> 1) ^ -(value & 1);
    numbers[at] = (difference + (at < width ? 0 : (numbers[at - width] as number))) | 0;
    at += 1;
    value = 0;
    shift = 0;
  }
  return numbers;
}

/** So many are kept as they are read: an expansion is lowered from front to back, and it may stand in another. */
const KEPT = 8;
const kept: { readonly bytes: Uint8Array; readonly numbers: Int32Array }[] = [];

/** The same as `unpackRows`; not to be changed. */
export function unpacked(bytes: Uint8Array, width: number): Int32Array {
  const [first] = kept;
  if (first?.bytes === bytes) return first.numbers;
  const known = kept.findIndex((one) => one.bytes === bytes);
  const [found] = known < 0 ? [] : kept.splice(known, 1);
  const one = found ?? { bytes, numbers: unpackRows(bytes, width) };
  kept.unshift(one);
  if (kept.length > KEPT) kept.pop();
  return one.numbers;
}
