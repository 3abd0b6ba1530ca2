// Where nodes are: zones, regions and other topology domains, read from labels.
// Behaviour: staging/src/k8s.io/component-helpers/node/topology/helpers.go, Kubernetes v1.36.3.
import { LABEL_TOPOLOGY_REGION, LABEL_TOPOLOGY_ZONE } from '../apimachinery/well-known/labels.ts';
import type { Labels } from './label-selector.ts';

export const LABEL_FAILURE_DOMAIN_ZONE = 'failure-domain.beta.kubernetes.io/zone';
export const LABEL_FAILURE_DOMAIN_REGION = 'failure-domain.beta.kubernetes.io/region';

/** The value a node has for a topology key; undefined when it is in no domain of that key. */
export function topologyValue(labels: Labels | undefined, key: string): string | undefined {
  return labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** Region and zone in one text, empty without either. The old labels win over the new ones. */
export function zoneKey(labels: Labels | undefined): string {
  const zone = topologyValue(labels, LABEL_FAILURE_DOMAIN_ZONE) ?? topologyValue(labels, LABEL_TOPOLOGY_ZONE) ?? '';
  const region =
    topologyValue(labels, LABEL_FAILURE_DOMAIN_REGION) ?? topologyValue(labels, LABEL_TOPOLOGY_REGION) ?? '';
  // A NUL cannot be in a label, so no two pairs give the same key.
  return zone === '' && region === '' ? '' : `${region}:\0:${zone}`;
}
