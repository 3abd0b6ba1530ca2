// A pod that has a node carries that node's zone and region labels.
// Behaviour: plugin/pkg/admission/podtopologylabels/admission.go, Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';
import type { Binding, Node, Pod } from '../../schema/generated/types/core-v1.ts';
import { LABEL_TOPOLOGY_REGION, LABEL_TOPOLOGY_ZONE } from '../../selectors/topology.ts';
import type { ClusterReader } from '../cluster-reader.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { subjectOf } from './subject.ts';

const COPIED = [LABEL_TOPOLOGY_ZONE, LABEL_TOPOLOGY_REGION];

export const podTopologyLabels: AdmissionPlugin = {
  name: 'PodTopologyLabels',
  operations: ['CREATE'],
  resources: ['pods'],
  mutate(attributes, { reader, features }) {
    if (!features.isEnabled('PodTopologyLabelsAdmission')) return undefined;
    const pod = subjectOf<Pod>(attributes, { plural: 'pods' });
    if (pod) return withNodeLabels(pod, pod.spec.nodeName, reader);
    const binding = subjectOf<Binding>(attributes, { plural: 'pods', subresource: 'binding' });
    if (binding?.target.kind === 'Node') return withNodeLabels(binding, binding.target.name, reader);
    return undefined;
  },
};

/** What the node says wins over labels that are there already. */
function withNodeLabels(
  object: KubeObject,
  nodeName: string | undefined,
  reader: ClusterReader,
): KubeObject | undefined {
  const labels = nodeName ? reader.get<Node>('nodes', undefined, nodeName)?.metadata.labels : undefined;
  if (!labels) return undefined;
  const copied: Record<string, string> = {};
  for (const key of COPIED) {
    const value = labels[key];
    if (value !== undefined) copied[key] = value;
  }
  if (Object.keys(copied).length === 0) return undefined;
  return { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...copied } } };
}
