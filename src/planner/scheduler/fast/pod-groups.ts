// The pods on nodes, those together that no selector can tell apart, with how many of them each node has.
import type { PodInfo } from '../framework/pod-info.ts';
import type { NodeTable } from './node-table.ts';

export interface PodGroup {
  /** Any of them: they share namespace and labels, and whether they are on their way out. */
  readonly pod: PodInfo;
  readonly countByNode: Map<number, number>;
}

const NONE: readonly PodGroup[] = [];

export class PodGroups {
  readonly #groups = new Map<string, PodGroup>();
  readonly #byLabel = new Map<string, Set<PodGroup>>();

  constructor(table: NodeTable) {
    table.nodes.forEach(({ pods }, node) => {
      for (const pod of pods) this.change(pod, node, 1);
    });
  }

  /** The groups with a label, `key=value`; without one, all. */
  withLabel(label: string | undefined): Iterable<PodGroup> {
    return label === undefined ? this.#groups.values() : (this.#byLabel.get(label) ?? NONE);
  }

  change(pod: PodInfo, node: number, delta: 1 | -1): void {
    const key = `${pod.labelSet.id} ${pod.isTerminating ? 1 : 0} ${pod.namespace}`;
    let group = this.#groups.get(key);
    if (!group) this.#groups.set(key, (group = this.#newGroup(pod)));
    const count = (group.countByNode.get(node) ?? 0) + delta;
    if (count > 0) group.countByNode.set(node, count);
    else {
      group.countByNode.delete(node);
      if (group.countByNode.size > 0) return;
      this.#groups.delete(key);
      for (const label of labelsOf(group.pod)) this.#byLabel.get(label)?.delete(group);
    }
  }

  #newGroup(pod: PodInfo): PodGroup {
    const group = { pod, countByNode: new Map<number, number>() };
    for (const label of labelsOf(pod)) {
      const groups = this.#byLabel.get(label);
      if (groups) groups.add(group);
      else this.#byLabel.set(label, new Set([group]));
    }
    return group;
  }
}

function labelsOf({ labels }: PodInfo): readonly string[] {
  return Object.keys(labels).map((key) => `${key}=${labels[key]}`);
}
