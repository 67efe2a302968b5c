/** Adds a value to the list that a table has under a key; the first one makes the list. */
export function addTo<K, V>(table: Map<K, V[]>, key: K, value: V): void {
  const list = table.get(key);
  if (list === undefined) table.set(key, [value]);
  else list.push(value);
}
