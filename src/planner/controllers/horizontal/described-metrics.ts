// Metrics as a cluster description states them: so much use by the pods that match some labels.
// Differs: a real metrics server measures; here what is described holds until it is described anew.
import { mustParseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import type { CrossVersionObjectReference } from '../../../schema/generated/types/autoscaling-v2.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import type { Selector } from '../../../selectors/label-selector.ts';
import { type DescribedPods, isDescribed } from '../pod-control/described-pods.ts';
import {
  fail,
  type MetricsAnswer,
  type MetricsSource,
  NO_CUSTOM_METRICS,
  noMetrics,
  type PodMetrics,
} from './metrics-source.ts';

/** Use of cpu and memory by the Running pods that match, on the first container of each. */
export interface ResourceUse extends DescribedPods {
  /** Shared evenly between the pods; what each pod uses by itself comes on top. */
  readonly totalCPU?: string;
  readonly podCPU?: string;
  readonly totalMemory?: string;
  readonly podMemory?: string;
}

/** A number that some other metrics API serves. */
interface NamedMetric extends DescribedPods {
  readonly name: string;
  /** For metrics about pods: per pod. */
  readonly value: string;
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

/** Use by one pod, in thousandths. */
export interface Measured {
  readonly pod: Pod;
  readonly cpu: number;
  readonly memory: number;
  /** The cpu that it would use without its limit. */
  readonly wanted: number;
}

/** How long a measurement takes. */
const WINDOW = 1000;
const DEFAULT_NAMESPACE = 'default';

/** A source whose description may change while the cluster runs. */
export class DescribedMetrics implements MetricsSource {
  #description: MetricsDescription;
  readonly #isThrottled: boolean;

  /** `isThrottled`: no container uses more cpu than its limit. */
  constructor(description: MetricsDescription = {}, { isThrottled = false } = {}) {
    this.#description = description;
    this.#isThrottled = isThrottled;
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
      const use = resources.find((candidate) => isDescribed(pod, candidate));
      if (!use) continue;
      isKnown = true;
      const first = pod.spec.containers?.[0]?.name;
      const sharers = running.filter((other) => isDescribed(other, use)).length;
      const used = container === '' || container === first ? amountUsed(use, resource, sharers) : 0;
      const value = used !== undefined && resource === 'cpu' && this.#isThrottled ? throttled(used, pod) : used;
      if (value === undefined || (container !== '' && !pod.spec.containers?.some(({ name }) => name === container)))
        continue;
      metrics.set(pod.metadata.name ?? '', { value, timestamp: now + WINDOW, window: WINDOW });
    }
    return isKnown ? { ok: true, value: metrics } : fail('no metrics returned from resource metrics API');
  }

  /** What the working container of each measured pod uses, of all pods of a cluster. */
  measured(pods: readonly Pod[]): readonly Measured[] {
    const { resources = [] } = this.#description;
    if (resources.length === 0) return [];
    const running = pods.filter(isMeasured);
    const sharers = new Map(resources.map((use) => [use, running.filter((pod) => isDescribed(pod, use)).length]));
    return running.flatMap((pod): Measured[] => {
      const use = resources.find((candidate) => isDescribed(pod, candidate));
      if (!use) return [];
      const amount = (resource: string) => amountUsed(use, resource, sharers.get(use) ?? 1) ?? 0;
      const wanted = amount('cpu');
      return [{ pod, cpu: this.#isThrottled ? throttled(wanted, pod) : wanted, memory: amount('memory'), wanted }];
    });
  }

  podsMetric(name: string, pods: readonly Pod[], _selector: Selector, now: number): MetricsAnswer<PodMetrics> {
    const { pods: described } = this.#description;
    if (!described) return fail(NO_CUSTOM_METRICS);
    const metrics: PodMetrics = new Map();
    for (const pod of pods.filter(isMeasured)) {
      const metric = described.find((m) => m.name === name && isDescribed(pod, m));
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

/** Thousandths; a metrics server knows cpu and memory of every pod it knows, and nothing else. */
function amountUsed(use: ResourceUse, resource: string, sharers: number): number | undefined {
  if (resource === 'cpu') return Math.round(milli(use.podCPU) + milli(use.totalCPU) / sharers);
  if (resource !== 'memory') return undefined;
  // Reported in whole Ki.
  return Math.round((milli(use.podMemory) + milli(use.totalMemory) / sharers) / 1000 / 1024) * 1024 * 1000;
}

/** Over its limit a container gets no more cpu. */
function throttled(used: number, pod: Pod): number {
  return Math.min(used, cpuLimit(pod) ?? used);
}

/** What the first container may have, which is the one that works: its own limit, else that of the whole pod, which is never lower. */
function cpuLimit({ spec }: Pod): number | undefined {
  const limit = spec.containers?.[0]?.resources?.limits?.['cpu'] ?? spec.resources?.limits?.['cpu'];
  return limit === undefined ? undefined : milli(String(limit));
}

/** In thousandths; nothing is 0. */
export function milli(text: string | undefined): number {
  return text === undefined ? 0 : mustParseQuantity(text).milliValue();
}
