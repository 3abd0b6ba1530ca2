// Namespaces as affinity terms see them: their labels, and the ones that a term's selector takes in.
// Behaviour: pkg/scheduler/framework/plugins/interpodaffinity/plugin.go, Kubernetes v1.36.3.
import type { Namespace } from '../../../../schema/generated/types/core-v1.ts';
import { internLabels, type LabelSet } from '../../framework/label-set.ts';
import type { ClusterLister } from '../../framework/plugin.ts';
import type { AffinityTerm } from '../../framework/pod-info.ts';

export function namespaceLabels(objects: ClusterLister, namespace: string): LabelSet {
  return internLabels(objects.get<Namespace>('namespaces', undefined, namespace)?.metadata.labels);
}

/** The term with the namespaces that its selector matches now written out; an empty selector matches all of them anyway. */
export function mergeNamespaces<T extends AffinityTerm>(objects: ClusterLister, term: T): T {
  const { namespaceSelector } = term;
  if (namespaceSelector.isEmpty || !namespaceSelector.selector.selectable) return term;
  const selected = objects
    .list<Namespace>('namespaces')
    .filter(({ metadata }) => namespaceSelector.matches(internLabels(metadata.labels)))
    .map(({ metadata }) => metadata.name ?? '');
  return { ...term, namespaces: new Set([...term.namespaces, ...selected]) };
}
