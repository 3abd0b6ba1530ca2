// Prints the spec of a ResourceClaim as the API server's internal Go struct marshals.
// Behaviour: encoding/json of pkg/apis/resource/types.go (no JSON tags), Kubernetes v1.36.3.
import type {
  CapacityRequirements,
  DeviceConfiguration,
  DeviceRequest,
  DeviceSelector,
  DeviceSubRequest,
  DeviceToleration,
  ExactDeviceRequest,
  ResourceClaimSpec,
} from '../../../schema/generated/types/resource-v1.ts';

export function internalClaimSpec({ devices }: ResourceClaimSpec): object {
  return {
    Devices: {
      Requests: devices.requests?.map(internalRequest) ?? null,
      Constraints:
        devices.constraints?.map(({ requests, matchAttribute, distinctAttribute }) => ({
          Requests: requests ?? null,
          MatchAttribute: matchAttribute ?? null,
          DistinctAttribute: distinctAttribute ?? null,
        })) ?? null,
      Config:
        devices.config?.map((config) => ({ Requests: config.requests ?? null, ...internalConfiguration(config) })) ??
        null,
    },
  };
}

function internalRequest({ name, exactly, firstAvailable }: DeviceRequest): object {
  return {
    Name: name,
    Exactly: exactly ? internalExactly(exactly) : null,
    FirstAvailable: firstAvailable?.map(internalSubRequest) ?? null,
  };
}

function internalExactly(request: ExactDeviceRequest): object {
  const { deviceClassName, selectors, allocationMode, count, adminAccess, tolerations, capacity } = request;
  return {
    DeviceClassName: deviceClassName,
    Selectors: internalSelectors(selectors),
    AllocationMode: allocationMode ?? '',
    Count: count ?? 0,
    AdminAccess: adminAccess ?? null,
    Tolerations: internalTolerations(tolerations),
    Capacity: internalCapacity(capacity),
  };
}

function internalSubRequest({ name, ...request }: DeviceSubRequest): object {
  const { deviceClassName, selectors, allocationMode, count, tolerations, capacity } = request;
  return {
    Name: name,
    DeviceClassName: deviceClassName,
    Selectors: internalSelectors(selectors),
    AllocationMode: allocationMode ?? '',
    Count: count ?? 0,
    Tolerations: internalTolerations(tolerations),
    Capacity: internalCapacity(capacity),
  };
}

function internalSelectors(selectors: readonly DeviceSelector[] | undefined): unknown {
  return selectors?.map(({ cel }) => ({ CEL: cel ? { Expression: cel.expression ?? '' } : null })) ?? null;
}

function internalTolerations(tolerations: readonly DeviceToleration[] | undefined): unknown {
  return (
    tolerations?.map(({ key, operator, value, effect, tolerationSeconds }) => ({
      Key: key ?? '',
      Operator: operator ?? '',
      Value: value ?? '',
      Effect: effect ?? '',
      TolerationSeconds: tolerationSeconds ?? null,
    })) ?? null
  );
}

function internalCapacity(capacity: CapacityRequirements | undefined): unknown {
  return capacity ? { Requests: capacity.requests ? new Map(Object.entries(capacity.requests)) : null } : null;
}

function internalConfiguration({ opaque }: DeviceConfiguration): object {
  return { Opaque: opaque ? { Driver: opaque.driver, Parameters: opaque.parameters ?? null } : null };
}
