// Pods that preemption has promised a node to, until they are bound or lose the promise.
// Behaviour: pkg/scheduler/backend/queue/nominator.go, Kubernetes v1.36.3.
import type { NominatingInfo, PodNominator } from '../framework/plugin.ts';
import type { PodInfo } from '../framework/pod-info.ts';

const NO_PODS: readonly PodInfo[] = [];

export class Nominator implements PodNominator {
  readonly #byNode = new Map<string, PodInfo[]>();
  readonly #nodeOf = new Map<string, string>();
  readonly #observers: ((nodeName: string) => void)[] = [];

  /** Asks to be told of the nodes that are promised to other pods than before. */
  observe(observer: (nodeName: string) => void): void {
    this.#observers.push(observer);
  }

  nominatedPodsForNode(nodeName: string): readonly PodInfo[] {
    return this.#byNode.get(nodeName) ?? NO_PODS;
  }

  /** Names of the nodes that somebody is nominated to. */
  nodes(): Iterable<string> {
    return this.#byNode.keys();
  }

  get isEmpty(): boolean {
    return this.#nodeOf.size === 0;
  }

  nodeOf(uid: string): string | undefined {
    return this.#nodeOf.get(uid);
  }

  /** Without `info` the pod's own status.nominatedNodeName counts. */
  add(pod: PodInfo, info?: NominatingInfo): void {
    this.delete(pod.uid);
    const nodeName = info ? info.nominatedNodeName : pod.status.nominatedNodeName;
    if (!nodeName) return;
    this.#nodeOf.set(pod.uid, nodeName);
    const pods = this.#byNode.get(nodeName);
    if (pods) pods.push(pod);
    else this.#byNode.set(nodeName, [pod]);
    this.#changed(nodeName);
  }

  /** Keeps a promise that has not reached the pod's status yet. */
  update(previous: PodInfo, pod: PodInfo): void {
    const kept = this.#nodeOf.get(previous.uid);
    const isUnwritten = !previous.status.nominatedNodeName && !pod.status.nominatedNodeName;
    this.delete(previous.uid);
    this.add(pod, isUnwritten && kept !== undefined ? { nominatedNodeName: kept } : undefined);
  }

  delete(uid: string): void {
    const nodeName = this.#nodeOf.get(uid);
    if (nodeName === undefined) return;
    this.#nodeOf.delete(uid);
    const left = (this.#byNode.get(nodeName) ?? []).filter((pod) => pod.uid !== uid);
    if (left.length > 0) this.#byNode.set(nodeName, left);
    else this.#byNode.delete(nodeName);
    this.#changed(nodeName);
  }

  #changed(nodeName: string): void {
    for (const observer of this.#observers) observer(nodeName);
  }
}
