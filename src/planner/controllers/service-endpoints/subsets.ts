// The canonical form of the subsets of an Endpoints object.
// Behaviour: pkg/api/v1/endpoints/util.go, Kubernetes v1.36.3.
// Differs: upstream orders ports and subsets by a hash of their Go value; here they are ordered by number and name.
import type { EndpointAddress, EndpointPort, EndpointSubset } from '../../../schema/generated/types/core-v1.ts';

interface PortAddresses {
  readonly port: EndpointPort | undefined;
  /** By address and UID; an address that is not ready for one port entry is not ready. */
  readonly addresses: Map<string, { readonly address: EndpointAddress; ready: boolean }>;
}

/** Groups ports that the same addresses offer in the same state, each group a subset. */
export function repackSubsets(subsets: readonly EndpointSubset[]): readonly EndpointSubset[] {
  const byPort = new Map<string, PortAddresses>();
  for (const { ports, addresses, notReadyAddresses } of subsets)
    for (const port of ports?.length ? ports : [undefined]) {
      const key = port ? portKey(port) : '';
      const entry = byPort.get(key) ?? { port, addresses: new Map() };
      byPort.set(key, entry);
      for (const address of addresses ?? []) note(entry, address, true);
      for (const address of notReadyAddresses ?? []) note(entry, address, false);
    }

  const byAddresses = new Map<string, { readonly ports: EndpointPort[]; readonly from: PortAddresses }>();
  for (const entry of byPort.values()) {
    const key = [...entry.addresses]
      .map(([id, { ready }]) => `${id}|${ready}`)
      .sort()
      .join(',');
    const group = byAddresses.get(key) ?? { ports: [], from: entry };
    byAddresses.set(key, group);
    if (entry.port) group.ports.push(entry.port);
  }
  return [...byAddresses.values()].map(({ ports, from }) => subsetOf(ports, from)).sort(bySubset);
}

function note({ addresses }: PortAddresses, address: EndpointAddress, ready: boolean): void {
  const key = `${address.ip}|${address.targetRef?.uid ?? ''}`;
  const known = addresses.get(key);
  if (!known) addresses.set(key, { address, ready });
  else known.ready &&= ready;
}

function subsetOf(ports: readonly EndpointPort[], { addresses }: PortAddresses): EndpointSubset {
  const ready: EndpointAddress[] = [];
  const notReady: EndpointAddress[] = [];
  for (const entry of addresses.values()) (entry.ready ? ready : notReady).push(entry.address);
  return {
    ...(ready.length > 0 ? { addresses: ready.sort(byAddress) } : {}),
    ...(notReady.length > 0 ? { notReadyAddresses: notReady.sort(byAddress) } : {}),
    ...(ports.length > 0 ? { ports: [...ports].sort(byPortKey) } : {}),
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function byAddress(a: EndpointAddress, b: EndpointAddress): number {
  return compare(a.ip, b.ip) || compare(a.targetRef?.uid ?? '', b.targetRef?.uid ?? '');
}

function portKey({ name = '', port, protocol = '', appProtocol }: EndpointPort): string {
  return `${String(port).padStart(5, '0')}|${name}|${protocol}|${appProtocol ?? '<nil>'}`;
}

function byPortKey(a: EndpointPort, b: EndpointPort): number {
  return compare(portKey(a), portKey(b));
}

function bySubset(a: EndpointSubset, b: EndpointSubset): number {
  const text = ({ ports = [], addresses = [], notReadyAddresses = [] }: EndpointSubset): string =>
    [ports.map(portKey).join(), ...[...addresses, ...notReadyAddresses].map(({ ip }) => ip)].join('\n');
  return compare(text(a), text(b));
}
