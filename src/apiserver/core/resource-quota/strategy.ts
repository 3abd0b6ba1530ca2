// How ResourceQuotas are created and updated.
// Behaviour: pkg/registry/core/resourcequota/strategy.go, pkg/apis/core/v1/zz_generated.defaults.go, Kubernetes v1.36.3.
import { parseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import type { ResourceQuota } from '../../../schema/generated/types/core-v1.ts';
import type { Resource } from '../../resource.ts';
import { roundResourceList } from '../pod-spec/resource-rounding.ts';
import { validateResourceQuota, validateResourceQuotaStatus, validateResourceQuotaUpdate } from './validation.ts';

export const resourceQuotaResource: Resource<ResourceQuota> = {
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  singular: 'resourcequota',
  namespaced: true,
  shortNames: ['quota'],
  strategy: {
    allowUnconditionalUpdate: true,
    applyDefaults,
    prepareForCreate: (quota) => ({ ...quota, status: {} }),
    validate: validateResourceQuota,
    warningsOnCreate,
    prepareForUpdate: (quota, old) => ({ ...quota, status: old.status }),
    validateUpdate: validateResourceQuotaUpdate,
  },
  subresources: {
    status: {
      prepareForUpdate: (quota, old) => ({ ...quota, spec: old.spec }),
      validateUpdate: validateResourceQuotaStatus,
    },
  },
};

function applyDefaults(quota: ResourceQuota): ResourceQuota {
  const { spec, status } = quota;
  return {
    ...quota,
    spec: spec.hard ? { ...spec, hard: roundResourceList(spec.hard) } : spec,
    status: {
      ...status,
      ...(status.hard ? { hard: roundResourceList(status.hard) } : {}),
      ...(status.used ? { used: roundResourceList(status.used) } : {}),
    },
  };
}

const resources = ['cpu', 'memory', 'storage', 'ephemeral-storage'];

/** What may be requested should not exceed what limits may add up to. */
function warningsOnCreate({ spec }: ResourceQuota): readonly string[] {
  const { hard = {} } = spec;
  return resources.flatMap((name) => {
    const isBareKnown = name === 'cpu' || name === 'memory';
    const requestName = hard[`requests.${name}`] === undefined && isBareKnown ? name : `requests.${name}`;
    const limitName = `limits.${name}`;
    const request = parseQuantity(hard[requestName] ?? '');
    const limit = parseQuantity(hard[limitName] ?? '');
    if (!request || !limit || request.cmp(limit) <= 0) return [];
    return [`ResourceQuota ${requestName} (${request}) should be less than ${limitName} (${limit})`];
  });
}
