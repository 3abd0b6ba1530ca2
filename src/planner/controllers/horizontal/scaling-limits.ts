// How far and how fast an autoscaler may go: stabilisation windows, rates, minimum and maximum.
// Behaviour: pkg/controller/podautoscaler/horizontal.go (normalizeDesiredReplicas*, stabilizeRecommendation*, calculateScale*Limit*), Kubernetes v1.36.3.
import type { HorizontalPodAutoscaler, HPAScalingRules } from '../../../schema/generated/types/autoscaling-v2.ts';

const MAX_INT32 = 2_147_483_647;
const MIN_INT32 = -2_147_483_648;

interface Recommendation {
  readonly replicas: number;
  readonly at: number;
}

interface ScaleEvent {
  readonly change: number;
  readonly at: number;
}

interface LimitedScale {
  readonly replicas: number;
  readonly ableToScale: { readonly reason: string; readonly message: string };
  readonly scalingLimited: { readonly limited: boolean; readonly reason: string; readonly message: string };
}

interface ScaleWish {
  readonly current: number;
  readonly desired: number;
  readonly min: number;
  readonly now: number;
  /** --horizontal-pod-autoscaler-downscale-stabilization, milliseconds. */
  readonly downscaleStabilization: number;
}

const READY = { reason: 'ReadyForNewScale', message: 'recommended size matches current size' };
const DOWN_STABILIZED = {
  reason: 'ScaleDownStabilized',
  message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
};
const UP_STABILIZED = {
  reason: 'ScaleUpStabilized',
  message: 'recent recommendations were lower than current one, applying the lowest recent recommendation',
};
const WITHIN = { reason: 'DesiredWithinRange', message: 'the desired count is within the acceptable range' };
const TOO_MANY = {
  reason: 'TooManyReplicas',
  message: 'the desired replica count is more than the maximum replica count',
};
const TOO_FEW = {
  reason: 'TooFewReplicas',
  message: 'the desired replica count is less than the minimum replica count',
};
const UP_LIMIT = {
  reason: 'ScaleUpLimit',
  message: 'the desired replica count is increasing faster than the maximum scale rate',
};
const DOWN_LIMIT = {
  reason: 'ScaleDownLimit',
  message: 'the desired replica count is decreasing faster than the maximum scale rate',
};

type Limit = typeof WITHIN;

/** What one autoscaler recommended and did before. */
export class ScalingHistory {
  #recommendations: Recommendation[] | undefined;
  #ups: ScaleEvent[] = [];
  #downs: ScaleEvent[] = [];

  /** The size at the first look is the first recommendation. */
  begin(replicas: number, at: number): void {
    this.#recommendations ??= [{ replicas, at }];
  }

  /** The wish after stabilisation and limits; it becomes a recommendation itself. */
  limit(wish: ScaleWish, { spec }: HorizontalPodAutoscaler): LimitedScale {
    const { behavior, maxReplicas } = spec;
    return behavior
      ? this.#limitByBehavior(wish, maxReplicas, behavior.scaleUp ?? {}, behavior.scaleDown ?? {})
      : this.#limitByRules(wish, maxReplicas);
  }

  /** Notes a change of size, for the rates of later ones. */
  noteScale({ spec }: HorizontalPodAutoscaler, from: number, to: number, at: number): void {
    if (!spec.behavior) return;
    const isUp = to > from;
    const rules = (isUp ? spec.behavior.scaleUp : spec.behavior.scaleDown) ?? {};
    const longest = Math.max(0, ...(rules.policies ?? []).map(({ periodSeconds }) => periodSeconds)) * 1000;
    const keep = (events: readonly ScaleEvent[]) => events.filter((event) => event.at >= at - longest);
    const event = { change: Math.abs(to - from), at };
    if (isUp) this.#ups = [...keep(this.#ups), event];
    else this.#downs = [...keep(this.#downs), event];
  }

  #limitByRules({ current, desired, min, now, downscaleStabilization }: ScaleWish, max: number): LimitedScale {
    const cutoff = now - downscaleStabilization;
    const recent = (this.#recommendations ?? []).filter(({ at }) => at >= cutoff);
    const stabilized = Math.max(desired, ...recent.map(({ replicas }) => replicas));
    this.#recommendations = [...recent, { replicas: desired, at: now }];

    const upLimit = Math.max(2 * current, 4);
    const highest = max > upLimit ? { value: upLimit, why: UP_LIMIT } : { value: max, why: TOO_MANY };
    const [replicas, why] =
      stabilized < min
        ? [min, TOO_FEW]
        : stabilized > highest.value
          ? [highest.value, highest.why]
          : [stabilized, WITHIN];
    return result(replicas, stabilized, stabilized === desired ? READY : DOWN_STABILIZED, why);
  }

  #limitByBehavior(wish: ScaleWish, max: number, up: HPAScalingRules, down: HPAScalingRules): LimitedScale {
    const { current, desired, now, downscaleStabilization } = wish;
    const upCutoff = now - (up.stabilizationWindowSeconds ?? 0) * 1000;
    const downCutoff = now - (down.stabilizationWindowSeconds ?? Math.trunc(downscaleStabilization / 1000)) * 1000;
    let lowest = desired;
    let highest = desired;
    for (const { replicas, at } of this.#recommendations ?? []) {
      if (at > upCutoff) lowest = Math.min(lowest, replicas);
      if (at > downCutoff) highest = Math.max(highest, replicas);
    }
    const stabilized = Math.min(Math.max(current, lowest), highest);
    const kept = (this.#recommendations ?? []).filter(({ at }) => at >= upCutoff || at >= downCutoff);
    this.#recommendations = [...kept, { replicas: desired, at: now }];

    const ableToScale = stabilized === desired ? READY : desired >= current ? UP_STABILIZED : DOWN_STABILIZED;
    const [replicas, why] = this.#limitRate({ ...wish, desired: stabilized }, max, up, down);
    return result(replicas, stabilized, ableToScale, why);
  }

  #limitRate(
    { current, desired, min, now }: ScaleWish,
    max: number,
    up: HPAScalingRules,
    down: HPAScalingRules,
  ): [number, Limit] {
    if (desired > current) {
      const rate = Math.max(this.#furthest(current, up, 'up', now), current);
      const highest = max > rate ? { value: rate, why: UP_LIMIT } : { value: max, why: TOO_MANY };
      if (desired > highest.value) return [highest.value, highest.why];
    } else if (desired < current) {
      const rate = Math.min(this.#furthest(current, down, 'down', now), current);
      const least = min < rate ? { value: rate, why: DOWN_LIMIT } : { value: min, why: TOO_FEW };
      if (desired < least.value) return [least.value, least.why];
    }
    return [desired, WITHIN];
  }

  /** How far the policies let the size go from where it was when their period began. */
  #furthest(
    current: number,
    { selectPolicy, policies = [] }: HPAScalingRules,
    direction: 'up' | 'down',
    now: number,
  ): number {
    if (selectPolicy === 'Disabled') return current;
    // The smallest change is the lowest size on the way up and the highest on the way down.
    const wantsHigher = (selectPolicy === 'Min') === (direction === 'down');
    let furthest = wantsHigher ? MIN_INT32 : MAX_INT32;
    for (const { type, value, periodSeconds } of policies) {
      const since = (events: readonly ScaleEvent[]) =>
        events.reduce((sum, { change, at }) => (at > now - periodSeconds * 1000 ? sum + change : sum), 0);
      const start = current - since(this.#ups) + since(this.#downs);
      const proposed =
        direction === 'up'
          ? type === 'Pods'
            ? start + value
            : Math.ceil(start * (1 + value / 100))
          : type === 'Pods'
            ? start - value
            : Math.trunc(start * (1 - value / 100));
      furthest = wantsHigher ? Math.max(furthest, proposed) : Math.min(furthest, proposed);
    }
    return furthest;
  }
}

function result(
  replicas: number,
  stabilized: number,
  ableToScale: LimitedScale['ableToScale'],
  why: Limit,
): LimitedScale {
  return { replicas, ableToScale, scalingLimited: { limited: replicas !== stabilized, ...why } };
}
