/**
 * The macros that the compiler itself provides, where an expression stands: as nodes of the tree.
 *
 * Input: the macro's name and its call. Output: the node's content, null where the name is no built-in. Arguments are numbered in
 * the body's arena; macros inside them are left for the walk that expands the body (expand-body.ts).
 */
import { type CfgSet, evalCfg, parseCfg } from "../crates/cfg.ts";
import type { MacroCall } from "../syntax/ast.ts";
import type { BodyArena, Expr } from "../syntax/ast-body.ts";
import { lowerExprIn } from "../syntax/body.ts";
import { formatArgs } from "./format-args.ts";
import { inlineAsm } from "./inline-asm.ts";

type ExprKind = Expr extends infer E ? (E extends unknown ? Omit<E, "id" | "span" | "attrs"> : never) : never;

/** What a built-in macro becomes. */
export function builtinExpr(
  name: string,
  call: MacroCall,
  arena: BodyArena,
  cfg: CfgSet,
): ExprKind | "build-output" | null {
  switch (name) {
    case "panic":
    case "todo":
    case "unimplemented":
    case "unreachable":
    case "compile_error":
      return { k: "panic", macro: name, args: [] };
    case "format_args":
    case "const_format_args":
    case "format_args_nl":
      return { k: "format-args", args: formatArgs(call, arena) };
    case "asm":
    case "naked_asm":
    case "global_asm":
      return inlineAsm(name, call, arena);
    case "line":
    case "column":
      return { k: "constant", ty: "u32", text: name };
    case "file":
    case "module_path":
    case "stringify":
    case "concat":
    case "env":
    case "include_str":
    case "type_name":
      return { k: "constant", ty: "str", text: name };
    case "option_env":
      return { k: "constant", ty: "option-str", text: name };
    case "include_bytes":
    case "concat_bytes":
      return { k: "constant", ty: "bytes", text: name };
    case "offset_of":
      return { k: "constant", ty: "usize", text: name };
    case "is_x86_feature_detected":
    case "is_aarch64_feature_detected":
    case "is_arm_feature_detected":
      return { k: "constant", ty: "bool", text: name };
    case "cfg": {
      const truth = evalCfg(parseCfg(call.source.text.slice(call.start, call.end)), cfg);
      return truth === "unknown"
        ? { k: "constant", ty: "bool", text: "cfg" }
        : { k: "literal", lit: { k: "bool", value: truth === "true" } };
    }
    case "addr_of":
    case "addr_of_mut": {
      const operand = lowerExprIn(call.source, call.start, call.end, arena);
      return operand === null ? null : { k: "ref", mut: name === "addr_of_mut", raw: true, operand: operand.expr };
    }
    case "include":
      return "build-output";
    default:
      return null;
  }
}
