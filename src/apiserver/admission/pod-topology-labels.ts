// A pod that has a node carries that node's zone and region labels.
// Behaviour: plugin/pkg/admission/podtopologylabels/admission.go, Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';
import { LABEL_TOPOLOGY_REGION, LABEL_TOPOLOGY_ZONE } from '../../apimachinery/well-known/labels.ts';
import type { Binding, Node, Pod } from '../../schema/generated/types/core-v1.ts';
import type { ClusterReader } from '../cluster-reader.ts';
import type { AdmissionPlugin } from './chain/plugin.ts';
import { subjectOf } from './chain/subject.ts';

const COPIED = [LABEL_TOPOLOGY_ZONE, LABEL_TOPOLOGY_REGION];

export const podTopologyLabels: AdmissionPlugin = {
  name: 'PodTopologyLabels',
  operations: ['CREATE'],
  resources: ['pods'],
  subresources: ['', 'binding'],
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
  const copied = topologyOf(labels);
  if (!copied) return undefined;
  const own = object.metadata.labels;
  const all = own ? { ...own, ...copied } : copied;
  return object.kind === 'Pod' ? podWith(object, all) : bindingWith(object, all);
}

/** Two functions that do the same: what copies objects of one shape only is several times as fast. */
function podWith(pod: KubeObject, labels: Labels): KubeObject {
  return { ...pod, metadata: { ...pod.metadata, labels } };
}

function bindingWith(binding: KubeObject, labels: Labels): KubeObject {
  return { ...binding, metadata: { ...binding.metadata, labels } };
}

type Labels = Readonly<Record<string, string>>;

/** The labels of a place, one map for all the nodes there, so that what bears them can be told to be the same. */
function topologyOf(labels: Labels): Labels | undefined {
  const known = topologies.get(labels);
  if (known) return known;
  const copied: Record<string, string> = {};
  for (const key of COPIED) {
    const value = labels[key];
    if (value !== undefined) copied[key] = value;
  }
  const text = JSON.stringify(copied);
  if (text === '{}') return undefined;
  let place = places.get(text);
  if (!place) places.set(text, (place = copied));
  topologies.set(labels, place);
  return place;
}

const topologies = new WeakMap<Labels, Labels>();
const places = new Map<string, Labels>();
