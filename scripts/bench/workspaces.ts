/**
 * The workspaces that are measured: pinned dependencies of a binary that profiles itself, made in a temporary directory, and
 * chains of path crates that a handler goes through, for seeing how the cost grows.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

export type BenchWorkspace = "pprof" | "server";

const dependencies: Readonly<Record<BenchWorkspace, readonly string[]>> = {
  pprof: ['pprof = { version = "=0.15.0", default-features = false, features = ["framehop-unwinder"] }'],
  server: [
    'pprof = { version = "=0.15.0", default-features = false, features = ["framehop-unwinder"] }',
    'axum = "=0.8.9"',
    'tokio = { version = "=1.54.1", features = ["full"] }',
    'reqwest = { version = "=0.13.5", features = ["json"] }',
    'rustls = "=0.23.46"',
    'tracing = "=0.1.44"',
    'tracing-subscriber = { version = "=0.3.23", features = ["env-filter", "json"] }',
    'serde = { version = "=1.0.229", features = ["derive"] }',
    'serde_json = "=1.0.154"',
    'clap = { version = "=4.6.9", features = ["derive"] }',
    'regex = "=1.13.2"',
    'chrono = "=0.4.45"',
    'rayon = "=1.12.0"',
  ],
};
const body = "let guard = pprof::ProfilerGuard::new(99).unwrap(); guard.report().build().unwrap();";

/** Makes a workspace and fetches its sources; gives its manifest. */
export function makeWorkspace(which: BenchWorkspace, folder: string): string {
  const list = dependencies[which].join("\n");
  const manifest = write(
    folder,
    `[package]\nname = "bench"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n[dependencies]\n${list}\n`,
    { "src/main.rs": `fn main() { ${body} }\n` },
  );
  execFileSync("cargo", ["fetch", "--quiet", "--manifest-path", manifest], { stdio: "inherit" });
  return manifest;
}

const functions = 40;

/** A handler that goes through so many path crates, each of the same size; gives the manifest. */
export function makeChain(crates: number, folder: string): string {
  const files: Record<string, string> = {};
  const names = Array.from({ length: crates }, (_, at) => `c${at}`);
  for (const [at, name] of names.entries()) {
    files[`${name}/Cargo.toml`] = `[package]\nname = "${name}"\nversion = "0.0.0"\nedition = "2021"\n`;
    files[`${name}/src/lib.rs`] = crateText(at);
  }
  const calls = names.map((name) => `${name}::f0(n);`).join(" ");
  files["libc/Cargo.toml"] = '[package]\nname = "libc"\nversion = "0.2.1"\nedition = "2021"\n';
  files["libc/src/lib.rs"] =
    'extern "C" { pub fn signal(signum: i32, handler: usize) -> usize; }\npub const SIGUSR1: i32 = 10;\n';
  const handler = `extern "C" fn handler(n: i32) { ${calls} }`;
  files["src/main.rs"] =
    `${handler}\nfn main() { unsafe { libc::signal(libc::SIGUSR1, handler as extern "C" fn(i32) as usize); } }\n`;
  const list = ["libc", ...names].map((name) => `${name} = { path = "${name}" }`).join("\n");
  return write(
    folder,
    `[package]\nname = "chain"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\nmembers = ["."]\nexclude = ["libc", "c*"]\n[dependencies]\n${list}\n`,
    files,
  );
}

/** Structs, traits, generics, closures and loops; every function calls the next. */
function crateText(seed: number): string {
  const parts = [
    "pub trait Step { fn step(&self, n: i32) -> i32; fn twice(&self, n: i32) -> i32 { self.step(self.step(n)) } }",
    "pub fn apply<S: Step, F: Fn(i32) -> i32>(s: &S, n: i32, f: F) -> i32 { f(s.twice(n)) }",
  ];
  for (let at = 0; at < functions; at += 1) {
    const next = at + 1 < functions ? `f${at + 1}(r)` : "r";
    parts.push(`pub struct S${at} { pub a: i32, pub b: [i32; ${seed + at + 1}], pub c: Option<i32> }`);
    parts.push(
      `impl Step for S${at} { fn step(&self, n: i32) -> i32 { match self.c { Some(v) if v > n => v + self.a, _ => self.b[0] - n } } }`,
    );
    parts.push(
      `pub fn f${at}(n: i32) -> i32 { let s = S${at} { a: n, b: [${at}; ${seed + at + 1}], c: if n > ${at} { Some(n) } else { None } }; let mut r = 0; for x in s.b.iter() { r += apply(&s, *x, |y| y + n); } ${next} }`,
    );
  }
  return `${parts.join("\n")}\n`;
}

function write(folder: string, manifest: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries({ ...files, "Cargo.toml": manifest })) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return path.join(folder, "Cargo.toml");
}
