// One look at one autoscaler: the size that its metrics ask for, what limits it, and the change.
// Behaviour: pkg/controller/podautoscaler/horizontal.go (reconcileAutoscaler), Kubernetes v1.36.3.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { parseGroupVersion, unexpectedGroupVersion } from '../../../apimachinery/group-version-kind.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { mustParseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import { type Scale, scaleOf } from '../../../apiserver/registry/subresource.ts';
import { type Resource, resourceNameOf } from '../../../apiserver/resource.ts';
import type { HorizontalPodAutoscaler, MetricStatus } from '../../../schema/generated/types/autoscaling-v2.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import { parseSelector } from '../../../selectors/label-selector.ts';
import { keyFor, type SyncContext } from '../../engine/controller.ts';
import { selectObjects } from '../pod-control/claim.ts';
import type { AutoscalerSelectors } from './autoscaler-selectors.ts';
import { AutoscalerStatus } from './autoscaler-status.ts';
import { proposeFor } from './metric-proposals.ts';
import type { MetricsSource } from './metrics-source.ts';
import type { Tolerances } from './replica-calculator.ts';
import type { ScalingHistory } from './scaling-limits.ts';

const NOT_SERVED = 'the server could not find the requested resource';

export interface Settings {
  readonly period: number;
  readonly downscaleStabilization: number;
  readonly tolerance: number;
  readonly windows: { readonly cpuInitialization: number; readonly initialReadiness: number };
  readonly metrics: MetricsSource;
  readonly isScaleToZeroEnabled: boolean;
}

interface Target {
  readonly resource: Resource;
  readonly object: KubeObject;
  readonly scale: Scale;
}

/** One look at one autoscaler. */
export class Reconciliation {
  readonly #hpa: HorizontalPodAutoscaler;
  readonly #history: ScalingHistory;
  readonly #selectors: AutoscalerSelectors;
  readonly #settings: Settings;
  readonly #context: SyncContext;
  readonly #status: AutoscalerStatus;

  constructor(
    hpa: HorizontalPodAutoscaler,
    history: ScalingHistory,
    selectors: AutoscalerSelectors,
    settings: Settings,
    context: SyncContext,
  ) {
    this.#hpa = hpa;
    this.#history = history;
    this.#selectors = selectors;
    this.#settings = settings;
    this.#context = context;
    this.#status = new AutoscalerStatus(hpa, context);
  }

  /** Whether the size is held back from what the metrics ask for. */
  run(): boolean {
    const target = this.#target();
    if (typeof target === 'string') {
      this.#status.warn('FailedGetScale', target);
      const message = `the HPA controller was unable to get the target's current scale: ${target}`;
      this.#status.setCondition('AbleToScale', 'False', 'FailedGetScale', message);
      this.#status.write();
      return false;
    }
    this.#status.setCondition(
      'AbleToScale',
      'True',
      'SucceededGetScale',
      "the HPA controller was able to get the target's current scale",
    );
    const { scale } = target;
    const current = scale.spec.replicas ?? 0;
    this.#history.begin(current, this.#context.now);
    return this.#decide(target, current, this.#hpa.spec.minReplicas ?? 1);
  }

  #decide(target: Target, current: number, min: number): boolean {
    const { maxReplicas } = this.#hpa.spec;
    if (current === 0 && !this.#mayScaleFromZero(min)) {
      const message = 'scaling is disabled since the replica count of the target is zero';
      this.#status.setCondition('ScalingActive', 'False', 'ScalingDisabled', message);
      this.#status.removeCondition('ScaledToZero');
      this.#finish(current, current, undefined, false);
      return false;
    }
    if (current !== 0 && current > maxReplicas) {
      this.#rescale(target, current, maxReplicas, 'Current number of replicas above Spec.MaxReplicas', undefined);
      return false;
    }
    if (current !== 0 && current < min) {
      this.#rescale(target, current, min, 'Current number of replicas below Spec.MinReplicas', undefined);
      return false;
    }
    const computed = this.#computeReplicas(target.scale);
    if (computed.replicas === undefined) {
      this.#status.set(current, this.#status.desiredReplicas, computed.statuses, false);
      this.#status.write();
      this.#status.warn('FailedComputeMetricsReplicas', computed.error ?? '');
      return false;
    }
    let wanted = computed.replicas;
    let reason =
      wanted > current ? `${computed.metric} above target` : wanted < current ? 'All metrics below target' : '';
    const { now } = this.#context;
    const { downscaleStabilization } = this.#settings;
    const limited = this.#history.limit({ current, desired: wanted, min, now, downscaleStabilization }, this.#hpa);
    this.#status.setCondition('AbleToScale', 'True', limited.ableToScale.reason, limited.ableToScale.message);
    const { limited: isLimited, reason: why, message } = limited.scalingLimited;
    this.#status.setCondition('ScalingLimited', isLimited ? 'True' : 'False', why, message);
    const isHeldBack = limited.replicas !== wanted && why !== 'TooManyReplicas' && why !== 'TooFewReplicas';
    wanted = limited.replicas;
    if (current === 0 && min !== 0 && this.#isScaledToZero() && wanted < min) {
      wanted = min;
      reason ||= 'Current number of replicas below Spec.MinReplicas';
    }
    if (wanted === current) this.#finish(current, current, computed.statuses, false);
    else this.#rescale(target, current, wanted, reason, computed.statuses);
    return isHeldBack;
  }

  #mayScaleFromZero(min: number): boolean {
    const isScaledToZero = this.#settings.isScaleToZeroEnabled && this.#isScaledToZero();
    return isScaledToZero && (min !== 0 || this.#hasObjectOrExternalMetrics());
  }

  #isScaledToZero(): boolean {
    return this.#status.isTrue('ScaledToZero');
  }

  #hasObjectOrExternalMetrics(): boolean {
    return (this.#hpa.spec.metrics ?? []).some(({ type }) => type === 'Object' || type === 'External');
  }

  /** The workload's scale, or why it cannot be read. */
  #target(): Target | string {
    const { kind, name, apiVersion = '' } = this.#hpa.spec.scaleTargetRef;
    const version = parseGroupVersion(apiVersion);
    if (!version) return unexpectedGroupVersion(apiVersion);
    const { catalog, reader } = this.#context;
    const resource =
      catalog.byKind(apiVersion, kind) ??
      catalog.all().find((each) => each.group === version.group && each.kind === kind);
    if (!resource) return `no matches for kind ${goQuote(kind)} in group ${goQuote(version.group)}`;
    if (!resource.scale) return NOT_SERVED;
    const resourceName = resourceNameOf(resource);
    const object = reader.get(resourceName, this.#hpa.metadata.namespace, name);
    if (!object) return `${resourceName} ${goQuote(name)} not found`;
    return { resource, object, scale: scaleOf(object, resource.scale) };
  }

  /** The largest wish of all metrics; none when it cannot be trusted. */
  #computeReplicas(scale: Scale): {
    readonly replicas: number | undefined;
    readonly metric: string;
    readonly statuses: readonly MetricStatus[] | undefined;
    readonly error: string | undefined;
  } {
    const specs = this.#hpa.spec.metrics ?? [];
    const pods = this.#selectedPods(scale.status.selector ?? '');
    if (typeof pods === 'string') return { replicas: undefined, metric: '', statuses: undefined, error: pods };
    const statuses: MetricStatus[] = [];
    let replicas = 0;
    let metric = '';
    let failures = 0;
    let first: { readonly reason: string; readonly cause: string; readonly error: string } | undefined;
    for (const spec of specs) {
      const proposal = proposeFor(spec, {
        pods,
        namespace: this.#hpa.metadata.namespace ?? '',
        currentReplicas: scale.spec.replicas ?? 0,
        statusReplicas: scale.status.replicas,
        tolerances: this.#tolerances(),
        windows: this.#settings.windows,
        source: this.#settings.metrics,
        now: this.#context.now,
      });
      // A metric that fails leaves an empty place in the status.
      statuses.push(proposal.ok ? proposal.status : { type: '' });
      if (!proposal.ok) {
        this.#status.warn(proposal.reason, proposal.cause);
        first ??= proposal;
        failures += 1;
      } else if (replicas === 0 || proposal.replicas > replicas) {
        replicas = proposal.replicas;
        metric = proposal.metric;
      }
    }
    const error =
      first && `invalid metrics (${failures} invalid out of ${specs.length}), first error is: ${first.error}`;
    if (first && (failures >= specs.length || replicas < (scale.spec.replicas ?? 0))) {
      const message = `the HPA was unable to compute the replica count: ${first.cause}`;
      this.#status.setCondition('ScalingActive', 'False', first.reason, message);
      return { replicas: undefined, metric: '', statuses, error };
    }
    const message = `the HPA was able to successfully calculate a replica count from ${metric}`;
    this.#status.setCondition('ScalingActive', 'True', 'ValidMetricFound', message);
    return { replicas, metric, statuses, error };
  }

  /** The pods behind the scale's selector, or why they cannot be told. */
  #selectedPods(text: string): readonly Pod[] | string {
    const refuse = (reason: string, error: string, message = error, event = reason): string => {
      this.#status.warn(event, error);
      this.#status.setCondition('ScalingActive', 'False', reason, message);
      return error;
    };
    if (text === '')
      return refuse(
        'InvalidSelector',
        'selector is required',
        "the HPA target's scale is missing a selector",
        'SelectorRequired',
      );
    const parsed = parseSelector(text);
    if (!parsed.ok)
      return refuse(
        'InvalidSelector',
        `couldn't convert selector into a corresponding internal selector object: ${parsed.error}`,
      );
    const { namespace = '' } = this.#hpa.metadata;
    this.#selectors.set(keyFor(this.#hpa), namespace, parsed.value);
    const pods = selectObjects<Pod>(this.#context.reader, 'pods', namespace, parsed.value);
    const claimants = this.#selectors.selecting(pods);
    if (claimants.length <= 1) return pods;
    const names = claimants.join(' ');
    return refuse('AmbiguousSelector', `pods by selector ${text} are controlled by multiple HPAs: [${names}]`);
  }

  #tolerances(): Tolerances {
    const { scaleDown, scaleUp } = this.#hpa.spec.behavior ?? {};
    const own = (text: string | undefined) =>
      text === undefined ? this.#settings.tolerance : mustParseQuantity(text).asApproximateFloat();
    return { scaleDown: own(scaleDown?.tolerance), scaleUp: own(scaleUp?.tolerance) };
  }

  #rescale(
    { resource, object, scale }: Target,
    current: number,
    wanted: number,
    reason: string,
    statuses: readonly MetricStatus[] | undefined,
  ): void {
    const { client, recorder, now } = this.#context;
    const next: Scale = { ...scale, spec: { replicas: wanted } };
    const answer = client.update<Scale>(resourceNameOf(resource), next, 'scale');
    if (!answer.ok) {
      const { message } = answer.status;
      this.#status.warn('FailedRescale', `New size: ${wanted}; reason: ${reason}; error: ${message}`);
      const text = `the HPA controller was unable to update the target scale: ${message}`;
      this.#status.setCondition('AbleToScale', 'False', 'FailedUpdateScale', text);
      this.#status.set(current, this.#status.desiredReplicas, statuses, false);
      this.#status.write();
      return;
    }
    const text = `the HPA controller was able to update the target scale to ${wanted}`;
    this.#status.setCondition('AbleToScale', 'True', 'SucceededRescale', text);
    recorder.event(this.#hpa, 'Normal', 'SuccessfulRescale', `New size: ${wanted}; reason: ${reason}`);
    this.#history.noteScale(this.#hpa, current, wanted, now);
    if (!this.#settings.isScaleToZeroEnabled) this.#status.removeCondition('ScaledToZero');
    else if (object && wanted === 0 && this.#hpa.spec.minReplicas === 0 && this.#hasObjectOrExternalMetrics())
      this.#status.setCondition(
        'ScaledToZero',
        'True',
        'ScaledToZero',
        'the HPA controller scaled the workload to zero',
      );
    else
      this.#status.setCondition(
        'ScaledToZero',
        'False',
        'NotScaledToZero',
        'the HPA controller did not scale the workload to zero',
      );
    this.#finish(current, wanted, statuses, true);
  }

  #finish(current: number, wanted: number, statuses: readonly MetricStatus[] | undefined, rescaled: boolean): void {
    this.#status.set(current, wanted, statuses, rescaled);
    this.#status.write();
  }
}
