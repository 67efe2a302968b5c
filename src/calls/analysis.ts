/**
 * What reading one instance through gives (see resolve-body.ts).
 */
import type { DefId } from "../names/defs.ts";
import type { Ty } from "../types/ty.ts";
import type { Instance } from "./instances.ts";
import type { Known } from "./known.ts";
import type { Mir } from "./mir.ts";
import type { Resolved } from "./resolved.ts";

export interface Analysis {
  readonly instance: Instance;
  readonly mir: Mir;
  readonly reachable: Uint8Array;
  /** By block; null where its terminator is no call, drop or asm, or is not reached. */
  readonly resolved: readonly (Resolved | null)[];
  readonly ret: Known | null;
  /** Types made into trait objects here. */
  readonly unsized: readonly { readonly object: Ty & { readonly k: "dyn" }; readonly ty: Ty }[];
  /** Items and closures made into function pointers here. */
  readonly pointers: readonly Ty[];
  /** Statics and consts that are named here. */
  readonly mentioned: readonly DefId[];
  /** Types of which values are built here. */
  readonly constructed: readonly DefId[];
}
