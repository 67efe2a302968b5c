/**
 * The format of a rule pack: what the tool knows of code whose text it does not have (std) or must not follow.
 *
 * A pack declares modules with Rust declarations as text (types, traits, impl headers, signatures) and hangs facts on
 * each function: effects with a condition, and the parametric parts. A function may carry a `body` instead: Rust text
 * that stands for the real one and is analysed like any other code (`Option::map` is `match self { Some(x) => Some(f(x)),
 * None => None }`); `body` and `effects` may stand together,
 * `body` and parametric parts not: the body makes those calls and drops itself. The declarations are printed to one text per crate, parsed by
 * `syntax` and resolved by `names` like a crate of the program, so that types, method look-up and dispatch know one
 * mechanism only. `#[sigsafe_entry(N)]` before a function ties it to its entry. `#[sigsafe_impls(Trait, inherent Type, …)]` before a macro call says that it makes impls
 * of these traits, and inherent ones of these types, and nothing else: it is expanded when one of them is asked for (test/model/packs-held-back.test.ts).
 * A function of a pack with neither `effects` nor `body` is unknown: a blind spot `no-model` where it is reached.
 */
import type { Condition, Kind } from "./vocabulary.ts";

export interface Pack {
  readonly schema: 1;
  readonly pack: string;
  /** The crates this pack stands for; std packs say the version they describe ("1.95.0"). */
  readonly describes: { readonly version: string; readonly origin: "curated" | "derived" };
  readonly modules: readonly PackModule[];
  /** Crates whose frames are no root causes (containers, cells, locks): a finding stands where they are called. */
  readonly leaves?: readonly string[];
  /** Facts for functions whose source is there but must not be followed (crate packs and users' rules). */
  readonly overrides?: readonly PackOverride[];
}

export interface PackModule {
  /** `core::option`; modules are created on the way; `core` itself for the crate root. */
  readonly path: string;
  /** Rust items as text: `pub struct Vec<T, A = Global> { .. }`, `pub use`, macro_rules, consts, traits' headers excluded. */
  readonly items?: readonly string[];
  readonly traits?: readonly {
    readonly decl: string;
    readonly items?: readonly string[];
    readonly fns?: readonly PackFn[];
  }[];
  readonly impls?: readonly {
    readonly decl: string;
    readonly items?: readonly string[];
    readonly fns?: readonly PackFn[] /** what dropping adds, for `impl Drop` see PackFn */;
  }[];
  readonly fns?: readonly PackFn[];
}

export interface PackFn {
  /** The signature as Rust text, without body: `pub fn push(&mut self, value: T)`. Attributes such as `#[lang = "..."]` may precede. */
  readonly sig: string;
  /** Known effects; an empty list claims that there is none (beyond the parametric parts). */
  readonly effects?: readonly PackEffect[];
  /** Rust text of a block's inside that stands for the real body. */
  readonly body?: string;
  /** Arguments (0 = first parameter, self included) that are called. The call's own arguments are unknown to this form; use `body` where they matter. */
  readonly invokes?: readonly { readonly arg: number; readonly when?: Condition }[];
  /** Trait methods called on type parameters: `<T as core::fmt::Display>::fmt`. */
  readonly calls?: readonly string[];
  /** Arguments or types dropped: `T`, `self`. */
  readonly drops?: readonly string[];
  /** Arguments (self included) whose cell holds a value whenever the function returns: `LazyLock::force`, `OnceCell::get_or_init`, `Once::call_once`. */
  readonly forces?: readonly number[];
  /** A private way in, taken only while the cell behind argument `cell` is not initialised: what it reaches has this condition. */
  readonly entered?: { readonly when: "uninit"; readonly cell: number };
  /**
   * What is certain of it. `os-error`: its `io::Error` holds a code and frees nothing when dropped. `panics-if-held`: panics while
   * somebody else holds what it asks for. `test-and-set`: changes a shared value and gives the old one in one step.
   * `reads-errno`: reads errno and changes nothing. `owns-nothing`: what it gives has nothing on the heap but what its arguments have.
   * `always-ok`: gives `Ok` unless something panicked. `computes`: what its body gives is what it gives, as it stands there.
   */
  readonly marks?: readonly (
    | "os-error"
    | "panics-if-held"
    | "test-and-set"
    | "reads-errno"
    | "owns-nothing"
    | "always-ok"
    | "computes"
  )[];
  /**
   * Does nothing to the heap where argument `arg` is a number that the array of type parameter `in` has room for, or 0 where no array
   * is named; or where a value of type parameter `of` takes no room.
   */
  readonly fits?: { readonly arg?: number; readonly in?: string; readonly of?: string };
  /** The function gives this argument's value back, whole or wrapped in a pointer (`transmute`: 0, `Box::new`: 0). */
  readonly returnsArg?: number;
  /** Panics: explicit in std (unwrap on None …), or arithmetic/index. */
  readonly panics?: boolean;
  /** Never returns. Derived from `-> !` too. */
  /** Sources of the claim: `std-src:alloc/vec/mod.rs#push@1.95.0`, `doc:…`, `referee:…`. */
  readonly cite: readonly string[];
  readonly note?: string;
  /** Counts instead of what another pack says of the same function. */
  readonly override?: boolean;
}
export interface PackEffect {
  readonly kind: Kind;
  readonly when: Condition;
  readonly mode?: "may" | "must" | "unknown";
  /** C symbol or inner function that does it, for messages: `malloc`, `futex`. */
  readonly through?: string;
  /** The function's other effects stand for it: it is told among what their findings cover, and makes none of its own. */
  readonly beside?: true;
}
export interface PackOverride extends Omit<PackFn, "sig"> {
  /** `crate_name::module::Type::method` as names prints it. */
  readonly path: string;
  /** Semver range of the crate the claim holds for; outside it the source is followed. */
  readonly versions?: string;
}
