// Which objects with a selector may select a pod with given labels, without asking each of them.
// Role: getServicesForPod ([endpointslice]/util/controller_utils.go) asks every Service of the namespace; this narrows the choice first.
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';

type Labels = Readonly<Record<string, string>>;

/** An equality-based selector, as a Service has it. */
export function matchesLabels(selector: Labels, labels: Labels | undefined): boolean {
  for (const key in selector) if (labels?.[key] !== selector[key]) return false;
  return true;
}

/** Pods of a namespace that an equality-based selector selects, by name. */
export function podsSelectedBy(selector: Labels, namespace: string, reader: ClusterReader): readonly Pod[] {
  let key: string | undefined;
  for (const candidate in selector) if (key === undefined || candidate > key) key = candidate;
  if (key === undefined) return reader.list<Pod>('pods', namespace);
  return reader
    .listByLabel<Pod>('pods', key, selector[key]!, namespace)
    .filter((pod) => matchesLabels(selector, pod.metadata.labels));
}

const NOTHING: readonly string[] = [];

/** Files each selecting object under one label pair that its selector demands. */
export class SelectorIndex {
  readonly #byPair = new Map<string, Map<string, Labels>>();
  readonly #pairOf = new Map<string, string>();

  /** Files `key` (namespace/name) under its selector; undefined takes it out. A selector without pairs counts for every pod. */
  set(key: string, namespace: string, selector: Labels | undefined): void {
    const old = this.#pairOf.get(key);
    if (old !== undefined) {
      const entries = this.#byPair.get(old);
      entries?.delete(key);
      if (entries?.size === 0) this.#byPair.delete(old);
      this.#pairOf.delete(key);
    }
    if (!selector) return;
    const pair = entryOf(namespace, selector);
    this.#pairOf.set(key, pair);
    const entries = this.#byPair.get(pair) ?? new Map<string, Labels>();
    this.#byPair.set(pair, entries.set(key, selector));
  }

  get isEmpty(): boolean {
    return this.#byPair.size === 0;
  }

  /** Keys of the objects whose equality pairs all match, in key order. */
  find(namespace: string, labels: Labels | undefined): readonly string[] {
    if (this.#byPair.size === 0) return NOTHING;
    const found: string[] = [];
    const collect = (pair: string): void => {
      for (const [key, selector] of this.#byPair.get(pair) ?? []) if (matchesLabels(selector, labels)) found.push(key);
    };
    collect(`${namespace}/`);
    for (const key in labels) collect(`${namespace}/${key}=${labels[key]}`);
    return found.length > 1 ? found.sort() : found;
  }
}

/** The last pair in key order: `app` before `pod-template-hash` or `tier`, the later ones tell more apart. */
function entryOf(namespace: string, selector: Labels): string {
  let last: string | undefined;
  for (const key in selector) if (last === undefined || key > last) last = key;
  return last === undefined ? `${namespace}/` : `${namespace}/${last}=${selector[last]}`;
}
