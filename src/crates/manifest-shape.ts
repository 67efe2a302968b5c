/** What the keys of a Cargo.toml that are read here may hold, as cargo has it (`cargo-util-schemas`, `TomlManifest`). */
import type { Shape } from "./toml-shape.ts";

const inheritable: Shape = { any: ["text", { keys: { workspace: "flag" } }] };

const dependency: Shape = {
  any: [
    "text",
    {
      keys: {
        path: "text",
        package: "text",
        optional: "flag",
        workspace: "flag",
        "default-features": "flag",
        default_features: "flag",
        features: "texts",
      },
    },
  ],
};

const dependencies: Readonly<Record<string, Shape>> = {
  dependencies: { each: dependency },
  "dev-dependencies": { each: dependency },
  dev_dependencies: { each: dependency },
  "build-dependencies": { each: dependency },
  build_dependencies: { each: dependency },
};

const target: Shape = {
  keys: {
    name: "text",
    path: "text",
    edition: "text",
    "crate-type": "texts",
    crate_type: "texts",
    "proc-macro": "flag",
    proc_macro: "flag",
    "required-features": "texts",
  },
};

const packageKeys: Shape = {
  keys: {
    name: "text",
    version: inheritable,
    edition: inheritable,
    workspace: "text",
    // A list is several build scripts, which is not stable.
    build: { any: ["text", "flag", "texts"] },
    autolib: "flag",
    autobins: "flag",
    autoexamples: "flag",
    autotests: "flag",
    autobenches: "flag",
  },
};

/** Of profiles, in a manifest and in cargo's configuration. */
export const profilesShape: Shape = {
  each: { keys: { inherits: "text", panic: "text", "debug-assertions": "flag", package: { each: "table" } } },
};

export const manifestShape: Shape = {
  keys: {
    package: packageKeys,
    project: packageKeys,
    lib: target,
    bin: { list: target },
    example: { list: target },
    test: { list: target },
    bench: { list: target },
    features: { each: "texts" },
    ...dependencies,
    target: { each: { keys: dependencies } },
    workspace: {
      keys: {
        members: "texts",
        exclude: "texts",
        "default-members": "texts",
        package: { keys: { version: "text", edition: "text" } },
        dependencies: { each: dependency },
      },
    },
    patch: { each: { each: dependency } },
    replace: { each: dependency },
    profile: profilesShape,
  },
};
