// What the stages of pods look at beside the pod.
import type { Node, Pod } from '../../../schema/generated/types/core-v1.ts';
import type { KubeletSettings } from '../settings.ts';
import type { Rejection } from './admission.ts';

export interface PodWorld {
  readonly now: number;
  readonly settings: KubeletSettings;
  /** The pod's node; absent when it does not exist. */
  readonly node: Node | undefined;
  readonly isNodeSilent: boolean;
  /** Addresses for the pod in its node's pod network, one a family. */
  takeAddresses(pod: Pod): readonly string[];
  /** Why the node does not take a pod beside those it runs. */
  whyNotAdmitted(pod: Pod): Rejection | undefined;
  /** Why the devices of the pod cannot be prepared. */
  whyNotPrepared(pod: Pod): string | undefined;
}

/** For stages that look at nothing but the pod and the settings. */
export const NOWHERE: Omit<PodWorld, 'settings'> = {
  now: 0,
  node: undefined,
  isNodeSilent: false,
  takeAddresses: () => [],
  whyNotAdmitted: () => undefined,
  whyNotPrepared: () => undefined,
};
