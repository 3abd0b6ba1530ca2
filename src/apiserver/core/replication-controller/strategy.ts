// How the API server treats ReplicationControllers.
// Behaviour: pkg/registry/core/replicationcontroller/strategy.go, Kubernetes v1.36.3.
import { FieldPath } from '../../../apimachinery/field-path.ts';
import {
  DNS1123_SUBDOMAIN_MAX_LENGTH,
  isDns1123Label,
  isDns1123Subdomain,
  maxBytesError,
  maxLengthError,
} from '../../../apimachinery/validation/names.ts';
import type { ReplicationController } from '../../../schema/generated/types/core-v1.ts';
import type { FeatureGates, Resource, Strategy, SubresourceStrategy } from '../../resource.ts';
import { withGeneration, withNextGeneration } from '../../strategies/generation.ts';
import { equalValues } from '../pod/spec-equality.ts';
import { dropDisabledTemplateFields } from '../pod-spec/disabled-fields.ts';
import { podTemplateValidationOptions } from '../pod-spec/validation/options.ts';
import { podTemplateWarnings } from '../pod-spec/warnings.ts';
import { defaultReplicationController } from './defaults.ts';
import {
  validateReplicationControllerSpec,
  validateReplicationControllerStatus,
  validateReplicationControllerUpdate,
} from './validation.ts';

const NAME_WARNING =
  'metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended';
const TEMPLATE = FieldPath.of('spec', 'template');

function withoutDisabledFields(
  controller: ReplicationController,
  old: ReplicationController | undefined,
  features: FeatureGates,
): ReplicationController {
  const { template } = controller.spec;
  if (!template) return controller;
  const next = dropDisabledTemplateFields(template, old?.spec.template, features);
  return next === template ? controller : { ...controller, spec: { ...controller.spec, template: next } };
}

/** Of names made up from a prefix only the outcome is checked here; and the newer validator counts in bytes. */
function isReplicationControllerName(name: string, prefix: boolean): readonly string[] {
  if (prefix) return [];
  const tooLong = maxLengthError(DNS1123_SUBDOMAIN_MAX_LENGTH);
  return isDns1123Subdomain(name).map((message) =>
    message === tooLong ? maxBytesError(DNS1123_SUBDOMAIN_MAX_LENGTH) : message,
  );
}

const strategy: Strategy<ReplicationController> = {
  applyDefaults: defaultReplicationController,
  prepareForCreate(controller, { features }) {
    return withoutDisabledFields(withGeneration({ ...controller, status: { replicas: 0 } }, 1), undefined, features);
  },
  validate({ spec }, { features }) {
    return validateReplicationControllerSpec(spec, podTemplateValidationOptions(spec.template, undefined, features));
  },
  warningsOnCreate({ metadata, spec }) {
    const messages = isDns1123Label(metadata.name ?? '');
    return [
      ...(messages.length > 0 ? [`${NAME_WARNING}: [${messages.join(' ')}]`] : []),
      ...podTemplateWarnings(spec.template, TEMPLATE),
    ];
  },
  prepareForUpdate(controller, old, { features }) {
    const next = withoutDisabledFields({ ...controller, status: old.status }, old, features);
    if (equalValues(next.spec, old.spec)) return next;
    return withNextGeneration(next, old);
  },
  validateUpdate(controller, old, { features }) {
    const options = podTemplateValidationOptions(controller.spec.template, old.spec.template, features);
    return validateReplicationControllerUpdate(controller, old, options);
  },
  // Upstream warns of the old template here.
  warningsOnUpdate: (controller, old) =>
    controller.metadata.generation === old.metadata.generation ? [] : podTemplateWarnings(old.spec.template, TEMPLATE),
  validateName: isReplicationControllerName,
  allowUnconditionalUpdate: true,
  defaultPropagation: 'Orphan',
};

const statusStrategy: SubresourceStrategy<ReplicationController> = {
  prepareForUpdate: (controller, old) => ({ ...controller, spec: old.spec }),
  validateUpdate: ({ status }) => validateReplicationControllerStatus(status),
};

export const replicationControllerResource: Resource<ReplicationController> = {
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
  plural: 'replicationcontrollers',
  singular: 'replicationcontroller',
  namespaced: true,
  shortNames: ['rc'],
  categories: ['all'],
  strategy,
  subresources: { status: statusStrategy },
  scale: {
    specReplicas: ['spec', 'replicas'],
    statusReplicas: ['status', 'replicas'],
    selector: ['spec', 'selector'],
  },
};
