// Inter-pod affinity of a class of pods, from counts per domain that are kept up to date.
// Behaviour: pkg/scheduler/framework/plugins/interpodaffinity/{filtering,scoring}.go, Kubernetes v1.36.3: the plain plugin says the same.
import type { LabelSet } from '../../framework/label-set.ts';
import { type AffinityTerm, type PodInfo, termMatches, type WeightedAffinityTerm } from '../../framework/pod-info.ts';
import { matchesAllTerms } from '../../plugins/inter-pod-affinity/topology-counts.ts';
import type { CounterRegistry, DomainCounts, PodMatcher } from '../counts/match-counter.ts';
import { GroupsPicking, type TermGroup, type TermGroups, termText } from '../counts/term-groups.ts';
import { type Column, countColumn } from '../nodes/like-nodes.ts';
import type { Domains, NodeTable } from '../nodes/node-table.ts';

function termMatcher(term: AffinityTerm): PodMatcher {
  return {
    text: `term\n${termText(term)}`,
    selector: term.selector,
    matches: (pod) => termMatches(term, pod, undefined),
  };
}

function allTermsMatcher(terms: readonly AffinityTerm[]): PodMatcher {
  return {
    text: `terms\n${terms.map(termText).join('\n\n')}`,
    selector: terms[0]!.selector,
    matches: (pod) => matchesAllTerms(terms, pod),
  };
}

/** A pod's own terms, the namespaces that they select written out. */
interface OwnTerms {
  readonly affinity: readonly AffinityTerm[];
  readonly antiAffinity: readonly AffinityTerm[];
  readonly preferred: readonly WeightedAffinityTerm[];
  /** Weights below zero. */
  readonly avoided: readonly WeightedAffinityTerm[];
}

export class AffinityPart {
  readonly #picking: GroupsPicking;
  /** By topology key of the required terms. */
  readonly #affinity: readonly DomainCounts[];
  readonly #antiAffinity: readonly DomainCounts[];
  readonly #preferences: readonly { readonly sum: DomainCounts; readonly weight: number }[];
  readonly #matchesItself: boolean;
  readonly #weight: number;
  readonly #scoresOthers: boolean;
  readonly #scratch: Float64Array;

  constructor(
    table: NodeTable,
    registry: CounterRegistry,
    groups: TermGroups,
    pod: PodInfo,
    terms: OwnTerms,
    namespaceLabels: LabelSet,
    weight: number,
    scoresOthers: boolean,
  ) {
    this.#picking = new GroupsPicking(groups, pod, namespaceLabels);
    const sumOf = (matcher: PodMatcher, topologyKey: string): DomainCounts => {
      const domains = table.domains(topologyKey);
      return registry.counterOf(matcher).sumOver(domains, domains.has);
    };
    this.#affinity = terms.affinity.map(({ topologyKey }) => sumOf(allTermsMatcher(terms.affinity), topologyKey));
    this.#antiAffinity = terms.antiAffinity.map((term) => sumOf(termMatcher(term), term.topologyKey));
    this.#preferences = [...terms.preferred, ...terms.avoided].map((term) => ({
      sum: sumOf(termMatcher(term), term.topologyKey),
      weight: term.weight,
    }));
    this.#matchesItself = matchesAllTerms(terms.affinity, pod);
    this.#weight = weight;
    this.#scoresOthers = scoresOthers || this.#preferences.length > 0;
    this.#scratch = table.scratch;
  }

  refresh(): void {
    this.#picking.refresh();
  }

  /** What tells nodes apart; more as pods with further terms come. */
  get columns(): readonly Column[] {
    const { forbidding, scoring } = this.#picking;
    const preferences = this.#preferences.map(({ sum }) => sum);
    return [...this.#affinity, ...this.#antiAffinity, ...preferences, ...forbidding, ...scoring].map(
      ({ domains, counts }) => countColumn(domains, counts),
    );
  }

  /** How many things tell nodes apart. */
  get width(): number {
    const { forbidding, scoring } = this.#picking;
    return this.#ownWidth + forbidding.length + scoring.length;
  }

  get #ownWidth(): number {
    return this.#affinity.length + this.#antiAffinity.length + this.#preferences.length;
  }

  /** Whether it makes any difference between nodes. */
  get isRelevant(): boolean {
    return (
      this.hasFilter ||
      this.#preferences.some(({ sum }) => sum.total > 0) ||
      (this.#scoresOthers && this.#picking.scoring.some(isHeld))
    );
  }

  /** Whether any node may be refused. */
  get hasFilter(): boolean {
    return this.#affinity.length > 0 || this.#antiAffinity.length > 0 || this.#picking.forbidding.some(isHeld);
  }

  /** Keeps the nodes that pass, in place; answers how many. */
  filter(nodes: Int32Array, size: number): number {
    // The first of a group of pods that want to be together only needs the labels.
    const isFirst = this.#matchesItself && this.#affinity.every(({ total }) => total === 0);
    let left = size;
    for (const { domains, counts } of this.#affinity) {
      let kept = 0;
      for (let k = 0; k < left; k++) {
        const node = nodes[k]!;
        if (domains.has[node] === 1 && (isFirst || counts[domains.of[node]!]! > 0)) nodes[kept++] = node;
      }
      left = kept;
    }
    for (const { domains, counts, total } of this.#antiAffinity)
      if (total > 0) left = withoutPicked(domains, counts, nodes, left);
    for (const group of this.#picking.forbidding)
      if (isHeld(group)) left = withoutPicked(group.domains, group.counts, nodes, left);
    return left;
  }

  /** Adds the weighted, normalized scores of these nodes to their totals. */
  addTo(totals: Float64Array, nodes: Int32Array, size: number): void {
    const sums = this.#held();
    if (sums.length === 0) return;
    const scores = this.#scratch;
    for (let k = 0; k < size; k++) scores[nodes[k]!] = 0;
    for (const { domains, counts, weight } of sums) {
      const { of, has } = domains;
      for (let k = 0; k < size; k++) {
        const node = nodes[k]!;
        if (has[node] === 1) scores[node]! += weight * counts[of[node]!]!;
      }
    }
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < size; k++) {
      const score = scores[nodes[k]!]!;
      if (score < min) min = score;
      if (score > max) max = score;
    }
    if (max <= min) return;
    const range = max - min;
    for (let k = 0; k < size; k++) {
      const node = nodes[k]!;
      totals[node]! += this.#weight * Math.trunc(100 * ((scores[node]! - min) / range));
    }
  }

  /** What counts for or against a domain, with what each pod there is worth. */
  #held(): readonly WeightedCounts[] {
    const held: WeightedCounts[] = [];
    for (const { sum, weight } of this.#preferences)
      if (sum.total > 0) held.push({ domains: sum.domains, counts: sum.counts, weight });
    if (this.#scoresOthers)
      for (const group of this.#picking.scoring)
        if (isHeld(group)) held.push({ domains: group.domains, counts: group.counts, weight: group.weight ?? 0 });
    return held;
  }
}

interface WeightedCounts {
  readonly domains: Domains;
  readonly counts: Int32Array;
  readonly weight: number;
}

function isHeld({ total }: TermGroup): boolean {
  return total > 0;
}

function withoutPicked(domains: Domains, counts: Int32Array, nodes: Int32Array, size: number): number {
  let kept = 0;
  for (let k = 0; k < size; k++) {
    const node = nodes[k]!;
    if (domains.has[node] === 0 || counts[domains.of[node]!]! <= 0) nodes[kept++] = node;
  }
  return kept;
}
