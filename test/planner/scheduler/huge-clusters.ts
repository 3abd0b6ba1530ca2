// Random small clusters with amounts around 2^53, where doubles stop being exact, and 2^63, where int64 wraps around.
import type { KubeObject } from '../../../src/apimachinery/object.ts';
import type { Pod } from '../../../src/schema/generated/types/core-v1.ts';
import { type Random, random } from './random-cluster.ts';

interface HugeCluster {
  readonly name: string;
  readonly objects: readonly KubeObject[];
  readonly pending: readonly Pod[];
}

type Amounts = Readonly<Record<string, string>>;

const FOO = 'example.com/foo';

export function hugeCluster(seed: number): HugeCluster {
  const r = random(seed);
  const objects: KubeObject[] = [object('Namespace', { name: 'default' })];
  const nodes = r.int(1, 3);
  for (let n = 1; n <= nodes; n++) {
    const name = `n${n}`;
    const allocatable = {
      cpu: cores(r),
      memory: bytes(r),
      'ephemeral-storage': bytes(r),
      ...(r.chance(0.7) ? { [FOO]: bytes(r) } : {}),
      pods: r.chance(0.9) ? '110' : r.pick(['1', '2', '4294967296', '9223372036854775807']),
    };
    const labels = { 'kubernetes.io/hostname': name };
    objects.push({
      ...object('Node', { name, labels }),
      spec: {},
      status: { capacity: allocatable, allocatable },
    } as KubeObject);
    for (let b = r.int(0, 3); b > 0; b--) objects.push(pod(r, `b${n}${b}`, r.pick([0, 0, 5]), name));
  }
  const pending = Array.from({ length: r.int(1, 3) }, (_, i) => pod(r, `p${i}`, r.pick([0, 10])));
  return { name: `huge-${seed}`, objects, pending };
}

function pod(r: Random, name: string, priority: number, nodeName?: string): Pod {
  const containers = Array.from({ length: r.chance(0.3) ? 2 : 1 }, (_, i) => ({
    name: `c${i}`,
    image: 'x',
    resources: { requests: requests(r) },
  }));
  const spec = { ...(nodeName === undefined ? {} : { nodeName }), priority, containers };
  return { ...object('Pod', { name, namespace: 'default' }), spec } as unknown as Pod; // as written, without defaults
}

function object(kind: string, metadata: Readonly<Record<string, unknown>>): KubeObject {
  return { apiVersion: 'v1', kind, metadata } as unknown as KubeObject;
}

function requests(r: Random): Amounts {
  return {
    ...(r.chance(0.75) ? { cpu: cores(r) } : {}),
    ...(r.chance(0.75) ? { memory: bytes(r) } : {}),
    ...(r.chance(0.3) ? { 'ephemeral-storage': bytes(r) } : {}),
    ...(r.chance(0.4) ? { [FOO]: bytes(r) } : {}),
  };
}

const around = (r: Random, exponent: bigint): string => String(2n ** exponent + BigInt(r.int(-3, 3)));
const nearLargest = (r: Random): string => String(2n ** 63n - 1n - BigInt(r.int(0, 3)));

function bytes(r: Random): string {
  const kind = r.int(0, 11);
  if (kind < 4) return around(r, [52n, 53n, 61n, 62n][kind]!);
  if (kind === 4) return nearLargest(r);
  if (kind < 8) return r.pick(['8Ei', '4Ei', '3Ei', '1Ei', '9E', '5E', '100Pi']);
  if (kind < 10) return String(BigInt(r.int(1, 2 ** 30)) * BigInt(r.int(1, 2 ** 30)));
  return kind === 10 ? `${r.int(1, 90)}Pi` : `${r.int(1, 64)}Gi`;
}

function cores(r: Random): string {
  const kind = r.int(0, 9);
  if (kind < 2) return `${around(r, [53n, 62n][kind]!)}m`;
  if (kind === 2) return `${nearLargest(r)}m`;
  if (kind < 7) return r.pick(['4P', '5P', '9P', '10P', '1E', '9E', '9223372036854775', '9223372036854776']);
  return kind === 7 ? around(r, 53n) : `${r.int(1, 64) * (kind === 8 ? 1000 : 100)}m`;
}
