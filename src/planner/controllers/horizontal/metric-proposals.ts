// What each metric of an autoscaler proposes, and what its status says of it.
// Behaviour: computeReplicasForMetric and computeStatusFor* in pkg/controller/podautoscaler/horizontal.go, Kubernetes v1.36.3.
import { Quantity } from '../../../apimachinery/quantity/quantity.ts';
import type {
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValueStatus,
} from '../../../schema/generated/types/autoscaling-v2.ts';
import { compileLabelSelector } from '../../../selectors/label-selector.ts';
import { labelSelectorText } from '../../../selectors/label-selector-text.ts';
import { milli } from './described-metrics.ts';
import type { MetricsSource } from './metrics-source.ts';
import {
  averageReplicas,
  type Calculation,
  type ProposalOrError,
  perPodReplicas,
  totalReplicas,
  utilizationReplicas,
} from './replica-calculator.ts';

interface MetricRequest extends Calculation {
  readonly namespace: string;
  readonly statusReplicas: number;
  readonly source: MetricsSource;
}

type MetricProposal =
  | { readonly ok: true; readonly replicas: number; readonly metric: string; readonly status: MetricStatus }
  | {
      readonly ok: false;
      /** Reason of the condition and the event. */
      readonly reason: string;
      /** What the condition and the event say. */
      readonly cause: string;
      /** What the reconciliation says in all. */
      readonly error: string;
    };

export function proposeFor(spec: MetricSpec, request: MetricRequest): MetricProposal {
  const { resource, containerResource, pods, object, external } = spec;
  switch (spec.type) {
    case 'Resource':
      return resource
        ? ofResource({ ...resource, container: '' }, request, 'FailedGetResourceMetric', (current) => ({
            type: 'Resource',
            resource: { name: resource.name, current },
          }))
        : unknownType(spec);
    case 'ContainerResource': {
      if (!containerResource) return unknownType(spec);
      const { name, container } = containerResource;
      return ofResource(containerResource, request, 'FailedGetContainerResourceMetric', (current) => ({
        type: 'ContainerResource',
        containerResource: { name, container, current },
      }));
    }
    case 'Pods':
      return pods ? ofPods(pods, request) : unknownType(spec);
    case 'Object':
      return object ? ofObject(object, request) : unknownType(spec);
    case 'External':
      return external ? ofExternal(external, request) : unknownType(spec);
    default:
      return unknownType(spec);
  }
}

function unknownType({ type }: MetricSpec): MetricProposal {
  const error = `unknown metric source type "${type}"`;
  return { ok: false, reason: 'InvalidMetricSourceType', cause: error, error };
}

interface MeasuredResource {
  readonly name: string;
  /** Empty for whole pods. */
  readonly container: string;
  readonly target: MetricTarget;
}

function ofResource(
  { name, container, target }: MeasuredResource,
  request: MetricRequest,
  reason: string,
  statusOf: (current: MetricValueStatus) => MetricStatus,
): MetricProposal {
  const { averageValue, averageUtilization } = target;
  const what = container === '' ? `${name} resource` : `${container} container`;
  const refuse = (cause: string): MetricProposal => ({
    ok: false,
    reason,
    cause,
    error: `failed to get ${what} metric value: ${cause}`,
  });
  if (averageValue === undefined && averageUtilization === undefined)
    return refuse(
      'invalid resource metric source: neither an average utilization target nor an average value (usage) target was set',
    );

  const measured = request.source.resourceMetrics(name, request.pods, container, request.now);
  const kind = averageValue === undefined ? 'utilization' : 'usage';
  const found: ProposalOrError = !measured.ok
    ? { ok: false, error: `unable to get metrics for resource ${name}: ${measured.error}` }
    : averageValue === undefined
      ? utilizationReplicas(measured.value, averageUtilization!, name, container, request)
      : averageReplicas(measured.value, milli(averageValue), name, request);
  if (!found.ok) return refuse(`failed to get ${name} ${kind}: ${found.error}`);

  const { replicas, usage, utilization } = found.value;
  const value = Quantity.ofMilli(usage, name === 'memory' ? 'BinarySI' : 'DecimalSI').toString();
  const metric =
    kind === 'usage'
      ? `${name} resource`
      : `${name} ${container === '' ? 'resource' : 'container resource'} utilization (percentage of request)`;
  const current = { ...(utilization === undefined ? {} : { averageUtilization: utilization }), averageValue: value };
  return { ok: true, replicas, metric, status: statusOf(current) };
}

function ofPods({ metric, target }: NonNullable<MetricSpec['pods']>, request: MetricRequest): MetricProposal {
  const measured = request.source.podsMetric(metric.name, request.pods, selectorOf(metric), request.now);
  const found: ProposalOrError = measured.ok
    ? averageReplicas(measured.value, milli(target.averageValue), '', request)
    : { ok: false, error: `unable to get metric ${metric.name}: ${measured.error}` };
  if (!found.ok)
    return {
      ok: false,
      reason: 'FailedGetPodsMetric',
      cause: found.error,
      error: `failed to get pods metric value: ${found.error}`,
    };
  const current = { averageValue: decimal(found.value.usage) };
  const status: MetricStatus = { type: 'Pods', pods: { metric, current } };
  return { ok: true, replicas: found.value.replicas, metric: `pods metric ${metric.name}`, status };
}

function ofObject(
  { metric, target, describedObject }: NonNullable<MetricSpec['object']>,
  request: MetricRequest,
): MetricProposal {
  const { namespace, source } = request;
  // The cause is the innermost error; what is returned names the metric once more for averages.
  const refuse = (cause: string, outer = cause): MetricProposal => ({
    ok: false,
    reason: 'FailedGetObjectMetric',
    cause,
    error: `failed to get object metric value: ${outer}`,
  });
  const isTotal = target.type === 'Value' && target.value !== undefined;
  if (!isTotal && (target.type !== 'AverageValue' || target.averageValue === undefined))
    return refuse('invalid object metric source: neither a value target nor an average value target was set');
  const measured = source.objectMetric(metric.name, namespace, describedObject, selectorOf(metric));
  const found: ProposalOrError = !measured.ok
    ? {
        ok: false,
        error: `unable to get metric ${metric.name}: ${describedObject.kind} on ${namespace} ${describedObject.name}/${measured.error}`,
      }
    : isTotal
      ? totalReplicas(measured.value, milli(target.value), request)
      : {
          ok: true,
          value: perPodReplicas(measured.value, milli(target.averageValue), request.statusReplicas, request),
        };
  if (!found.ok)
    return refuse(found.error, isTotal ? found.error : `failed to get ${metric.name} object metric: ${found.error}`);
  const { replicas, usage } = found.value;
  const current = isTotal ? { value: decimal(usage) } : { averageValue: decimal(usage) };
  const name = isTotal
    ? `${describedObject.kind} metric ${metric.name}`
    : `external metric ${metric.name}(${labelSelectorText(metric.selector)})`;
  return { ok: true, replicas, metric: name, status: { type: 'Object', object: { metric, current, describedObject } } };
}

function ofExternal({ metric, target }: NonNullable<MetricSpec['external']>, request: MetricRequest): MetricProposal {
  const { namespace, source } = request;
  const label = `${metric.name}(${labelSelectorText(metric.selector)})`;
  const refuse = (cause: string, outer = cause): MetricProposal => ({
    ok: false,
    reason: 'FailedGetExternalMetric',
    cause,
    error: `failed to get ${metric.name} external metric value: ${outer}`,
  });
  const isAverage = target.averageValue !== undefined;
  if (!isAverage && target.value === undefined)
    return refuse('invalid external metric source: neither a value target nor an average value target was set');
  const measured = source.externalMetric(metric.name, namespace, selectorOf(metric));
  const total = measured.ok ? measured.value.reduce((sum, value) => sum + value, 0) : 0;
  const found: ProposalOrError = !measured.ok
    ? {
        ok: false,
        error: `unable to get external metric ${namespace}/${metric.name}/${labelSelectorText(metric.selector)}: ${measured.error}`,
      }
    : isAverage
      ? { ok: true, value: perPodReplicas(total, milli(target.averageValue), request.statusReplicas, request) }
      : totalReplicas(total, milli(target.value), request);
  if (!found.ok) {
    const prefix = isAverage
      ? `failed to get ${metric.name} external metric`
      : `failed to get external metric ${metric.name}`;
    return refuse(found.error, `${prefix}: ${found.error}`);
  }
  const { replicas, usage } = found.value;
  const current = isAverage ? { averageValue: decimal(usage) } : { value: decimal(usage) };
  return {
    ok: true,
    replicas,
    metric: `external metric ${label}`,
    status: { type: 'External', external: { metric, current } },
  };
}

function selectorOf({ selector }: { readonly selector?: Parameters<typeof compileLabelSelector>[0] }) {
  // No selector on a metric selects every series.
  return compileLabelSelector(selector ?? {});
}

function decimal(milliValue: number): string {
  return Quantity.ofMilli(milliValue, 'DecimalSI').toString();
}
