// How Services count against quotas: as objects, load balancers and node ports.
// Behaviour: pkg/quota/v1/evaluator/core/services.go, Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';
import type { Quantity } from '../../apimachinery/quantity/quantity.ts';
import type { Service } from '../../schema/generated/types/core-v1.ts';
import { type Evaluator, intersection, objectCountName } from './evaluator.ts';
import { count } from './resource-list.ts';

const OBJECT_COUNT = objectCountName('services');
const NODE_PORTS = 'services.nodeports';
const LOAD_BALANCERS = 'services.loadbalancers';
const NAMES = [OBJECT_COUNT, 'services', NODE_PORTS, LOAD_BALANCERS];

export const serviceEvaluator: Evaluator = {
  resource: 'services',
  // A change of the type counts too.
  handles: ({ operation, subresource }) => subresource === '' && (operation === 'CREATE' || operation === 'UPDATE'),
  matchingResources: (names) => intersection(names, NAMES),
  matchesScope: () => false,
  usage: (object) => serviceUsage(object as Service),
  releasesOnUpdate: (object, old) => countedType(object) !== countedType(old),
};

function serviceUsage({ spec }: Service): Map<string, Quantity> {
  const { ports = [], type, allocateLoadBalancerNodePorts } = spec;
  // Ports that will be allocated count before they are.
  const nodePorts =
    type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false)
      ? ports.length
      : type === 'LoadBalancer'
        ? ports.filter(({ nodePort }) => nodePort).length
        : 0;
  return new Map([
    [OBJECT_COUNT, count(1)],
    ['services', count(1)],
    [LOAD_BALANCERS, count(type === 'LoadBalancer' ? 1 : 0)],
    [NODE_PORTS, count(nodePorts)],
  ]);
}

function countedType(object: KubeObject): string {
  const { type = '' } = (object as Service).spec;
  return type === 'NodePort' || type === 'LoadBalancer' ? type : '';
}
