// Keeps the replicas of ReplicationControllers, as those of ReplicaSets.
// Behaviour: pkg/controller/replication/replication_controller.go, Kubernetes v1.36.3.
import type { ReplicationController } from '../../../schema/generated/types/core-v1.ts';
import { type Labels, nothing, type Selector, selectorFromSet } from '../../../selectors/label-selector.ts';
import type { ControllerFactory } from '../../engine/controller.ts';
import { replicaController } from '../replicaset/replica-controller.ts';

const REPLICATION_CONTROLLER_KIND = { group: '', version: 'v1', kind: 'ReplicationController' };

export const replicationController: ControllerFactory = () =>
  replicaController<ReplicationController>({
    controllerName: 'replication-controller',
    resource: 'replicationcontrollers',
    gvk: REPLICATION_CONTROLLER_KIND,
    selectorOf: ({ spec }) => selectorOfMap(spec.selector),
    countsTerminating: false,
  });

const compiled = new WeakMap<Labels, Selector>();

function selectorOfMap(labels: Labels | undefined): Selector {
  if (labels === undefined) return nothing();
  const known = compiled.get(labels);
  if (known !== undefined) return known;
  const selector = selectorFromSet(labels);
  compiled.set(labels, selector);
  return selector;
}
