// How many pods in a topology domain matched a term: counts by label key and value.
// Behaviour: pkg/scheduler/framework/plugins/interpodaffinity/filtering.go (topologyToMatchedTermCount), Kubernetes v1.36.3.
import type { Labels } from '../../framework/label-set.ts';
import { type AffinityTerm, type PodInfo, termMatches } from '../../framework/pod-info.ts';

export class TopologyCounts {
  readonly #byKey = new Map<string, Map<string, number>>();
  #size = 0;

  /** Number of domains with a count other than zero. */
  get size(): number {
    return this.#size;
  }

  get(key: string, value: string): number {
    return this.#byKey.get(key)?.get(value) ?? 0;
  }

  keys(): IterableIterator<string> {
    return this.#byKey.keys();
  }

  /** Nodes without the label belong to no domain. */
  add(nodeLabels: Labels, key: string, amount: number): void {
    const value = nodeLabels[key];
    if (value === undefined) return;
    let counts = this.#byKey.get(key);
    if (!counts) this.#byKey.set(key, (counts = new Map()));
    const before = counts.get(value);
    const after = (before ?? 0) + amount;
    if (after !== 0) {
      counts.set(value, after);
      if (before === undefined) this.#size += 1;
    } else if (before !== undefined) {
      counts.delete(value);
      this.#size -= 1;
    }
  }

  /** Counts the node for every term if the pod meets all of them. */
  addIfMatchesAll(terms: readonly AffinityTerm[], pod: PodInfo, nodeLabels: Labels, amount: number): void {
    if (!matchesAllTerms(terms, pod)) return;
    for (const { topologyKey } of terms) this.add(nodeLabels, topologyKey, amount);
  }

  clone(): TopologyCounts {
    const copy = new TopologyCounts();
    for (const [key, counts] of this.#byKey) copy.#byKey.set(key, new Map(counts));
    copy.#size = this.#size;
    return copy;
  }
}

/** The terms are an incoming pod's, with its namespace selectors resolved, so that no namespace labels are looked at. */
export function matchesAllTerms(terms: readonly AffinityTerm[], pod: PodInfo): boolean {
  if (terms.length === 0) return false;
  for (const term of terms) if (!termMatches(term, pod, undefined)) return false;
  return true;
}
