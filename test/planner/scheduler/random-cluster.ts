// Random nodes, pods and other objects with everything that default plugins look at, from a seed.
import type { KubeObject } from '../../../src/apimachinery/object.ts';
import type {
  Affinity,
  Container,
  LabelSelector,
  Node,
  NodeSelectorRequirement,
  Pod,
  PodAffinityTerm,
  PodSpec,
  Taint,
  Toleration,
  TopologySpreadConstraint,
} from './random-types.ts';

export interface Random {
  /** From `low` to `high`, both included. */
  int(low: number, high: number): number;
  pick<T>(items: readonly T[]): T;
  chance(probability: number): boolean;
}

/** mulberry32 */
export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return { int, pick: (items) => items[int(0, items.length - 1)]!, chance: (probability) => next() < probability };
}

const ZONES = ['z1', 'z2', 'z3'];
const APPS = ['web', 'db', 'cache'];
const NAMESPACES = ['default', 'prod'];
const IMAGES = ['nginx:1.27', 'redis:7', 'big:v1'];
const KEYS = ['kubernetes.io/hostname', 'topology.kubernetes.io/zone', 'topology.kubernetes.io/zone', 'rack'];

export function randomNode(r: Random, name: string): Node {
  const labels: Record<string, string> = { 'kubernetes.io/hostname': name };
  if (r.chance(0.85)) labels['topology.kubernetes.io/zone'] = r.pick(ZONES);
  if (r.chance(0.5)) labels['rack'] = r.pick(['', 'r1', 'r2']);
  if (r.chance(0.5)) labels['disk'] = r.pick(['ssd', 'hdd']);
  if (r.chance(0.4)) labels['gen'] = String(r.int(1, 9));
  const taints: Taint[] = [];
  for (const [key, value] of [
    ['dedicated', 'a'],
    ['gpu', ''],
    ['env', 'prod'],
  ] as const)
    if (r.chance(0.12))
      taints.push({
        key,
        ...(value ? { value } : {}),
        effect: r.pick(['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
      });
  const allocatable = {
    cpu: `${r.int(1, 8)}`,
    memory: `${r.int(2, 16)}Gi`,
    pods: `${r.int(3, 20)}`,
    'ephemeral-storage': `${r.int(1, 40)}Gi`,
    ...(r.chance(0.5) ? { 'example.com/gpu': `${r.int(0, 4)}` } : {}),
  };
  const images = IMAGES.filter(() => r.chance(0.3)).map((image) => ({
    names: [image],
    sizeBytes: r.int(1, 1500) * 1048576,
  }));
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
    spec: { ...(taints.length > 0 ? { taints } : {}), ...(r.chance(0.05) ? { unschedulable: true } : {}) },
    status: { allocatable, ...(images.length > 0 ? { images } : {}) },
  } as unknown as Node; // no nodeInfo: no plugin reads it
}

function nodeExpression(r: Random): NodeSelectorRequirement {
  const key = r.pick(['disk', 'gen', 'topology.kubernetes.io/zone', 'absent']);
  const operator = r.pick(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']);
  if (operator === 'Gt' || operator === 'Lt') return { key: 'gen', operator, values: [String(r.int(1, 9))] };
  if (operator === 'Exists' || operator === 'DoesNotExist') return { key, operator };
  return { key, operator, values: [r.pick(['ssd', 'hdd', '3', '5', 'z1', 'z2'])] };
}

function selector(r: Random): LabelSelector {
  if (r.chance(0.6)) return { matchLabels: { app: r.pick(APPS) } };
  if (r.chance(0.1)) return {};
  const operator = r.pick(['In', 'NotIn', 'Exists', 'DoesNotExist']);
  const values = operator === 'In' || operator === 'NotIn' ? { values: [r.pick(APPS), r.pick(APPS)] } : {};
  return { matchExpressions: [{ key: r.pick(['app', 'tier']), operator, ...values }] };
}

function affinityTerm(r: Random): PodAffinityTerm {
  return {
    labelSelector: selector(r),
    topologyKey: r.pick(KEYS),
    ...(r.chance(0.2) ? { namespaces: [r.pick(NAMESPACES)] } : {}),
    ...(r.chance(0.2)
      ? {
          namespaceSelector: r.pick([
            {},
            { matchLabels: { team: 'a' } },
            { matchExpressions: [{ key: 'x', operator: 'DoesNotExist' }] },
          ]),
        }
      : {}),
  };
}

function affinity(r: Random): Affinity | undefined {
  const result: Record<string, unknown> = {};
  if (r.chance(0.25)) {
    const required = { nodeSelectorTerms: [{ matchExpressions: [nodeExpression(r)] }] };
    const preferred = [1, 2].map(() => ({
      weight: r.int(1, 100),
      preference: { matchExpressions: [nodeExpression(r)] },
    }));
    result['nodeAffinity'] = {
      ...(r.chance(0.4) ? { requiredDuringSchedulingIgnoredDuringExecution: required } : {}),
      ...(r.chance(0.7) ? { preferredDuringSchedulingIgnoredDuringExecution: preferred } : {}),
    };
  }
  for (const kind of ['podAffinity', 'podAntiAffinity']) {
    const required = r.chance(0.15) ? [affinityTerm(r), ...(r.chance(0.2) ? [affinityTerm(r)] : [])] : undefined;
    const preferred = r.chance(0.25) ? [{ weight: r.int(1, 100), podAffinityTerm: affinityTerm(r) }] : undefined;
    if (required || preferred)
      result[kind] = {
        ...(required ? { requiredDuringSchedulingIgnoredDuringExecution: required } : {}),
        ...(preferred ? { preferredDuringSchedulingIgnoredDuringExecution: preferred } : {}),
      };
  }
  return Object.keys(result).length > 0 ? (result as Affinity) : undefined;
}

function spreadConstraints(r: Random): readonly TopologySpreadConstraint[] {
  return Array.from({ length: r.int(1, 2) }, () => {
    const whenUnsatisfiable = r.pick(['DoNotSchedule', 'ScheduleAnyway']);
    return {
      maxSkew: r.int(1, 3),
      topologyKey: r.pick(KEYS),
      whenUnsatisfiable,
      labelSelector: selector(r),
      ...(whenUnsatisfiable === 'DoNotSchedule' && r.chance(0.3) ? { minDomains: r.int(1, 4) } : {}),
      ...(r.chance(0.25) ? { nodeAffinityPolicy: r.pick(['Honor', 'Ignore']) } : {}),
      ...(r.chance(0.25) ? { nodeTaintsPolicy: r.pick(['Honor', 'Ignore']) } : {}),
      ...(r.chance(0.2) ? { matchLabelKeys: ['tier'] } : {}),
    };
  });
}

function container(r: Random, name: string): Container {
  const requests = {
    ...(r.chance(0.85) ? { cpu: `${r.int(0, 12) * 50}m` } : {}),
    ...(r.chance(0.85) ? { memory: `${r.int(1, 12) * 64}Mi` } : {}),
    ...(r.chance(0.1) ? { 'example.com/gpu': '1' } : {}),
  };
  const ports = r.chance(0.1) ? [{ containerPort: 80, hostPort: r.pick([8080, 9090]) }] : undefined;
  return { name, image: r.pick(IMAGES), resources: { requests }, ...(ports ? { ports } : {}) };
}

/** Few enough different pods that many are of a kind. */
export function randomTemplate(r: Random): Pick<Pod, 'metadata' | 'spec'> {
  const pairs = affinity(r);
  const spec: PodSpec = {
    containers: [container(r, 'c0'), ...(r.chance(0.2) ? [container(r, 'c1')] : [])],
    schedulerName: 'default-scheduler',
    priority: r.pick([0, 0, 10, 20]),
    ...(r.chance(0.15)
      ? { initContainers: [{ ...container(r, 'i0'), ...(r.chance(0.4) ? { restartPolicy: 'Always' } : {}) }] }
      : {}),
    ...(r.chance(0.4)
      ? {
          tolerations: [
            r.pick<Toleration>([
              { operator: 'Exists' },
              { key: 'gpu', operator: 'Exists' },
              { key: 'dedicated', value: 'a' },
            ]),
          ],
        }
      : {}),
    ...(r.chance(0.15) ? { nodeSelector: { disk: r.pick(['ssd', 'hdd']) } } : {}),
    ...(pairs ? { affinity: pairs } : {}),
    ...(r.chance(0.3) ? { topologySpreadConstraints: spreadConstraints(r) } : {}),
  };
  const labels = { app: r.pick(APPS), ...(r.chance(0.5) ? { tier: r.pick(['front', 'back']) } : {}) };
  return { metadata: { namespace: r.pick(NAMESPACES), labels }, spec };
}

export function podOf({ metadata, spec }: Pick<Pod, 'metadata' | 'spec'>, name: string): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name, uid: `uid-${name}` },
    spec,
    status: {},
  } as Pod;
}

/** Budgets for the pods of an application each: some allow no disruption, some a few. */
export function randomBudgets(r: Random): readonly KubeObject[] {
  return APPS.filter(() => r.chance(0.4)).map((app) => ({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: app, namespace: r.pick(NAMESPACES) },
    spec: { selector: { matchLabels: { app } } },
    status: { disruptionsAllowed: r.int(0, 2) },
  }));
}

export function surroundings(r: Random): readonly KubeObject[] {
  const namespaces = NAMESPACES.map((name, i) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { team: 'ab'[i]! } },
  }));
  const services = APPS.filter(() => r.chance(0.5)).map((app) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: app, namespace: 'default' },
    spec: { selector: { app } },
  }));
  return [...namespaces, ...services];
}
