// The pods on nodes, those together that no selector can tell apart, with how many of them each node has.
import type { PodInfo } from '../framework/pod-info.ts';
import type { NodeTable } from './node-table.ts';

export interface PodGroup {
  /** Any of them: they share namespace and labels, and whether they are on their way out. */
  readonly pod: PodInfo;
  readonly countByNode: Map<number, number>;
}

export class PodGroups {
  readonly #groups = new Map<string, PodGroup>();

  constructor(table: NodeTable) {
    table.nodes.forEach(({ pods }, node) => {
      for (const pod of pods) this.change(pod, node, 1);
    });
  }

  values(): Iterable<PodGroup> {
    return this.#groups.values();
  }

  change(pod: PodInfo, node: number, delta: 1 | -1): void {
    const key = `${pod.labelSet.id} ${pod.isTerminating ? 1 : 0} ${pod.namespace}`;
    let group = this.#groups.get(key);
    if (!group) this.#groups.set(key, (group = { pod, countByNode: new Map() }));
    const count = (group.countByNode.get(node) ?? 0) + delta;
    if (count > 0) group.countByNode.set(node, count);
    else {
      group.countByNode.delete(node);
      if (group.countByNode.size === 0) this.#groups.delete(key);
    }
  }
}
