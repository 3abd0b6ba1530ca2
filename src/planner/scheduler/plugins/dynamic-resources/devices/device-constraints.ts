// What the devices of a claim must have in common, or must not.
// Behaviour: staging/src/k8s.io/dynamic-resource-allocation/structured/internal/incubating/{allocator_incubating,constraint}.go,
// Kubernetes v1.36.3. Of several devices for one request only the last is remembered for distinctAttribute, as upstream does.
import type { Device, DeviceAttribute, DeviceConstraint } from '../../../../../schema/generated/types/resource-v1.ts';

export interface Constraint {
  /** Takes a device in, if that keeps the constraint. */
  add(baseName: string, name: string, device: Device, driver: string): boolean;
  /** Undoes the last `add`. */
  remove(baseName: string, name: string): void;
}

/** undefined for kinds that are not known. */
export function constraintOf({
  requests = [],
  matchAttribute,
  distinctAttribute,
}: DeviceConstraint): Constraint | undefined {
  const names = new Set(requests);
  const concerns = (baseName: string, name: string): boolean =>
    names.size === 0 || names.has(baseName) || names.has(name);
  if (matchAttribute !== undefined) return matching(matchAttribute, concerns);
  return distinctAttribute === undefined ? undefined : distinct(distinctAttribute, concerns);
}

type Concerns = (baseName: string, name: string) => boolean;

function matching(attributeName: string, concerns: Concerns): Constraint {
  let common: DeviceAttribute | undefined;
  let devices = 0;
  return {
    add(baseName, name, device, driver) {
      if (!concerns(baseName, name)) return true;
      const attribute = lookUp(device, driver, attributeName);
      if (!attribute) return false;
      if (devices === 0) common = attribute;
      else if (!isSame(attribute, common)) return false;
      devices += 1;
      return true;
    },
    remove(baseName, name) {
      if (concerns(baseName, name)) devices -= 1;
    },
  };
}

function distinct(attributeName: string, concerns: Concerns): Constraint {
  const seen = new Map<string, DeviceAttribute>();
  let devices = 0;
  return {
    add(baseName, name, device, driver) {
      if (!concerns(baseName, name)) return true;
      const attribute = lookUp(device, driver, attributeName);
      if (!attribute) return false;
      if (devices > 0)
        for (const other of seen.values()) if (!hasValue(attribute) || isSame(attribute, other)) return false;
      seen.set(baseName, attribute);
      devices += 1;
      return true;
    },
    remove(baseName, name) {
      if (!concerns(baseName, name)) return;
      seen.delete(baseName);
      devices -= 1;
    },
  };
}

/** A name in the driver's own domain may be written without the domain. */
function lookUp({ attributes = {} }: Device, driver: string, name: string): DeviceAttribute | undefined {
  if (attributes[name] !== undefined) return attributes[name];
  const slash = name.indexOf('/');
  return slash >= 0 && name.slice(0, slash) === driver ? attributes[name.slice(slash + 1)] : undefined;
}

const KINDS = ['string', 'int', 'bool', 'version'] as const;

function hasValue(attribute: DeviceAttribute): boolean {
  return KINDS.some((kind) => attribute[kind] !== undefined);
}

function isSame(a: DeviceAttribute, b: DeviceAttribute | undefined): boolean {
  const kind = KINDS.find((candidate) => a[candidate] !== undefined);
  return kind !== undefined && b?.[kind] === a[kind];
}
