// The pods on nodes, those together that no selector can tell apart, with how many of them each node has.
import type { LabelSet } from '../../framework/label-set.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import type { NodeTable } from '../nodes/node-table.ts';

interface PodGroup {
  /** Any of them: they share namespace and labels, and whether they are on their way out. */
  readonly pod: PodInfo;
  readonly countByNode: Map<number, number>;
}

const NONE: readonly PodGroup[] = [];

export class PodGroups {
  readonly #groups = new Set<PodGroup>();
  /** Few groups share a set of labels: those of several namespaces, and pods on their way out. */
  readonly #byLabels = new Map<LabelSet, PodGroup[]>();
  readonly #byLabel = new Map<string, Set<PodGroup>>();

  constructor(table: NodeTable) {
    table.nodes.forEach(({ pods }, node) => {
      for (const pod of pods) this.change(pod, node, 1);
    });
  }

  /** The groups with a label, `key=value`; without one, all. */
  withLabel(label: string | undefined): Iterable<PodGroup> {
    return label === undefined ? this.#groups : (this.#byLabel.get(label) ?? NONE);
  }

  change(pod: PodInfo, node: number, delta: 1 | -1): void {
    const group = this.#groupOf(pod);
    const count = (group.countByNode.get(node) ?? 0) + delta;
    if (count > 0) group.countByNode.set(node, count);
    else {
      group.countByNode.delete(node);
      if (group.countByNode.size === 0) this.#drop(group);
    }
  }

  #groupOf(pod: PodInfo): PodGroup {
    const { labelSet, namespace, isTerminating } = pod;
    const alike = this.#byLabels.get(labelSet);
    if (alike)
      for (const group of alike)
        if (group.pod.namespace === namespace && group.pod.isTerminating === isTerminating) return group;
    return this.#newGroup(pod, alike);
  }

  #newGroup(pod: PodInfo, alike: PodGroup[] | undefined): PodGroup {
    const group = { pod, countByNode: new Map<number, number>() };
    this.#groups.add(group);
    if (alike) alike.push(group);
    else this.#byLabels.set(pod.labelSet, [group]);
    for (const label of labelsOf(pod)) {
      const groups = this.#byLabel.get(label);
      if (groups) groups.add(group);
      else this.#byLabel.set(label, new Set([group]));
    }
    return group;
  }

  #drop(group: PodGroup): void {
    const { labelSet } = group.pod;
    this.#groups.delete(group);
    const alike = this.#byLabels.get(labelSet)?.filter((other) => other !== group) ?? [];
    if (alike.length > 0) this.#byLabels.set(labelSet, alike);
    else this.#byLabels.delete(labelSet);
    for (const label of labelsOf(group.pod)) this.#byLabel.get(label)?.delete(group);
  }
}

function labelsOf({ labels }: PodInfo): readonly string[] {
  return Object.keys(labels).map((key) => `${key}=${labels[key]}`);
}
