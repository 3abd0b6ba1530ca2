// What an allocation looks like in a claim's status: the devices, their configuration, and the nodes where they can be had.
// Behaviour: staging/src/k8s.io/dynamic-resource-allocation/structured/internal/incubating/allocator_incubating.go, Kubernetes v1.36.3.
import type { NodeSelector, NodeSelectorRequirement } from '../../../../../schema/generated/types/core-v1.ts';
import type {
  AllocationResult,
  DeviceAllocationConfiguration,
  DeviceClass,
  DeviceRequestAllocationResult,
  ResourceClaim,
} from '../../../../../schema/generated/types/resource-v1.ts';
import type { Capacities } from '../devices/consumed-capacity.ts';
import type { PlacedDevice } from '../devices/device-pools.ts';
import type { WantedDevices } from './device-requests.ts';

export interface Chosen {
  readonly wanted: WantedDevices;
  readonly placed: PlacedDevice;
  /** Of a device that others share. */
  readonly consumed?: Capacities;
}

interface Taken {
  readonly wanted: WantedDevices;
  readonly class: DeviceClass;
}

/** `taken`: for each request of the claim the alternative that was taken. */
export function resultOf(
  claim: ResourceClaim,
  taken: readonly Taken[],
  chosen: readonly Chosen[],
  nodeName: string,
): AllocationResult {
  const config = [...classConfig(taken), ...claimConfig(claim, taken)];
  const nodeSelector = nodeSelectorOf(chosen, nodeName);
  return {
    devices: {
      results: chosen.map((one, i) => deviceResult(claim, one, i)),
      ...(config.length > 0 ? { config } : {}),
    },
    ...(nodeSelector ? { nodeSelector } : {}),
  };
}

function deviceResult(
  claim: ResourceClaim,
  { wanted, placed, consumed }: Chosen,
  i: number,
): DeviceRequestAllocationResult {
  const { device, pool } = placed;
  const amounts =
    consumed && consumed.size > 0
      ? Object.fromEntries([...consumed].map(([name, amount]) => [name, String(amount)]))
      : undefined;
  return {
    request: wanted.name,
    driver: pool.driver,
    pool: pool.name,
    device: device.name,
    ...(wanted.adminAccess ? { adminAccess: true } : {}),
    ...(wanted.tolerations ? { tolerations: wanted.tolerations } : {}),
    ...(device.bindingConditions ? { bindingConditions: device.bindingConditions } : {}),
    ...(device.bindingFailureConditions ? { bindingFailureConditions: device.bindingFailureConditions } : {}),
    ...(consumed ? { shareID: shareId(`${claim.metadata.uid}/${i}`) } : {}),
    ...(amounts ? { consumedCapacity: amounts } : {}),
  };
}

/** A uid made up from what it is for. */
function shareId(text: string): string {
  let hash = 0n;
  for (let i = 0; i < text.length; i++)
    hash = BigInt.asUintN(128, (hash ^ BigInt(text.charCodeAt(i))) * 0x1000000000000000000013bn + 0x6c62272e07bb0142n);
  const hex = hash.toString(16).padStart(32, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Requests of one class share its configuration. */
function classConfig(taken: readonly Taken[]): DeviceAllocationConfiguration[] {
  const names = new Map<string, { readonly class: DeviceClass; readonly requests: string[] }>();
  for (const { wanted, class: of } of taken) {
    const name = of.metadata.name ?? '';
    const known = names.get(name);
    if (known) known.requests.push(wanted.name);
    else names.set(name, { class: of, requests: [wanted.name] });
  }
  return [...names.values()].flatMap(({ class: of, requests }) =>
    (of.spec.config ?? []).map((given) => ({ source: 'FromClass', requests, ...given })),
  );
}

function claimConfig({ spec }: ResourceClaim, taken: readonly Taken[]): DeviceAllocationConfiguration[] {
  return (spec.devices.config ?? []).flatMap((given) => {
    const { requests = [] } = given;
    const entry: DeviceAllocationConfiguration = { source: 'FromClaim', ...given };
    if (requests.length === 0) return [entry];
    return taken
      .filter(({ wanted }) => requests.includes(wanted.baseName) || requests.includes(wanted.name))
      .map(() => entry);
  });
}

function nodeSelectorOf(chosen: readonly Chosen[], nodeName: string): NodeSelector | undefined {
  const fields: NodeSelectorRequirement[] = [];
  const expressions: NodeSelectorRequirement[] = [];
  for (const { placed } of chosen) {
    const { device, slice } = placed;
    const from = slice.spec.perDeviceNodeSelection ? device : slice.spec;
    if (from.nodeName !== undefined || device.bindsToNode)
      return {
        nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [nodeName] }] }],
      };
    const [term] = from.nodeSelector?.nodeSelectorTerms ?? [];
    addNew(fields, term?.matchFields ?? []);
    addNew(expressions, term?.matchExpressions ?? []);
  }
  if (fields.length === 0 && expressions.length === 0) return undefined;
  return {
    nodeSelectorTerms: [
      {
        ...(expressions.length > 0 ? { matchExpressions: expressions } : {}),
        ...(fields.length > 0 ? { matchFields: fields } : {}),
      },
    ],
  };
}

function addNew(into: NodeSelectorRequirement[], from: readonly NodeSelectorRequirement[]): void {
  const known = new Set(into.map((requirement) => JSON.stringify(requirement)));
  for (const requirement of from) if (!known.has(JSON.stringify(requirement))) into.push(requirement);
}
