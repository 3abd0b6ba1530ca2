// How nodes come up: a node that answers reports Ready and four further conditions.
// Behaviour: pkg/kubelet/nodestatus/setters.go, Kubernetes v1.36.3; NetworkUnavailable is the route controller's ([cloud-provider]/controllers/route).
import { formatTime } from '../../../apimachinery/time/time.ts';
import type { Node, NodeCondition } from '../../../schema/generated/types/core-v1.ts';
import { readyStatus } from '../../objects/node-readiness.ts';
import { isNotResponding } from '../outcome.ts';
import type { KubeletSettings } from '../settings.ts';
import type { Stage } from '../stages.ts';

export interface NodeWorld {
  readonly now: number;
  readonly settings: KubeletSettings;
  /** The node was found in a bad state that nobody asked for: it stays in it. */
  isBroken(node: Node): boolean;
}

/** What a healthy node reports, in the order in which the conditions are listed. */
const HEALTHY_CONDITIONS: readonly NodeCondition[] = [
  { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
  {
    type: 'MemoryPressure',
    status: 'False',
    reason: 'KubeletHasSufficientMemory',
    message: 'kubelet has sufficient memory available',
  },
  {
    type: 'DiskPressure',
    status: 'False',
    reason: 'KubeletHasNoDiskPressure',
    message: 'kubelet has no disk pressure',
  },
  {
    type: 'PIDPressure',
    status: 'False',
    reason: 'KubeletHasSufficientPID',
    message: 'kubelet has sufficient PID available',
  },
  { type: 'NetworkUnavailable', status: 'False', reason: 'RouteCreated', message: 'RouteController created a route' },
];

/** What a node reports that is not healthy, by condition. */
const UNHEALTHY: Readonly<Record<string, Pick<NodeCondition, 'reason' | 'message'>>> = {
  MemoryPressure: { reason: 'KubeletHasInsufficientMemory', message: 'kubelet has insufficient memory available' },
  DiskPressure: { reason: 'KubeletHasDiskPressure', message: 'kubelet has disk pressure' },
  PIDPressure: { reason: 'KubeletHasInsufficientPID', message: 'kubelet has insufficient PID available' },
  NetworkUnavailable: { reason: 'NoRouteCreated', message: 'Node created without a route' },
};

/** The conditions of a node that is Ready although these are True. */
export function conditionsWith(unhealthy: readonly string[]): readonly NodeCondition[] {
  return HEALTHY_CONDITIONS.map((healthy) => {
    const wrong = unhealthy.includes(healthy.type) ? UNHEALTHY[healthy.type] : undefined;
    return wrong ? { type: healthy.type, status: 'True', ...wrong } : healthy;
  });
}

export const nodeStages: readonly Stage<Node, NodeWorld>[] = [
  {
    name: 'node-up',
    matches: (node, world) => !isNotResponding(node) && !isReady(node) && !world.isBroken(node),
    delay: (_node, { settings }) => settings.nodeStart,
    next: (node, { now }) => ({
      write: {
        ...node,
        status: { ...node.status, phase: 'Running', conditions: healthyConditions(node.status?.conditions ?? [], now) },
      },
    }),
  },
];

export function isReady(node: Node): boolean {
  return readyStatus(node) === 'True';
}

/** The healthy conditions in place of those of the same type; transition times move only with the status. */
function healthyConditions(before: readonly NodeCondition[], now: number): readonly NodeCondition[] {
  const time = formatTime(now);
  const renewed = HEALTHY_CONDITIONS.map((healthy) => {
    const old = before.find(({ type }) => type === healthy.type);
    const since = old?.status === healthy.status ? (old.lastTransitionTime ?? time) : time;
    return { ...healthy, lastHeartbeatTime: time, lastTransitionTime: since };
  });
  return [...renewed, ...before.filter(({ type }) => !HEALTHY_CONDITIONS.some((healthy) => healthy.type === type))];
}
