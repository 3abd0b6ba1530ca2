// What a claim asks for, request by request; a request with alternatives is several, of which one will do.
// Behaviour: staging/src/k8s.io/dynamic-resource-allocation/structured/internal/incubating/allocator_incubating.go, Kubernetes v1.36.3.
import type {
  DeviceClass,
  DeviceRequest,
  DeviceSelector,
  DeviceSubRequest,
  DeviceToleration,
  ExactDeviceRequest,
  ResourceClaim,
} from '../../../../../schema/generated/types/resource-v1.ts';

export interface WantedDevices {
  /** `gpu`, or `gpu/large` for the alternative `large` of `gpu`: how results and configurations name it. */
  readonly name: string;
  /** The request that alternatives stand for. */
  readonly baseName: string;
  readonly deviceClassName: string;
  readonly selectors: readonly DeviceSelector[];
  readonly takesAll: boolean;
  readonly allocationMode: string;
  readonly count: number;
  readonly adminAccess: boolean;
  readonly tolerations: readonly DeviceToleration[] | undefined;
  readonly capacity: Readonly<Record<string, string | number>> | undefined;
}

/** The alternatives of a request in the order of preference; without `firstAvailable` there is one. */
export function alternativesOf(request: DeviceRequest): readonly WantedDevices[] {
  if (request.firstAvailable && request.firstAvailable.length > 0)
    return request.firstAvailable.map((sub) => wanted(sub, `${request.name}/${sub.name}`, request.name));
  return [wanted(request.exactly ?? { deviceClassName: '' }, request.name, request.name)];
}

export function hasAlternatives({ firstAvailable }: DeviceRequest): boolean {
  return (firstAvailable?.length ?? 0) > 0;
}

function wanted(request: ExactDeviceRequest | DeviceSubRequest, name: string, baseName: string): WantedDevices {
  const allocationMode = request.allocationMode ?? '';
  return {
    name,
    baseName,
    deviceClassName: request.deviceClassName,
    selectors: request.selectors ?? [],
    takesAll: allocationMode === 'All',
    allocationMode,
    count: request.count ?? 0,
    adminAccess: 'adminAccess' in request && request.adminAccess === true,
    tolerations: request.tolerations,
    capacity: request.capacity?.requests,
  };
}

export function claimText({ metadata }: ResourceClaim): string {
  return `${metadata.namespace}/${metadata.name}`;
}

export type ClassOf = (name: string) => DeviceClass | undefined;
