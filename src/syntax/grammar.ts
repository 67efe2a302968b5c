/**
 * The names of the grammar's node kinds and fields, read once from the loaded language.
 *
 * Everything above `parser.ts` speaks of kinds by name and of fields through `fieldIds`; ids never leave this folder.
 */
import type { Language } from "web-tree-sitter";
import { errorKind, type FlatTree, namedFlag } from "./flat-tree.ts";

const fieldNames = [
  "alias",
  "alternative",
  "argument",
  "arguments",
  "body",
  "bounds",
  "condition",
  "consequence",
  "default_type",
  "element",
  "field",
  "function",
  "left",
  "length",
  "list",
  "macro",
  "name",
  "operator",
  "parameters",
  "path",
  "pattern",
  "return_type",
  "right",
  "trait",
  "type",
  "type_arguments",
  "type_parameters",
  "value",
] as const;

export type FieldName = (typeof fieldNames)[number];

const fieldIds: Record<FieldName, number> = Object.fromEntries(fieldNames.map((name) => [name, -1])) as Record<
  FieldName,
  number
>;
let kindNames: string[] = [];

/** Takes the names of a language; false where the grammar lacks a field that lowering asks for. */
export function useGrammar(language: Language): boolean {
  kindNames = [];
  for (let id = 0; id < language.nodeTypeCount; id += 1) kindNames.push(shared(language.nodeTypeForId(id) ?? ""));
  let complete = true;
  for (const name of fieldNames) {
    const id = language.fieldIdForName(name);
    if (id === null) complete = false;
    fieldIds[name] = id ?? -1;
  }
  return complete;
}

/** The same text as the engine keeps it for literals of source code: comparing with one of those is then comparing addresses. */
function shared(name: string): string {
  return Object.keys({ [name]: true })[0] ?? "";
}

/** The name of a kind id. */
export function kindName(kind: number): string {
  return kind === errorKind ? "ERROR" : (kindNames[kind] ?? "");
}

/** The name of a node's kind: `call_expression`, `ERROR`; anonymous nodes are named by their text: `(`. */
export function kindOf(tree: FlatTree, node: number): string {
  return kindName(tree.kind[node] ?? 0);
}

/** The child that stands in a field of a node, the first where there are several; -1 for none. */
export function fieldChild(tree: FlatTree, node: number, field: FieldName): number {
  const id = fieldIds[field];
  const end = tree.next[node] ?? 0;
  for (let child = node + 1; child < end; child = tree.next[child] ?? end) {
    if (tree.field[child] === id) return child;
  }
  return -1;
}

/** The first child of a kind; -1 for none. */
export function kindChild(tree: FlatTree, node: number, kind: string): number {
  const end = tree.next[node] ?? 0;
  for (let child = node + 1; child < end; child = tree.next[child] ?? end) {
    if (kindOf(tree, child) === kind) return child;
  }
  return -1;
}

/** All children of a node, anonymous ones included. */
export function childrenOf(tree: FlatTree, node: number): number[] {
  const found: number[] = [];
  const end = tree.next[node] ?? 0;
  for (let child = node + 1; child < end; child = tree.next[child] ?? end) found.push(child);
  return found;
}

/** The named children of a node (ERROR nodes included). */
export function namedChildrenOf(tree: FlatTree, node: number): number[] {
  const found: number[] = [];
  const end = tree.next[node] ?? 0;
  for (let child = node + 1; child < end; child = tree.next[child] ?? end)
    if (((tree.flags[child] ?? 0) & namedFlag) !== 0) found.push(child);
  return found;
}

/** The first named child of a node; -1 for none. */
export function firstNamedChild(tree: FlatTree, node: number): number {
  const end = tree.next[node] ?? 0;
  for (let child = node + 1; child < end; child = tree.next[child] ?? end)
    if (((tree.flags[child] ?? 0) & namedFlag) !== 0) return child;
  return -1;
}
