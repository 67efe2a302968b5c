/**
 * The nodes of a graph on the integers 0 … n-1 in reverse post-order: each after at least one of its predecessors, and where there are no cycles after all.
 * Nothing recurses.
 */

/** Nodes that `entry` reaches, in that order, and the predecessors of each; `successors` is asked once per node. */
export function reversePostOrder(
  count: number,
  entry: number,
  successors: (node: number) => readonly number[],
): { order: number[]; predecessors: number[][] } {
  const order: number[] = [];
  const predecessors: number[][] = Array.from({ length: count }, () => []);
  if (entry < 0 || entry >= count) return { order, predecessors };
  const seen = new Uint8Array(count);
  const frames: { node: number; next: readonly number[]; at: number }[] = [];
  const enter = (node: number): void => {
    seen[node] = 1;
    frames.push({ node, next: successors(node), at: 0 });
  };
  enter(entry);
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const to = frame.next[frame.at];
    if (to === undefined) {
      order.push(frame.node);
      frames.pop();
      continue;
    }
    frame.at += 1;
    predecessors[to]?.push(frame.node);
    if (seen[to] === 0) enter(to);
  }
  return { order: order.reverse(), predecessors };
}
