/**
 * Lines of a manifest by text: which declares a dependency, which names a feature. For showing a person where to look; what a
 * manifest means is read by `manifest.ts`.
 */

/** Whether a line begins the declaration of a package: by its key, its table's header, or `package = "…"`. */
export function declaresPackage(line: string, name: string): boolean {
  if (isComment(line)) return false;
  const header = /^\s*\[.*\.["']?([\w-]+)["']?\]/u.exec(line)?.[1];
  const renamed = [...line.matchAll(/\bpackage\s*=\s*["']([^"']*)["']/gu)].map((match) => match[1]);
  return keyOf(line) === name || header === name || renamed.includes(name);
}

/** Whether a line has `"feature"`, `"package/feature"`, or the feature as a key. */
export function namesFeature(line: string, feature: string): boolean {
  if (isComment(line)) return false;
  const quoted = [...line.matchAll(/["']([^"']*)["']/gu)].map((match) => match[1] ?? "");
  return quoted.some((one) => one === feature || one.endsWith(`/${feature}`)) || keyOf(line) === feature;
}

/** Whether the line at this index belongs to the declaration of a package: itself, or the nearest line above that begins one. */
export function isInDeclaration(lines: readonly string[], at: number, name: string): boolean {
  for (let index = at; index >= 0; index -= 1) {
    const line = lines[index] ?? "";
    if (declaresPackage(line, name)) return true;
    const otherKey = index < at && keyOf(line) !== "" && /^\S/u.test(line) && !/[[{,]\s*(?:#.*)?$/u.test(line);
    if (/^\s*\[/u.test(line) || otherKey) return false;
  }
  return false;
}

function isComment(line: string): boolean {
  return /^\s*#/u.test(line);
}

function keyOf(line: string): string {
  return /^\s*["']?([\w-]+)["']?\s*[=.]/u.exec(line)?.[1] ?? "";
}
