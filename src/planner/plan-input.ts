// What a plan is made of.
import type { AdmissionPlugin } from '../apiserver/admission/chain/plugin.ts';
import type { User } from '../apiserver/request.ts';
import type { Resource } from '../apiserver/resource.ts';
import type { Manifest } from '../manifests/manifest.ts';
import type { ApplyFlags } from './apply/apply-with-flags.ts';
import type { PendingPod } from './changes/plan.ts';
import type { ControllerFactory } from './engine/controller.ts';
import type { RefusalOptions } from './explain/refusals.ts';
import type { ClusterFile } from './inventory/cluster-file.ts';
import type { KubernetesOptions } from './kubernetes-options.ts';
import type { Operation } from './operation.ts';
import type { SchedulerConfiguration } from './scheduler/profile/configuration.ts';
import type { World } from './world.ts';

export interface PlanInput {
  readonly kubernetes: KubernetesOptions;
  readonly manifests: readonly Manifest[];
  /** The described cluster; the built-in one stands in when both parts are absent. */
  readonly cluster?: {
    readonly file?: ClusterFile;
    readonly objects: readonly Manifest[];
    /** Nobody reads the objects' values again: they are dropped one by one as they are taken into the store. */
    readonly isReadOnce?: boolean;
  };
  readonly defaultNamespace: string;
  readonly parts: PlanParts;
  /** The described cluster's KubeSchedulerConfiguration as decodeSchedulerConfiguration reads it, and what of it is left out. */
  readonly scheduler?: { readonly configuration: SchedulerConfiguration; readonly notes: readonly string[] };
  /** How kubectl applies the manifests, where it is asked to do more than its plain apply. */
  readonly apply?: ApplyFlags;
  /** What is done when the manifests are applied. */
  readonly operation?: Operation;
  /** Who applies the manifests, with the rights that his roles give him; a cluster administrator when absent. */
  readonly user?: User;
  /** Roles and bindings that every API server makes, where they matter: those that the described cluster lacks are added. */
  readonly policy?: readonly Record<string, unknown>[];
  /** Delete and create anew what cannot be changed in place. */
  readonly replace?: boolean;
  /** Told now and then what a long plan is at. */
  readonly onProgress?: (text: string) => void;
}

/** The pieces of the simulated control plane, as src/planner/parts.ts loads them. */
export interface PlanParts {
  readonly resources: readonly Resource[];
  readonly admission: readonly AdmissionPlugin[];
  readonly components: readonly ControllerFactory[];
  /** Says of pending pods what keeps them off each node. */
  readonly withRefusals?: (
    pending: readonly PendingPod[],
    world: World,
    options: RefusalOptions,
  ) => readonly PendingPod[];
}
