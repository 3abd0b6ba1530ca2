// Which pods have to go for others, for a drain, for a taint: what the condition DisruptionTarget says of a pod that is deleted.
import type { StoreEvent } from '../../../apiserver/store/store.ts';
import type { Event, Pod, PodCondition } from '../../../schema/generated/types/core-v1.ts';
import { DISRUPTION_TARGET } from '../../objects/pod-condition.ts';
import { type History, type ObjectHistory, secondOf } from '../history.ts';
import type { Eviction } from '../plan.ts';

interface Found {
  readonly history: ObjectHistory;
  /** The first write that says so. */
  readonly write: StoreEvent;
}

/** In order of time, then of namespace and name. */
export function evictionsOf(history: History, startedAt: number): Eviction[] {
  const found: Found[] = [];
  for (const each of history.of('pods')) {
    const write = each.writes.find(isDisruption);
    if (write) found.push({ history: each, write });
  }
  if (found.length === 0) return [];
  const preemptors = preemptorsOf(history, found);
  return found
    .map(({ history: { key, ref }, write }) => {
      const { spec } = write.object as Pod;
      const { reason = '', message = '' } = disruptionOf(write.object as Pod)!;
      const preemptor = preemptors.get(key);
      const eviction: Eviction = {
        pod: ref,
        ...(spec.nodeName ? { node: spec.nodeName } : {}),
        at: secondOf(write, startedAt),
        reason,
        message,
        ...(preemptor ? { preemptor } : {}),
      };
      return { key, eviction };
    })
    .sort((a, b) => a.eviction.at - b.eviction.at || (a.key < b.key ? -1 : 1))
    .map(({ eviction }) => eviction);
}

function isDisruption({ object }: StoreEvent): boolean {
  return disruptionOf(object as Pod)?.status === 'True';
}

function disruptionOf({ status }: Pod): PodCondition | undefined {
  if (status?.conditions)
    for (const condition of status.conditions) if (condition.type === DISRUPTION_TARGET) return condition;
  return undefined;
}

/** kube-scheduler names the pod that takes the place by its uid, in the event about the victim. */
function preemptorsOf(history: History, found: readonly Found[]): ReadonlyMap<string, Eviction['pod']> {
  const preemptors = new Map<string, Eviction['pod']>();
  const preemptions = history.writesOf('events').filter(({ object }) => {
    const { reason, involvedObject } = object as Event;
    return reason === 'Preempted' && involvedObject.kind === 'Pod';
  });
  if (preemptions.length === 0) return preemptors;
  const victims = new Map(found.map((each) => [each.history.key, each]));
  const pods = new Map<string, { readonly pod: Eviction['pod']; readonly since: number }>();
  for (const { ref, writes } of history.of('pods'))
    for (const { object, revision } of writes) {
      const { uid = '' } = object.metadata;
      if (!pods.has(uid)) pods.set(uid, { pod: ref, since: revision });
    }
  for (const { object, revision } of preemptions) {
    const { involvedObject, message = '' } = object as Event;
    const key = `${involvedObject.namespace}/${involvedObject.name}`;
    const victim = victims.get(key);
    const preemptor = pods.get(/^Preempted by pod (\S+)/.exec(message)?.[1] ?? '');
    if (victim && victim.write.revision < revision && preemptor && preemptor.since < revision)
      preemptors.set(key, preemptor.pod);
  }
  return preemptors;
}
