// The affinity terms of pods that are on nodes, equal ones together, with the number of their owners in each domain.
import type { LabelSet } from '../../framework/label-set.ts';
import { type AffinityTerm, type PodInfo, termMatches } from '../../framework/pod-info.ts';
import type { Domains, NodeTable } from '../nodes/node-table.ts';

/** Pods on nodes that hold an equal term. */
export interface TermGroup {
  readonly term: AffinityTerm;
  /** What the term is worth to the pods it picks; undefined for required anti-affinity, which forbids. */
  readonly weight: number | undefined;
  readonly domains: Domains;
  readonly counts: Int32Array;
  /** Owners on nodes that have the label. */
  total: number;
}

export class TermGroups {
  readonly #table: NodeTable;
  readonly #hardPodAffinityWeight: number;
  readonly #byText = new Map<string, TermGroup>();
  /** In the order in which they were first met; never gets shorter. */
  readonly groups: TermGroup[] = [];

  constructor(table: NodeTable, hardPodAffinityWeight: number) {
    this.#table = table;
    this.#hardPodAffinityWeight = hardPodAffinityWeight;
    table.nodes.forEach(({ podsWithAffinity }, node) => {
      for (const pod of podsWithAffinity) this.change(pod, node, 1);
    });
  }

  change(pod: PodInfo, node: number, delta: 1 | -1): void {
    if (!pod.hasAffinity) return;
    for (const term of pod.requiredAntiAffinityTerms) this.#add(term, undefined, node, delta);
    if (this.#hardPodAffinityWeight > 0)
      for (const term of pod.requiredAffinityTerms) this.#add(term, this.#hardPodAffinityWeight, node, delta);
    for (const term of pod.preferredAffinityTerms) this.#add(term, term.weight, node, delta);
    for (const term of pod.preferredAntiAffinityTerms) this.#add(term, -term.weight, node, delta);
  }

  #add(term: AffinityTerm, weight: number | undefined, node: number, delta: 1 | -1): void {
    const group = this.#groupOf(term, weight);
    if (group.domains.has[node] === 0) return;
    group.counts[group.domains.of[node]!]! += delta;
    group.total += delta;
  }

  #groupOf(term: AffinityTerm, weight: number | undefined): TermGroup {
    const text = `${weight ?? ''}\n${termText(term)}`;
    const known = this.#byText.get(text);
    if (known) return known;
    const domains = this.#table.domains(term.topologyKey);
    const group = { term, weight, domains, counts: new Int32Array(domains.count), total: 0 };
    this.#byText.set(text, group);
    this.groups.push(group);
    return group;
  }
}

/** The same for terms that pick the same pods in the same domains. */
export function termText({ namespaces, selector, topologyKey, namespaceSelector }: AffinityTerm): string {
  return `${topologyKey}\n${[...namespaces].sort().join()}\n${selector.id}\n${namespaceSelector.id}`;
}

/** The groups whose terms pick a pod, followed as groups are added. */
export class GroupsPicking {
  readonly #groups: TermGroups;
  readonly #pod: PodInfo;
  readonly #namespaceLabels: LabelSet;
  readonly forbidding: TermGroup[] = [];
  readonly scoring: TermGroup[] = [];
  #seen = 0;

  constructor(groups: TermGroups, pod: PodInfo, namespaceLabels: LabelSet) {
    this.#groups = groups;
    this.#pod = pod;
    this.#namespaceLabels = namespaceLabels;
  }

  refresh(): void {
    const { groups } = this.#groups;
    for (; this.#seen < groups.length; this.#seen++) {
      const group = groups[this.#seen]!;
      if (!termMatches(group.term, this.#pod, this.#namespaceLabels)) continue;
      (group.weight === undefined ? this.forbidding : this.scoring).push(group);
    }
  }
}
