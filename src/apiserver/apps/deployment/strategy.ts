// How Deployments are created, updated and scaled.
// Behaviour: pkg/registry/apps/deployment/{strategy.go,storage/storage.go}, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import type { Deployment } from '../../../schema/generated/types/apps-v1.ts';
import { equalValues } from '../../core/pod/spec-equality.ts';
import { dropDisabledTemplateFields } from '../../core/pod-spec/disabled-fields.ts';
import { podTemplateWarnings } from '../../core/pod-spec/warnings.ts';
import type { FeatureGates, Resource, StrategyContext } from '../../resource.ts';
import { withGeneration, withNextGeneration } from '../../strategies/generation.ts';
import { podNameWarnings } from '../pod-name-warnings.ts';
import { TEMPLATE } from '../workload-validation.ts';
import { defaultDeployment } from './defaults.ts';
import { validateDeployment, validateDeploymentStatus, validateDeploymentUpdate } from './validation.ts';

export const deploymentResource: Resource<Deployment> = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  singular: 'deployment',
  namespaced: true,
  shortNames: ['deploy'],
  categories: ['all'],
  strategy: {
    allowUnconditionalUpdate: true,
    applyDefaults: defaultDeployment,
    prepareForCreate: (deployment, { features }) =>
      withGeneration({ ...withEnabledFields(deployment, undefined, features), status: {} }, 1),
    validate: validateDeployment,
    warningsOnCreate: (deployment) => [
      ...podNameWarnings(deployment),
      ...podTemplateWarnings(deployment.spec.template, TEMPLATE),
    ],
    prepareForUpdate,
    validateUpdate: validateDeploymentUpdate,
    warningsOnUpdate: (deployment, old) =>
      deployment.metadata.generation === old.metadata.generation
        ? []
        : podTemplateWarnings(deployment.spec.template, TEMPLATE),
  },
  subresources: {
    status: { prepareForUpdate: prepareForStatusUpdate, validateUpdate: validateDeploymentStatus },
  },
  scale: {
    specReplicas: ['spec', 'replicas'],
    statusReplicas: ['status', 'replicas'],
    selector: ['spec', 'selector'],
  },
};

function withEnabledFields(deployment: Deployment, old: Deployment | undefined, features: FeatureGates): Deployment {
  const { spec } = deployment;
  const template = dropDisabledTemplateFields(spec.template, old?.spec.template, features);
  return template === spec.template ? deployment : { ...deployment, spec: { ...spec, template } };
}

/** Annotations count too: they are copied to the ReplicaSets. */
function prepareForUpdate(given: Deployment, old: Deployment, { features }: StrategyContext): Deployment {
  const deployment = withEnabledFields({ ...given, status: old.status }, old, features);
  const isSame =
    equalValues(deployment.spec, old.spec) &&
    semanticDeepEqual(deployment.metadata.annotations, old.metadata.annotations);
  return isSame ? deployment : withNextGeneration(deployment, old);
}

function prepareForStatusUpdate(
  { metadata, status: given, ...rest }: Deployment,
  old: Deployment,
  { features }: StrategyContext,
): Deployment {
  const { labels: _, ...otherMetadata } = metadata;
  const { labels } = old.metadata;
  const { terminatingReplicas, ...status } = given;
  const keepsTerminating =
    terminatingReplicas !== undefined &&
    (features.isEnabled('DeploymentReplicaSetTerminatingReplicas') || old.status.terminatingReplicas !== undefined);
  return {
    ...rest,
    metadata: labels ? { ...otherMetadata, labels } : otherMetadata,
    spec: old.spec,
    status: keepsTerminating ? given : status,
  };
}
