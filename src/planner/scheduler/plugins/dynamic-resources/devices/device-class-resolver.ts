// Which device class provides an extended resource.
// Behaviour: staging/src/k8s.io/dynamic-resource-allocation/deviceclass/extendedresourcecache, Kubernetes v1.36.3.
import type { DeviceClass } from '../../../../../schema/generated/types/resource-v1.ts';
import type { ClusterLister } from '../../../framework/plugin.ts';

/** `deviceclass.resource.kubernetes.io/NAME` asks for a device of class NAME without the class saying so. */
export const DEVICE_CLASS_PREFIX = 'deviceclass.resource.kubernetes.io/';

const DEVICE_CLASSES = 'deviceclasses.resource.k8s.io';

export function classOfExtendedResource(objects: ClusterLister, resource: string): DeviceClass | undefined {
  const explicit = objects
    .list<DeviceClass>(DEVICE_CLASSES)
    .filter(({ spec }) => spec.extendedResourceName === resource)
    .sort(newestFirst)[0];
  if (explicit) return explicit;
  if (!resource.startsWith(DEVICE_CLASS_PREFIX)) return undefined;
  return objects.get<DeviceClass>(DEVICE_CLASSES, undefined, resource.slice(DEVICE_CLASS_PREFIX.length));
}

/** Of several classes for one resource the newest counts; of equally old ones the first by name. */
function newestFirst(a: DeviceClass, b: DeviceClass): number {
  const [left, right] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? ''];
  if (left !== right) return left > right ? -1 : 1;
  const [first, second] = [a.metadata.name ?? '', b.metadata.name ?? ''];
  return first < second ? -1 : first > second ? 1 : 0;
}
