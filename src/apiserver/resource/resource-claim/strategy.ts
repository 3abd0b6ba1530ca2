// How ResourceClaims are created and updated.
// Behaviour: pkg/registry/resource/resourceclaim/strategy.go, Kubernetes v1.36.3.
import { type FieldError, GoValue, invalid } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { goMarshalInOrder } from '../../../apimachinery/go/json.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/object-meta.ts';
import type { ResourceClaim } from '../../../schema/generated/types/resource-v1.ts';
import { equalValues } from '../../core/pod/spec-equality.ts';
import type { Resource, StrategyContext } from '../../resource.ts';
import { metadataForStatus } from '../../strategies/status-metadata.ts';
import { defaultClaimSpec, defaultClaimStatus } from './defaults.ts';
import { validateAdminAccess, validateDeviceClaim } from './spec-validation.ts';
import { internalClaimSpec } from './spec-value.ts';
import { deviceText, validateClaimStatus } from './status-validation.ts';

const SPEC = FieldPath.of('spec');

export const resourceClaimResource: Resource<ResourceClaim> = {
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'ResourceClaim',
  plural: 'resourceclaims',
  singular: 'resourceclaim',
  namespaced: true,
  strategy: {
    allowUnconditionalUpdate: true,
    applyDefaults: (claim) => ({
      ...claim,
      spec: defaultClaimSpec(claim.spec),
      status: defaultClaimStatus(claim.status),
    }),
    prepareForCreate: (claim) => ({ ...claim, status: {} }),
    validate: validateClaim,
    prepareForUpdate: (claim, old) => ({ ...claim, status: old.status }),
    validateUpdate: validateSameSpec,
  },
  subresources: {
    status: {
      prepareForUpdate: prepareForStatusUpdate,
      validateUpdate: validateClaimStatus,
    },
  },
};

function validateClaim({ metadata, spec }: ResourceClaim, { reader }: StrategyContext): readonly FieldError[] {
  const errors: FieldError[] = [];
  validateAdminAccess(spec.devices, metadata.namespace, reader, errors);
  validateDeviceClaim(spec.devices, SPEC.child('devices'), errors);
  return errors;
}

function validateSameSpec({ spec }: ResourceClaim, old: ResourceClaim): readonly FieldError[] {
  if (equalValues(spec, old.spec)) return [];
  return [invalid(SPEC, new GoValue(goMarshalInOrder(internalClaimSpec(spec))), FIELD_IMMUTABLE)];
}

/** What is said of devices that are no longer allocated is forgotten. */
function prepareForStatusUpdate(claim: ResourceClaim, old: ResourceClaim): ResourceClaim {
  const { devices, ...status } = claim.status;
  const released = new Set((old.status.allocation?.devices.results ?? []).map(deviceText));
  for (const result of status.allocation?.devices.results ?? []) released.delete(deviceText(result));
  const kept = (devices ?? []).filter((device) => !released.has(deviceText(device)));
  return {
    ...claim,
    metadata: metadataForStatus(claim, old),
    spec: old.spec,
    status: kept.length > 0 ? { ...status, devices: kept } : status,
  };
}
