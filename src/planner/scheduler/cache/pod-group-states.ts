// Which pods each pod group has, and how far each of them is: without a node, with a node chosen, or bound.
// Behaviour: pkg/scheduler/backend/cache/{podgroupstate,cache}.go, Kubernetes v1.36.3.
import type { PodGroupLister, PodGroupState } from '../framework/plugin.ts';
import type { PodInfo } from '../framework/pod-info.ts';

class Members implements PodGroupState {
  readonly all = new Map<string, PodInfo>();
  readonly unscheduled = new Set<string>();
  /** Pods whose node is chosen, but which are not bound yet, with the node. */
  readonly assumed = new Map<string, string>();
  readonly assigned = new Set<string>();
  /** Those of the assumed that are only tried out. */
  readonly tried = new Set<string>();

  get allPodsCount(): number {
    return this.all.size;
  }

  get scheduledPodsCount(): number {
    return this.assumed.size + this.assigned.size;
  }

  get placedPodsCount(): number {
    return this.scheduledPodsCount - this.tried.size;
  }

  unscheduledPods(): readonly PodInfo[] {
    return this.#podsOf(this.unscheduled);
  }

  assumedPods(): readonly PodInfo[] {
    return this.#podsOf(this.assumed.keys());
  }

  scheduledPods(): readonly { readonly key: string; readonly node: string }[] {
    const bound = this.#podsOf(this.assigned).map(({ key, spec }) => ({ key, node: spec.nodeName ?? '' }));
    return [...bound, ...this.assumedPods().map(({ key, uid }) => ({ key, node: this.assumed.get(uid) ?? '' }))];
  }

  #podsOf(uids: Iterable<string>): readonly PodInfo[] {
    return [...uids].map((uid) => this.all.get(uid)!);
  }
}

/** Remembers nothing while pod groups are off. */
export class PodGroupStates implements PodGroupLister {
  readonly #groups = new Map<string, Members>();
  readonly #isEnabled: boolean;

  constructor(isEnabled: boolean) {
    this.#isEnabled = isEnabled;
  }

  isMember({ spec }: PodInfo): boolean {
    return this.#isEnabled && spec.schedulingGroup?.podGroupName !== undefined;
  }

  get(namespace: string, name: string): PodGroupState | undefined {
    return this.#groups.get(`${namespace}/${name}`);
  }

  of(pod: PodInfo): PodGroupState | undefined {
    return this.isMember(pod) ? this.#groups.get(keyOf(pod)) : undefined;
  }

  /** Takes up a pod, or its newer object, as one without a node or as one that is bound. */
  set(pod: PodInfo): void {
    if (!this.isMember(pod)) return;
    const key = keyOf(pod);
    let group = this.#groups.get(key);
    if (!group) this.#groups.set(key, (group = new Members()));
    group.all.set(pod.uid, pod);
    if (pod.spec.nodeName) {
      group.unscheduled.delete(pod.uid);
      group.assumed.delete(pod.uid);
      group.tried.delete(pod.uid);
      group.assigned.add(pod.uid);
    } else if (!group.assumed.has(pod.uid)) group.unscheduled.add(pod.uid);
  }

  delete(pod: PodInfo): void {
    const group = this.isMember(pod) ? this.#groups.get(keyOf(pod)) : undefined;
    if (!group) return;
    for (const pods of [group.all, group.unscheduled, group.assumed, group.assigned, group.tried]) pods.delete(pod.uid);
    if (group.all.size === 0) this.#groups.delete(keyOf(pod));
  }

  /** A node is chosen for the pod. */
  assume(pod: PodInfo, node: string, { isTrial = false } = {}): void {
    const group = this.isMember(pod) ? this.#groups.get(keyOf(pod)) : undefined;
    if (!group?.unscheduled.delete(pod.uid)) return;
    group.assumed.set(pod.uid, node);
    if (isTrial) group.tried.add(pod.uid);
  }

  /** The pod gives its node back; it may be gone by then. */
  forget(pod: PodInfo): void {
    const group = this.isMember(pod) ? this.#groups.get(keyOf(pod)) : undefined;
    if (!group?.assumed.delete(pod.uid)) return;
    group.tried.delete(pod.uid);
    group.unscheduled.add(pod.uid);
  }
}

function keyOf({ namespace, spec }: PodInfo): string {
  return `${namespace}/${spec.schedulingGroup?.podGroupName}`;
}
