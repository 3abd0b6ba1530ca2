// What a ResourceClaim asks for when it does not say.
// Behaviour: pkg/apis/resource/v1/defaults.go, Kubernetes v1.36.3.
import type {
  DeviceRequest,
  DeviceSubRequest,
  DeviceToleration,
  ExactDeviceRequest,
  ResourceClaimSpec,
  ResourceClaimStatus,
} from '../../../schema/generated/types/resource-v1.ts';

export function defaultClaimSpec(spec: ResourceClaimSpec): ResourceClaimSpec {
  const { requests } = spec.devices;
  return requests ? { ...spec, devices: { ...spec.devices, requests: requests.map(defaultRequest) } } : spec;
}

function defaultRequest(request: DeviceRequest): DeviceRequest {
  const { exactly, firstAvailable } = request;
  return {
    ...request,
    ...(exactly ? { exactly: withAmount(exactly) } : {}),
    ...(firstAvailable ? { firstAvailable: firstAvailable.map(withAmount) } : {}),
  };
}

function withAmount<R extends ExactDeviceRequest | DeviceSubRequest>(given: R): R {
  const request = withOperators(given);
  const allocationMode = request.allocationMode || 'ExactCount';
  if (allocationMode !== 'ExactCount') return request;
  return { ...request, allocationMode, count: request.count || 1 };
}

function withOperators<R extends { readonly tolerations?: readonly DeviceToleration[] }>(request: R): R {
  const { tolerations } = request;
  if (!tolerations?.some(({ operator }) => !operator)) return request;
  return { ...request, tolerations: tolerations.map((toleration) => ({ operator: 'Equal', ...toleration })) };
}

export function defaultClaimStatus(status: ResourceClaimStatus): ResourceClaimStatus {
  const { allocation } = status;
  if (!allocation?.devices.results) return status;
  const devices = { ...allocation.devices, results: allocation.devices.results.map(withOperators) };
  return { ...status, allocation: { ...allocation, devices } };
}
