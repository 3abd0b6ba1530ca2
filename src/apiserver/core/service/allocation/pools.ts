// What cluster IPs and node ports are in use, and which is the next to hand out.
// Behaviour: pkg/registry/core/service/{ipallocator,portallocator}, Kubernetes v1.36.3.
// Differs: the lowest free one of the upper band (then of the lower) is chosen, where Kubernetes chooses at random from it; and no
// IPAddress objects are written, the Services themselves say what is in use.
import { ipText, parseIp } from '../../../../apimachinery/ip-address.ts';
import type { Service } from '../../../../schema/generated/types/core-v1.ts';
import type { ClusterReader } from '../../../cluster-reader.ts';
import type { IpFamily } from '../../ip-validation.ts';
import { CLUSTER_IP_INDEX, canonicalIp, clusterIpsOf, heldPortsOf, NODE_PORT_INDEX } from './held-values.ts';
import { LowestFree } from './lowest-free.ts';
import { addressBytes, addressNumber, type ServiceNetwork, serviceNetworks } from './service-cidrs.ts';

export const FULL = 'range is full';
const IP_TAKEN = 'provided IP is already allocated';
const IP_MISMATCHED = 'the provided network does not match the current range';
const NOT_READY = 'allocator not ready';
const PORT_TAKEN = 'provided port is already allocated';
const FIRST_PORT = 30_000;
const LAST_PORT = 32_767;
const PORT_OUT_OF_RANGE = `provided port is not in the valid range. The range of valid ports is ${FIRST_PORT}-${LAST_PORT}`;
/** A 32nd of the range, between 16 and 128, is kept for those who ask for a port. */
const UPPER_BAND_PORT = FIRST_PORT + Math.floor((LAST_PORT - FIRST_PORT + 1) / 32);
/** What a dry run shows instead of a port that nobody reserved. */
const DRY_RUN_PORT = 32_769;

const SERVICES = 'services';
const IP_ADDRESSES = 'ipaddresses.networking.k8s.io';
/** Outcome of asking for one certain address or port: what is wrong, or nothing. */
type Refusal = string | undefined;

/** What was seen to be taken up to a revision; everything in it can be read from the cluster again. */
interface Memory {
  revision: number;
  readonly addresses: Map<string, readonly LowestFree[]>;
  readonly ports: readonly LowestFree[];
}

const memories = new WeakMap<ClusterReader, Memory>();

/** The memory of this cluster, brought up to date with what was released since. */
function memoryOf(reader: ClusterReader): Memory {
  let memory = memories.get(reader);
  if (!memory) {
    const ports = [
      new LowestFree(BigInt(UPPER_BAND_PORT), BigInt(LAST_PORT)),
      new LowestFree(BigInt(FIRST_PORT), BigInt(UPPER_BAND_PORT - 1)),
    ];
    memory = { revision: reader.revision, addresses: new Map(), ports };
    memories.set(reader, memory);
  }
  while (memory.revision < reader.revision) {
    memory.revision += 1;
    const event = reader.event(memory.revision);
    if (!event) {
      for (const band of [...memory.ports, ...[...memory.addresses.values()].flat()]) band.reset();
      memory.revision = reader.revision;
    } else if (event.resource === SERVICES && event.type !== 'ADDED') releaseOf(event.previous as Service, memory);
    else if (event.resource === IP_ADDRESSES && event.type === 'DELETED') {
      releaseAddress(event.object.metadata.name ?? '', memory);
    }
  }
  return memory;
}

/** What is still held after the change is found taken again. */
function releaseOf({ spec }: Service, memory: Memory): void {
  for (const ip of clusterIpsOf(spec)) releaseAddress(ip, memory);
  for (const port of heldPortsOf(spec)) for (const band of memory.ports) band.release(BigInt(port));
}

function releaseAddress(text: string, { addresses }: Memory): void {
  const ip = parseIp(text);
  if (!ip) return;
  const number = addressNumber(ip);
  for (const bands of addresses.values()) for (const band of bands) band.release(number);
}

export class AddressPool {
  readonly #reader: ClusterReader;
  readonly #dryRun: boolean;

  constructor(reader: ClusterReader, dryRun: boolean) {
    this.#reader = reader;
    this.#dryRun = dryRun;
  }

  /** Any free address; undefined when there is none. A dry run reserves nothing and shows the network's address. */
  next(family: IpFamily): string | undefined {
    const networks = this.#networks(family);
    if (this.#dryRun) return networks[0] && ipText(addressBytes(networks[0].network));
    for (const network of networks) {
      for (const band of this.#bands(network)) {
        const found = band.find((number) => this.#isTaken(ipText(addressBytes(number))), never);
        if (found !== undefined) return ipText(addressBytes(found));
      }
    }
    return undefined;
  }

  reserve(text: string, family: IpFamily): Refusal {
    const ip = parseIp(text);
    const networks = this.#networks(family);
    const number = ip ? addressNumber(ip) : -1n;
    const contains = ({ first, last }: ServiceNetwork) => number >= first && number <= last;
    if (this.#dryRun) {
      const network = networks[0];
      if (!network) return NOT_READY;
      return contains(network) ? undefined : outOfRange(canonicalIp(text), network.text);
    }
    if (!networks.some(contains)) return IP_MISMATCHED;
    return this.#isTaken(canonicalIp(text)) ? IP_TAKEN : undefined;
  }

  #networks(wanted: IpFamily): readonly ServiceNetwork[] {
    return serviceNetworks(this.#reader).filter(({ family }) => family === wanted);
  }

  #bands(network: ServiceNetwork): readonly LowestFree[] {
    const { addresses } = memoryOf(this.#reader);
    let bands = addresses.get(network.text);
    if (!bands) {
      bands = [
        new LowestFree(network.upperBand, network.last),
        new LowestFree(network.first, min(network.upperBand - 1n, network.last)),
      ];
      addresses.set(network.text, bands);
    }
    return bands;
  }

  #isTaken(ip: string): boolean {
    if (this.#reader.listByIndex(SERVICES, CLUSTER_IP_INDEX, ip).length > 0) return true;
    return this.#reader.get(IP_ADDRESSES, undefined, ip) !== undefined;
  }
}

/** The node ports that one request takes. */
export class PortClaims {
  readonly #reader: ClusterReader;
  readonly #dryRun: boolean;
  readonly #claimed = new Set<number>();

  constructor(reader: ClusterReader, dryRun: boolean) {
    this.#reader = reader;
    this.#dryRun = dryRun;
  }

  reserve(port: number): Refusal {
    if (!this.#dryRun && (port < FIRST_PORT || port > LAST_PORT)) return PORT_OUT_OF_RANGE;
    if (this.#claimed.has(port) || this.#isTaken(port)) return PORT_TAKEN;
    this.#claimed.add(port);
    return undefined;
  }

  next(): number | undefined {
    const port = this.#dryRun ? this.#dryRunPort() : this.#lowestFree();
    if (port !== undefined) this.#claimed.add(port);
    return port;
  }

  #dryRunPort(): number {
    return this.#claimed.size === 0 ? DRY_RUN_PORT : Math.max(...this.#claimed) + 1;
  }

  #lowestFree(): number | undefined {
    for (const band of memoryOf(this.#reader).ports) {
      const found = band.find(
        (port) => this.#isTaken(Number(port)),
        (port) => this.#claimed.has(Number(port)),
      );
      if (found !== undefined) return Number(found);
    }
    return undefined;
  }

  #isTaken(port: number): boolean {
    return this.#reader.listByIndex(SERVICES, NODE_PORT_INDEX, String(port)).length > 0;
  }
}

function never(): boolean {
  return false;
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function outOfRange(ip: string, range: string): string {
  return `the provided IP (${ip}) is not in the valid range. The range of valid IPs is ${range}`;
}
