// Changes the size of workloads as their metrics ask for.
// Behaviour: pkg/controller/podautoscaler/horizontal.go, Kubernetes v1.36.3.
import { durationMillis } from '../../../apimachinery/time/duration.ts';
import type { HorizontalPodAutoscaler } from '../../../schema/generated/types/autoscaling-v2.ts';
import { type ControllerFactory, type ControllerOptions, keyFor, splitKey } from '../../engine/controller.ts';
import { AutoscalerSelectors } from './autoscaler-selectors.ts';
import { AUTOSCALERS } from './autoscaler-status.ts';
import { type MetricsSource, noMetrics } from './metrics-source.ts';
import { Reconciliation, type Settings } from './reconciliation.ts';
import { ScalingHistory } from './scaling-limits.ts';

interface HorizontalOptions extends ControllerOptions {
  readonly metrics?: MetricsSource;
}

/** A round comes a period after the one before has ended, and asking for metrics takes its time. */
const ROUND = 10;

export const horizontalController: ControllerFactory<HorizontalOptions> = (options) => {
  const settings = settingsOf(options);
  /** When each autoscaler is looked at next: always a whole period after the last look. */
  const due = new Map<string, number>();
  const histories = new Map<string, ScalingHistory>();
  const selectors = new AutoscalerSelectors();
  return {
    name: 'horizontal-pod-autoscaler',
    watches: [
      {
        resource: AUTOSCALERS,
        keys: ({ type, object, at }) => {
          const key = keyFor(object);
          if (type !== 'DELETED') {
            if (!due.has(key)) due.set(key, at + settings.period);
            return [key];
          }
          due.delete(key);
          histories.delete(key);
          selectors.forget(key);
          return [];
        },
      },
    ],
    sync(key, context) {
      const { namespace = '', name } = splitKey(key);
      const hpa = context.reader.get<HorizontalPodAutoscaler>(AUTOSCALERS, namespace, name);
      if (!hpa) return undefined;
      const at = due.get(key) ?? context.now;
      if (context.now < at) return { requeueAfter: at - context.now, routine: true };
      due.set(key, context.now + settings.period + ROUND);
      const history = histories.get(key) ?? new ScalingHistory();
      histories.set(key, history);
      const isHeldBack = new Reconciliation(hpa, history, selectors, settings, context).run();
      // Held back by a window or a rate: a later look will change something.
      return { requeueAfter: settings.period + ROUND, routine: !isHeldBack };
    },
  };
};

function settingsOf({ flags, metrics = noMetrics, isFeatureEnabled }: HorizontalOptions): Settings {
  const millis = (flag: string, fallback: number) =>
    durationMillis(flags[`horizontal-pod-autoscaler-${flag}`] ?? '') ?? fallback;
  return {
    period: millis('sync-period', 15_000),
    downscaleStabilization: millis('downscale-stabilization', 300_000),
    tolerance: Number(flags['horizontal-pod-autoscaler-tolerance'] ?? 0.1),
    windows: {
      cpuInitialization: millis('cpu-initialization-period', 300_000),
      initialReadiness: millis('initial-readiness-delay', 30_000),
    },
    metrics,
    isScaleToZeroEnabled: isFeatureEnabled('HPAScaleToZero'),
  };
}
