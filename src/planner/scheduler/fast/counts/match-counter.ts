// Counts, node by node and domain by domain, the pods that a selector picks, and keeps the counts right pod by pod.
import type { LabelSet, LabelSetSelector } from '../../framework/label-set.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import type { Domains, NodeTable } from '../nodes/node-table.ts';
import { PodGroups } from './pod-groups.ts';

/** Which pods a counter counts. */
export interface PodMatcher {
  /** The same for matchers that pick the same pods. */
  readonly text: string;
  /** Every pod that matches has labels that this selects: finds the counters of a pod without asking all. */
  readonly selector: LabelSetSelector;
  matches(pod: PodInfo): boolean;
}

/** Sums of a counter over the nodes of each domain; nodes that are left out do not count. */
export interface DomainCounts {
  readonly domains: Domains;
  readonly included: Uint8Array | undefined;
  readonly counts: Int32Array;
  total: number;
}

class MatchCounter {
  readonly matcher: PodMatcher;
  readonly perNode: Int32Array;
  readonly #sums: DomainCounts[] = [];

  constructor(matcher: PodMatcher, nodes: number, groups: PodGroups) {
    this.matcher = matcher;
    this.perNode = new Int32Array(nodes);
    for (const { pod, countByNode } of groups.withLabel(requiredLabel(matcher.selector)))
      if (matcher.matches(pod)) for (const [node, count] of countByNode) this.perNode[node]! += count;
  }

  sumOver(domains: Domains, included?: Uint8Array): DomainCounts {
    const known = this.#sums.find((sum) => sum.domains === domains && sum.included === included);
    if (known) return known;
    const sum: DomainCounts = { domains, included, counts: new Int32Array(domains.count), total: 0 };
    this.#sums.push(sum);
    this.perNode.forEach((count, node) => {
      if (count > 0) addTo(sum, node, count);
    });
    return sum;
  }

  add(node: number, delta: 1 | -1): void {
    this.perNode[node]! += delta;
    for (const sum of this.#sums) addTo(sum, node, delta);
  }
}

function addTo(sum: DomainCounts, node: number, amount: number): void {
  const { domains, included, counts } = sum;
  if (included && included[node] === 0) return;
  counts[domains.of[node]!]! += amount;
  sum.total += amount;
}

/** Finds the counters that a pod concerns by one label that they insist on. */
export class CounterRegistry {
  readonly #nodes: number;
  readonly #groups: PodGroups;
  readonly #byText = new Map<string, MatchCounter>();
  readonly #byLabel = new Map<string, MatchCounter[]>();
  readonly #others: MatchCounter[] = [];
  /** Counters whose selector picks these labels; forgotten when a counter is added. */
  #ofLabels: (readonly MatchCounter[])[] = [];

  constructor(table: NodeTable) {
    this.#nodes = table.size;
    this.#groups = new PodGroups(table);
  }

  counterOf(matcher: PodMatcher): MatchCounter {
    const known = this.#byText.get(matcher.text);
    if (known) return known;
    const counter = new MatchCounter(matcher, this.#nodes, this.#groups);
    this.#byText.set(matcher.text, counter);
    const label = requiredLabel(matcher.selector);
    if (label === undefined) this.#others.push(counter);
    else {
      const counters = this.#byLabel.get(label);
      if (counters) counters.push(counter);
      else this.#byLabel.set(label, [counter]);
    }
    this.#ofLabels = [];
    return counter;
  }

  /** Forgets the counters; they are made again when asked for. */
  clear(): void {
    this.#byText.clear();
    this.#byLabel.clear();
    this.#others.length = 0;
    this.#ofLabels = [];
  }

  change(pod: PodInfo, node: number, delta: 1 | -1): void {
    this.#groups.change(pod, node, delta);
    for (const counter of this.#countersOf(pod.labelSet)) if (counter.matcher.matches(pod)) counter.add(node, delta);
  }

  #countersOf(set: LabelSet): readonly MatchCounter[] {
    return (this.#ofLabels[set.id] ??= this.#find(set));
  }

  #find(set: LabelSet): readonly MatchCounter[] {
    const found = this.#others.filter(({ matcher }) => matcher.selector.matches(set));
    for (const key of Object.keys(set.labels))
      for (const counter of this.#byLabel.get(`${key}=${set.labels[key]}`) ?? [])
        if (counter.matcher.selector.matches(set)) found.push(counter);
    return found;
  }
}

/** A label that every selected pod must have with one value. */
function requiredLabel({ selector }: LabelSetSelector): string | undefined {
  for (const { key, operator, values } of selector.requirements)
    if ((operator === '=' || operator === '==' || operator === 'in') && values.length === 1)
      return `${key}=${values[0]}`;
  return undefined;
}
