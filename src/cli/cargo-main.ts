#!/usr/bin/env node
/**
 * The entry for `cargo sigsafe …`: cargo starts `cargo-sigsafe sigsafe …`, so the first argument is dropped and the rest is
 * `sigsafe-lint`'s. Started by hand, without that argument, it is the same command.
 */
if (process.argv[2] === "sigsafe") process.argv.splice(2, 1);
await import("./main.ts");
