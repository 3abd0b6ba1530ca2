// Nodes with the pods on them, kept current write by write; what a scheduling cycle looks at.
// Behaviour: pkg/scheduler/backend/cache/{cache,snapshot}.go, Kubernetes v1.36.3.
//
// Upstream copies changed nodes into a snapshot before each cycle because binds and informers go on meanwhile. Here nothing
// happens during a cycle, so the cache is the snapshot; preemption works on clones.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import type { Node } from '../../../schema/generated/types/core-v1.ts';
import { isInconvertible } from '../../storage/csi-migration.ts';
import { type ImageState, NodeInfo } from '../framework/node-info.ts';
import type { SharedLister } from '../framework/plugin.ts';
import type { PodInfo } from '../framework/pod-info.ts';
import { NodeTree } from './node-tree.ts';

/** Told of every change, so that results kept per node can follow. */
export interface CacheObserver {
  podAdded(pod: PodInfo, nodeInfo: NodeInfo): void;
  podRemoved(pod: PodInfo, nodeInfo: NodeInfo): void;
  /** A pod on the node has got another start time, or has it no longer. */
  podStarted(nodeInfo: NodeInfo): void;
  /** A node came, went or changed in something that a decision may rest on. */
  nodesChanged(): void;
}

/** Fewer of these than pods find room on a node do not reach 2^63. */
const HUGE = 2 ** 40;

interface Frozen {
  readonly withAffinity: readonly NodeInfo[];
  readonly withRequiredAntiAffinity: readonly NodeInfo[];
  readonly claims: ReadonlySet<string>;
}

interface Placed {
  /** As it was added last. */
  pod: PodInfo;
  readonly info: NodeInfo;
}

export class ClusterCache implements SharedLister {
  readonly #nodes = new Map<string, NodeInfo>();
  readonly #tree = new NodeTree();
  readonly #images = new Map<string, ImageState>();
  /** Pods on nodes by uid. */
  readonly #placed = new Map<string, Placed>();
  readonly #withAffinity = new Set<NodeInfo>();
  readonly #withRequiredAntiAffinity = new Set<NodeInfo>();
  readonly #pvcUsers = new Map<string, number>();
  /** Pods with generic ephemeral volumes, by uid, until the claims of these have been found to be theirs. */
  readonly #uncheckedClaims = new Map<string, PodInfo>();
  readonly #observers: CacheObserver[] = [];
  #hasHugeAmounts = false;
  #hasInconvertible = false;
  #list: readonly NodeInfo[] | undefined;
  /** Names of the listed nodes. Nodes that only move to another zone keep their places until one comes or goes. */
  #order: readonly string[] = [];
  #frozen: Frozen | undefined;
  #placement: readonly NodeInfo[] | undefined;

  observe(observer: CacheObserver): void {
    this.#observers.push(observer);
  }

  /** Whether there has been a pod with so much of an extended resource that a few of them make a sum wrap around. */
  get hasHugeAmounts(): boolean {
    return this.#hasHugeAmounts;
  }

  /** Whether there has been a pod with an inline volume that no CSI driver takes over, which makes nodes fail that count volumes. */
  get hasInconvertible(): boolean {
    return this.#hasInconvertible;
  }

  /**
   * Whether some pod's generic ephemeral volume has a claim that is not for it, which makes nodes fail that count volumes.
   * `ownsClaims` says undefined as long as a claim is missing; a claim in use is not replaced, so each is looked at once.
   */
  hasForeignClaims(ownsClaims: (pod: PodInfo) => boolean | undefined): boolean {
    for (const [uid, pod] of this.#uncheckedClaims) {
      const isOwner = ownsClaims(pod);
      if (isOwner === false) return true;
      if (isOwner) this.#uncheckedClaims.delete(uid);
    }
    return false;
  }

  /** Nodes that exist, zone by zone. */
  list(): readonly NodeInfo[] {
    if (this.#list) return this.#list;
    if (!this.#tree.isOf(this.#order)) this.#order = this.#tree.list();
    return (this.#list = this.#order.flatMap((name) => this.#nodes.get(name) ?? []));
  }

  get(nodeName: string): NodeInfo | undefined {
    const info = this.#nodes.get(nodeName);
    return info?.hasNode ? info : undefined;
  }

  candidates(): readonly NodeInfo[] {
    return this.#placement ?? this.list();
  }

  getCandidate(nodeName: string): NodeInfo | undefined {
    const info = this.get(nodeName);
    return info && (this.#placement?.includes(info) ?? true) ? info : undefined;
  }

  /** Only these nodes are to choose from until all are again. */
  assumePlacement(nodes: readonly NodeInfo[]): void {
    this.#placement = nodes.length === this.list().length ? undefined : nodes;
  }

  forgetPlacement(): void {
    this.#placement = undefined;
  }

  get isPlacementAssumed(): boolean {
    return this.#placement !== undefined;
  }

  /**
   * While a pod group is looked at, its pods are put on nodes to try things out. Upstream's snapshot does not take them into
   * its lists of what has affinity or mounts claims, and their affinity counts only on nodes that are listed anyway.
   */
  freezeLists(): void {
    this.#frozen = {
      withAffinity: this.havePodsWithAffinityList(),
      withRequiredAntiAffinity: this.havePodsWithRequiredAntiAffinityList(),
      claims: new Set(this.#pvcUsers.keys()),
    };
  }

  thawLists(): void {
    this.#frozen = undefined;
  }

  havePodsWithAffinityList(): readonly NodeInfo[] {
    if (this.#frozen) return this.#frozen.withAffinity;
    return [...this.#withAffinity].filter((info) => info.hasNode);
  }

  havePodsWithRequiredAntiAffinityList(): readonly NodeInfo[] {
    if (this.#frozen) return this.#frozen.withRequiredAntiAffinity;
    return [...this.#withRequiredAntiAffinity].filter((info) => info.hasNode);
  }

  isPvcUsedByPods(key: string): boolean {
    return this.#frozen ? this.#frozen.claims.has(key) : this.#pvcUsers.has(key);
  }

  /** Adds a node or takes over its new object. */
  setNode(node: Node): NodeInfo {
    const name = node.metadata.name ?? '';
    const info = this.#nodeInfo(name);
    if (info.hasNode) {
      if (countsAs(node, info.node)) {
        info.setNode(node);
        return info;
      }
      this.#dropImages(info);
    }
    this.#tree.add(node);
    info.setNode(node);
    info.imageStates = this.#addImages(node);
    this.#changed();
    return info;
  }

  removeNode(name: string): void {
    const info = this.#nodes.get(name);
    if (!info?.hasNode) return;
    this.#dropImages(info);
    info.removeNode();
    this.#tree.remove(name);
    // Its pods may be reported gone later.
    if (info.pods.length === 0) this.#nodes.delete(name);
    this.#changed();
  }

  /** The pod as it was added. */
  getPod(uid: string): PodInfo | undefined {
    return this.#placed.get(uid)?.pod;
  }

  addPod(pod: PodInfo, nodeName: string): void {
    const info = this.#nodeInfo(nodeName);
    info.addPod(pod);
    this.#placed.set(pod.uid, { pod, info });
    this.#track(info, pod, 1);
    for (const observer of this.#observers) observer.podAdded(pod, info);
  }

  removePod(uid: string): PodInfo | undefined {
    const info = this.#placed.get(uid)?.info;
    const removed = info?.removePod(uid);
    if (!info || !removed) return undefined;
    this.#placed.delete(uid);
    this.#track(info, removed, -1);
    for (const observer of this.#observers) observer.podRemoved(removed, info);
    if (!info.hasNode && info.pods.length === 0) this.#nodes.delete(info.name);
    return removed;
  }

  /** Adds a pod that is bound to a node; it may have been counted there since the node was chosen. */
  confirmPod(pod: PodInfo, nodeName: string): void {
    const known = this.#placed.get(pod.uid);
    // A bind changes nothing but the node's name and perhaps labels.
    if (known?.info.name === nodeName) {
      const { pod: assumed, info } = known;
      if (assumed.labelSet === pod.labelSet) {
        this.#replace(known, pod);
        return;
      }
      // Where it would come back to the place that it leaves, it may as well stay there.
      if (info.pods.at(-1) === assumed && !assumed.hasAffinity) {
        this.#replace(known, pod);
        for (const observer of this.#observers) {
          observer.podRemoved(assumed, info);
          observer.podAdded(pod, info);
        }
        return;
      }
    }
    if (known) this.removePod(pod.uid);
    this.addPod(pod, nodeName);
  }

  /** Takes over a pod's new object; one that counts as before stays in its place and nobody is told. */
  updatePod(pod: PodInfo, nodeName: string): void {
    const known = this.#placed.get(pod.uid);
    if (known?.info.name === nodeName && known.pod.countsAs(pod)) {
      this.#replace(known, pod);
      return;
    }
    this.removePod(pod.uid);
    this.addPod(pod, nodeName);
  }

  #replace(known: Placed, pod: PodInfo): void {
    const { pod: older, info } = known;
    info.replacePod(older, pod);
    known.pod = pod;
    if (older.status.startTime === pod.status.startTime) return;
    for (const observer of this.#observers) observer.podStarted(info);
  }

  #nodeInfo(name: string): NodeInfo {
    let info = this.#nodes.get(name);
    if (!info) this.#nodes.set(name, (info = new NodeInfo(name)));
    return info;
  }

  #changed(): void {
    this.#list = undefined;
    for (const observer of this.#observers) observer.nodesChanged();
  }

  #track(info: NodeInfo, pod: PodInfo, sign: 1 | -1): void {
    const { scalars } = pod.resource.resource;
    if (scalars) for (const amount of scalars.values()) if (amount > HUGE) this.#hasHugeAmounts = true;
    if (pod.hasAffinity) {
      setMembership(this.#withAffinity, info, info.podsWithAffinity.length > 0);
      setMembership(this.#withRequiredAntiAffinity, info, info.podsWithRequiredAntiAffinity.length > 0);
    }
    for (const volume of pod.spec.volumes ?? []) {
      const { persistentVolumeClaim, ephemeral } = volume;
      if (ephemeral && sign > 0) this.#uncheckedClaims.set(pod.uid, pod);
      else if (ephemeral) this.#uncheckedClaims.delete(pod.uid);
      if (isInconvertible(volume)) this.#hasInconvertible = true;
      if (!persistentVolumeClaim) continue;
      const key = `${pod.namespace}/${persistentVolumeClaim.claimName}`;
      const users = (this.#pvcUsers.get(key) ?? 0) + sign;
      if (users > 0) this.#pvcUsers.set(key, users);
      else this.#pvcUsers.delete(key);
    }
  }

  #addImages({ status }: Node): ReadonlyMap<string, ImageState> {
    const states = new Map<string, ImageState>();
    for (const { names = [], sizeBytes = 0 } of status?.images ?? [])
      for (const name of names) {
        if (states.has(name)) continue;
        let state = this.#images.get(name);
        if (!state) this.#images.set(name, (state = { size: sizeBytes, nodes: 0 }));
        state.nodes += 1;
        states.set(name, state);
      }
    return states;
  }

  #dropImages({ imageStates }: NodeInfo): void {
    for (const [name, state] of imageStates) {
      state.nodes -= 1;
      if (state.nodes === 0) this.#images.delete(name);
    }
  }
}

/** Whether no plugin can tell a node's newer object from the one before: heartbeats, conditions and annotations change nothing. */
function countsAs(node: Node, before: Node): boolean {
  return (
    isSame(node.metadata.labels, before.metadata.labels) &&
    isSame(node.spec, before.spec) &&
    isSame(node.status?.allocatable, before.status?.allocatable) &&
    isSame(node.status?.images, before.status?.images) &&
    isSame(node.status?.declaredFeatures, before.status?.declaredFeatures)
  );
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || semanticDeepEqual(a, b);
}

function setMembership<T>(set: Set<T>, member: T, isMember: boolean): void {
  if (isMember) set.add(member);
  else set.delete(member);
}
