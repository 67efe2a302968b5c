/**
 * Rule packs of users: read from the texts that the configuration names, held against the schema, and against every other pack.
 *
 * Two packs that say something of one function conflict, unless the later entry says `"override": true`: then it counts. What is refused is
 * refused with the file, the JSON pointer and line of the place, what was expected, and the way out.
 */
import { lineOfPointer } from "../base/json-lines.ts";
import type { Pack, PackFn } from "./pack.ts";
import { functionKey } from "./pack-index.ts";
import { placed, type RuleFile, readRuleFile } from "./rule-file.ts";
import { ModelError } from "./schema-check.ts";

/** What one entry of a pack speaks of. */
interface Claim {
  readonly key: string;
  readonly versions: string | null;
  readonly override: boolean;
  readonly place: string;
  readonly file: string;
}

/**
 * The users' packs, checked. `shipped` are the packs that they must not contradict by accident; `overlap` says whether two version
 * ranges have a version in common. Throws a ModelError whose message ends in `--> file:line`.
 */
export function loadUserPacks(
  schema: object,
  files: readonly RuleFile[],
  shipped: readonly Pack[],
  overlap: (one: string, other: string) => boolean,
): Pack[] {
  const packs = files.map((one) => parsed(schema, one));
  const claims: Claim[] = shipped.flatMap((pack) => claimsOf(pack, `the shipped pack \`${pack.pack}\``));
  for (const [index, pack] of packs.entries()) {
    const source = files[index];
    if (source === undefined) continue;
    for (const claim of claimsOf(pack, source.file)) {
      const same = claims.find((one) => one.key === claim.key && meet(one.versions, claim.versions, overlap));
      if (same !== undefined && !claim.override) throw conflict(source, claim, same);
      if (same === undefined && claim.override) throw idle(source, claim);
      claims.push(claim);
    }
  }
  return packs;
}

/** Functions that two of the packs speak of without one overriding the other: for the packs that ship. */
export function conflictsAmong(
  packs: readonly Pack[],
  overlap: (one: string, other: string) => boolean,
): readonly string[] {
  const seen = new Map<string, Claim[]>();
  const found: string[] = [];
  for (const pack of packs) {
    for (const claim of claimsOf(pack, pack.pack)) {
      const same = seen.get(claim.key) ?? [];
      seen.set(claim.key, same);
      const other = same.find((one) => meet(one.versions, claim.versions, overlap));
      if (other !== undefined && !claim.override) found.push(`${claim.key}: ${other.file} and ${claim.file}`);
      same.push(claim);
    }
  }
  return found;
}

function parsed(schema: object, source: RuleFile): Pack {
  // What the schema uses of draft 2020-12 means the same in draft 07.
  return readRuleFile<Pack>({ ...schema, $schema: undefined }, source, (pack) => refuseOtherCrates(source.file, pack));
}

/** Only std is declared by packs; functions of other crates are overridden. */
function refuseOtherCrates(file: string, pack: Pack): void {
  for (const [index, module] of pack.modules.entries()) {
    const crate = module.path.split("::")[0] ?? "";
    if (["core", "alloc", "std"].includes(crate)) continue;
    throw new ModelError(
      file,
      `/modules/${index}/path`,
      `\`${module.path}\` is not in core, alloc or std; expected one of these, or an entry of \`overrides\``,
      "write an entry of `overrides` with the function's path",
    );
  }
}

function claimsOf(pack: Pack, file: string): Claim[] {
  const ofFunction = (key: string, fn: PackFn, place: string): Claim => {
    return { key, versions: null, override: fn.override === true, place, file };
  };
  const claims = (pack.overrides ?? []).map((one, at): Claim => {
    const { path, versions = null, override } = one;
    return { key: path, versions, override: override === true, place: `/overrides/${at}`, file };
  });
  for (const [at, module] of pack.modules.entries()) {
    for (const [index, fn] of (module.fns ?? []).entries())
      claims.push(ofFunction(functionKey(module.path, "", fn), fn, `/modules/${at}/fns/${index}`));
    for (const part of ["traits", "impls"] as const) {
      for (const [index, holder] of (module[part] ?? []).entries()) {
        for (const [member, fn] of (holder.fns ?? []).entries()) {
          const place = `/modules/${at}/${part}/${index}/fns/${member}`;
          claims.push(ofFunction(functionKey(module.path, holder.decl, fn), fn, place));
        }
      }
    }
  }
  return claims;
}

function meet(one: string | null, other: string | null, overlap: (one: string, other: string) => boolean): boolean {
  return one === null || other === null || overlap(one, other);
}

function conflict({ file, text }: RuleFile, claim: Claim, other: Claim): ModelError {
  const problem = `\`${claim.key}\` is defined by ${other.file} already; expected \`"override": true\``;
  return placed(file, claim.place, lineOfPointer(text, claim.place), problem);
}

function idle({ file, text }: RuleFile, claim: Claim): ModelError {
  const problem = `\`${claim.key}\` overrides nothing; expected a function that another pack defines`;
  return placed(file, claim.place, lineOfPointer(text, claim.place), problem);
}
