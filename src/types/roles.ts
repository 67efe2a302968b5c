/**
 * Traits that the compiler knows: what `#[lang = ".."]` says about a trait, as the solver needs it.
 */
import type { DefId } from "../names/defs.ts";
import type { Core } from "./core.ts";
import type { Predicate } from "./ty.ts";

const autoLangs: ReadonlySet<string> = new Set(["send", "sync", "unpin", "freeze", "unwind_safe", "ref_unwind_safe"]);
const autoPaths: readonly string[] = [
  "core::marker::Send",
  "core::marker::Sync",
  "core::marker::Unpin",
  "core::panic::unwind_safe::UnwindSafe",
  "core::panic::unwind_safe::RefUnwindSafe",
  "core::panic::UnwindSafe",
  "core::panic::RefUnwindSafe",
];
const assumedLangs: ReadonlySet<string> = new Set([
  "destruct",
  "tuple_trait",
  "unsize",
  "coerce_unsized",
  "dispatch_from_dyn",
  "pointee_trait",
  "discriminant_kind",
  "transmute_trait",
  "structural_peq",
  "const_param_ty",
  "pointer_like",
  "use_cloned",
]);

/** The trait's lang name; null for ordinary traits. */
export function roleOf(core: Core, trait: DefId): string | null {
  return core.names.def(trait).lang;
}

/** Traits that are assumed to hold: auto traits, and markers that decide nothing here. */
export function isAssumed(core: Core, trait: DefId): boolean {
  const role = roleOf(core, trait);
  return role === null ? isAuto(core, trait) : assumedLangs.has(role) || autoLangs.has(role) || isAuto(core, trait);
}

function isAuto(core: Core, trait: DefId): boolean {
  const { autoTraits } = core.memo;
  if (autoTraits.size === 0) {
    for (const path of autoPaths) {
      const def = core.names.byPath(path);
      if (def !== null) autoTraits.add(def);
    }
    // Asked once, even where no pack has any.
    autoTraits.add(-1 as DefId);
  }
  return autoTraits.has(trait);
}

/** Needs no proof: `Sized` (the code compiles) and assumed traits. */
export function isTrivial(core: Core, predicate: Predicate): boolean {
  return (
    predicate.k === "trait" && (roleOf(core, predicate.ref.trait) === "sized" || isAssumed(core, predicate.ref.trait))
  );
}

/** `Fn`, `FnMut`, `FnOnce` by lang name; null for others. */
export function callRole(core: Core, trait: DefId): "fn" | "fn-mut" | "fn-once" | null {
  switch (roleOf(core, trait)) {
    case "fn":
    case "async_fn":
      return "fn";
    case "fn_mut":
    case "async_fn_mut":
      return "fn-mut";
    case "fn_once":
    case "async_fn_once":
      return "fn-once";
    default:
      return null;
  }
}
