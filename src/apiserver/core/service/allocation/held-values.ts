// The addresses and ports that a Service keeps others from having: what the store's indexes of Services file it under.
import { ipText, parseIp } from '../../../../apimachinery/ip-address.ts';
import type { ServiceSpec } from '../../../../schema/generated/types/core-v1.ts';
import { CLUSTER_IP_NONE, nodePortsOf } from '../service-types.ts';

export const CLUSTER_IP_INDEX = 'clusterIP';
export const NODE_PORT_INDEX = 'nodePort';

/** Values of the store's index of Services by the addresses that they hold. */
export function clusterIpsOf({ type, clusterIP, clusterIPs }: ServiceSpec): readonly string[] {
  if (type === 'ExternalName') return NONE;
  const held = clusterIPs ?? (clusterIP ? [clusterIP] : NONE);
  if (held.length === 0 || held[0] === CLUSTER_IP_NONE) return NONE;
  return held.some((ip) => ip.includes(':')) ? held.map(canonicalIp) : held;
}

/** Values of the store's index of Services by the ports that they hold on every node. */
export function heldPortsOf(spec: ServiceSpec): readonly number[] {
  const ports = nodePortsOf(spec);
  return spec.healthCheckNodePort ? [...ports, spec.healthCheckNodePort] : ports;
}

const NONE: readonly string[] = [];

export function canonicalIp(text: string): string {
  const ip = parseIp(text);
  return ip ? ipText(ip) : text;
}
