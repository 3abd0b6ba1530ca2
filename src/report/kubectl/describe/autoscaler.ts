// Describes a horizontal pod autoscaler.
// Behaviour: staging/src/k8s.io/kubectl/pkg/describe/describe.go (describeHorizontalPodAutoscalerV2), Kubernetes v1.36.3.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import type {
  HorizontalPodAutoscaler,
  HPAScalingRules,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValueStatus,
} from '../../../schema/generated/types/autoscaling-v2.ts';
import { describer, eventsOf, longTime, writeEvents, writeHead, writeMeta } from './describer.ts';
import type { DescriptionWriter } from './writer.ts';

const UNKNOWN = '<unknown>';

export const describeHorizontalPodAutoscaler = describer<HorizontalPodAutoscaler>((w, object, around) => {
  const { spec, status, metadata } = object;
  writeHead(w, object);
  writeMeta(w, object);
  w.line(0, 'CreationTimestamp:', longTime(metadata.creationTimestamp));
  w.line(0, 'Reference:', `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`);
  w.line(0, 'Metrics:', '( current / target )');
  for (const [i, metric] of (spec.metrics ?? []).entries())
    w.write(1, `${metricLine(metric, status.currentMetrics?.[i])}\n`);
  w.line(0, 'Min replicas:', spec.minReplicas ?? '<unset>');
  w.line(0, 'Max replicas:', spec.maxReplicas);
  if (spec.behavior) {
    w.write(0, 'Behavior:\n');
    writeDirection(w, 'Scale Up', spec.behavior.scaleUp);
    writeDirection(w, 'Scale Down', spec.behavior.scaleDown);
  }
  const counts = `${status.currentReplicas ?? 0} current / ${status.desiredReplicas} desired`;
  w.line(0, `${spec.scaleTargetRef.kind} pods:`, counts);
  if (status.conditions?.length) {
    w.write(0, 'Conditions:\n');
    w.line(1, 'Type', 'Status', 'Reason', 'Message');
    w.line(1, '----', '------', '------', '-------');
    for (const c of status.conditions) w.line(1, c.type, c.status, c.reason ?? '', c.message ?? '');
  }
  writeEvents(w, eventsOf(object, around), around);
});

function metricLine(spec: MetricSpec, status: MetricStatus | undefined): string {
  switch (spec.type) {
    case 'External': {
      const name = goQuote(spec.external?.metric.name ?? '');
      return `${name} ${valueText(spec.external?.target, status?.external?.current, spec.external?.target.averageValue !== undefined)}`;
    }
    case 'Pods': {
      const current = status?.pods?.current.averageValue ?? UNKNOWN;
      return `${goQuote(spec.pods?.metric.name ?? '')} on pods:\t${current} / ${spec.pods?.target.averageValue ?? ''}`;
    }
    case 'Object': {
      const { metric, describedObject, target } = spec.object!;
      const isAverage = target.type === 'AverageValue';
      return `"${metric.name}" on ${describedObject.kind}/${describedObject.name} ${valueText(target, status?.object?.current, isAverage)}`;
    }
    case 'Resource':
      return resourceLine(`resource ${spec.resource?.name} on pods`, spec.resource?.target, status?.resource?.current);
    case 'ContainerResource': {
      const { name, container } = spec.containerResource!;
      const what = `resource ${name} of container "${container}" on pods`;
      return resourceLine(what, spec.containerResource?.target, status?.containerResource?.current);
    }
    default:
      return `<unknown metric type ${goQuote(spec.type)}>`;
  }
}

function valueText(
  target: MetricTarget | undefined,
  current: MetricValueStatus | undefined,
  isAverage: boolean,
): string {
  if (isAverage) return `(target average value):\t${current?.averageValue ?? UNKNOWN} / ${target?.averageValue ?? ''}`;
  return `(target value):\t${current?.value ?? UNKNOWN} / ${target?.value ?? ''}`;
}

function resourceLine(what: string, target: MetricTarget | undefined, current: MetricValueStatus | undefined): string {
  if (target?.averageValue !== undefined)
    return `${what}:\t${current?.averageValue ?? UNKNOWN} / ${target.averageValue}`;
  const now =
    current?.averageUtilization !== undefined
      ? `${current.averageUtilization}% (${current.averageValue ?? '<nil>'})`
      : UNKNOWN;
  const goal = target?.averageUtilization !== undefined ? `${target.averageUtilization}%` : '<auto>';
  return `${what}  (as a percentage of request):\t${now} / ${goal}`;
}

function writeDirection(w: DescriptionWriter, direction: string, rules: HPAScalingRules | undefined): void {
  if (!rules) return;
  w.write(1, `${direction}:\n`);
  if (rules.stabilizationWindowSeconds !== undefined) {
    w.write(2, `Stabilization Window: ${rules.stabilizationWindowSeconds} seconds\n`);
  }
  if (!rules.policies || rules.policies.length === 0) return;
  w.write(2, `Select Policy: ${rules.selectPolicy ?? 'Max'}\n`);
  w.write(2, 'Policies:\n');
  for (const { type, value, periodSeconds } of rules.policies) {
    w.write(3, `- Type: ${type}\tValue: ${value}\tPeriod: ${periodSeconds} seconds\n`);
  }
}
