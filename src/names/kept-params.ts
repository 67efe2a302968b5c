/**
 * Items without the parameters that cfgs take away: `fn f(#[cfg(unix)] a: A)`, `struct S<#[cfg(feature = "std")] H = RandomState>`.
 *
 * Input: an item and the crate's cfgs. Output: the item, or one with fewer parameters. A function's signature is parsed for it only where a cfg stands
 * anywhere in its text. Of generic parameters under cfgs that nobody knows the first of each name stays.
 */
import type { CfgSet } from "../crates/cfg.ts";
import type { Generics, Item } from "../syntax/ast.ts";
import { wholeFn } from "../syntax/lower-placed-fn.ts";
import { applyCfg } from "./attributes.ts";

/** The item as it is compiled. */
export function keptParams(item: Item, cfg: CfgSet): Item {
  if (item.k === "fn") {
    if (!item.source.text.slice(item.start, item.end).includes("cfg")) return item;
    const params = item.params.filter((one) => applyCfg(one.attrs, cfg).present);
    const generics = keptGenerics(item.generics, cfg);
    const isWhole = params.length === item.params.length && generics === item.generics;
    return isWhole ? item : { ...wholeFn(item), params, generics };
  }
  if (!("generics" in item)) return item;
  const generics = keptGenerics(item.generics, cfg);
  return generics === item.generics ? item : { ...item, generics };
}

function keptGenerics(generics: Generics, cfg: CfgSet): Generics {
  if (!generics.params.some((one) => one.attrs.length > 0)) return generics;
  const present = generics.params.filter((one) => applyCfg(one.attrs, cfg).present);
  const params = present.filter((one, at) => present.findIndex(({ name }) => name === one.name) === at);
  return params.length === generics.params.length ? generics : { ...generics, params };
}
