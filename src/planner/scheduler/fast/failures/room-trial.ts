// Whether a pod would have room on a node without some of its pods, for pods that ask nothing else of a node's pods: sums alone,
// no copies. It answers as the filters do on a copy of the node.
import type { NodeInfo } from '../../framework/node-info.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import { addResource, cloneResource, type Resource } from '../../framework/resource.ts';
import { type MaybeStatus, withPlugin } from '../../framework/status.ts';
import { fitStatus, type NodeRoom } from '../../plugins/node-resources-fit/node-resources-fit.ts';
import type { Trial } from '../../preemption/victims.ts';

export const ROOM_FILTER = 'NodeResourcesFit';

/** Who fits is decided by what a pod asks for. */
export interface RoomQuestion {
  readonly request: Resource;
  readonly isIgnored: (name: string) => boolean;
}

class Room implements NodeRoom {
  readonly allocatable: Resource;
  readonly requested: Resource;
  readonly pods: { length: number };

  constructor({ allocatable, requested, pods }: NodeInfo) {
    this.allocatable = allocatable;
    this.requested = cloneResource(requested);
    this.pods = { length: pods.length };
  }

  change(pod: PodInfo, sign: 1 | -1): void {
    addResource(this.requested, pod.resource.resource, sign);
    this.pods.length += sign;
  }
}

export class RoomTrial implements Trial {
  readonly #question: RoomQuestion;
  readonly #room: Room;
  /** With those to whom the node is promised; absent where it is promised to nobody who counts. */
  readonly #crowded: Room | undefined;

  constructor(question: RoomQuestion, nodeInfo: NodeInfo, promised: readonly PodInfo[]) {
    this.#question = question;
    this.#room = new Room(nodeInfo);
    if (promised.length === 0) return;
    this.#crowded = new Room(nodeInfo);
    for (const pod of promised) this.#crowded.change(pod, 1);
  }

  remove(victim: PodInfo): void {
    this.#room.change(victim, -1);
    this.#crowded?.change(victim, -1);
  }

  add(victim: PodInfo): void {
    this.#room.change(victim, 1);
    this.#crowded?.change(victim, 1);
  }

  verdict(): MaybeStatus {
    const { request, isIgnored } = this.#question;
    const status =
      (this.#crowded && fitStatus(request, this.#crowded, isIgnored)) ?? fitStatus(request, this.#room, isIgnored);
    return status && withPlugin(status, ROOM_FILTER);
  }
}
