// Prints the spec of a ResourceClaim as the API server's internal Go struct marshals.
// Behaviour: encoding/json of pkg/apis/resource/types.go (no JSON tags), Kubernetes v1.36.3.
import { givenEmpty } from '../../../schema/decode/given-empty.ts';
import type {
  CapacityRequirements,
  DeviceConfiguration,
  DeviceConstraint,
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
      Requests: devices.requests?.map(internalRequest) ?? emptyOrNull(devices, 'requests'),
      Constraints: devices.constraints?.map(internalConstraint) ?? emptyOrNull(devices, 'constraints'),
      Config:
        devices.config?.map((config) => ({
          Requests: config.requests ?? emptyOrNull(config, 'requests'),
          ...internalConfiguration(config),
        })) ?? emptyOrNull(devices, 'config'),
    },
  };
}

function emptyOrNull(struct: object, field: string): unknown {
  return givenEmpty(struct, field) ?? null;
}

function internalConstraint(constraint: DeviceConstraint): object {
  const { requests, matchAttribute, distinctAttribute } = constraint;
  return {
    Requests: requests ?? emptyOrNull(constraint, 'requests'),
    MatchAttribute: matchAttribute ?? null,
    DistinctAttribute: distinctAttribute ?? null,
  };
}

function internalRequest(request: DeviceRequest): object {
  const { name, exactly, firstAvailable } = request;
  return {
    Name: name,
    Exactly: exactly ? internalExactly(exactly) : null,
    FirstAvailable: firstAvailable?.map(internalSubRequest) ?? emptyOrNull(request, 'firstAvailable'),
  };
}

function internalExactly(request: ExactDeviceRequest): object {
  const { deviceClassName, selectors, allocationMode, count, adminAccess, tolerations, capacity } = request;
  return {
    DeviceClassName: deviceClassName,
    Selectors: selectors?.map(internalSelector) ?? emptyOrNull(request, 'selectors'),
    AllocationMode: allocationMode ?? '',
    Count: count ?? 0,
    AdminAccess: adminAccess ?? null,
    Tolerations: tolerations?.map(internalToleration) ?? emptyOrNull(request, 'tolerations'),
    Capacity: internalCapacity(capacity),
  };
}

function internalSubRequest(request: DeviceSubRequest): object {
  const { name, deviceClassName, selectors, allocationMode, count, tolerations, capacity } = request;
  return {
    Name: name,
    DeviceClassName: deviceClassName,
    Selectors: selectors?.map(internalSelector) ?? emptyOrNull(request, 'selectors'),
    AllocationMode: allocationMode ?? '',
    Count: count ?? 0,
    Tolerations: tolerations?.map(internalToleration) ?? emptyOrNull(request, 'tolerations'),
    Capacity: internalCapacity(capacity),
  };
}

function internalSelector({ cel }: DeviceSelector): object {
  return { CEL: cel ? { Expression: cel.expression ?? '' } : null };
}

function internalToleration({ key, operator, value, effect, tolerationSeconds }: DeviceToleration): object {
  return {
    Key: key ?? '',
    Operator: operator ?? '',
    Value: value ?? '',
    Effect: effect ?? '',
    TolerationSeconds: tolerationSeconds ?? null,
  };
}

function internalCapacity(capacity: CapacityRequirements | undefined): unknown {
  if (!capacity) return null;
  const { requests } = capacity;
  return { Requests: requests ? new Map(Object.entries(requests)) : emptyOrNull(capacity, 'requests') };
}

function internalConfiguration({ opaque }: DeviceConfiguration): object {
  return { Opaque: opaque ? { Driver: opaque.driver, Parameters: opaque.parameters ?? null } : null };
}
