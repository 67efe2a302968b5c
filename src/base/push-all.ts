/** Appends a list of any length: `list.push(...more)` overflows the stack where `more` has some hundred thousand elements. */
export function pushAll<T>(list: T[], more: readonly T[]): void {
  for (const one of more) list.push(one);
}
