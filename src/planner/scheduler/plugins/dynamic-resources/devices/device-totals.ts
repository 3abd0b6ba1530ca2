// How many devices of the class behind an extended resource a node can reach, and how many of them are taken: for scores.
// Behaviour: pkg/scheduler/framework/plugins/noderesources/resource_allocation.go (calculateDRAResourceTotals), Kubernetes v1.36.3.
// Differs: NodeResourcesBalancedAllocation has no compiler for the selectors of classes in kube-scheduler, which panics where it
// needs one; here both plugins count alike.
import { cel } from '../../../../../apiserver/cel/loaded.ts';
import type { Node } from '../../../../../schema/generated/types/core-v1.ts';
import type {
  Device,
  DeviceClass,
  ResourceClaim,
  ResourceSlice,
} from '../../../../../schema/generated/types/resource-v1.ts';
import { RESOURCE_CLAIMS } from '../../../../../schema/resource-names.ts';
import { compileNodeSelector } from '../../../../../selectors/node-selector.ts';
import type { Handle } from '../../../framework/plugin.ts';
import { isExtendedResourceName } from '../../../framework/resource.ts';
import { allocatedDevices, deviceId, isAllocated } from '../allocation/allocated-devices.ts';
import { classOfExtendedResource, DEVICE_CLASS_PREFIX } from './device-class-resolver.ts';
import { isForNode } from './device-pools.ts';

/** What a node has of a resource and has given away of it; nothing where no class provides it. */
export type DeviceTotals = (node: Node, resource: string) => readonly [number, number];

type Source = Pick<Handle, 'objects' | 'pendingAllocations' | 'isFeatureEnabled'>;

/** Looks at claims and slices once for all nodes; undefined when none of the resources comes from a class. */
export function deviceTotals(
  { objects, pendingAllocations, isFeatureEnabled }: Source,
  resources: readonly { readonly name: string }[],
): DeviceTotals | undefined {
  const classes = new Map<string, DeviceClass>();
  for (const { name } of resources) {
    const found = isNamedLikeOne(name) ? classOfExtendedResource(objects, name) : undefined;
    if (found) classes.set(name, found);
  }
  if (classes.size === 0 || !isFeatureEnabled('DRAExtendedResource')) return undefined;
  const slices = objects.list<ResourceSlice>('resourceslices.resource.k8s.io');
  const allocated = allocatedDevices(objects.list<ResourceClaim>(RESOURCE_CLAIMS), pendingAllocations.results());
  const matches = new Map<string, boolean>();
  return (node, resource) => {
    const found = classes.get(resource);
    if (!found) return NOTHING;
    let capacity = 0;
    let taken = 0;
    for (const slice of slices)
      for (const device of devicesFor(slice, node)) {
        const { driver, pool } = slice.spec;
        const id = deviceId(driver, pool.name, device.name);
        const key = `${resource}\n${id}`;
        const known = matches.get(key) ?? isOfClass(device, driver, found);
        // A selector that fails leaves the resource out of the score.
        if (known === undefined) return NOTHING;
        matches.set(key, known);
        if (!known) continue;
        capacity += 1;
        if (isAllocated(allocated, id)) taken += 1;
      }
    return [capacity, taken];
  };
}

const NOTHING = [0, 0] as const;

function isNamedLikeOne(resource: string): boolean {
  return isExtendedResourceName(resource) || resource.startsWith(DEVICE_CLASS_PREFIX);
}

function devicesFor({ spec }: ResourceSlice, node: Node): readonly Device[] {
  const { devices = [], perDeviceNodeSelection, nodeName, allNodes, nodeSelector } = spec;
  if (perDeviceNodeSelection) return devices.filter((device) => Boolean(device.allNodes) || isForNode(device, node));
  if (allNodes || nodeName === node.metadata.name) return devices;
  if (nodeSelector && !nodeName) return compileNodeSelector(nodeSelector).matches(node) ? devices : [];
  return nodeName ? [] : devices;
}

/** Undefined: the expression fails. */
function isOfClass(device: Device, driver: string, { spec }: DeviceClass): boolean | undefined {
  for (const { cel: selector } of spec.selectors ?? []) {
    if (!selector) continue;
    const { compileSelector, deviceMatches } = cel().devices;
    const compiled = compileSelector(selector.expression);
    if (!compiled.ok) return undefined;
    const { attributes = {}, capacity = {} } = device;
    const match = deviceMatches(compiled.program, { driver, attributes, capacity });
    if (!match.ok) return undefined;
    if (!match.matches) return false;
  }
  return true;
}
