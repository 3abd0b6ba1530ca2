// Between autoscaling/v1 and autoscaling/v2: v1 knows only the share of CPU, the rest travels in annotations.
// Behaviour: pkg/apis/autoscaling/v1/{conversion,defaults}.go, Kubernetes v1.36.3.
// Differs: annotations whose JSON has values of other types than expected are read as far as they go; upstream ignores them.
import { goMarshalInOrder } from '../../../apimachinery/go/json.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { shownField } from '../../../schema/decode/given-empty.ts';
import type { HorizontalPodAutoscaler as V1 } from '../../../schema/generated/types/autoscaling-v1.ts';
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerBehavior,
  HorizontalPodAutoscalerCondition,
  HPAScalingPolicy,
  HPAScalingRules,
  MetricSpec,
  MetricStatus,
} from '../../../schema/generated/types/autoscaling-v2.ts';
import type { VersionConversion } from '../../resource.ts';
import { BEHAVIOR, CONDITIONS, CURRENT_METRICS, METRICS, withoutRoundTripAnnotations } from './annotations.ts';
import { cpuUtilization } from './defaults.ts';
import { fromV1Metric, fromV1Status, toV1Metric, toV1Status, type V1Metric } from './metric-conversion.ts';

type Annotations = Readonly<Record<string, string>> | undefined;

export const autoscalingV1: VersionConversion<HorizontalPodAutoscaler> = {
  version: 'v1',
  // The pipeline hands objects of this version to this conversion.
  applyDefaults: (object) => withDefaults(object as V1),
  toStored: (object) => fromV1(object as V1),
  fromStored: (object): KubeObject => toV1(object),
};

function withDefaults(autoscaler: V1): V1 {
  if (autoscaler.spec.minReplicas !== undefined) return autoscaler;
  return { ...autoscaler, spec: { ...autoscaler.spec, minReplicas: 1 } };
}

function fromV1({ metadata, spec, status }: V1): HorizontalPodAutoscaler {
  const { annotations } = metadata;
  const { targetCPUUtilizationPercentage: cpu, ...otherSpec } = spec;
  const { currentCPUUtilizationPercentage: currentCpu, currentReplicas, ...otherStatus } = status;
  const behavior = behaviorIn(annotations);
  const metrics = [
    ...(listIn<V1Metric>(annotations, METRICS) ?? []).map(fromV1Metric),
    ...(cpu === undefined ? [] : [cpuUtilization(cpu)]),
  ];
  const currentMetrics =
    listIn<V1Metric>(annotations, CURRENT_METRICS)?.map(fromV1Status) ??
    (currentCpu === undefined ? [] : [currentCpuUtilization(currentCpu)]);
  const conditions = listIn<HorizontalPodAutoscalerCondition>(annotations, CONDITIONS) ?? [];
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: withoutRoundTripAnnotations(metadata),
    spec: {
      ...otherSpec,
      metrics: metrics.length > 0 ? metrics : [cpuUtilization()],
      ...(behavior ? { behavior } : {}),
    },
    status: {
      ...otherStatus,
      ...(currentReplicas ? { currentReplicas } : {}),
      ...(currentMetrics.length > 0 ? { currentMetrics } : {}),
      ...(conditions.length > 0 ? { conditions } : {}),
    },
  };
}

function currentCpuUtilization(averageUtilization: number): MetricStatus {
  return { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization } } };
}

function jsonIn(annotations: Annotations, key: string): unknown {
  const text = annotations?.[key];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function listIn<T>(annotations: Annotations, key: string): readonly T[] | undefined {
  const value = jsonIn(annotations, key);
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'object' && item !== null)) return undefined;
  // Written by toV1 below, or by hand in the same form.
  return value as readonly T[];
}

function toV1({ metadata: stored, spec, status }: HorizontalPodAutoscaler): V1 {
  const { metrics = [], behavior, ...otherSpec } = spec;
  const { currentMetrics = [], conditions = [], currentReplicas = 0, ...otherStatus } = status;
  const cpu = metrics.find(isCpuUtilization)?.resource?.target.averageUtilization;
  const otherMetrics = metrics.filter((metric) => !isCpuUtilization(metric));
  const currentCpu = currentMetrics.findLast(hasCpuUtilization)?.resource?.current.averageUtilization;
  const added: Record<string, string> = {};
  if (otherMetrics.length > 0) added[METRICS] = goMarshalInOrder(otherMetrics.map(toV1Metric));
  if (currentMetrics.length > 0) added[CURRENT_METRICS] = goMarshalInOrder(currentMetrics.map(toV1Status));
  if (behavior) added[BEHAVIOR] = goMarshalInOrder(internalBehavior(behavior));
  if (conditions.length > 0) added[CONDITIONS] = goMarshalInOrder(conditions.map(v1Condition));
  const metadata = withoutRoundTripAnnotations(stored);
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata:
      Object.keys(added).length > 0 ? { ...metadata, annotations: { ...metadata.annotations, ...added } } : metadata,
    spec: { ...otherSpec, ...(cpu === undefined ? {} : { targetCPUUtilizationPercentage: cpu }) },
    status: {
      ...otherStatus,
      currentReplicas,
      ...(currentCpu === undefined ? {} : { currentCPUUtilizationPercentage: currentCpu }),
    },
  };
}

function isCpuUtilization({ type, resource }: MetricSpec): boolean {
  return type === 'Resource' && resource?.name === 'cpu' && resource.target.averageUtilization !== undefined;
}

function hasCpuUtilization({ type, resource }: MetricStatus): boolean {
  return type === 'Resource' && resource?.name === 'cpu' && resource.current.averageUtilization !== undefined;
}

function v1Condition({ type, status, lastTransitionTime, reason, message }: HorizontalPodAutoscalerCondition): object {
  return { type, status, lastTransitionTime: lastTransitionTime ?? null, reason, message };
}

// The behaviour is written as Go's internal struct, whose fields have the names of the Go fields.

function internalBehavior({ scaleUp, scaleDown }: HorizontalPodAutoscalerBehavior): object {
  return { ScaleUp: internalRules(scaleUp), ScaleDown: internalRules(scaleDown) };
}

function internalRules(rules: HPAScalingRules | undefined): object | null {
  if (!rules) return null;
  return {
    StabilizationWindowSeconds: rules.stabilizationWindowSeconds ?? null,
    SelectPolicy: rules.selectPolicy ?? null,
    Policies:
      rules.policies?.map(({ type, value, periodSeconds }) => ({
        Type: type,
        Value: value,
        PeriodSeconds: periodSeconds,
      })) ?? shownField(rules, 'policies'),
    Tolerance: rules.tolerance ?? null,
  };
}

function behaviorIn(annotations: Annotations): HorizontalPodAutoscalerBehavior | undefined {
  const value = lowerCased(jsonIn(annotations, BEHAVIOR));
  const scaleUp = rulesOf(value['scaleup']);
  const scaleDown = rulesOf(value['scaledown']);
  if (!scaleUp && !scaleDown) return undefined;
  return { ...(scaleUp ? { scaleUp } : {}), ...(scaleDown ? { scaleDown } : {}) };
}

/** Go finds the fields of a struct whatever the case of their names. */
function lowerCased(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.toLowerCase(), item]));
}

function rulesOf(value: unknown): HPAScalingRules | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { stabilizationwindowseconds: window, selectpolicy, policies, tolerance } = lowerCased(value);
  return {
    ...(typeof window === 'number' ? { stabilizationWindowSeconds: window } : {}),
    ...(typeof selectpolicy === 'string' ? { selectPolicy: selectpolicy } : {}),
    ...(Array.isArray(policies) && policies.length > 0 ? { policies: policies.map(policyOf) } : {}),
    ...(typeof tolerance === 'string' ? { tolerance } : {}),
  };
}

function policyOf(item: unknown): HPAScalingPolicy {
  const { type, value, periodseconds } = lowerCased(item);
  return { type: String(type ?? ''), value: Number(value ?? 0), periodSeconds: Number(periodseconds ?? 0) };
}
