// Which addresses pods get: the lowest free one of their node's pod network, counting from the second usable one.
// Role: a CNI plugin like host-local (the first usable address is the gateway's); Kubernetes itself decides nothing here.
import { type IpNetwork, ipText, ipv4Number, parseCidr } from '../../../apimachinery/ip-address.ts';

/** Network address and gateway. */
const FIRST = 2;

/** The addresses of one network; everything in it is forgotten with it. */
export class AddressPool {
  readonly #network: IpNetwork;
  /** Of an IPv4 network: its address as a number. */
  readonly #start: number | undefined;
  /** Addresses that a pool may hand out: all of a small network, the first million of a large one. */
  readonly #size: number;
  readonly #taken = new Set<number>();
  /** Below this offset nothing is free. */
  #lowest = FIRST;

  constructor(network: IpNetwork) {
    this.#network = network;
    this.#start = network.bits === 32 ? ipv4Number(ipText(network.network)) : undefined;
    const hostBits = network.bits - network.prefixLength;
    // The last address of an IPv4 network is its broadcast address.
    this.#size = hostBits >= 20 ? 1 << 20 : (1 << hostBits) - (network.bits === 32 ? 1 : 0);
  }

  static of(cidr: string): AddressPool | undefined {
    const network = parseCidr(cidr);
    return network && new AddressPool(network);
  }

  /** The lowest free address, or undefined when none is left. */
  take(): string | undefined {
    for (let offset = this.#lowest; offset < this.#size; offset++) {
      if (this.#taken.has(offset)) continue;
      this.#taken.add(offset);
      this.#lowest = offset + 1;
      return this.#text(offset);
    }
    this.#lowest = this.#size;
    return undefined;
  }

  /** Marks an address as used by a pod that was there before. */
  claim(address: string): void {
    const offset = this.#offset(address);
    if (offset !== undefined) this.#taken.add(offset);
  }

  free(address: string): void {
    const offset = this.#offset(address);
    if (offset === undefined || !this.#taken.delete(offset)) return;
    if (offset < this.#lowest) this.#lowest = offset;
  }

  #text(offset: number): string {
    const bytes = [...this.#network.network];
    let carry = offset;
    for (let i = bytes.length - 1; i >= 0 && carry > 0; i--) {
      const sum = bytes[i]! + (carry & 0xff);
      bytes[i] = sum & 0xff;
      carry = (carry >>> 8) + (sum >>> 8);
    }
    return ipText(bytes);
  }

  #offset(address: string): number | undefined {
    const number = this.#start === undefined ? undefined : ipv4Number(address);
    if (number !== undefined) return this.#within(number - this.#start!);
    const other = parseCidr(`${address}/${this.#network.bits}`);
    if (!other) return undefined;
    let offset = 0;
    for (let i = 0; i < other.ip.length; i++) offset = offset * 256 + (other.ip[i]! - this.#network.network[i]!);
    return this.#within(offset);
  }

  #within(offset: number): number | undefined {
    return offset >= FIRST && offset < this.#size ? offset : undefined;
  }
}

/** A pod that has addresses without having got them here. */
export interface Resident {
  readonly podKey: string;
  readonly node: string;
  readonly addresses: readonly string[];
}

interface Held {
  readonly node: string;
  readonly addresses: readonly string[];
  /** Of the network that nodes without one share. */
  readonly isShared: boolean;
}

/** Pods with addresses that use the same pools: those of a node, or those of all nodes without a network. */
export type Residents = (node: string | 'without network') => readonly Resident[];

/** The pools of all nodes, and which pod has which addresses. */
export class PodAddresses {
  readonly #pools = new Map<string, readonly AddressPool[]>();
  readonly #fallback: AddressPool | undefined;
  /** Pools whose residents have been asked for, by node. */
  readonly #surveyed = new Set<string>();
  readonly #held = new Map<string, Held>();

  constructor(fallbackPodCIDR: string) {
    this.#fallback = AddressPool.of(fallbackPodCIDR);
  }

  /** Addresses for a pod of this node, one a family; none when a network is used up. Who has some already keeps them. */
  take(podKey: string, node: string, podCIDRs: readonly string[], residents: Residents): readonly string[] {
    const addresses: string[] = [];
    const pools = this.#poolsOf(node, podCIDRs);
    const owner = pools[0] === this.#fallback ? 'without network' : node;
    if (!this.#surveyed.has(owner)) {
      this.#surveyed.add(owner);
      for (const resident of residents(owner))
        claim(this.#poolsOf(resident.node, resident.node === node ? podCIDRs : []), resident.addresses);
    }
    for (const pool of pools) {
      const address = pool.take();
      if (address !== undefined) addresses.push(address);
    }
    if (addresses.length < pools.length) {
      for (const address of addresses) for (const pool of pools) pool.free(address);
      return [];
    }
    this.#held.set(podKey, { node, addresses, isShared: owner !== node });
    return addresses;
  }

  /** Whether it is known which addresses the pod has. */
  holds(podKey: string): boolean {
    return this.#held.has(podKey);
  }

  /** Notes the addresses of a pod that already has some. */
  claim(podKey: string, node: string, podCIDRs: readonly string[], addresses: readonly string[]): void {
    if (this.#held.has(podKey)) return;
    const pools = this.#poolsOf(node, podCIDRs);
    claim(pools, addresses);
    this.#held.set(podKey, { node, addresses, isShared: pools[0] === this.#fallback });
  }

  /** A pod goes whose addresses were found on its node: from now on they are known as its own, to be freed with it. */
  note(podKey: string, node: string, podCIDRs: readonly string[], addresses: readonly string[]): void {
    const isShared = this.#poolsOf(node, podCIDRs)[0] === this.#fallback;
    const owner = isShared ? 'without network' : node;
    if (this.#surveyed.has(owner) && !this.#held.has(podKey)) this.#held.set(podKey, { node, addresses, isShared });
  }

  free(podKey: string): void {
    const held = this.#held.get(podKey);
    if (!held) return;
    this.#held.delete(podKey);
    // The network of a node may have gone with the node, or come after the pod had its addresses.
    const own = this.#pools.get(held.node) ?? [];
    for (const pool of held.isShared ? this.#shared() : own) for (const address of held.addresses) pool.free(address);
  }

  #poolsOf(node: string, podCIDRs: readonly string[]): readonly AddressPool[] {
    const known = this.#pools.get(node);
    if (known) return known;
    const pools = podCIDRs.map((cidr) => AddressPool.of(cidr)).filter((pool) => pool !== undefined);
    if (pools.length === 0) return this.#shared();
    this.#pools.set(node, pools);
    return pools;
  }

  #shared(): readonly AddressPool[] {
    return this.#fallback ? [this.#fallback] : [];
  }

  /** A node's network went with it; what its pods, which are still there, had of the one that nodes share is free again. */
  forgetNode(node: string, podCIDRs: readonly string[], residents: readonly Resident[]): void {
    const isShared = this.#poolsOf(node, podCIDRs)[0] === this.#fallback;
    for (const { podKey, addresses } of residents) {
      const held = this.#held.get(podKey);
      this.#held.delete(podKey);
      if (!(held?.isShared ?? isShared)) continue;
      for (const pool of this.#shared()) for (const address of held?.addresses ?? addresses) pool.free(address);
    }
    this.#pools.delete(node);
    this.#surveyed.delete(node);
  }
}

function claim(pools: readonly AddressPool[], addresses: readonly string[]): void {
  for (const pool of pools) for (const address of addresses) pool.claim(address);
}
