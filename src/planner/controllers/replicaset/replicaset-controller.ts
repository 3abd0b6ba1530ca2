// Keeps the replicas of ReplicaSets.
// Behaviour: pkg/controller/replicaset/replica_set.go (NewReplicaSetController), Kubernetes v1.36.3.
import type { ReplicaSet } from '../../../schema/generated/types/apps-v1.ts';
import { compileLabelSelector } from '../../../selectors/label-selector.ts';
import type { ControllerFactory } from '../../engine/controller.ts';
import { replicaController } from './replica-controller.ts';

const REPLICA_SET_KIND = { group: 'apps', version: 'v1', kind: 'ReplicaSet' };

export const replicaSetController: ControllerFactory = ({ isFeatureEnabled }) =>
  replicaController<ReplicaSet>({
    controllerName: 'replicaset-controller',
    resource: 'replicasets.apps',
    gvk: REPLICA_SET_KIND,
    selectorOf: ({ spec }) => compileLabelSelector(spec.selector),
    countsTerminating: isFeatureEnabled('DeploymentReplicaSetTerminatingReplicas'),
  });
