// Where an autoscaler's numbers come from: what a metrics server and its kin would answer.
// Role: metrics.k8s.io, custom.metrics.k8s.io and external.metrics.k8s.io (pkg/controller/podautoscaler/metrics/client.go, Kubernetes v1.36.3).
import type { CrossVersionObjectReference } from '../../../schema/generated/types/autoscaling-v2.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import type { Selector } from '../../../selectors/label-selector.ts';

/** What a pod uses of one resource, in thousandths. */
export interface PodMetric {
  readonly value: number;
  /** When it was measured, milliseconds since the epoch. */
  readonly timestamp: number;
  /** Over how many milliseconds. */
  readonly window: number;
}

/** By pod name. */
export type PodMetrics = Map<string, PodMetric>;

export type MetricsAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: string };

export interface MetricsSource {
  /** Use of a resource by pods, or by one of their containers. Pods without a measurement are left out. */
  resourceMetrics(resource: string, pods: readonly Pod[], container: string, now: number): MetricsAnswer<PodMetrics>;
  podsMetric(name: string, pods: readonly Pod[], selector: Selector, now: number): MetricsAnswer<PodMetrics>;
  /** Thousandths. */
  objectMetric(
    name: string,
    namespace: string,
    object: CrossVersionObjectReference,
    selector: Selector,
  ): MetricsAnswer<number>;
  /** Thousandths, one number a series. */
  externalMetric(name: string, namespace: string, selector: Selector): MetricsAnswer<readonly number[]>;
}

const NOT_SERVED = 'the server could not find the requested resource';

/** A cluster without any metrics API. */
export const noMetrics: MetricsSource = {
  resourceMetrics: () =>
    fail(`unable to fetch metrics from resource metrics API: ${NOT_SERVED} (get pods.metrics.k8s.io)`),
  podsMetric: () => fail(NO_CUSTOM_METRICS),
  objectMetric: () => fail(NO_CUSTOM_METRICS),
  externalMetric: (name) =>
    fail(`unable to fetch metrics from external metrics API: ${NOT_SERVED} (get ${name}.external.metrics.k8s.io)`),
};

export const NO_CUSTOM_METRICS =
  'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered';

export function fail(error: string): { readonly ok: false; readonly error: string } {
  return { ok: false, error };
}
