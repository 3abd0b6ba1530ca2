// Tells nodes whether the network leads to their pods.
// Behaviour: cloud-provider/controllers/route/route_controller.go, Kubernetes v1.36.3.
import { formatTime } from '../../apimachinery/time/time.ts';
import type { Node } from '../../schema/generated/types/core-v1.ts';
import { type ControllerFactory, watchSelf } from '../engine/controller.ts';
import type { CloudOptions } from './description.ts';

const NETWORK_UNAVAILABLE = 'NetworkUnavailable';
const CREATED = { status: 'False', reason: 'RouteCreated', message: 'RouteController created a route' };
const NOT_CREATED = {
  status: 'True',
  reason: 'NoRouteCreated',
  message: 'RouteController failed to create a route',
};

export const routeController: ControllerFactory<CloudOptions> = ({ cloud }) => ({
  name: 'route_controller',
  watches: cloud?.routes === undefined ? [] : [watchSelf('nodes')],
  sync(key, { client, reader, now }) {
    const node = reader.get<Node>('nodes', undefined, key);
    if (!node?.spec.podCIDRs?.length) return undefined;
    const wanted = cloud?.routes ? CREATED : NOT_CREATED;
    const conditions = node.status.conditions ?? [];
    const current = conditions.find(({ type }) => type === NETWORK_UNAVAILABLE);
    if (current?.status === wanted.status && current.reason === wanted.reason) return undefined;
    const at = formatTime(now);
    const condition = { type: NETWORK_UNAVAILABLE, ...wanted, lastHeartbeatTime: at, lastTransitionTime: at };
    const next = current
      ? conditions.map((other) => (other === current ? condition : other))
      : [...conditions, condition];
    const answer = client.updateStatus('nodes', { ...node, status: { ...node.status, conditions: next } });
    return answer.ok ? undefined : { retry: true };
  },
});
