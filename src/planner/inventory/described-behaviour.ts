// The parts of a Cluster document that say how things behave, as the simulated components ask for them.
import type { Diagnostic } from '../../apimachinery/diagnostic.ts';
import { mustParseQuantity } from '../../apimachinery/quantity/quantity.ts';
import { parseDuration } from '../../apimachinery/time/duration.ts';
import { decodeBody } from '../../apiserver/decode.ts';
import type { Resource } from '../../apiserver/resource.ts';
import type { Pod } from '../../schema/generated/types/core-v1.ts';
import type { KubernetesVersion } from '../../schema/layout.ts';
import type { DescribedCloud } from '../cloud/description.ts';
import { DescribedMetrics, type MetricsDescription } from '../controllers/horizontal/described-metrics.ts';
import { isDescribed } from '../controllers/pod-control/described-pods.ts';
import { type DescribedImages, NodeImages } from '../kubelet/pods/images.ts';
import { type KubeletSettings, type PodTimings, realisticKubeletSettings } from '../kubelet/settings.ts';
import type { DescribedBehaviour } from '../world.ts';
import type { ClusterFile } from './cluster-file.ts';
import { nodeNamesOf } from './short-form.ts';

type PodsEntry = NonNullable<ClusterFile['spec']['pods']>[number];

const TIMINGS = ['initContainer', 'start', 'readiness', 'run', 'termination'] as const;

/** Metrics, kubelets and cloud of a described cluster; kubelets act as real ones do. */
export function describedBehaviour(given: ClusterFile['spec'], staticPods: StaticPods): DescribedBehaviour {
  const { pods, images } = given;
  const metrics = describedMetrics(given);
  const spec = { ...given, ...(pods ? { pods: textual(pods) } : {}), ...(images ? { images: textual(images) } : {}) };
  const { cloud } = spec;
  return {
    kubelet: { ...realisticKubeletSettings, ...kubeletSettings(spec, staticPods) },
    ...(metrics ? { metrics } : {}),
    ...(cloud ? { cloud: cloud as DescribedCloud } : {}),
  };
}

/** The loads that a description states; no container uses more cpu than its limit. */
export function describedMetrics({ metrics }: ClusterFile['spec']): DescribedMetrics | undefined {
  return metrics && new DescribedMetrics(textual(metrics) as MetricsDescription, { isThrottled: true });
}

/** Quantities may be written as numbers; they are read as texts. */
function textual<T>(value: T): T {
  if (typeof value === 'number') return String(value) as T;
  if (Array.isArray(value)) return value.map(textual) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, textual(item)])) as T;
}

function kubeletSettings({ pods = [], images, nodes = [] }: ClusterFile['spec'], staticPods: StaticPods) {
  const timed = pods.map((entry) => ({ entry, timings: timingsOf(entry) }));
  const using = pods.filter(({ memory }) => memory !== undefined);
  const knowsImages = images !== undefined || nodes.some((group) => group.images !== undefined);
  const nodeImages = knowsImages ? new NodeImages((images ?? {}) as DescribedImages) : undefined;
  return {
    ...(timed.length > 0
      ? { timingsOf: (pod: Pod) => timed.find(({ entry }) => isDescribed(pod, entry))?.timings ?? {} }
      : {}),
    ...(using.length > 0 ? { usageOf: (pod: Pod) => usageOf(using.find((entry) => isDescribed(pod, entry))) } : {}),
    ...(nodeImages ? { imagesOf: nodeImages.pullsOf.bind(nodeImages) } : {}),
    ...(staticPods.size > 0 ? { staticPodsOf: ({ metadata }) => staticPods.get(metadata.name ?? '') ?? [] } : {}),
  } satisfies Partial<KubeletSettings>;
}

function timingsOf(entry: PodsEntry): Partial<PodTimings> {
  return Object.fromEntries(
    TIMINGS.flatMap((name) => {
      const text = entry[name];
      const parsed = text === undefined ? undefined : parseDuration(text);
      return parsed?.ok ? [[name, Number(parsed.nanos / 1_000_000n)]] : [];
    }),
  );
}

function usageOf(entry: PodsEntry | undefined): Readonly<Record<string, { readonly memory: number }>> | undefined {
  if (!entry?.memory) return undefined;
  return Object.fromEntries(
    Object.entries(entry.memory).map(([name, amount]) => [name, { memory: mustParseQuantity(String(amount)).value() }]),
  );
}

/** By node name. */
export type StaticPods = ReadonlyMap<string, readonly Pod[]>;

/** The static pods of each node, decoded as the kubelet decodes their files. */
export function staticPodsOf(
  spec: ClusterFile['spec'],
  pod: Resource | undefined,
  version: KubernetesVersion,
): { readonly pods: StaticPods; readonly diagnostics: readonly Diagnostic[] } {
  const pods = new Map<string, readonly Pod[]>();
  const diagnostics: Diagnostic[] = [];
  const decode = (given: readonly Readonly<Record<string, unknown>>[], field: string): readonly Pod[] => {
    if (!pod) return [];
    return given.flatMap((value, index): Pod[] => {
      const body = { tree: { value: { apiVersion: 'v1', kind: 'Pod', ...value } }, isYaml: true };
      const answer = decodeBody(body, { resource: pod, version: 'v1' }, version, 'Strict');
      if (answer.ok) return [answer.object as Pod];
      diagnostics.push({
        severity: 'error',
        code: 'InvalidStaticPod',
        message: answer.status.message ?? '',
        field: `${field}[${index}]`,
        nextStep: 'Write it as the kubelet would read it from its folder: a Pod.',
      });
      return [];
    });
  };
  (spec.nodes ?? []).forEach((group, at) => {
    if (!group.staticPods) return;
    const decoded = decode(group.staticPods, `spec.nodes[${at}].staticPods`);
    for (const name of nodeNamesOf(group)) pods.set(name, decoded);
  });
  for (const [name, given] of Object.entries(spec.staticPods ?? {}))
    pods.set(name, decode(given, `spec.staticPods[${name}]`));
  return { pods, diagnostics };
}
