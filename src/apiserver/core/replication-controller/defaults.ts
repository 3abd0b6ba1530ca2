// Fills in what a ReplicationController leaves out.
// Behaviour: pkg/apis/core/v1/{defaults,zz_generated.defaults}.go, Kubernetes v1.36.3.
import { merge } from '../../../apimachinery/sharing.ts';
import type { ReplicationController } from '../../../schema/generated/types/core-v1.ts';
import { defaultPodTemplate } from '../pod-spec/defaults.ts';

export function defaultReplicationController(controller: ReplicationController): ReplicationController {
  const { metadata, spec } = controller;
  const labels = spec.template?.metadata.labels;
  const takesSelector = labels && Object.keys(spec.selector ?? {}).length === 0;
  const takesLabels = labels && Object.keys(metadata.labels ?? {}).length === 0;
  return merge(controller, {
    metadata: takesLabels ? { ...metadata, labels } : metadata,
    spec: merge(spec, {
      replicas: spec.replicas ?? 1,
      selector: takesSelector ? labels : undefined,
      template: spec.template && defaultPodTemplate(spec.template),
    }),
  });
}
