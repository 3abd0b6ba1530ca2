// A node with the pods on it and what they take, kept up to date pod by pod.
// Behaviour: pkg/scheduler/framework/types.go (NodeInfo), Kubernetes v1.36.3.
import type { Node } from '../../../schema/generated/types/core-v1.ts';
import { HostPortInfo } from './host-ports.ts';
import { add, type Int64, subtract } from './int64.ts';
import type { Labels } from './label-set.ts';
import type { PodInfo } from './pod-info.ts';
import { addResource, cloneResource, emptyResource, type Resource, resourceOfQuantities } from './resource.ts';

/** An image and how many nodes of the cluster hold it. */
export interface ImageState {
  readonly size: number;
  nodes: number;
}

const NO_LABELS: Labels = {};
const NO_IMAGES: ReadonlyMap<string, ImageState> = new Map();
const NO_FEATURES: ReadonlySet<string> = new Set();

type PodOrder = readonly (readonly PodInfo[])[];

export class NodeInfo {
  readonly name: string;
  #node: Node | undefined;
  pods: PodInfo[] = [];
  podsWithAffinity: PodInfo[] = [];
  podsWithRequiredAntiAffinity: PodInfo[] = [];
  usedPorts: HostPortInfo;
  requested: Resource;
  nonZeroRequestedCPU: Int64 = 0;
  nonZeroRequestedMemory: Int64 = 0;
  allocatable: Resource;
  imageStates: ReadonlyMap<string, ImageState> = NO_IMAGES;
  declaredFeatures: ReadonlySet<string> = NO_FEATURES;
  labels: Labels = NO_LABELS;
  /** Rises with every change, so that whoever keeps results can tell which nodes are out of date. */
  generation = 0;

  constructor(name: string, like?: NodeInfo) {
    this.name = name;
    this.usedPorts = like ? like.usedPorts.clone() : new HostPortInfo();
    this.requested = like ? cloneResource(like.requested) : emptyResource();
    this.allocatable = like ? like.allocatable : emptyResource();
  }

  /** A node that is only known from its pods has no object; it never reaches a plugin. */
  get node(): Node {
    if (!this.#node) throw new Error(`node ${this.name} has no object`);
    return this.#node;
  }

  get hasNode(): boolean {
    return this.#node !== undefined;
  }

  setNode(node: Node): void {
    this.#node = node;
    this.labels = node.metadata.labels ?? NO_LABELS;
    this.allocatable = resourceOfQuantities(node.status?.allocatable);
    this.declaredFeatures = new Set(node.status?.declaredFeatures ?? []);
    this.generation += 1;
  }

  removeNode(): void {
    this.#node = undefined;
    this.generation += 1;
  }

  addPod(pod: PodInfo): void {
    this.pods.push(pod);
    if (pod.hasAffinity) {
      this.podsWithAffinity.push(pod);
      if (pod.requiredAntiAffinityTerms.length > 0) this.podsWithRequiredAntiAffinity.push(pod);
    }
    this.#update(pod, 1);
  }

  /** Takes the pod with this uid away and answers it as it was added; its place goes to the last pod, as upstream does. */
  removePod(uid: string): PodInfo | undefined {
    const removed = swapRemove(this.pods, uid);
    if (!removed) return undefined;
    if (removed.hasAffinity) {
      swapRemove(this.podsWithAffinity, uid);
      swapRemove(this.podsWithRequiredAntiAffinity, uid);
    }
    this.#update(removed, -1);
    return removed;
  }

  /** Puts a newer object of a pod in its place; the two must count the same. */
  replacePod(pod: PodInfo, newer: PodInfo): void {
    newer.inherit(pod);
    for (const list of [this.pods, this.podsWithAffinity, this.podsWithRequiredAntiAffinity]) {
      // Mostly a pod that has just come.
      const at = list.lastIndexOf(pod);
      if (at >= 0) list[at] = newer;
    }
    this.generation += 1;
  }

  /** The pods in their order, for `reorder`. */
  order(): PodOrder {
    return [this.pods, this.podsWithAffinity, this.podsWithRequiredAntiAffinity].map((pods) => [...pods]);
  }

  /** Puts the pods, which have come and gone, back into an earlier order. */
  reorder(order: PodOrder): void {
    const [pods = [], withAffinity = [], withRequiredAntiAffinity = []] = order;
    const here = new Set(this.pods);
    this.pods = pods.filter((pod) => here.has(pod));
    this.podsWithAffinity = withAffinity.filter((pod) => here.has(pod));
    this.podsWithRequiredAntiAffinity = withRequiredAntiAffinity.filter((pod) => here.has(pod));
  }

  /** A copy to try things out on. */
  clone(): NodeInfo {
    const copy = new NodeInfo(this.name, this);
    copy.#node = this.#node;
    copy.labels = this.labels;
    copy.pods = this.pods.slice();
    copy.podsWithAffinity = this.podsWithAffinity.slice();
    copy.podsWithRequiredAntiAffinity = this.podsWithRequiredAntiAffinity.slice();
    copy.nonZeroRequestedCPU = this.nonZeroRequestedCPU;
    copy.nonZeroRequestedMemory = this.nonZeroRequestedMemory;
    copy.imageStates = this.imageStates;
    copy.declaredFeatures = this.declaredFeatures;
    copy.generation = this.generation;
    return copy;
  }

  #update(pod: PodInfo, sign: 1 | -1): void {
    const { resource, non0CPU, non0Mem } = pod.resource;
    addResource(this.requested, resource, sign);
    const change = sign > 0 ? add : subtract;
    this.nonZeroRequestedCPU = change(this.nonZeroRequestedCPU, non0CPU);
    this.nonZeroRequestedMemory = change(this.nonZeroRequestedMemory, non0Mem);
    for (const port of pod.hostPorts) {
      if (sign > 0) this.usedPorts.add(port);
      else this.usedPorts.remove(port);
    }
    this.generation += 1;
  }
}

function swapRemove(pods: PodInfo[], uid: string): PodInfo | undefined {
  const at = pods.findIndex((pod) => pod.uid === uid);
  const last = pods.length - 1;
  const found = pods[at];
  if (found === undefined) return undefined;
  pods[at] = pods[last]!;
  pods.length = last;
  return found;
}
