// Since when endpoints are out of date: the time that endpoints.kubernetes.io/last-change-trigger-time tells.
// Behaviour: [endpointslice]/util/trigger_time_tracker.go, Kubernetes v1.36.3.
import type { Pod, Service } from '../../../schema/generated/types/core-v1.ts';

export class TriggerTimes {
  readonly #states = new Map<string, { readonly pods: ReadonlyMap<string, string>; readonly service: string }>();

  /** The earliest of the times that changed since the last look, the Service's creation at the first look, or undefined. */
  next(key: string, service: Service, pods: readonly Pod[]): string | undefined {
    const before = this.#states.get(key);
    let earliest: string | undefined;
    const times = new Map<string, string>();
    for (const pod of pods) {
      const time = pod.status.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime;
      const name = pod.metadata.name ?? '';
      if (time === undefined) continue;
      times.set(name, time);
      if (time > (before?.pods.get(name) ?? '') && (earliest === undefined || time < earliest)) earliest = time;
    }
    const created = service.metadata.creationTimestamp ?? '';
    if (created > (before?.service ?? '') && (earliest === undefined || created < earliest)) earliest = created;
    this.#states.set(key, { pods: times, service: created });
    return (before ? earliest : created) || undefined;
  }

  forget(key: string): void {
    this.#states.delete(key);
  }
}
