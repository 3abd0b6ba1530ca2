// How PriorityLevelConfigurations are created and updated.
// Behaviour: pkg/registry/flowcontrol/prioritylevelconfiguration/strategy.go, pkg/apis/flowcontrol/v1/defaults.go,
// Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import type {
  LimitedPriorityLevelConfiguration,
  PriorityLevelConfiguration,
  PriorityLevelConfigurationSpec,
  QueuingConfiguration,
} from '../../../schema/generated/types/flowcontrol-v1.ts';
import type { Resource } from '../../resource.ts';
import { withGeneration, withNextGeneration } from '../../strategies/generation.ts';
import { oldMetadata, validateConditions } from '../condition-validation.ts';
import { validatePriorityLevel } from './validation.ts';

const DEFAULT_SHARES = 30;
const DEFAULT_QUEUES = 64;
const DEFAULT_HAND_SIZE = 8;
const DEFAULT_QUEUE_LENGTH_LIMIT = 50;

export const priorityLevelConfigurationResource: Resource<PriorityLevelConfiguration> = {
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: 'PriorityLevelConfiguration',
  plural: 'prioritylevelconfigurations',
  singular: 'prioritylevelconfiguration',
  namespaced: false,
  strategy: {
    allowUnconditionalUpdate: true,
    applyDefaults: (level) => ({ ...level, spec: defaultSpec(level.spec) }),
    prepareForCreate: (level) => withGeneration({ ...level, status: {} }, 1),
    validate: validatePriorityLevel,
    prepareForUpdate,
    validateUpdate: validatePriorityLevel,
  },
  subresources: {
    status: {
      prepareForUpdate: (level, old) => ({ ...level, metadata: oldMetadata(level, old), spec: old.spec }),
      validateUpdate: ({ status }) => validateConditions(status),
    },
  },
};

function prepareForUpdate(
  given: PriorityLevelConfiguration,
  old: PriorityLevelConfiguration,
): PriorityLevelConfiguration {
  const level = { ...given, status: old.status };
  return semanticDeepEqual(level.spec, old.spec) ? level : withNextGeneration(level, old);
}

function defaultSpec(spec: PriorityLevelConfigurationSpec): PriorityLevelConfigurationSpec {
  const { limited, exempt } = spec;
  return {
    ...spec,
    ...(limited ? { limited: defaultLimited(limited) } : {}),
    ...(exempt ? { exempt: { nominalConcurrencyShares: 0, lendablePercent: 0, ...exempt } } : {}),
  };
}

function defaultLimited(limited: LimitedPriorityLevelConfiguration): LimitedPriorityLevelConfiguration {
  const { limitResponse } = limited;
  const { queuing } = limitResponse;
  return {
    nominalConcurrencyShares: DEFAULT_SHARES,
    lendablePercent: 0,
    ...limited,
    ...(queuing ? { limitResponse: { ...limitResponse, queuing: defaultQueuing(queuing) } } : {}),
  };
}

function defaultQueuing({ queues, handSize, queueLengthLimit }: QueuingConfiguration): QueuingConfiguration {
  return {
    queues: queues || DEFAULT_QUEUES,
    handSize: handSize || DEFAULT_HAND_SIZE,
    queueLengthLimit: queueLengthLimit || DEFAULT_QUEUE_LENGTH_LIMIT,
  };
}
