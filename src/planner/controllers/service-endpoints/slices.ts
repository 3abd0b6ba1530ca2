// What EndpointSlices have in common whoever writes them: labels, names, and when two endpoints or two sets of ports are the same.
// Behaviour: [endpointslice]/utils.go and pkg/controller/endpointslicemirroring/utils.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { isDns1123Subdomain } from '../../../apimachinery/validation/names.ts';
import type { Endpoint, EndpointPort } from '../../../schema/generated/types/discovery-v1.ts';

export type AddressFamily = 'IPv4' | 'IPv6';

/** Sets of ports are the same when they hold the same ports in any order. */
export function portsKey(ports: readonly EndpointPort[]): string {
  return ports
    .map(
      ({ name, port, protocol, appProtocol }) =>
        `${name ?? ''}|${port ?? ''}|${protocol ?? ''}|${appProtocol ?? '<nil>'}`,
    )
    .sort()
    .join(',');
}

/** What makes two endpoints the same one; the rest is its state. */
export function endpointKey({ addresses = [], hostname = '', targetRef }: Endpoint): string {
  return `${[...addresses].sort().join(',')}|${hostname}|${targetRef?.namespace ?? ''}|${targetRef?.name ?? ''}`;
}

export function hasSameState(a: Endpoint, b: Endpoint): boolean {
  return (
    a.nodeName === b.nodeName &&
    a.zone === b.zone &&
    a.conditions.ready === b.conditions.ready &&
    a.conditions.serving === b.conditions.serving &&
    a.conditions.terminating === b.conditions.terminating &&
    semanticDeepEqual(a.targetRef, b.targetRef)
  );
}

export function slicePrefix(serviceName: string): string {
  const prefix = `${serviceName}-`;
  // A prefix may end in a dash, which the generated part then follows.
  return isDns1123Subdomain(`${prefix}a`).length === 0 ? prefix : serviceName;
}
