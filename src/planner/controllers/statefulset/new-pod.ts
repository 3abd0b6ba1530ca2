// The pod that a StatefulSet's template gives for an ordinal, with its identity and its claims.
// Behaviour: pkg/controller/statefulset/stateful_set_utils.go, Kubernetes v1.36.3.
import { newControllerRef } from '../../../apimachinery/owner-references.ts';
import { LABEL_CONTROLLER_REVISION_HASH } from '../../../apimachinery/well-known/labels.ts';
import type { StatefulSet } from '../../../schema/generated/types/apps-v1.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import { podFromTemplate } from '../pod-control/pod-control.ts';
import { withClaimVolumes } from './claims.ts';
import { podName, STATEFUL_SET_KIND, withIdentity } from './identity.ts';

/** A pod that is still to be created: it has no phase. */
export function newStatefulPod(set: StatefulSet, ordinal: number, revision: string): Pod {
  const pod = podFromTemplate(set.spec.template, set, newControllerRef(set, STATEFUL_SET_KIND));
  const { metadata, spec } = withIdentity(set, { ...pod, metadata: { ...pod.metadata, name: podName(set, ordinal) } });
  const { serviceName } = set.spec;
  const { subdomain: _template, ...others } = spec;
  return withClaimVolumes(set, {
    ...pod,
    metadata: { ...metadata, labels: { ...metadata.labels, [LABEL_CONTROLLER_REVISION_HASH]: revision } },
    spec: { ...others, hostname: metadata.name ?? '', ...(serviceName === '' ? {} : { subdomain: serviceName }) },
  });
}
