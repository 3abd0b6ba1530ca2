// What an autoscaler says of itself: its conditions, sizes and metrics, and its events.
// Behaviour: pkg/controller/podautoscaler/horizontal.go (setStatus, setCondition), Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { formatTime } from '../../../apimachinery/time/time.ts';
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerStatus,
  MetricStatus,
} from '../../../schema/generated/types/autoscaling-v2.ts';
import type { SyncContext } from '../../engine/controller.ts';

export const AUTOSCALERS = 'horizontalpodautoscalers.autoscaling';

/** The status of one look, written at its end. */
export class AutoscalerStatus {
  readonly #hpa: HorizontalPodAutoscaler;
  readonly #context: SyncContext;
  #next: HorizontalPodAutoscalerStatus;

  constructor(hpa: HorizontalPodAutoscaler, context: SyncContext) {
    this.#hpa = hpa;
    this.#context = context;
    this.#next = hpa.status;
  }

  get desiredReplicas(): number {
    return this.#next.desiredReplicas ?? 0;
  }

  isTrue(condition: string): boolean {
    return this.#next.conditions?.find(({ type }) => type === condition)?.status === 'True';
  }

  set(current: number, wanted: number, statuses: readonly MetricStatus[] | undefined, rescaled: boolean): void {
    const { lastScaleTime, conditions } = this.#next;
    const scaledAt = rescaled ? formatTime(this.#context.now) : lastScaleTime;
    this.#next = {
      ...(scaledAt === undefined ? {} : { lastScaleTime: scaledAt }),
      ...(current === 0 ? {} : { currentReplicas: current }),
      desiredReplicas: wanted,
      ...(statuses?.length ? { currentMetrics: statuses } : {}),
      ...(conditions?.length ? { conditions } : {}),
    };
  }

  setCondition(type: string, status: string, reason: string, message: string): void {
    const conditions = this.#next.conditions ?? [];
    const at = conditions.findIndex((condition) => condition.type === type);
    const old = conditions[at];
    const since = old?.status === status ? old.lastTransitionTime : formatTime(this.#context.now);
    const next = { type, status, ...(since === undefined ? {} : { lastTransitionTime: since }), reason, message };
    this.#next = { ...this.#next, conditions: at < 0 ? [...conditions, next] : conditions.with(at, next) };
  }

  removeCondition(type: string): void {
    const { conditions } = this.#next;
    if (!conditions?.some((condition) => condition.type === type)) return;
    this.#next = { ...this.#next, conditions: conditions.filter((condition) => condition.type !== type) };
  }

  warn(reason: string, message: string): void {
    this.#context.recorder.event(this.#hpa, 'Warning', reason, message);
  }

  write(): void {
    // An autoscaler that was never looked at has a status without a wish.
    const next = { ...this.#next, desiredReplicas: this.#next.desiredReplicas ?? 0 };
    if (semanticDeepEqual(this.#hpa.status, next)) return;
    const answer = this.#context.client.updateStatus(AUTOSCALERS, { ...this.#hpa, status: next });
    if (!answer.ok) this.warn('FailedUpdateStatus', answer.status.message);
  }
}
