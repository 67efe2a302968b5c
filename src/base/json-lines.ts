/**
 * In which line of a JSON text the value stands that a JSON pointer names.
 *
 * The text must be JSON; a pointer that leads nowhere is given the line of the deepest value on its way.
 */

/** 1-based. */
export function lineOfPointer(text: string, pointer: string): number {
  const wanted = pointer.split("/").slice(1).map(unescaped);
  let at = skipSpace(text, 0);
  for (const part of wanted) {
    const found = text[at] === "[" ? elementAt(text, at, Number(part)) : memberAt(text, at, part);
    if (found === null) break;
    at = found;
  }
  return lineAt(text, at);
}

/** The line of a character. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function unescaped(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** Where the value of a key of the object that begins at `at` begins. */
function memberAt(text: string, at: number, key: string): number | null {
  if (text[at] !== "{") return null;
  let next = skipSpace(text, at + 1);
  while (text[next] === '"') {
    const end = endOfValue(text, next);
    const value = skipSpace(text, skipSpace(text, end) + 1);
    if (JSON.parse(text.slice(next, end)) === key) return value;
    next = skipSpace(text, endOfValue(text, value));
    if (text[next] === ",") next = skipSpace(text, next + 1);
  }
  return null;
}

function elementAt(text: string, at: number, index: number): number | null {
  let next = skipSpace(text, at + 1);
  for (let passed = 0; passed < index; passed += 1) {
    next = skipSpace(text, endOfValue(text, next));
    if (text[next] !== ",") return null;
    next = skipSpace(text, next + 1);
  }
  return text[next] === "]" ? null : next;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && " \t\r\n".includes(text[at] ?? "")) at += 1;
  return at;
}

/** Behind the value that begins at `from`. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const letter = text[at] ?? "";
    if (letter === '"') {
      at = endOfString(text, at) - 1;
      if (depth === 0) return at + 1;
    } else if (letter === "{" || letter === "[") depth += 1;
    else if (letter === "}" || letter === "]") {
      depth -= 1;
      if (depth === 0) return at + 1;
      if (depth < 0) return at;
    } else if (depth === 0 && letter === ",") return at;
  }
  return text.length;
}

function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

/** Where a text stops being JSON: the offset of the first character that cannot stand there; its end where something is missing. */
export function firstJsonError(text: string): number {
  // What is open, and what may come next in it.
  const open: ("{" | "[")[] = [];
  let expects: "value" | "key" | "colon" | "more" = "value";
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const letter = text[at] ?? "";
    const inside = open.at(-1);
    const closes = (letter === "}" && inside === "{") || (letter === "]" && inside === "[");
    if (closes && (expects === "more" || /[[{]\s*$/.test(text.slice(0, at)))) {
      open.pop();
      expects = "more";
      at += 1;
    } else if (expects === "more" && letter === "," && inside !== undefined) {
      expects = inside === "{" ? "key" : "value";
      at += 1;
    } else if (expects === "colon" && letter === ":") {
      expects = "value";
      at += 1;
    } else if (expects === "value" && (letter === "{" || letter === "[")) {
      open.push(letter);
      expects = letter === "{" ? "key" : "value";
      at += 1;
    } else if (expects === "value" || (expects === "key" && letter === '"')) {
      const end = endOfScalar(text, at);
      if (end === at) return at;
      at = end;
      expects = expects === "key" ? "colon" : "more";
    } else return at;
    at = skipSpace(text, at);
  }
  return text.length;
}

function endOfScalar(text: string, from: number): number {
  if (text[from] === '"') {
    const end = endOfString(text, from);
    return text[end - 1] === '"' && end > from + 1 ? end : from;
  }
  const word = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/.exec(
    text.slice(from, from + 64),
  )?.[0];
  return from + (word?.length ?? 0);
}
