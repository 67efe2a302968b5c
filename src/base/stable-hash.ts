/**
 * A hash that stays the same between runs, machines and versions of Node: ids in reports, names of cache entries.
 *
 * Parts are joined so that no two different lists give the same text: each is preceded by its length. It hides nothing
 * and authenticates nothing; collisions by accident are what it guards against.
 */
import { createHash } from "node:crypto";

/** SHA-256 of a text (as UTF-8) or of bytes, in lower-case hexadecimal. */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** One hash of a list of texts: the first `digits` hexadecimal digits. Order and boundaries of the parts count. */
export function stableHash(parts: readonly string[], digits: number = 16): string {
  return sha256(parts.map((part) => `${part.length}:${part}`).join("")).slice(0, digits);
}
