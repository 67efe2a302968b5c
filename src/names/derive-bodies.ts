/**
 * What the built-in derives' methods do, as Rust text: the calls on fields that the compiler's own expansion makes.
 *
 * `$` stands for the crate `core`. Only the calls and drops matter: an enum's discriminants are compared as a constant.
 */

export type Derivable = "Clone" | "Copy" | "Debug" | "Default" | "PartialEq" | "Eq" | "PartialOrd" | "Ord" | "Hash";
export interface DerivedVariant {
  /** Empty for a struct. */
  readonly name: string;
  readonly shape: "unit" | "tuple" | "named";
  readonly fields: readonly string[];
  readonly isDefault: boolean;
}
export interface DerivedShape {
  readonly enum: boolean;
  readonly union: boolean;
  /** Copy is derived too and there are no parameters: cloning copies. */
  readonly copy: boolean;
  /** The type of an enum's discriminants. */
  readonly discriminant: string;
  readonly variants: readonly DerivedVariant[];
}

/** Body of each derive's method. */
export const memberBodies: Readonly<Record<Derivable, (shape: DerivedShape) => string>> = {
  Clone: (shape) =>
    shape.copy || shape.union
      ? "*self"
      : matchOn(shape, "self", (variant, names) =>
          built(variant, (_, at) => `$::clone::Clone::clone(${names[at] ?? "self"})`),
        ),
  Copy: () => "",
  Eq: () => "",
  Debug: (shape) =>
    matchOn(
      shape,
      "self",
      (_, names) =>
        `{ f.write_str("")?; ${names.map((name) => `$::fmt::Debug::fmt(${name}, f)?; `).join("")}$::result::Result::Ok(()) }`,
    ),
  Default: (shape) => {
    const variant = shape.enum ? shape.variants.find((one) => one.isDefault) : shape.variants[0];
    return variant === undefined ? "loop {}" : built(variant, () => "$::default::Default::default()");
  },
  PartialEq: (shape) =>
    pairs(
      shape,
      "true",
      "false",
      (left, right) => left.map((name, at) => `$::cmp::PartialEq::eq(${name}, ${right[at]})`).join(" && ") || "true",
    ),
  PartialOrd: (shape) =>
    pairs(shape, "$::option::Option::Some($::cmp::Ordering::Equal)", "$::option::Option::None", (left, right) =>
      chain(
        left,
        right,
        (a, b) => `$::cmp::PartialOrd::partial_cmp(${a}, ${b})`,
        "$::option::Option::Some($::cmp::Ordering::Equal)",
      ),
    ),
  Ord: (shape) =>
    pairs(shape, "$::cmp::Ordering::Equal", "$::cmp::Ordering::Less", (left, right) =>
      chain(left, right, (a, b) => `$::cmp::Ord::cmp(${a}, ${b})`, "$::cmp::Ordering::Equal"),
    ),
  Hash: (shape) => {
    const fields = matchOn(
      shape,
      "self",
      (_, names) => `{ ${names.map((name) => `$::hash::Hash::hash(${name}, state); `).join("")} }`,
    );
    // Which of several variants it is goes in first, as a number.
    const told = shape.enum && shape.variants.length > 1;
    return told ? `$::hash::Hash::hash(&(0 as ${shape.discriminant}), state); ${fields}` : fields;
  },
};

function chain(
  left: readonly string[],
  right: readonly string[],
  compare: (a: string, b: string) => string,
  equal: string,
): string {
  return left.reduceRight(
    (rest, name, at) => `match ${compare(name, right[at] ?? name)} { ${equal} => ${rest}, __other => __other }`,
    equal,
  );
}

function matchOn(
  shape: DerivedShape,
  subject: string,
  arm: (variant: DerivedVariant, names: readonly string[]) => string,
): string {
  if (shape.union) return "loop {}";
  if (shape.variants.length === 0) return `match *${subject} {}`;
  const arms = shape.variants.map((variant) => {
    const names = variant.fields.map((_, at) => `__a${at}`);
    return `${pattern(variant, names)} => ${arm(variant, names)},`;
  });
  return `match ${subject} { ${arms.join(" ")} }`;
}

function pairs(
  shape: DerivedShape,
  same: string,
  other: string,
  arm: (left: readonly string[], right: readonly string[]) => string,
): string {
  if (shape.union || shape.variants.length === 0) return same;
  const arms = shape.variants
    .filter((variant) => variant.fields.length > 0 || !shape.enum)
    .map((variant) => {
      const left = variant.fields.map((_, at) => `__a${at}`);
      const right = variant.fields.map((_, at) => `__b${at}`);
      return `(${pattern(variant, left)}, ${pattern(variant, right)}) => ${arm(left, right)},`;
    });
  const rest = shape.enum
    ? `_ => if $::mem::discriminant(self) == $::mem::discriminant(other) { ${same} } else { ${other} }`
    : "";
  return `match (self, other) { ${arms.join(" ")} ${rest} }`;
}

function pathOf(variant: DerivedVariant): string {
  return variant.name === "" ? "Self" : `Self::${variant.name}`;
}

function pattern(variant: DerivedVariant, names: readonly string[]): string {
  if (variant.shape === "unit") return pathOf(variant);
  if (variant.shape === "tuple") return `${pathOf(variant)}(${names.join(", ")})`;
  return `${pathOf(variant)} { ${variant.fields.map((field, at) => `${field}: ${names[at]}`).join(", ")} }`;
}

function built(variant: DerivedVariant, value: (field: string, at: number) => string): string {
  if (variant.shape === "unit") return pathOf(variant);
  if (variant.shape === "tuple") return `${pathOf(variant)}(${variant.fields.map(value).join(", ")})`;
  return `${pathOf(variant)} { ${variant.fields.map((field, at) => `${field}: ${value(field, at)}`).join(", ")} }`;
}
