// The resources of networking.k8s.io.
import type { Resource } from '../resource.ts';
import { ingressResource } from './ingress/strategy.ts';
import { ingressClassResource } from './ingress-class/strategy.ts';
import { ipAddressResource } from './ip-address/strategy.ts';
import { networkPolicyResource } from './network-policy/strategy.ts';
import { serviceCidrResource } from './service-cidr/strategy.ts';

export const networkingResources: readonly Resource[] = [
  ingressClassResource,
  ingressResource,
  ipAddressResource,
  networkPolicyResource,
  serviceCidrResource,
];
