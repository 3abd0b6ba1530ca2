// What a HorizontalPodAutoscaler is when its manifest does not say.
// Behaviour: pkg/apis/autoscaling/v2/defaults.go, Kubernetes v1.36.3.
import { givenEmpty } from '../../../schema/decode/given-empty.ts';
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerBehavior,
  HPAScalingRules,
  MetricSpec,
} from '../../../schema/generated/types/autoscaling-v2.ts';
import { withoutRoundTripAnnotations } from './annotations.ts';

const DEFAULT_CPU_UTILIZATION = 80;
const PERIOD_SECONDS = 15;

const SCALE_UP: HPAScalingRules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: PERIOD_SECONDS },
    { type: 'Percent', value: 100, periodSeconds: PERIOD_SECONDS },
  ],
};

/** How long scaling down waits is a flag of the controller. */
const SCALE_DOWN: HPAScalingRules = {
  selectPolicy: 'Max',
  policies: [{ type: 'Percent', value: 100, periodSeconds: PERIOD_SECONDS }],
};

/** The metric that counts when none is named. */
export function cpuUtilization(averageUtilization = DEFAULT_CPU_UTILIZATION): MetricSpec {
  return { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } };
}

export function defaultAutoscaler(autoscaler: HorizontalPodAutoscaler): HorizontalPodAutoscaler {
  const { spec } = autoscaler;
  return {
    ...autoscaler,
    metadata: withoutRoundTripAnnotations(autoscaler.metadata),
    spec: {
      ...spec,
      minReplicas: spec.minReplicas ?? 1,
      metrics: spec.metrics ?? [cpuUtilization()],
      ...(spec.behavior ? { behavior: defaultBehavior(spec.behavior) } : {}),
    },
  };
}

/** Policies that are given empty stay so, and are then found to be missing. */
function defaultRules({ policies = [], ...defaults }: HPAScalingRules, rules: HPAScalingRules = {}): HPAScalingRules {
  return { ...defaults, policies: givenEmpty(rules, 'policies') ? [] : policies, ...rules };
}

function defaultBehavior({ scaleUp, scaleDown }: HorizontalPodAutoscalerBehavior): HorizontalPodAutoscalerBehavior {
  return { scaleUp: defaultRules(SCALE_UP, scaleUp), scaleDown: defaultRules(SCALE_DOWN, scaleDown) };
}
