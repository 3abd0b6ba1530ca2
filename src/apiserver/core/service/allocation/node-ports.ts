// Gives the ports of a Service their node ports, asked for or not.
// Behaviour: pkg/registry/core/service/storage/alloc.go (initNodePorts, updateNodePorts, allocHealthCheckNodePort), Kubernetes v1.36.3.
import { invalid } from '../../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../../apimachinery/field-path.ts';
import { failure, internalError } from '../../../../apimachinery/status.ts';
import type { ServicePort, ServiceSpec } from '../../../../schema/generated/types/core-v1.ts';
import type { AllocationResult } from '../../../resource.ts';
import { allocatesNodePorts, nodePortsOf, portsOf, type SpecDraft } from '../service-types.ts';
import { FULL, type PortClaims } from './pools.ts';

const NO_NODE_PORT = `failed to allocate a nodePort: ${FULL}`;

const PORTS = FieldPath.of('spec', 'ports');

export type PortRefusal = Extract<AllocationResult<never>, { readonly ok: false }>;

/** Ports of the same number (of two protocols) share a node port. */
export function initNodePorts(spec: SpecDraft, claims: PortClaims): PortRefusal | undefined {
  const byPort = new Map<number, number>();
  const ports = [...portsOf(spec)];
  for (const [i, port] of ports.entries()) {
    const { nodePort = 0 } = port;
    if (nodePort === 0 && !allocatesNodePorts(spec)) continue;
    const shared = byPort.get(port.port);
    if (shared === undefined) {
      const wanted = requestedNodePort(port.port, ports);
      const given = wanted === 0 ? claims.next() : wanted;
      if (given === undefined) return { ok: false, status: internalError(NO_NODE_PORT) };
      const refused = wanted === 0 ? undefined : reserve(wanted, i, claims);
      if (refused) return refused;
      ports[i] = { ...port, nodePort: given };
      byPort.set(port.port, given);
    } else if (nodePort === 0) ports[i] = { ...port, nodePort: shared };
    else if (nodePort !== shared) {
      const refused = reserve(nodePort, i, claims);
      if (refused) return refused;
    }
  }
  if (ports.length > 0) spec.ports = ports;
  return undefined;
}

export function updateNodePorts(spec: SpecDraft, old: ServiceSpec, claims: PortClaims): PortRefusal | undefined {
  const held = nodePortsOf(old);
  const reserved = new Set<number>();
  const seen = new Set<string>();
  const ports = [...portsOf(spec)];
  for (const [i, port] of ports.entries()) {
    let { nodePort = 0 } = port;
    if (nodePort === 0 && !allocatesNodePorts(spec)) continue;
    if (nodePort === 0) {
      const given = claims.next();
      if (given === undefined) return { ok: false, status: internalError(NO_NODE_PORT) };
      nodePort = given;
      ports[i] = { ...port, nodePort };
    } else if (!held.includes(nodePort) && !reserved.has(nodePort)) {
      const refused = reserve(nodePort, i, claims);
      if (refused) return refused;
      reserved.add(nodePort);
    }
    const key = `{${port.protocol} ${nodePort}}`;
    if (seen.has(key)) return { ok: false, status: failure(500, '', `duplicate nodePort: ${key}`) };
    seen.add(key);
  }
  if (ports.length > 0) spec.ports = ports;
  return undefined;
}

export function reserveHealthCheckPort(spec: SpecDraft, claims: PortClaims): PortRefusal | undefined {
  const wanted = spec.healthCheckNodePort ?? 0;
  if (wanted !== 0) {
    const refusal = claims.reserve(wanted);
    if (refusal === undefined) return undefined;
    const text = `failed to allocate requested HealthCheck NodePort ${wanted}: ${refusal}`;
    return { ok: false, status: internalError(text) };
  }
  const given = claims.next();
  if (given === undefined) {
    return { ok: false, status: internalError(`failed to allocate a HealthCheck NodePort 0: ${FULL}`) };
  }
  spec.healthCheckNodePort = given;
  return undefined;
}

function requestedNodePort(port: number, ports: readonly ServicePort[]): number {
  return ports.find((each) => each.port === port && each.nodePort)?.nodePort ?? 0;
}

function reserve(nodePort: number, i: number, claims: PortClaims): PortRefusal | undefined {
  const refusal = claims.reserve(nodePort);
  if (refusal === undefined) return undefined;
  return { ok: false, errors: [invalid(PORTS.index(i).child('nodePort'), nodePort, refusal)] };
}
