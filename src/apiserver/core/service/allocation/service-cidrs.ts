// The networks that cluster IPs come from: those of the ready ServiceCIDRs, or kubeadm's default when there are none.
// Behaviour: pkg/registry/core/service/ipallocator/{cidrallocator,ipallocator,bitmap}.go, Kubernetes v1.36.3.
import { type IpNetwork, networkText, parseCidr } from '../../../../apimachinery/ip-address.ts';
import type { ServiceCIDR } from '../../../../schema/generated/types/networking-v1.ts';
import type { ClusterReader } from '../../../cluster-reader.ts';
import type { IpFamily } from '../../ip-validation.ts';

const DEFAULT_CIDRS: readonly string[] = ['10.96.0.0/16'];
/** The ServiceCIDR that stands for the flag of the API server. */
const DEFAULT_SERVICE_CIDR = 'kubernetes';

const MIN_RESERVED = 16n;
const MAX_RESERVED = 256n;
const RESERVED_STEP = 16n;

export interface ServiceNetwork {
  readonly text: string;
  readonly family: IpFamily;
  /** Addresses as numbers; network address and, in IPv4, broadcast address belong to nobody. */
  readonly network: bigint;
  readonly first: bigint;
  readonly last: bigint;
  /** Where the band begins from which addresses are handed out; those below are for Services that ask for one. */
  readonly upperBand: bigint;
}

export function serviceNetworks(reader: ClusterReader): readonly ServiceNetwork[] {
  const objects = reader.list<ServiceCIDR>('servicecidrs.networking.k8s.io');
  if (objects.length === 0) return networksOf(DEFAULT_CIDRS);
  return networksOf(objects.filter(isReady).flatMap(({ spec }) => spec.cidrs ?? []));
}

/** The families that Services may have, the default one first. */
export function serviceFamilies(reader: ClusterReader): readonly IpFamily[] {
  const flag = reader.get<ServiceCIDR>('servicecidrs.networking.k8s.io', undefined, DEFAULT_SERVICE_CIDR);
  return [...new Set(networksOf(flag?.spec.cidrs ?? DEFAULT_CIDRS).map(({ family }) => family))];
}

function isReady({ metadata, status }: ServiceCIDR): boolean {
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  return metadata.deletionTimestamp === undefined && (ready === undefined || ready.status === 'True');
}

const known = new Map<string, ServiceNetwork | undefined>();

function networksOf(cidrs: readonly string[]): readonly ServiceNetwork[] {
  return [...new Set(cidrs)].flatMap((cidr) => {
    if (!known.has(cidr)) known.set(cidr, networkOf(cidr));
    return known.get(cidr) ?? [];
  });
}

function networkOf(cidr: string): ServiceNetwork | undefined {
  const parsed = parseCidr(cidr);
  if (!parsed) return undefined;
  const size = 1n << BigInt(parsed.bits - parsed.prefixLength);
  const network = numberOf(parsed);
  const isV4 = parsed.bits === 32;
  return {
    text: networkText(parsed),
    family: isV4 ? 'IPv4' : 'IPv6',
    network,
    first: network + 1n,
    last: network + size - (isV4 ? 2n : 1n),
    upperBand: network + 1n + reservedSize(size),
  };
}

function reservedSize(size: bigint): bigint {
  if (size <= MIN_RESERVED) return 0n;
  const share = size / RESERVED_STEP;
  return share < MIN_RESERVED ? MIN_RESERVED : share > MAX_RESERVED ? MAX_RESERVED : share;
}

function numberOf({ network }: IpNetwork): bigint {
  return addressNumber(network);
}

export function addressNumber(bytes: readonly number[]): bigint {
  let number = 0n;
  for (const byte of bytes) number = (number << 8n) | BigInt(byte);
  return number;
}

export function addressBytes(number: bigint): readonly number[] {
  return Array.from({ length: 16 }, (_, i) => Number((number >> BigInt(8 * (15 - i))) & 0xffn));
}
