// Topology spreading of a class of pods, from counts per domain that are kept up to date.
// Behaviour: pkg/scheduler/framework/plugins/podtopologyspread/{filtering,scoring}.go, Kubernetes v1.36.3: the plain plugin says the same.
import { LABEL_HOSTNAME } from '../../../../apimachinery/well-known/labels.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import { NodeInclusion, type SpreadConstraint } from '../../plugins/pod-topology-spread/constraint.ts';
import { scoreForCount, topologyNormalizingWeight } from '../../plugins/pod-topology-spread/scoring.ts';
import type { CounterRegistry, DomainCounts, PodMatcher } from '../counts/match-counter.ts';
import { type Column, countColumn } from '../nodes/like-nodes.ts';
import type { Domains, NodeTable } from '../nodes/node-table.ts';

/** Pods of the namespace that a constraint's selector picks and that are not on their way out. */
function spreadMatcher({ selector }: SpreadConstraint, namespace: string): PodMatcher {
  return {
    text: `spread\n${namespace}\n${selector.id}`,
    selector,
    // An empty selector counts nothing.
    matches: (pod) =>
      !selector.isEmpty && pod.namespace === namespace && !pod.isTerminating && selector.matches(pod.labelSet),
  };
}

interface HardConstraint {
  readonly sum: DomainCounts;
  /** 1 for domains that a counting node is in. */
  readonly exists: Uint8Array;
  readonly existing: number;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly selfMatch: 0 | 1;
}

const IGNORED = -1;

/** No domain: more than any count. */
const NO_DOMAIN = 2 ** 31 - 1;

export class HardSpread {
  readonly #constraints: readonly HardConstraint[];

  constructor(table: NodeTable, registry: CounterRegistry, pod: PodInfo, constraints: readonly SpreadConstraint[]) {
    const masks = includedNodes(table, pod, constraints, true);
    this.#constraints = constraints.map((constraint, i) => {
      const domains = table.domains(constraint.topologyKey);
      const included = masks[i];
      const exists = new Uint8Array(domains.count);
      for (let node = 0; node < table.size; node++)
        if (!included || included[node] === 1) exists[domains.of[node]!] = 1;
      return {
        sum: registry.counterOf(spreadMatcher(constraint, pod.namespace)).sumOver(domains, included),
        exists,
        existing: exists.reduce((sum, one) => sum + one, 0),
        maxSkew: constraint.maxSkew,
        minDomains: constraint.minDomains,
        selfMatch: constraint.selector.matches(pod.labelSet) ? 1 : 0,
      };
    });
  }

  /** What tells nodes apart. */
  get columns(): readonly Column[] {
    return this.#constraints.map(({ sum }) => countColumn(sum.domains, sum.counts));
  }

  /** Keeps the nodes that pass, in place; answers how many. */
  filter(nodes: Int32Array, size: number): number {
    let left = size;
    for (const { sum, exists, existing, maxSkew, minDomains, selfMatch } of this.#constraints) {
      const { domains, counts } = sum;
      let least = NO_DOMAIN;
      if (existing < minDomains) least = 0;
      else for (let d = 0; d < counts.length; d++) if (exists[d] === 1 && counts[d]! < least) least = counts[d]!;
      const most = maxSkew - selfMatch + least;
      let kept = 0;
      for (let k = 0; k < left; k++) {
        const node = nodes[k]!;
        if (domains.has[node] === 1 && counts[domains.of[node]!]! <= most) nodes[kept++] = node;
      }
      left = kept;
    }
    return left;
  }
}

interface SoftConstraint {
  readonly domains: Domains;
  readonly perNode: Int32Array;
  /** Absent for hostnames: their pods are counted node by node. */
  readonly sum: DomainCounts | undefined;
  readonly maxSkew: number;
  /** Which search last saw a domain. */
  readonly stamps: Int32Array;
}

export class SoftSpread {
  readonly weight: number;
  readonly #constraints: readonly SoftConstraint[];
  readonly #requireAll: boolean;
  /** Nodes that are not scored are marked in the table's scratch. */
  readonly #scratch: Float64Array;
  #stamp = 0;

  constructor(
    table: NodeTable,
    registry: CounterRegistry,
    pod: PodInfo,
    constraints: readonly SpreadConstraint[],
    requireAll: boolean,
    weight: number,
  ) {
    this.weight = weight;
    this.#requireAll = requireAll;
    this.#scratch = table.scratch;
    const masks = includedNodes(table, pod, constraints, requireAll);
    this.#constraints = constraints.map((constraint, i) => {
      const domains = table.domains(constraint.topologyKey);
      const counter = registry.counterOf(spreadMatcher(constraint, pod.namespace));
      const isHostname = constraint.topologyKey === LABEL_HOSTNAME;
      return {
        domains,
        perNode: counter.perNode,
        sum: isHostname ? undefined : counter.sumOver(domains, masks[i]),
        maxSkew: constraint.maxSkew,
        stamps: new Int32Array(isHostname ? 0 : domains.count),
      };
    });
  }

  /** What tells nodes apart. */
  get columns(): readonly Column[] {
    return this.#constraints.map(({ domains, perNode, sum }) =>
      // How many domains there are counts as well.
      sum ? { kind: 'domain', domains } : { kind: 'count', domains, counts: perNode, perNode: true },
    );
  }

  /**
   * Adds the weighted, normalized scores of these nodes to their totals. `sizes`: how many nodes each of them stands for, by
   * number; one where it is absent.
   */
  addTo(totals: Float64Array, nodes: Int32Array, size: number, sizes?: Int32Array): void {
    const scores = this.#scratch;
    const scored = this.#markIgnored(nodes, size, sizes);
    const weights = this.#constraints.map((constraint) => {
      if (!constraint.sum) return topologyNormalizingWeight(scored);
      return topologyNormalizingWeight(this.#domainsOf(constraint, nodes, size));
    });
    for (const [c, { domains, perNode, sum, maxSkew }] of this.#constraints.entries())
      addCounts(scores, nodes, size, domains, sum, perNode, maxSkew, weights[c]!);
    let min = Number.MAX_SAFE_INTEGER;
    let max = 0;
    for (let k = 0; k < size; k++) {
      const node = nodes[k]!;
      if (scores[node] === IGNORED) continue;
      const score = Math.round(scores[node]!);
      scores[node] = score;
      if (score < min) min = score;
      if (score > max) max = score;
    }
    const most = max + min;
    for (let k = 0; k < size; k++) {
      const node = nodes[k]!;
      if (scores[node] === IGNORED) continue;
      // Far below 2^53, so that the quotient of whole numbers never rounds up to the next one.
      totals[node]! += this.weight * (max === 0 ? 100 : Math.floor(((most - scores[node]!) * 100) / max));
    }
  }

  /** Nodes that lack a topology key are not scored when all keys are required; answers how many are. */
  #markIgnored(nodes: Int32Array, size: number, sizes: Int32Array | undefined): number {
    let scored = 0;
    for (let k = 0; k < size; k++) {
      const node = nodes[k]!;
      this.#scratch[node] = 0;
      scored += sizes ? sizes[node]! : 1;
    }
    if (!this.#requireAll) return scored;
    for (const { domains } of this.#constraints)
      for (let k = 0; k < size; k++) {
        const node = nodes[k]!;
        if (domains.has[node] === 1 || this.#scratch[node] === IGNORED) continue;
        this.#scratch[node] = IGNORED;
        scored -= sizes ? sizes[node]! : 1;
      }
    return scored;
  }

  /** How many domains the nodes to be scored are in. */
  #domainsOf({ domains, stamps }: SoftConstraint, nodes: Int32Array, size: number): number {
    const stamp = ++this.#stamp;
    let found = 0;
    for (let k = 0; k < size; k++) {
      const node = nodes[k]!;
      if (this.#scratch[node] === IGNORED) continue;
      const domain = domains.of[node]!;
      if (stamps[domain] === stamp) continue;
      stamps[domain] = stamp;
      found += 1;
    }
    return found;
  }
}

/** Adds what one constraint counts to the raw scores. */
function addCounts(
  scores: Float64Array,
  nodes: Int32Array,
  size: number,
  { of, has }: Domains,
  sum: DomainCounts | undefined,
  perNode: Int32Array,
  maxSkew: number,
  weight: number,
): void {
  for (let k = 0; k < size; k++) {
    const node = nodes[k]!;
    if (has[node] === 0 || scores[node] === IGNORED) continue;
    scores[node]! += scoreForCount(sum ? sum.counts[of[node]!]! : perNode[node]!, maxSkew, weight);
  }
}

/** For each constraint, 1 for the nodes whose pods count; absent when all do. */
function includedNodes(
  table: NodeTable,
  pod: PodInfo,
  constraints: readonly SpreadConstraint[],
  requireAll: boolean,
): readonly (Uint8Array | undefined)[] {
  const inclusion = new NodeInclusion(pod);
  const masks = constraints.map(() => new Uint8Array(table.size));
  const counts = constraints.map(() => 0);
  table.nodes.forEach(({ labels, node }, i) => {
    if (requireAll && constraints.some(({ topologyKey }) => labels[topologyKey] === undefined)) return;
    for (const [c, constraint] of constraints.entries()) {
      if (!inclusion.includes(constraint, node)) continue;
      masks[c]![i] = 1;
      counts[c]! += 1;
    }
  });
  return masks.map((mask, c) => (counts[c] === table.size ? undefined : mask));
}
