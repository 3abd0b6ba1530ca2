// Metrics as a cluster description states them: so much use by the pods that match some labels.
// Differs: a real metrics server measures; here what is described holds until it is described anew.
import { mustParseQuantity } from '../../../apimachinery/quantity.ts';
import type { CrossVersionObjectReference } from '../../../schema/generated/types/autoscaling-v2.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import type { Selector } from '../../../selectors/label-selector.ts';
import { matchesLabels } from '../endpointslice/selector-index.ts';
import {
  fail,
  type MetricsAnswer,
  type MetricsSource,
  NO_CUSTOM_METRICS,
  noMetrics,
  type PodMetrics,
} from './metrics-source.ts';

/** Use of cpu and memory by the Running pods that match, on the first container of each. */
export interface ResourceUse {
  readonly namespace?: string;
  readonly matchLabels: Readonly<Record<string, string>>;
  /** Shared evenly between the pods. */
  readonly totalCPU?: string;
  readonly podCPU?: string;
  readonly totalMemory?: string;
  readonly podMemory?: string;
}

/** A number that some other metrics API serves. */
export interface NamedMetric {
  readonly name: string;
  readonly namespace?: string;
  readonly value: string;
  /** For metrics about pods: which ones; `value` is per pod. */
  readonly matchLabels?: Readonly<Record<string, string>>;
  /** For metrics about another object. */
  readonly object?: CrossVersionObjectReference;
  /** For external metrics: labels of the series. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface MetricsDescription {
  readonly resources?: readonly ResourceUse[];
  readonly pods?: readonly NamedMetric[];
  readonly objects?: readonly NamedMetric[];
  readonly external?: readonly NamedMetric[];
}

/** How long a measurement takes. */
const WINDOW = 1000;
const DEFAULT_NAMESPACE = 'default';

/** A source whose description may change while the cluster runs. */
export class DescribedMetrics implements MetricsSource {
  #description: MetricsDescription;

  constructor(description: MetricsDescription = {}) {
    this.#description = description;
  }

  describe(description: MetricsDescription): void {
    this.#description = description;
  }

  resourceMetrics(resource: string, pods: readonly Pod[], container: string, now: number): MetricsAnswer<PodMetrics> {
    const { resources } = this.#description;
    if (!resources) return noMetrics.resourceMetrics(resource, pods, container, now);
    const running = pods.filter(isMeasured);
    const metrics: PodMetrics = new Map();
    let isKnown = false;
    for (const pod of running) {
      const use = resources.find((candidate) => isAbout(candidate, pod));
      if (!use) continue;
      isKnown = true;
      const first = pod.spec.containers?.[0]?.name;
      const sharers = running.filter((other) => isAbout(use, other)).length;
      const value = container === '' || container === first ? amountUsed(use, resource, sharers) : 0;
      if (value === undefined || (container !== '' && !pod.spec.containers?.some(({ name }) => name === container)))
        continue;
      metrics.set(pod.metadata.name ?? '', { value, timestamp: now + WINDOW, window: WINDOW });
    }
    return isKnown ? { ok: true, value: metrics } : fail('no metrics returned from resource metrics API');
  }

  podsMetric(name: string, pods: readonly Pod[], _selector: Selector, now: number): MetricsAnswer<PodMetrics> {
    const { pods: described } = this.#description;
    if (!described) return fail(NO_CUSTOM_METRICS);
    const metrics: PodMetrics = new Map();
    for (const pod of pods.filter(isMeasured)) {
      const metric = described.find((m) => m.name === name && isAbout({ ...m, matchLabels: m.matchLabels ?? {} }, pod));
      if (metric)
        metrics.set(pod.metadata.name ?? '', { value: milli(metric.value), timestamp: now + WINDOW, window: WINDOW });
    }
    return metrics.size > 0 ? { ok: true, value: metrics } : fail('no metrics returned from custom metrics API');
  }

  objectMetric(
    name: string,
    namespace: string,
    { kind, name: object }: CrossVersionObjectReference,
  ): MetricsAnswer<number> {
    const { objects } = this.#description;
    if (!objects) return fail(NO_CUSTOM_METRICS);
    const metric = objects.find(
      (m) =>
        m.name === name &&
        (m.namespace ?? DEFAULT_NAMESPACE) === namespace &&
        m.object?.kind === kind &&
        m.object.name === object,
    );
    if (!metric) {
      const missing = `the server could not find the metric ${name} for ${kind.toLowerCase()}s ${object}`;
      return fail(`unable to fetch metrics from custom metrics API: ${missing}`);
    }
    return { ok: true, value: milli(metric.value) };
  }

  externalMetric(name: string, namespace: string, selector: Selector): MetricsAnswer<readonly number[]> {
    const { external } = this.#description;
    if (!external) return noMetrics.externalMetric(name, namespace, selector);
    const series = external.filter(
      (m) => m.name === name && (m.namespace ?? namespace) === namespace && selector.matches(m.labels),
    );
    return series.length > 0
      ? { ok: true, value: series.map(({ value }) => milli(value)) }
      : fail('no metrics returned from external metrics API');
  }
}

function isMeasured({ metadata, status }: Pod): boolean {
  return status.phase === 'Running' && !metadata.deletionTimestamp;
}

function isAbout(
  { namespace = DEFAULT_NAMESPACE, matchLabels }: Pick<ResourceUse, 'namespace' | 'matchLabels'>,
  { metadata }: Pod,
): boolean {
  return namespace === metadata.namespace && matchesLabels(matchLabels, metadata.labels);
}

/** Thousandths; a metrics server knows cpu and memory of every pod it knows, and nothing else. */
function amountUsed(use: ResourceUse, resource: string, sharers: number): number | undefined {
  if (resource === 'cpu')
    return Math.round(use.totalCPU === undefined ? milli(use.podCPU) : milli(use.totalCPU) / sharers);
  if (resource !== 'memory') return undefined;
  const total = use.totalMemory === undefined ? milli(use.podMemory) : milli(use.totalMemory) / sharers;
  // Reported in whole Ki.
  return Math.round(total / 1000 / 1024) * 1024 * 1000;
}

function milli(text: string | undefined): number {
  return text === undefined ? 0 : mustParseQuantity(text).milliValue();
}
