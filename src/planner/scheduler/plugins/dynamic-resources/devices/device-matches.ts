// Whether a device is what a request asks for: the selectors of the class and of the request, and the node it is for.
// Behaviour: staging/src/k8s.io/dynamic-resource-allocation/structured/internal/incubating/allocator_incubating.go
// (isSelectable, selectorsMatch), Kubernetes v1.36.3.
import { cel } from '../../../../../apiserver/cel/loaded.ts';
import type { Node } from '../../../../../schema/generated/types/core-v1.ts';
import type {
  Device,
  DeviceClass,
  DeviceSelector,
  ResourceClaim,
  ResourceSlice,
} from '../../../../../schema/generated/types/resource-v1.ts';
import { deviceId } from '../allocation/allocated-devices.ts';
import { AllocationError } from '../allocation/allocation-errors.ts';
import { claimText, type WantedDevices } from '../allocation/device-requests.ts';
import { isForNode } from './device-pools.ts';

/** One request or alternative of a claim, and the class that it names. */
export interface RequestTarget {
  readonly claim: ResourceClaim;
  readonly wanted: WantedDevices;
  readonly class: DeviceClass;
  /** Tells it from the others of the search. */
  readonly key: string;
}

/** Remembers what was found out: expressions are dear. */
export class DeviceMatches {
  readonly #node: Node;
  readonly #known = new Map<string, boolean>();

  constructor(node: Node) {
    this.#node = node;
  }

  isSelectable(target: RequestTarget, { spec }: ResourceSlice, device: Device): boolean {
    const key = `${target.key} ${deviceId(spec.driver, spec.pool.name, device.name)}`;
    let matches = this.#known.get(key);
    if (matches === undefined) {
      const { claim, wanted, class: of } = target;
      matches =
        selectorsMatch(`class ${of.metadata.name}`, of.spec.selectors ?? [], spec.driver, device) &&
        selectorsMatch(`claim ${claimText(claim)}`, wanted.selectors, spec.driver, device) &&
        (!spec.perDeviceNodeSelection || isForNode(device, this.#node));
      this.#known.set(key, matches);
    }
    return matches;
  }
}

function selectorsMatch(
  whose: string,
  selectors: readonly DeviceSelector[],
  driver: string,
  { attributes, capacity, allowMultipleAllocations }: Device,
): boolean {
  return selectors.every((selector, i) => {
    const { compileSelector, deviceMatches } = cel().devices;
    const compiled = compileSelector(selector.cel?.expression ?? '');
    if (!compiled.ok) throw new AllocationError(`${whose}: selector #${i}: CEL compile error: ${compiled.error}`);
    const match = deviceMatches(compiled.program, {
      driver,
      ...(attributes ? { attributes } : {}),
      ...(capacity ? { capacity } : {}),
      ...(allowMultipleAllocations === undefined ? {} : { allowMultipleAllocations }),
    });
    if (!match.ok) throw new AllocationError(`${whose}: selector #${i}: CEL runtime error: ${match.error}`);
    return match.matches;
  });
}
