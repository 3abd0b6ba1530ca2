// Columns of horizontal pod autoscalers.
// Behaviour: pkg/printers/internalversion/printers.go (formatHPAMetrics), Kubernetes v1.36.3.
import type { Scale } from '../../../schema/generated/types/autoscaling-v1.ts';
import type {
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValueStatus,
} from '../../../schema/generated/types/autoscaling-v2.ts';
import { ageOf, NONE, tablePrinter, UNSET } from './printer.ts';

const MAX_METRICS = 2;
const UNKNOWN = '<unknown>';

export const horizontalPodAutoscalerPrinter = tablePrinter<HorizontalPodAutoscaler>(
  'Name|Reference|Targets|MinPods|MaxPods|Replicas|Age',
  (object, now) => [
    object.metadata.name ?? '',
    `${object.spec.scaleTargetRef.kind}/${object.spec.scaleTargetRef.name}`,
    metricsText(object.spec.metrics ?? [], object.status.currentMetrics ?? []),
    object.spec.minReplicas !== undefined ? String(object.spec.minReplicas) : UNSET,
    object.spec.maxReplicas,
    object.status.currentReplicas ?? 0,
    ageOf(object, now),
  ],
);

export const scalePrinter = tablePrinter<Scale>('Name|Desired|Available|Age', (object, now) => [
  object.metadata.name ?? '',
  object.spec.replicas ?? 0,
  object.status.replicas,
  ageOf(object, now),
]);

function metricsText(specs: readonly MetricSpec[], statuses: readonly MetricStatus[]): string {
  if (specs.length === 0) return NONE;
  const list = specs.map((spec, i) => metricText(spec, statuses[i]));
  const shown = list.slice(0, MAX_METRICS).join(', ');
  return list.length > MAX_METRICS ? `${shown} + ${list.length - MAX_METRICS} more...` : shown;
}

function metricText(spec: MetricSpec, status: MetricStatus | undefined): string {
  switch (spec.type) {
    case 'External':
      return valueOrAverage(spec.external?.target, status?.external?.current);
    case 'Object':
      return valueOrAverage(spec.object?.target, status?.object?.current);
    case 'Pods':
      return `${status?.pods?.current.averageValue ?? UNKNOWN}/${spec.pods?.target.averageValue ?? ''}`;
    case 'Resource':
      return `${spec.resource?.name}: ${resourceText(spec.resource?.target, status?.resource?.current)}`;
    case 'ContainerResource':
      return `${spec.containerResource?.name}: ${resourceText(spec.containerResource?.target, status?.containerResource?.current)}`;
    default:
      return '<unknown type>';
  }
}

function valueOrAverage(target: MetricTarget | undefined, current: MetricValueStatus | undefined): string {
  if (target?.averageValue !== undefined) return `${current?.averageValue ?? UNKNOWN}/${target.averageValue} (avg)`;
  return `${current?.value ?? UNKNOWN}/${target?.value ?? ''}`;
}

function resourceText(target: MetricTarget | undefined, current: MetricValueStatus | undefined): string {
  if (target?.averageValue !== undefined) return `${current?.averageValue ?? UNKNOWN}/${target.averageValue}`;
  const percent = (value: number | undefined, absent: string): string => (value === undefined ? absent : `${value}%`);
  return `${percent(current?.averageUtilization, UNKNOWN)}/${percent(target?.averageUtilization, '<auto>')}`;
}
