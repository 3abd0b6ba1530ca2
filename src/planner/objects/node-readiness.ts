// Whether a node says that it is ready.
import type { Node } from '../../schema/generated/types/core-v1.ts';

/** `True`, `False` or `Unknown`; undefined before the node has said anything. */
export function readyStatus(node: Node): string | undefined {
  return node.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
}
