// Which nodes keep the spread of a pod's DoNotSchedule constraints within maxSkew.
// Behaviour: pkg/scheduler/framework/plugins/podtopologyspread/filtering.go, Kubernetes v1.36.3.
import type { NodeInfo } from '../../framework/node-info.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import { type MaybeStatus, unschedulable, unschedulableAndUnresolvable } from '../../framework/status.ts';
import { countPodsMatchSelector, hasAllTopologyKeys, NodeInclusion, type SpreadConstraint } from './constraint.ts';

const ERR_REASON_CONSTRAINTS_NOT_MATCH = "node(s) didn't match pod topology spread constraints";
const ERR_REASON_NODE_LABEL_NOT_MATCH = `${ERR_REASON_CONSTRAINTS_NOT_MATCH} (missing required label)`;

const TOO_SKEWED = unschedulable(ERR_REASON_CONSTRAINTS_NOT_MATCH);
const NO_LABEL = unschedulableAndUnresolvable(ERR_REASON_NODE_LABEL_NOT_MATCH);

/** Stands for a domain that does not exist: no domain can have so many pods. */
const NO_DOMAIN = { value: '', count: 2 ** 31 - 1 };

/**
 * The domain with the fewest pods and one with at least as many. Two are enough as long as preemption only tries out
 * changes on one node: then only one domain's count moves.
 */
class CriticalPaths {
  #least = NO_DOMAIN;
  #next = NO_DOMAIN;

  get least(): number {
    return this.#least.count;
  }

  update(value: string, count: number): void {
    if (value === this.#least.value) {
      this.#least = { value, count };
      this.#order();
    } else if (value === this.#next.value) {
      this.#next = { value, count };
      this.#order();
    } else if (count < this.#least.count) {
      this.#next = this.#least;
      this.#least = { value, count };
    } else if (count < this.#next.count) this.#next = { value, count };
  }

  clone(): CriticalPaths {
    const copy = new CriticalPaths();
    copy.#least = this.#least;
    copy.#next = this.#next;
    return copy;
  }

  #order(): void {
    if (this.#least.count > this.#next.count) [this.#least, this.#next] = [this.#next, this.#least];
  }
}

interface ConstraintCounts {
  readonly constraint: SpreadConstraint;
  readonly counts: Map<string, number>;
  readonly critical: CriticalPaths;
  readonly selfMatch: 0 | 1;
}

interface SpreadViolation {
  readonly topologyKey: string;
  readonly maxSkew: number;
  /** undefined: the node lacks the label. */
  readonly domain: string | undefined;
  /** Matching pods in the node's domain and in the domain with the fewest. */
  readonly count: number;
  readonly least: number;
  /** The maxSkew that would do. */
  readonly needed: number;
}

export class SpreadFilterState {
  readonly #pod: PodInfo;
  readonly #inclusion: NodeInclusion;
  readonly #constraints: readonly SpreadConstraint[];
  readonly #counts: readonly ConstraintCounts[];

  private constructor(
    pod: PodInfo,
    inclusion: NodeInclusion,
    constraints: readonly SpreadConstraint[],
    counts: readonly ConstraintCounts[],
  ) {
    this.#pod = pod;
    this.#inclusion = inclusion;
    this.#constraints = constraints;
    this.#counts = counts;
  }

  static count(pod: PodInfo, constraints: readonly SpreadConstraint[], nodes: readonly NodeInfo[]): SpreadFilterState {
    const inclusion = new NodeInclusion(pod);
    const counts = constraints.map(
      (constraint): ConstraintCounts => ({
        constraint,
        counts: new Map(),
        critical: new CriticalPaths(),
        selfMatch: constraint.selector.matches(pod.labelSet) ? 1 : 0,
      }),
    );
    for (const nodeInfo of nodes) {
      if (!hasAllTopologyKeys(nodeInfo.labels, constraints)) continue;
      for (const { constraint, counts: byValue } of counts) {
        if (!inclusion.includes(constraint, nodeInfo.node)) continue;
        const value = nodeInfo.labels[constraint.topologyKey] ?? '';
        const found = countPodsMatchSelector(nodeInfo, constraint.selector, pod.namespace);
        byValue.set(value, (byValue.get(value) ?? 0) + found);
      }
    }
    for (const { counts: byValue, critical } of counts)
      for (const [value, count] of byValue) critical.update(value, count);
    return new SpreadFilterState(pod, inclusion, constraints, counts);
  }

  clone(): SpreadFilterState {
    const counts = this.#counts.map((entry) => ({
      ...entry,
      counts: new Map(entry.counts),
      critical: entry.critical.clone(),
    }));
    return new SpreadFilterState(this.#pod, this.#inclusion, this.#constraints, counts);
  }

  /** Counts a pod that is put on a node (1) or taken off it (-1). */
  update(other: PodInfo, nodeInfo: NodeInfo, delta: 1 | -1): void {
    if (other.namespace !== this.#pod.namespace || !hasAllTopologyKeys(nodeInfo.labels, this.#constraints)) return;
    for (const { constraint, counts, critical } of this.#counts) {
      if (!constraint.selector.matches(other.labelSet) || !this.#inclusion.includes(constraint, nodeInfo.node))
        continue;
      const value = nodeInfo.labels[constraint.topologyKey] ?? '';
      const count = (counts.get(value) ?? 0) + delta;
      counts.set(value, count);
      critical.update(value, count);
    }
  }

  /** What is wrong with a node, constraint by constraint: for whoever explains a decision. */
  violations({ labels }: NodeInfo): readonly SpreadViolation[] {
    return this.#counts.flatMap(({ constraint, counts, critical, selfMatch }): readonly SpreadViolation[] => {
      const { topologyKey, maxSkew } = constraint;
      const domain = labels[topologyKey];
      const count = counts.get(domain ?? '') ?? 0;
      const least = counts.size < constraint.minDomains ? 0 : critical.least;
      if (domain === undefined) return [{ topologyKey, maxSkew, domain, count, least, needed: maxSkew }];
      const needed = count + selfMatch - least;
      return needed > maxSkew ? [{ topologyKey, maxSkew, domain, count, least, needed }] : [];
    });
  }

  check({ labels }: NodeInfo): MaybeStatus {
    for (const { constraint, counts, critical, selfMatch } of this.#counts) {
      const value = labels[constraint.topologyKey];
      if (value === undefined) return NO_LABEL;
      const least = counts.size < constraint.minDomains ? 0 : critical.least;
      if ((counts.get(value) ?? 0) + selfMatch - least > constraint.maxSkew) return TOO_SKEWED;
    }
    return undefined;
  }
}
