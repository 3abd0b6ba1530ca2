// What ReplicaSet and ReplicationController have in common for the code that keeps their replicas.
// Behaviour: pkg/controller/replication/conversion.go (upstream converts one into the other), Kubernetes v1.36.3.
import type { GroupVersionKind } from '../../../apimachinery/group-version-kind.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { ResourceName } from '../../../apiserver/store/store.ts';
import type { ReplicaSetStatus } from '../../../schema/generated/types/apps-v1.ts';
import type { PodTemplateSpec } from '../../../schema/generated/types/core-v1.ts';
import type { Selector } from '../../../selectors/label-selector.ts';

export interface ReplicaOwner extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly minReadySeconds?: number;
    readonly template?: PodTemplateSpec;
  };
  readonly status: ReplicaSetStatus;
}

export interface ReplicaOwnerKind<T extends ReplicaOwner> {
  readonly controllerName: string;
  readonly resource: ResourceName;
  readonly gvk: GroupVersionKind;
  selectorOf(owner: T): Selector;
  /** Whether the status has terminatingReplicas. */
  readonly countsTerminating: boolean;
}
