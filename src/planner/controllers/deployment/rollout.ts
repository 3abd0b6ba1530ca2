// One sync of a Deployment: the Deployment and its ReplicaSets as they stand, and the writes that change them.
// Behaviour: pkg/controller/deployment/sync.go and util/deployment_util.go (FindNewReplicaSet), Kubernetes v1.36.3.
// Differs: upstream goes on with what it read at the start, runs into a conflict and tries again; here each write is seen at once.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { LABEL_POD_TEMPLATE_HASH } from '../../../apimachinery/well-known/labels.ts';
import type { Deployment, DeploymentStatus, ReplicaSet } from '../../../schema/generated/types/apps-v1.ts';
import type { PodTemplateSpec } from '../../../schema/generated/types/core-v1.ts';
import type { SyncContext } from '../../engine/controller.ts';
import { accepted } from '../pod-control/refused-request.ts';
import { replicaSetsInCreationOrder } from './order.ts';

export class Rollout {
  readonly context: SyncContext;
  readonly kubernetesVersion: string;
  /** Whether the status tells how many pods are terminating. */
  readonly countsTerminating: boolean;
  /** The status as it was when the sync began. */
  readonly statusBefore: DeploymentStatus;
  #deployment: Deployment;
  #replicaSets: readonly ReplicaSet[];
  #newName: string | undefined;

  constructor(
    deployment: Deployment,
    replicaSets: readonly ReplicaSet[],
    context: SyncContext,
    options: { readonly kubernetesVersion: string; readonly countsTerminating: boolean },
  ) {
    this.context = context;
    this.kubernetesVersion = options.kubernetesVersion;
    this.countsTerminating = options.countsTerminating;
    this.statusBefore = deployment.status;
    this.#deployment = deployment;
    this.#replicaSets = replicaSets.toSorted(replicaSetsInCreationOrder);
    this.#newName = this.#replicaSets.find(({ spec }) =>
      equalIgnoreHash(spec.template, deployment.spec.template),
    )?.metadata.name;
  }

  get deployment(): Deployment {
    return this.#deployment;
  }

  /** The one with the Deployment's template, the oldest if there are several. */
  get newReplicaSet(): ReplicaSet | undefined {
    return this.#newName === undefined
      ? undefined
      : this.#replicaSets.find(({ metadata }) => metadata.name === this.#newName);
  }

  /** Oldest first. */
  get oldReplicaSets(): readonly ReplicaSet[] {
    return this.#replicaSets.filter(({ metadata }) => metadata.name !== this.#newName);
  }

  /** The old ones, oldest first, then the new one. */
  get allReplicaSets(): readonly ReplicaSet[] {
    const newest = this.newReplicaSet;
    return newest ? [...this.oldReplicaSets, newest] : this.oldReplicaSets;
  }

  adoptNew(replicaSet: ReplicaSet): void {
    this.#newName = replicaSet.metadata.name;
    this.#replace(replicaSet);
  }

  updateReplicaSet(next: ReplicaSet): ReplicaSet {
    const updated = accepted(this.context.client.update('replicasets.apps', next));
    this.#replace(updated);
    return updated;
  }

  /** Writes the status and, as the status subresource lets them pass, the annotations. */
  updateStatus(status: DeploymentStatus, annotations = this.#deployment.metadata.annotations): void {
    const metadata = annotations ? { ...this.#deployment.metadata, annotations } : this.#deployment.metadata;
    const next = { ...this.#deployment, metadata, status };
    this.#deployment = accepted(this.context.client.updateStatus('deployments.apps', next));
  }

  updateDeployment(next: Deployment): void {
    this.#deployment = accepted(this.context.client.update('deployments.apps', next));
  }

  event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.context.recorder.event(this.#deployment, type, reason, message);
  }

  #replace(replicaSet: ReplicaSet): void {
    const others = this.#replicaSets.filter(({ metadata }) => metadata.name !== replicaSet.metadata.name);
    this.#replicaSets = [...others, replicaSet].sort(replicaSetsInCreationOrder);
  }
}

export function equalIgnoreHash(a: PodTemplateSpec, b: PodTemplateSpec): boolean {
  return semanticDeepEqual(withoutHash(a), withoutHash(b));
}

/** The template as the Deployment has it, without the label that each ReplicaSet adds. */
export function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const { labels, ...metadata } = template.metadata;
  if (labels === undefined) return template;
  const { [LABEL_POD_TEMPLATE_HASH]: _hash, ...others } = labels;
  return { ...template, metadata: Object.keys(others).length === 0 ? metadata : { ...metadata, labels: others } };
}

export function totalOf(sets: readonly ReplicaSet[], count: (set: ReplicaSet) => number | undefined): number {
  return sets.reduce((total, set) => total + (count(set) ?? 0), 0);
}

export function isActive({ spec }: ReplicaSet): boolean {
  return (spec.replicas ?? 0) > 0;
}
