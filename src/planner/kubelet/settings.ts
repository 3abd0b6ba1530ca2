// What no manifest tells about nodes and containers: how long things take. All zero unless a cluster description says otherwise.
import type { Node, Pod } from '../../schema/generated/types/core-v1.ts';
import type { ControllerOptions } from '../engine/controller.ts';
import type { ImagePulls } from './pods/images.ts';

/** Simulated milliseconds. */
export interface PodTimings {
  /** From the binding until the images are there. */
  readonly imagePull: number;
  /** Each init container's run. */
  readonly initContainer: number;
  /** From the images until the containers run. */
  readonly start: number;
  /** From running until the readiness probes succeed. */
  readonly readiness: number;
  /** How long containers that end by themselves run. */
  readonly run: number;
  /** From the request to stop until the containers are gone; never longer than the grace period. */
  readonly termination: number;
}

export interface KubeletSettings {
  readonly timings: PodTimings;
  /** Timings of one pod, where they differ from the general ones. */
  timingsOf?(pod: Pod): Partial<PodTimings>;
  /** What pulling a pod's images comes to on its node; nothing and no time when left out. */
  imagesOf?(pod: Pod, node: Node): ImagePulls;
  /** What the containers of a pod use, by name, in bytes: more than their limit ends them, more than the node has evicts pods. */
  usageOf?(pod: Pod): Readonly<Record<string, { readonly memory?: number }>> | undefined;
  /** Pods that a node runs from files of its own. */
  staticPodsOf?(node: Node): readonly Pod[];
  /** Whether delays and periods of startup and readiness probes add to the readiness timing. */
  readonly probesTakeTime: boolean;
  /** Whether containers that are said to fail are started again where the pod's owner would only make another pod. */
  readonly restartsFailed: boolean;
  /** Whether kubelets turn away pods that were bound past the scheduler and do not fit. */
  readonly rejectsMisfits: boolean;
  /** From the creation of a Node until it reports Ready. */
  readonly nodeStart: number;
  /**
   * Whether pods on a node that does not answer stay as they are (they cannot start, and they stay Terminating when deleted),
   * as on a real dead node. Otherwise they act as on any node.
   */
  readonly freezePodsOnSilentNodes: boolean;
  /** Pod network of nodes without a pod CIDR. */
  readonly fallbackPodCIDR: string;
}

export const defaultKubeletSettings: KubeletSettings = {
  timings: { imagePull: 0, initContainer: 0, start: 0, readiness: 0, run: 0, termination: 0 },
  probesTakeTime: false,
  restartsFailed: false,
  rejectsMisfits: false,
  nodeStart: 0,
  freezePodsOnSilentNodes: false,
  fallbackPodCIDR: '10.0.0.0/16',
};

/** As real nodes are, where the defaults are as simulated ones: for plans rather than comparisons. */
export const realisticKubeletSettings: Partial<KubeletSettings> = {
  probesTakeTime: true,
  restartsFailed: true,
  rejectsMisfits: true,
  freezePodsOnSilentNodes: true,
};

export interface KubeletOptions extends ControllerOptions {
  readonly kubelet?: Partial<KubeletSettings>;
}

export function settingsOf(options: KubeletOptions): KubeletSettings {
  return { ...defaultKubeletSettings, ...options.kubelet };
}

export function timingsOf(pod: Pod, settings: KubeletSettings): PodTimings {
  const own = settings.timingsOf?.(pod);
  return own ? { ...settings.timings, ...own } : settings.timings;
}
