// How many replicas a metric asks for.
// Behaviour: pkg/controller/podautoscaler/replica_calculator.go and metrics/utilization.go, Kubernetes v1.36.3.
import { mustParseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import { parseTime } from '../../../apimachinery/time/time.ts';
import { isSupportedPodLevelResource } from '../../../apiserver/core/pod-spec/resource-names.ts';
import { podRequests } from '../../../apiserver/quota/pod-resources.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import { isPodReady, podCondition } from '../pod-control/pod-state.ts';
import type { MetricsAnswer, PodMetric, PodMetrics } from './metrics-source.ts';

const MAX_INT32 = 2_147_483_647;
const NO_PODS = 'no pods returned by selector while calculating replica count';
const NO_METRICS = 'did not receive metrics for targeted pods (pods might be unready)';
const NO_MATCH = 'no metrics returned matched known pods';

export interface Tolerances {
  readonly scaleDown: number;
  readonly scaleUp: number;
}

interface Windows {
  /** How long a new pod's cpu use says nothing. */
  readonly cpuInitialization: number;
  /** How long a pod may take until its first readiness is known. */
  readonly initialReadiness: number;
}

export interface Calculation {
  readonly pods: readonly Pod[];
  readonly currentReplicas: number;
  readonly tolerances: Tolerances;
  readonly windows: Windows;
  readonly now: number;
}

interface Proposal {
  readonly replicas: number;
  /** Average use, thousandths. */
  readonly usage: number;
  /** Average use in percent of the request. */
  readonly utilization?: number;
}

export type ProposalOrError = MetricsAnswer<Proposal>;

const fail = (error: string): { readonly ok: false; readonly error: string } => ({ ok: false, error });

function isWithin({ scaleDown, scaleUp }: Tolerances, ratio: number): boolean {
  return 1 - scaleDown <= ratio && ratio <= 1 + scaleUp;
}

/** Replicas for a target in percent of the request. */
export function utilizationReplicas(
  given: PodMetrics,
  target: number,
  resource: string,
  container: string,
  calculation: Calculation,
): ProposalOrError {
  return measuredReplicas(given, resource, calculation, () => {
    const requests = requestsOf(calculation.pods, container, resource);
    if (typeof requests === 'string') return requests;
    const atLeastAll = Math.max(100, target);
    return {
      of: (metrics) => utilizationOf(metrics, requests, target),
      ofBusy: (name) => Math.trunc(((requests.get(name) ?? 0) * atLeastAll) / 100),
    };
  });
}

/** Replicas for a target amount per pod. */
export function averageReplicas(
  given: PodMetrics,
  target: number,
  resource: string,
  calculation: Calculation,
): ProposalOrError {
  return measuredReplicas(given, resource, calculation, () => ({
    of: (metrics) => {
      const usage = averageOf(metrics);
      return { ratio: usage / target, usage };
    },
    ofBusy: () => target,
  }));
}

interface Measured {
  /** Of what is used to the target. */
  readonly ratio: number;
  readonly usage: number;
  readonly utilization?: number;
}

interface Measure {
  /** Nothing where the metrics are of no pod that has a request. */
  of(metrics: PodMetrics): Measured | undefined;
  /** What a pod uses that is as busy as the target allows. */
  ofBusy(name: string): number;
}

/** By what the pods use that were measured; the others count as busy on the way down and as idle on the way up. */
function measuredReplicas(
  given: PodMetrics,
  resource: string,
  calculation: Calculation,
  measureOf: () => Measure | string,
): ProposalOrError {
  const { pods, currentReplicas, tolerances } = calculation;
  if (pods.length === 0) return fail(NO_PODS);
  const groups = groupPods(given, resource, calculation);
  const metrics = withoutPods(given, groups);
  if (metrics.size === 0) return fail(NO_METRICS);
  const measure = measureOf();
  if (typeof measure === 'string') return fail(measure);
  const first = measure.of(metrics);
  if (!first) return fail(NO_MATCH);
  const { ratio, ...measured } = first;
  const propose = (replicas: number): ProposalOrError => ({ ok: true, value: { replicas, ...measured } });

  const scaleUpWithUnready = groups.unready.size > 0 && ratio > 1;
  if (!scaleUpWithUnready && groups.missing.size === 0)
    return propose(isWithin(tolerances, ratio) ? currentReplicas : Math.ceil(ratio * groups.readyCount));
  fillIn(metrics, groups, ratio, scaleUpWithUnready, measure.ofBusy);
  const again = measure.of(metrics);
  return again ? propose(keepDirection(ratio, again.ratio, metrics.size, calculation)) : fail(NO_MATCH);
}

/** Replicas for one number over all, against a target for all. */
export function totalReplicas(usage: number, target: number, calculation: Calculation): ProposalOrError {
  const { pods, currentReplicas, tolerances } = calculation;
  const ratio = usage / target;
  if (currentReplicas === 0) return { ok: true, value: { replicas: Math.ceil(ratio), usage } };
  if (isWithin(tolerances, ratio)) return { ok: true, value: { replicas: currentReplicas, usage } };
  if (pods.length === 0) return fail(`unable to calculate ready pods: ${NO_PODS}`);
  const ready = pods.filter((pod) => pod.status.phase === 'Running' && isPodReady(pod)).length;
  return { ok: true, value: { replicas: Math.min(Math.ceil(ratio * ready), MAX_INT32), usage } };
}

/** Replicas for one number over all, against a target per pod. */
export function perPodReplicas(
  usage: number,
  target: number,
  statusReplicas: number,
  { tolerances }: Pick<Calculation, 'tolerances'>,
): Proposal {
  const ratio = usage / (target * statusReplicas);
  const replicas = isWithin(tolerances, ratio) ? statusReplicas : Math.min(Math.ceil(usage / target), MAX_INT32);
  return { replicas, usage: statusReplicas === 0 ? 0 : Math.ceil(usage / statusReplicas) };
}

interface Groups {
  readonly readyCount: number;
  readonly unready: ReadonlySet<string>;
  readonly missing: ReadonlySet<string>;
  readonly ignored: ReadonlySet<string>;
}

function groupPods(metrics: PodMetrics, resource: string, { pods, windows, now }: Calculation): Groups {
  const unready = new Set<string>();
  const missing = new Set<string>();
  const ignored = new Set<string>();
  let readyCount = 0;
  for (const pod of pods) {
    const { name = '', deletionTimestamp } = pod.metadata;
    const metric = metrics.get(name);
    if (deletionTimestamp || pod.status.phase === 'Failed') ignored.add(name);
    else if (pod.status.phase === 'Pending') unready.add(name);
    else if (!metric) missing.add(name);
    else if (resource === 'cpu' && isUnready(pod, metric, windows, now)) unready.add(name);
    else readyCount += 1;
  }
  return { readyCount, unready, missing, ignored };
}

function isUnready(pod: Pod, metric: PodMetric, windows: Windows, now: number): boolean {
  const condition = podCondition(pod, 'Ready');
  if (!condition || !pod.status.startTime) return true;
  const started = parseTime(pod.status.startTime) ?? 0;
  const changed = parseTime(condition.lastTransitionTime ?? '') ?? 0;
  if (started + windows.cpuInitialization > now)
    return condition.status === 'False' || metric.timestamp < changed + metric.window;
  return condition.status === 'False' && started + windows.initialReadiness > changed;
}

function withoutPods(metrics: PodMetrics, { unready, ignored }: Groups): PodMetrics {
  return new Map([...metrics].filter(([name]) => !unready.has(name) && !ignored.has(name)));
}

/** Stands in for pods that were not measured, so that they slow a change down. */
function fillIn(
  metrics: PodMetrics,
  { missing, unready }: Groups,
  ratio: number,
  scaleUpWithUnready: boolean,
  busy: (name: string) => number,
): void {
  const stand = (value: number): PodMetric => ({ value, timestamp: 0, window: 0 });
  for (const name of missing) {
    if (ratio < 1) metrics.set(name, stand(busy(name)));
    else if (ratio > 1) metrics.set(name, stand(0));
  }
  if (scaleUpWithUnready) for (const name of unready) metrics.set(name, stand(0));
}

/** The new number, unless it hardly differs or would turn the direction round. */
function keepDirection(
  before: number,
  after: number,
  count: number,
  { currentReplicas, tolerances }: Calculation,
): number {
  if (isWithin(tolerances, after) || (before < 1 && after > 1) || (before > 1 && after < 1)) return currentReplicas;
  const replicas = Math.ceil(after * count);
  const isTurned = (after < 1 && replicas > currentReplicas) || (after > 1 && replicas < currentReplicas);
  return isTurned ? currentReplicas : replicas;
}

function utilizationOf(
  metrics: PodMetrics,
  requests: ReadonlyMap<string, number>,
  target: number,
): Measured | undefined {
  // Memory in thousandths of a byte, times a hundred, outgrows a double.
  let used = 0n;
  let requested = 0n;
  let count = 0n;
  for (const [name, { value }] of metrics) {
    const request = requests.get(name);
    if (request === undefined) continue;
    used += BigInt(value);
    requested += BigInt(request);
    count += 1n;
  }
  if (requested === 0n) return undefined;
  const utilization = Number((used * 100n) / requested);
  return { ratio: utilization / target, usage: Number(used / count), utilization };
}

function averageOf(metrics: PodMetrics): number {
  let total = 0;
  for (const { value } of metrics.values()) total += value;
  return Math.trunc(total / metrics.size);
}

/** Requests in thousandths by pod, or which one is missing. */
function requestsOf(pods: readonly Pod[], container: string, resource: string): Map<string, number> | string {
  const requests = new Map<string, number>();
  for (const pod of pods) {
    const ofPod = Object.keys(pod.spec.resources?.requests ?? {}).some(isSupportedPodLevelResource) && container === '';
    const request = ofPod ? podLevelRequest(pod, resource) : containerRequest(pod, container, resource);
    if (typeof request === 'string') return request;
    requests.set(pod.metadata.name ?? '', request);
  }
  return requests;
}

function podLevelRequest(pod: Pod, resource: string): number | string {
  return (
    podRequests(pod).get(resource)?.milliValue() ??
    `missing pod-level request for ${resource} in Pod ${pod.metadata.name}`
  );
}

function containerRequest({ metadata, spec }: Pod, wanted: string, resource: string): number | string {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  let sum = 0;
  for (const { name, resources } of [...(spec.containers ?? []), ...sidecars]) {
    if (wanted !== '' && wanted !== name) continue;
    const request = resources?.requests?.[resource];
    if (request === undefined) return `missing request for ${resource} in container ${name} of Pod ${metadata.name}`;
    sum += mustParseQuantity(request).milliValue();
    if (wanted === name) return sum;
  }
  return wanted === '' ? sum : `container ${wanted} not found in Pod ${metadata.name}`;
}
