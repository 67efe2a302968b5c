/**
 * Makes foreign text inert: names, snippets and messages of the analysed program, which may want to rewrite what is printed of it.
 *
 * Control characters, bidirectional and invisible marks would steer a terminal or hide text, and CI systems take `##[x]` anywhere in a
 * line, and `::x` at its start, for a command to themselves. Everything that is printed goes through here or through a renderer of
 * its own that does.
 */

const marks = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\u115f\u1160\u3164\uffa0]/gu;

/** Control characters (tabs become blanks), invisible and bidirectional marks as `\u{..}`; one line, without a log's commands. */
export function inert(text: string): string {
  return text
    .replace(/\t/gu, "    ")
    .replace(marks, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`)
    .replace(/##(?=\w*\[)/gu, "#\\u{23}");
}

/** Lines to be printed by themselves: each inert, and none that a log takes for a command. */
export function inertLines(lines: readonly string[]): string {
  return withoutCommands(lines.map(inert).join("\n"));
}

/** Text of several lines, none of which a log takes for a command; the rest of it is inert already. */
export function withoutCommands(text: string): string {
  return text.replace(/^([^\S\n]*):(?=:)/gmu, "$1\\u{3a}");
}

/** JSON text that says the same with those characters as escapes; its own line breaks stay. */
export function inertJson(json: string): string {
  return json
    .replace(marks, (char) => (char === "\n" ? char : char.split("").map(escapeUnit).join("")))
    .replace(/##(?=\w*\[)/gu, "#\\u0023");
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
