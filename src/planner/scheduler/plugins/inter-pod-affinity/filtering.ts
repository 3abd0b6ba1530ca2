// Which nodes satisfy a pod's required affinity and anti-affinity, and the required anti-affinity of pods that are there.
// Behaviour: pkg/scheduler/framework/plugins/interpodaffinity/filtering.go, Kubernetes v1.36.3.
import type { LabelSet } from '../../framework/label-set.ts';
import type { NodeInfo } from '../../framework/node-info.ts';
import { type AffinityTerm, type PodInfo, termMatches } from '../../framework/pod-info.ts';
import { type MaybeStatus, unschedulable, unschedulableAndUnresolvable } from '../../framework/status.ts';
import { matchesAllTerms, TopologyCounts } from './topology-counts.ts';

const ERR_REASON_AFFINITY = "node(s) didn't match pod affinity rules";
const ERR_REASON_ANTI_AFFINITY = "node(s) didn't match pod anti-affinity rules";
const ERR_REASON_EXISTING_ANTI_AFFINITY = "node(s) didn't satisfy existing pods anti-affinity rules";

const AFFINITY = unschedulableAndUnresolvable(ERR_REASON_AFFINITY);
const ANTI_AFFINITY = unschedulable(ERR_REASON_ANTI_AFFINITY);
const EXISTING_ANTI_AFFINITY = unschedulable(ERR_REASON_EXISTING_ANTI_AFFINITY);

interface Counts {
  /** Existing pods whose anti-affinity the incoming pod meets. */
  readonly existingAntiAffinity: TopologyCounts;
  /** Existing pods that meet all of the incoming pod's affinity terms. */
  readonly affinity: TopologyCounts;
  /** Existing pods that meet one of its anti-affinity terms. */
  readonly antiAffinity: TopologyCounts;
}

/** The incoming pod with its terms' namespaces resolved. */
interface Incoming {
  readonly pod: PodInfo;
  readonly affinityTerms: readonly AffinityTerm[];
  readonly antiAffinityTerms: readonly AffinityTerm[];
  readonly namespaceLabels: LabelSet;
}

export class AffinityFilterState {
  readonly #incoming: Incoming;
  readonly #counts: Counts;

  private constructor(incoming: Incoming, counts: Counts) {
    this.#incoming = incoming;
    this.#counts = counts;
  }

  static count(
    incoming: Incoming,
    nodesWithAntiAffinity: readonly NodeInfo[],
    allNodes: readonly NodeInfo[],
  ): AffinityFilterState {
    const counts = {
      existingAntiAffinity: new TopologyCounts(),
      affinity: new TopologyCounts(),
      antiAffinity: new TopologyCounts(),
    };
    const state = new AffinityFilterState(incoming, counts);
    for (const nodeInfo of nodesWithAntiAffinity)
      for (const other of nodeInfo.podsWithRequiredAntiAffinity) state.#countExistingAntiAffinity(other, nodeInfo, 1);
    if (incoming.affinityTerms.length > 0 || incoming.antiAffinityTerms.length > 0)
      for (const nodeInfo of allNodes) for (const other of nodeInfo.pods) state.#countIncoming(other, nodeInfo, 1);
    return state;
  }

  /** Nothing asks for or forbids any node. */
  get isIrrelevant(): boolean {
    const { affinityTerms, antiAffinityTerms } = this.#incoming;
    return this.#counts.existingAntiAffinity.size === 0 && affinityTerms.length === 0 && antiAffinityTerms.length === 0;
  }

  clone(): AffinityFilterState {
    const { existingAntiAffinity, affinity, antiAffinity } = this.#counts;
    return new AffinityFilterState(this.#incoming, {
      existingAntiAffinity: existingAntiAffinity.clone(),
      affinity: affinity.clone(),
      antiAffinity: antiAffinity.clone(),
    });
  }

  update(other: PodInfo, nodeInfo: NodeInfo, delta: 1 | -1): void {
    this.#countExistingAntiAffinity(other, nodeInfo, delta);
    this.#countIncoming(other, nodeInfo, delta);
  }

  check({ labels }: NodeInfo): MaybeStatus {
    const { affinityTerms, antiAffinityTerms, pod } = this.#incoming;
    const { affinity, antiAffinity, existingAntiAffinity } = this.#counts;
    let podsExist = true;
    for (const { topologyKey } of affinityTerms) {
      const value = labels[topologyKey];
      if (value === undefined) return AFFINITY;
      if (affinity.get(topologyKey, value) <= 0) podsExist = false;
    }
    // The first of a group of pods that want to be together may go anywhere.
    if (!podsExist && !(affinity.size === 0 && matchesAllTerms(affinityTerms, pod))) return AFFINITY;
    if (antiAffinity.size > 0)
      for (const { topologyKey } of antiAffinityTerms) {
        const value = labels[topologyKey];
        if (value !== undefined && antiAffinity.get(topologyKey, value) > 0) return ANTI_AFFINITY;
      }
    if (existingAntiAffinity.size > 0)
      for (const key of existingAntiAffinity.keys()) {
        const value = labels[key];
        if (value !== undefined && existingAntiAffinity.get(key, value) > 0) return EXISTING_ANTI_AFFINITY;
      }
    return undefined;
  }

  #countExistingAntiAffinity(other: PodInfo, { labels }: NodeInfo, delta: 1 | -1): void {
    const { pod, namespaceLabels } = this.#incoming;
    for (const term of other.requiredAntiAffinityTerms)
      if (termMatches(term, pod, namespaceLabels))
        this.#counts.existingAntiAffinity.add(labels, term.topologyKey, delta);
  }

  #countIncoming(other: PodInfo, { labels }: NodeInfo, delta: 1 | -1): void {
    const { affinityTerms, antiAffinityTerms } = this.#incoming;
    this.#counts.affinity.addIfMatchesAll(affinityTerms, other, labels, delta);
    for (const term of antiAffinityTerms)
      if (termMatches(term, other, undefined)) this.#counts.antiAffinity.add(labels, term.topologyKey, delta);
  }
}
