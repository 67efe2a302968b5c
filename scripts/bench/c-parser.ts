/**
 * The bare tree-sitter parser with the Rust grammar as a program: built once from the published crates, in a temporary directory.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

const manifest = `[package]
name = "c-parser"
version = "0.0.0"
edition = "2021"
[workspace]
[dependencies]
tree-sitter = "=0.25.10"
tree-sitter-rust = "=0.24.0"
`;
const source = `use std::fs;
fn main() {
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&tree_sitter_rust::LANGUAGE.into()).unwrap();
    let (mut bytes, mut nodes) = (0, 0);
    for file in fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap().lines() {
        let text = fs::read_to_string(file).unwrap();
        bytes += text.len();
        nodes += parser.parse(&text, None).unwrap().root_node().descendant_count();
    }
    println!("{bytes} bytes, {nodes} nodes");
}
`;

/** Builds the program; gives its path. */
export function buildCParser(folder: string): string {
  mkdirSync(path.join(folder, "src"), { recursive: true });
  writeFileSync(path.join(folder, "Cargo.toml"), manifest);
  writeFileSync(path.join(folder, "src/main.rs"), source);
  const target = path.join(folder, "target");
  const args = [
    "build",
    "--release",
    "--quiet",
    "--manifest-path",
    path.join(folder, "Cargo.toml"),
    "--target-dir",
    target,
  ];
  execFileSync("cargo", args, { stdio: "inherit" });
  return path.join(target, "release/c-parser");
}
