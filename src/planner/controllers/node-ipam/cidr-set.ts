// Blocks of one size cut from a network, handed out one after the other.
// Behaviour: pkg/controller/nodeipam/ipam/cidrset/cidr_set.go, Kubernetes v1.36.3.
import { type IpBytes, type IpNetwork, ipText, parseCidr } from '../../../apimachinery/ip-address.ts';

const DEFAULT_MASK_SIZE_IPV4 = 24;
const DEFAULT_MASK_SIZE_IPV6 = 64;

/** The length of nodes' blocks as flags of the controller manager say it; `isOnly`: the cluster has no network but this one. */
export function nodeMaskSize(flags: Readonly<Record<string, string>>, { bits }: IpNetwork, isOnly: boolean): number {
  const isIPv4 = bits === 32;
  const single = isOnly ? flags['node-cidr-mask-size'] : undefined;
  const own = flags[isIPv4 ? 'node-cidr-mask-size-ipv4' : 'node-cidr-mask-size-ipv6'];
  return Number(single ?? own ?? (isIPv4 ? DEFAULT_MASK_SIZE_IPV4 : DEFAULT_MASK_SIZE_IPV6));
}

export class CidrSet {
  readonly #network: IpNetwork;
  readonly #nodeMaskSize: number;
  readonly #count: number;
  readonly #used = new Set<number>();
  #next = 0;

  constructor(clusterCIDR: IpNetwork, nodeMaskSize: number) {
    this.#network = clusterCIDR;
    this.#nodeMaskSize = nodeMaskSize;
    this.#count = 2 ** Math.max(nodeMaskSize - clusterCIDR.prefixLength, 0);
  }

  /** The next free block after the one handed out last, or undefined when none is left. */
  allocateNext(): string | undefined {
    if (this.#used.size >= this.#count) return undefined;
    let candidate = this.#next;
    while (this.#used.has(candidate)) candidate = (candidate + 1) % this.#count;
    this.#next = (candidate + 1) % this.#count;
    this.#used.add(candidate);
    return `${ipText(toBytes(toInteger(this.#network.network) + (BigInt(candidate) << this.#blockBits())))}/${this.#nodeMaskSize}`;
  }

  /** Marks the blocks that a network touches as used. */
  occupy(cidr: string): void {
    for (const index of this.#indexesOf(cidr)) this.#used.add(index);
  }

  release(cidr: string): void {
    for (const index of this.#indexesOf(cidr)) this.#used.delete(index);
  }

  #blockBits(): bigint {
    return BigInt(this.#network.bits - this.#nodeMaskSize);
  }

  *#indexesOf(cidr: string): Generator<number> {
    const other = parseCidr(cidr);
    if (!other || other.bits !== this.#network.bits) return;
    const start = toInteger(this.#network.network);
    const from = toInteger(other.network);
    const size = 1n << BigInt(other.bits - other.prefixLength);
    const first = (from - start) >> this.#blockBits();
    const last = (from + size - 1n - start) >> this.#blockBits();
    const end = last < BigInt(this.#count) ? last : BigInt(this.#count - 1);
    for (let index = first > 0n ? first : 0n; index <= end; index++) yield Number(index);
  }
}

function toInteger(bytes: IpBytes): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function toBytes(value: bigint): IpBytes {
  return Array.from({ length: 16 }, (_, i) => Number((value >> BigInt(8 * (15 - i))) & 0xffn));
}
