// Which ports of a node's addresses are taken.
// Behaviour: staging/src/k8s.io/kube-scheduler/framework/types.go (HostPortInfo), pkg/scheduler/util/utils.go (GetHostPorts), Kubernetes v1.36.3.
import type { Container, PodSpec } from '../../../schema/generated/types/core-v1.ts';

export interface HostPort {
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

const ANY_IP = '0.0.0.0';
const NO_PORTS: readonly HostPort[] = [];

/** Ports that the pod takes while it runs: those of containers and of init containers that keep running. */
export function hostPortsOf({ initContainers, containers }: PodSpec): readonly HostPort[] {
  let found: HostPort[] | undefined;
  if (initContainers)
    for (const container of initContainers)
      if (container.restartPolicy === 'Always') found = addPorts(container, found);
  if (containers) for (const container of containers) found = addPorts(container, found);
  return found ?? NO_PORTS;
}

function addPorts({ ports }: Container, found: HostPort[] | undefined): HostPort[] | undefined {
  if (!ports) return found;
  let all = found;
  for (const { hostIP, protocol, hostPort = 0 } of ports)
    if (hostPort > 0) (all ??= []).push({ ip: hostIP || ANY_IP, protocol: protocol || 'TCP', port: hostPort });
  return all;
}

export class HostPortInfo {
  /** By `protocol/port`: the addresses on which it is taken. */
  #taken: Map<string, Set<string>> | undefined;

  get size(): number {
    return this.#taken?.size ?? 0;
  }

  add({ ip, protocol, port }: HostPort): void {
    const taken = (this.#taken ??= new Map());
    const key = `${protocol}/${port}`;
    const addresses = taken.get(key);
    if (addresses) addresses.add(ip);
    else taken.set(key, new Set([ip]));
  }

  remove({ ip, protocol, port }: HostPort): void {
    const key = `${protocol}/${port}`;
    const addresses = this.#taken?.get(key);
    addresses?.delete(ip);
    if (addresses?.size === 0) this.#taken?.delete(key);
  }

  /** 0.0.0.0 is every address, on either side. */
  conflicts({ ip, protocol, port }: HostPort): boolean {
    const addresses = this.#taken?.get(`${protocol}/${port}`);
    return addresses !== undefined && (ip === ANY_IP || addresses.has(ANY_IP) || addresses.has(ip));
  }

  clone(): HostPortInfo {
    const copy = new HostPortInfo();
    if (this.#taken) copy.#taken = new Map([...this.#taken].map(([key, addresses]) => [key, new Set(addresses)]));
    return copy;
  }
}
