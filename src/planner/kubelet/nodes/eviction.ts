// Ends pods on nodes that run out of memory, by the memory that pods are said to use.
// Behaviour: pkg/kubelet/eviction/{eviction_manager,helpers}.go, Kubernetes v1.36.3.
// Differs: only memory, only the hard threshold; ended pods give their memory back at once.
import { mustParseQuantity, Quantity } from '../../../apimachinery/quantity/quantity.ts';
import { formatTime } from '../../../apimachinery/time/time.ts';
import type { Node, NodeCondition, Pod } from '../../../schema/generated/types/core-v1.ts';
import type { ControllerFactory, SyncContext } from '../../engine/controller.ts';
import { DISRUPTION_TARGET, withPodCondition } from '../../objects/pod-condition.ts';
import { podRequests } from '../../scheduler/framework/pod-requests.ts';
import { isCriticalPod } from '../pods/admission.ts';
import { type KubeletOptions, type KubeletSettings, settingsOf } from '../settings.ts';

/** --eviction-hard memory.available<100Mi */
const THRESHOLD = mustParseQuantity('100Mi');
/** How long the condition outlasts the pressure. */
const TRANSITION_PERIOD = 300_000;
const MONITORING_INTERVAL = 10_000;
const REASON = 'Evicted';

export const memoryEviction: ControllerFactory<KubeletOptions> = (options) => {
  const settings = settingsOf(options);
  /** When a node was last seen under pressure. */
  const pressedAt = new Map<string, number>();
  return {
    name: 'kubelet',
    watches: settings.usageOf
      ? [
          { resource: 'nodes', keys: ({ object }) => [object.metadata.name ?? ''] },
          {
            resource: 'pods',
            keys: ({ object, previous }) => {
              const pod = object as Pod;
              const isSame = pod.status.phase === (previous as Pod | undefined)?.status.phase;
              return pod.spec.nodeName && !isSame ? [pod.spec.nodeName] : [];
            },
          },
        ]
      : [],
    sync(key, context) {
      const node = context.reader.get<Node>('nodes', undefined, key);
      if (!node) {
        pressedAt.delete(key);
        return undefined;
      }
      const pods = context.reader.listByIndex<Pod>('pods', 'node', key).filter(isRunning);
      const available = availableMemory(node, pods, settings);
      if (available === undefined) return undefined;
      if (available.cmp(THRESHOLD) < 0) {
        pressedAt.set(key, context.now);
        if (!setPressure(node, true, context)) return { retry: true };
        const victim = rankedForMemory(pods, settings).find((pod) => !isCriticalPod(pod));
        if (victim) evict(victim, available, settings, context);
        return { requeueAfter: victim ? MONITORING_INTERVAL : TRANSITION_PERIOD, routine: victim === undefined };
      }
      const since = pressedAt.get(key);
      if (since === undefined) return undefined;
      const left = since + TRANSITION_PERIOD - context.now;
      if (left > 0) return { requeueAfter: left };
      pressedAt.delete(key);
      return setPressure(node, false, context) ? undefined : { retry: true };
    },
  };
};

function isRunning({ status }: Pod): boolean {
  return status.phase === 'Running';
}

/** Bytes that a pod's containers use; undefined when nobody says. */
function memoryUsed(pod: Pod, { usageOf }: KubeletSettings): number | undefined {
  const usage = usageOf?.(pod);
  return usage && Object.values(usage).reduce((sum, { memory = 0 }) => sum + memory, 0);
}

function availableMemory(node: Node, pods: readonly Pod[], settings: KubeletSettings): Quantity | undefined {
  const capacity = node.status.capacity?.['memory'];
  if (capacity === undefined) return undefined;
  const used = pods.reduce((sum, pod) => sum + (memoryUsed(pod, settings) ?? 0), 0);
  return mustParseQuantity(String(capacity)).sub(Quantity.of(used, 'BinarySI'));
}

/** First to go first: unknown usage, more than requested, lower priority, the most above its request. */
export function rankedForMemory(pods: readonly Pod[], settings: KubeletSettings): readonly Pod[] {
  const rows = pods.map((pod) => {
    const used = memoryUsed(pod, settings);
    const excess = (used ?? 0) - (podRequests(pod).get('memory')?.value() ?? 0);
    return { pod, isUnknown: used === undefined, excess, priority: pod.spec.priority ?? 0 };
  });
  return rows
    .sort(
      (a, b) =>
        Number(b.isUnknown) - Number(a.isUnknown) ||
        Number(b.excess > 0) - Number(a.excess > 0) ||
        a.priority - b.priority ||
        b.excess - a.excess,
    )
    .map(({ pod }) => pod);
}

function evict(pod: Pod, available: Quantity, settings: KubeletSettings, context: SyncContext): void {
  const message = evictionMessage(pod, available, settings);
  context.recorder.event(pod, 'Warning', REASON, message);
  const condition = { type: DISRUPTION_TARGET, status: 'True', reason: 'TerminationByKubelet', message };
  const marked = withPodCondition(pod, condition, context.now);
  const time = formatTime(context.now);
  const containerStatuses = (pod.status.containerStatuses ?? []).map((status) => ({
    ...status,
    ready: false,
    started: false,
    state: {
      terminated: {
        exitCode: 137,
        reason: 'Error',
        startedAt: status.state.running?.startedAt ?? time,
        finishedAt: time,
      },
    },
  }));
  const status = { ...marked.status, phase: 'Failed', reason: REASON, message, containerStatuses };
  context.on(pod).updateStatus('pods', { ...marked, status });
}

function evictionMessage(pod: Pod, available: Quantity, settings: KubeletSettings): string {
  let message = `The node was low on resource: memory. Threshold quantity: ${THRESHOLD}, available: ${available}. `;
  const usage = settings.usageOf?.(pod) ?? {};
  for (const { name, resources } of [...(pod.spec.containers ?? []), ...(pod.spec.initContainers ?? [])]) {
    const { memory } = usage[name] ?? {};
    const request = mustParseQuantity(String(resources?.requests?.['memory'] ?? '0'));
    if (memory === undefined || memory <= request.value()) continue;
    message += `Container ${name} was using ${Quantity.of(memory, 'BinarySI')}, request is ${request}, has larger consumption of memory. `;
  }
  return message;
}

function setPressure(node: Node, isPressed: boolean, { client, now }: SyncContext): boolean {
  const conditions = node.status.conditions ?? [];
  const status = isPressed ? 'True' : 'False';
  const current = conditions.find(({ type }) => type === 'MemoryPressure');
  if (current?.status === status) return true;
  const time = formatTime(now);
  const condition: NodeCondition = {
    type: 'MemoryPressure',
    status,
    lastHeartbeatTime: time,
    lastTransitionTime: time,
    reason: isPressed ? 'KubeletHasInsufficientMemory' : 'KubeletHasSufficientMemory',
    message: isPressed ? 'kubelet has insufficient memory available' : 'kubelet has sufficient memory available',
  };
  const next = current
    ? conditions.map((other) => (other === current ? condition : other))
    : [...conditions, condition];
  return client.updateStatus('nodes', { ...node, status: { ...node.status, conditions: next } }).ok;
}
