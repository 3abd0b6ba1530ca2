// The metrics of autoscaling/v1, which stand in annotations, to those of autoscaling/v2 and back.
// Behaviour: pkg/apis/autoscaling/v1/conversion.go, Kubernetes v1.36.3.
import type {
  CrossVersionObjectReference,
  MetricSpec,
  MetricStatus,
} from '../../../schema/generated/types/autoscaling-v2.ts';
import type { LabelSelector } from '../../../schema/generated/types/meta-v1.ts';

/** The source of a v1 metric: which fields it has depends on its type. */
interface V1Source {
  readonly target?: CrossVersionObjectReference | undefined;
  readonly name?: string | undefined;
  readonly metricName?: string | undefined;
  readonly targetAverageUtilization?: number | undefined;
  readonly targetValue?: string | undefined;
  readonly targetAverageValue?: string | undefined;
  readonly metricSelector?: LabelSelector | undefined;
  readonly selector?: LabelSelector | undefined;
  readonly averageValue?: string | undefined;
  readonly currentValue?: string | undefined;
  readonly currentAverageUtilization?: number | undefined;
  readonly currentAverageValue?: string | undefined;
  readonly container?: string | undefined;
}

type SourceName = 'object' | 'pods' | 'resource' | 'containerResource' | 'external';

/** A metric or the status of one as v1 has it. */
export type V1Metric = { readonly type: string } & { readonly [name in SourceName]?: V1Source };

const ZERO = '0';
const NOWHERE: CrossVersionObjectReference = { kind: '', name: '' };

/** The object without the fields that are undefined, as Go leaves out what is empty. */
function given<T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): T {
  // What is left has no undefined field.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

function identifier(name: string | undefined, selector: LabelSelector | undefined) {
  return given<{ name: string; selector?: LabelSelector }>({ name: name ?? '', selector });
}

function reference({ kind, name, apiVersion }: CrossVersionObjectReference): CrossVersionObjectReference {
  return given<CrossVersionObjectReference>({ kind, name, apiVersion: apiVersion || undefined });
}

export function toV1Metric({ type, object, pods, resource, containerResource, external }: MetricSpec): V1Metric {
  return given<V1Metric>({
    type,
    object: object && {
      target: reference(object.describedObject),
      metricName: object.metric.name,
      targetValue: object.target.value ?? ZERO,
      selector: object.metric.selector,
      averageValue: object.target.averageValue,
    },
    pods: pods && {
      metricName: pods.metric.name,
      targetAverageValue: pods.target.averageValue ?? ZERO,
      selector: pods.metric.selector,
    },
    resource: resource && {
      name: resource.name,
      targetAverageUtilization: resource.target.averageUtilization,
      targetAverageValue: resource.target.averageValue,
    },
    containerResource: containerResource && {
      name: containerResource.name,
      targetAverageUtilization: containerResource.target.averageUtilization,
      targetAverageValue: containerResource.target.averageValue,
      container: containerResource.container,
    },
    external: external && {
      metricName: external.metric.name,
      metricSelector: external.metric.selector,
      targetValue: external.target.value,
      targetAverageValue: external.target.averageValue,
    },
  });
}

export function fromV1Metric({ type, object, pods, resource, containerResource, external }: V1Metric): MetricSpec {
  return given<MetricSpec>({
    type,
    object: object && {
      describedObject: reference(object.target ?? NOWHERE),
      target: objectTarget(object),
      metric: identifier(object.metricName, object.selector),
    },
    pods: pods && {
      metric: identifier(pods.metricName, pods.selector),
      target: { type: 'AverageValue', averageValue: pods.targetAverageValue ?? ZERO },
    },
    resource: resource && { name: resource.name ?? '', target: resourceTarget(resource) },
    containerResource: containerResource && {
      name: containerResource.name ?? '',
      target: resourceTarget(containerResource),
      container: containerResource.container ?? '',
    },
    external: external && {
      metric: identifier(external.metricName, external.metricSelector),
      target: given({
        type: external.targetValue === undefined ? 'AverageValue' : 'Value',
        value: external.targetValue,
        averageValue: external.targetAverageValue,
      }),
    },
  });
}

/** v1 cannot leave the value out: beside an average, 0 means none. */
function objectTarget({ targetValue = ZERO, averageValue }: V1Source) {
  if (averageValue === undefined) return { type: 'Value', value: targetValue };
  return { type: 'AverageValue', averageValue, ...(targetValue === ZERO ? {} : { value: targetValue }) };
}

function resourceTarget({ targetAverageUtilization, targetAverageValue }: V1Source) {
  return given<{ type: string; averageValue?: string; averageUtilization?: number }>({
    type: targetAverageUtilization === undefined ? 'AverageValue' : 'Utilization',
    averageValue: targetAverageValue,
    averageUtilization: targetAverageUtilization,
  });
}

export function toV1Status({ type, object, pods, resource, containerResource, external }: MetricStatus): V1Metric {
  return given<V1Metric>({
    type,
    object: object && {
      target: reference(object.describedObject),
      metricName: object.metric.name,
      currentValue: object.current.value ?? ZERO,
      selector: object.metric.selector,
      averageValue: object.current.averageValue,
    },
    pods: pods && {
      metricName: pods.metric.name,
      currentAverageValue: pods.current.averageValue ?? ZERO,
      selector: pods.metric.selector,
    },
    resource: resource && {
      name: resource.name,
      currentAverageUtilization: resource.current.averageUtilization,
      currentAverageValue: resource.current.averageValue ?? ZERO,
    },
    containerResource: containerResource && {
      name: containerResource.name,
      currentAverageUtilization: containerResource.current.averageUtilization,
      currentAverageValue: containerResource.current.averageValue ?? ZERO,
      container: containerResource.container,
    },
    external: external && {
      metricName: external.metric.name,
      metricSelector: external.metric.selector,
      currentValue: external.current.value ?? ZERO,
      currentAverageValue: external.current.averageValue,
    },
  });
}

export function fromV1Status({ type, object, pods, resource, containerResource, external }: V1Metric): MetricStatus {
  return given<MetricStatus>({
    type,
    object: object && {
      metric: identifier(object.metricName, object.selector),
      current: given({ value: object.currentValue ?? ZERO, averageValue: object.averageValue }),
      describedObject: reference(object.target ?? NOWHERE),
    },
    pods: pods && {
      metric: identifier(pods.metricName, pods.selector),
      current: { averageValue: pods.currentAverageValue ?? ZERO },
    },
    resource: resource && { name: resource.name ?? '', current: resourceStatus(resource) },
    containerResource: containerResource && {
      name: containerResource.name ?? '',
      current: resourceStatus(containerResource),
      container: containerResource.container ?? '',
    },
    external: external && {
      metric: identifier(external.metricName, external.metricSelector),
      current: given({ value: external.currentValue ?? ZERO, averageValue: external.currentAverageValue }),
    },
  });
}

function resourceStatus({ currentAverageUtilization, currentAverageValue = ZERO }: V1Source) {
  return given<{ averageValue?: string; averageUtilization?: number }>({
    averageValue: currentAverageValue,
    averageUtilization: currentAverageUtilization,
  });
}
