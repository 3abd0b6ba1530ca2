// The addresses of a node as its pods report them.
// Behaviour: GetNodeHostIPs in pkg/util/node/node.go, Kubernetes v1.36.3.
import type { Node, Pod } from '../../../schema/generated/types/core-v1.ts';

/** What its pods say of a node, by the addresses that it reports. */
const hosts = new WeakMap<object, Partial<Pod['status']>>();
const NO_HOST: Partial<Pod['status']> = {};

export function hostAddresses(node: Node | undefined): Partial<Pod['status']> {
  const reported = node?.status?.addresses;
  if (!reported) return NO_HOST;
  let host = hosts.get(reported);
  if (!host) {
    const addresses = nodeAddresses(node);
    host = addresses.length === 0 ? NO_HOST : { hostIP: addresses[0]!, hostIPs: addresses.map((ip) => ({ ip })) };
    hosts.set(reported, host);
  }
  return host;
}

/** The node's own addresses as pods see them: internal ones, else external ones. */
export function nodeAddresses(node: Node | undefined): readonly string[] {
  const all = node?.status?.addresses ?? [];
  for (const wanted of ['InternalIP', 'ExternalIP']) {
    const found = all.filter(({ type }) => type === wanted).map(({ address }) => address);
    if (found.length > 0) return found;
  }
  return [];
}
