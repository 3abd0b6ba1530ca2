// How APIServices are created and updated, and how their status is written.
// Behaviour: [kube-aggregator]/pkg/registry/apiservice/strategy.go, [kube-aggregator]/pkg/apis/apiregistration/v1/defaults.go, Kubernetes v1.36.3.
import { formatTime } from '../../../apimachinery/time/time.ts';
import { isPathSegmentName } from '../../../apimachinery/validation/names.ts';
import type { APIService, APIServiceCondition } from '../../../schema/generated/types/apiregistration-v1.ts';
import type { Resource, StrategyContext } from '../../resource.ts';
import { withAvailability } from './availability.ts';
import { validateApiService, validateApiServiceStatus } from './validation.ts';

type Metadata = APIService['metadata'];

const SERVICE_PORT = 443;

export const apiServiceResource: Resource<APIService> = {
  group: 'apiregistration.k8s.io',
  version: 'v1',
  kind: 'APIService',
  plural: 'apiservices',
  singular: 'apiservice',
  namespaced: false,
  categories: ['api-extensions'],
  strategy: {
    acceptsAnyFinalizer: true,
    validateName: isPathSegmentName,
    applyDefaults: (apiService) => {
      const { service } = apiService.spec;
      if (!service || service.port !== undefined) return apiService;
      return { ...apiService, spec: { ...apiService.spec, service: { ...service, port: SERVICE_PORT } } };
    },
    prepareForCreate: (apiService, context) => ({
      ...apiService,
      // What the API server serves by itself is there at once.
      status: apiService.spec.service ? {} : { conditions: [locallyAvailable(context)] },
    }),
    validate: validateApiService,
    prepareForUpdate: (apiService, old) => ({ ...apiService, status: old.status }),
    validateUpdate: validateApiService,
  },
  subresources: {
    status: {
      prepareForUpdate: (apiService, old) => ({
        ...apiService,
        metadata: metadataForStatus(apiService.metadata, old.metadata),
        spec: old.spec,
      }),
      validateUpdate: validateApiServiceStatus,
    },
  },
  followUp: withAvailability,
};

function locallyAvailable({ now }: StrategyContext): APIServiceCondition {
  return {
    type: 'Available',
    status: 'True',
    lastTransitionTime: formatTime(now),
    reason: 'Local',
    message: 'Local APIServices are always available',
  };
}

function metadataForStatus(given: Metadata, old: Metadata): Metadata {
  const {
    labels: _labels,
    annotations: _annotations,
    finalizers: _finalizers,
    ownerReferences: _owners,
    ...rest
  } = given;
  const { labels, annotations, finalizers, ownerReferences } = old;
  return {
    ...rest,
    ...(labels ? { labels } : {}),
    ...(annotations ? { annotations } : {}),
    ...(finalizers ? { finalizers } : {}),
    ...(ownerReferences ? { ownerReferences } : {}),
  };
}
