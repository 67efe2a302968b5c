/**
 * Strongly connected components of a graph on the integers 0 … n-1: Tarjan's algorithm, with a stack of its own.
 *
 * Output: components in reverse topological order of the condensed graph, so every component stands after all that it
 * can reach: a bottom-up pass walks `components` forwards, a top-down pass backwards. Members are sorted.
 * Recursion would end in a stack overflow on call chains of some thousand functions; this takes any depth. It ends
 * because every node is entered once and every edge is looked at once.
 */

export interface Components {
  /** Which component each node belongs to: an index into `components`. */
  readonly componentOf: Int32Array;
  /** Each component's nodes; what a component reaches stands before it. */
  readonly components: readonly (readonly number[])[];
}

/** Components of the graph with `count` nodes; `successors` is asked once per node. Nodes outside 0 … count-1 are ignored. */
export function stronglyConnected(count: number, successors: (node: number) => readonly number[]): Components {
  const order = new Int32Array(count).fill(-1); // When a node was entered.
  const low = new Int32Array(count); // The earliest entered node known to be in its component.
  const componentOf = new Int32Array(count).fill(-1);
  const components: number[][] = [];
  const open: number[] = []; // Entered, and not yet in a component.
  const frames: { node: number; next: readonly number[]; at: number }[] = [];
  let entered = 0;

  const enter = (node: number): void => {
    order[node] = entered;
    low[node] = entered;
    entered += 1;
    open.push(node);
    frames.push({ node, next: successors(node), at: 0 });
  };

  for (let root = 0; root < count; root += 1) {
    if (order[root] !== -1) continue;
    enter(root);
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const to = frame.next[frame.at];
      if (to !== undefined) {
        frame.at += 1;
        if (order[to] === -1) enter(to);
        else if (componentOf[to] === -1) lower(low, frame.node, order[to] ?? 0);
        continue;
      }
      frames.pop();
      const parent = frames.at(-1);
      if (parent !== undefined) lower(low, parent.node, low[frame.node] ?? 0);
      if (low[frame.node] === order[frame.node])
        components.push(close(open, frame.node, componentOf, components.length));
    }
  }
  return { componentOf, components };
}

function lower(low: Int32Array, node: number, value: number): void {
  if (value < (low[node] ?? 0)) low[node] = value;
}

function close(open: number[], root: number, componentOf: Int32Array, component: number): number[] {
  const members: number[] = [];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    componentOf[node] = component;
    members.push(node);
    if (node === root) break;
  }
  return members.sort((left, right) => left - right);
}
