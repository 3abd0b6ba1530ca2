// Whether a kubelet takes a pod that was bound to its node past the scheduler, and why not.
// Behaviour: pkg/kubelet/lifecycle/predicate.go, pkg/scheduler/eventhandlers.go (AdmissionCheck), pkg/kubelet/eviction/eviction_manager.go (Admit), Kubernetes v1.36.3.
// Differs: a critical pod that does not fit is turned away like any other; real kubelets end others for it.
import { mustParseQuantity, type Quantity } from '../../../apimachinery/quantity/quantity.ts';
import { CONFIG_MIRROR, CONFIG_SOURCE } from '../../../apimachinery/well-known/annotations.ts';
import { LABEL_OS } from '../../../apimachinery/well-known/labels.ts';
import { computeQosClass } from '../../../apiserver/core/pod/qos.ts';
import type { Node, Pod } from '../../../schema/generated/types/core-v1.ts';
import { RequiredNodeAffinity } from '../../../selectors/node-selector.ts';
import { findMatchingUntoleratedTaint, tolerationsTolerateTaint } from '../../../selectors/toleration.ts';
import { HostPortInfo, hostPortsOf } from '../../scheduler/framework/host-ports.ts';
import { add, type Int64, subtract } from '../../scheduler/framework/int64.ts';
import { podRequests } from '../../scheduler/framework/pod-requests.ts';
import { countedAmount, isExtendedResourceName } from '../../scheduler/framework/resource.ts';

export interface Rejection {
  readonly reason: string;
  readonly message: string;
}

const ERR_AFFINITY = "node(s) didn't match Pod's node affinity/selector";
const ERR_PORTS = "node(s) didn't have free ports for the requested pod ports";
const ERR_TAINTS = "node(s) had taints that the pod didn't tolerate";
const MEMORY_PRESSURE_TAINT = { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' };
/** Node conditions by which kubelets turn pods away. */
const PRESSURES = ['MemoryPressure', 'DiskPressure', 'PIDPressure'];
const SYSTEM_CRITICAL_PRIORITY = 2_000_000_000;

/** Static pods, their mirrors and pods of the system's priorities. */
export function isCriticalPod(pod: Pod): boolean {
  return (
    isStaticPod(pod) ||
    pod.metadata.annotations?.[CONFIG_MIRROR] !== undefined ||
    (pod.spec.priority ?? 0) >= SYSTEM_CRITICAL_PRIORITY
  );
}

function isStaticPod({ metadata }: Pod): boolean {
  const source = metadata.annotations?.[CONFIG_SOURCE];
  return source !== undefined && source !== 'api';
}

/** Why the node does not take the pod beside the others that it runs; undefined when it does. */
export function whyNotAdmitted(pod: Pod, node: Node, others: readonly Pod[]): Rejection | undefined {
  return underPressure(pod, node) ?? wrongSystem(pod) ?? doesNotFit(pod, node, others);
}

function underPressure(pod: Pod, { status }: Node): Rejection | undefined {
  const pressures = PRESSURES.filter(
    (type) => status.conditions?.find((condition) => condition.type === type)?.status === 'True',
  );
  if (pressures.length === 0 || isCriticalPod(pod)) return undefined;
  if (pressures.length === 1 && pressures[0] === 'MemoryPressure') {
    if (computeQosClass(pod.spec) !== 'BestEffort') return undefined;
    if (tolerationsTolerateTaint(pod.spec.tolerations, MEMORY_PRESSURE_TAINT)) return undefined;
  }
  return { reason: 'Evicted', message: `The node had condition: [${pressures.join(' ')}]. ` };
}

/** Nodes run Linux. */
function wrongSystem({ metadata, spec }: Pod): Rejection | undefined {
  const wanted = metadata.labels?.[LABEL_OS];
  if (wanted !== undefined && wanted !== 'linux')
    return {
      reason: 'PodOSSelectorNodeLabelDoesNotMatch',
      message: "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label",
    };
  if (spec.os && spec.os.name !== 'linux')
    return { reason: 'PodOSNotSupported', message: "Failed to admit pod as the OS field doesn't match node OS" };
  return undefined;
}

function doesNotFit(pod: Pod, node: Node, others: readonly Pod[]): Rejection | undefined {
  const lacking = lackingResource(pod, node, others);
  if (lacking) return lacking;
  if (!new RequiredNodeAffinity(pod).matches(node)) return failed('NodeAffinity', ERR_AFFINITY);
  const ports = new HostPortInfo();
  for (const { spec } of others) for (const port of hostPortsOf(spec)) ports.add(port);
  if (hostPortsOf(pod.spec).some((port) => ports.conflicts(port))) return failed('NodePorts', ERR_PORTS);
  const untolerated =
    !isStaticPod(pod) &&
    findMatchingUntoleratedTaint(node.spec.taints, pod.spec.tolerations, ({ effect }) => effect === 'NoExecute');
  return untolerated ? failed('TaintToleration', ERR_TAINTS) : undefined;
}

function failed(predicate: string, why: string): Rejection {
  return { reason: predicate, message: `Predicate ${predicate} failed: ${why}` };
}

function lackingResource(pod: Pod, node: Node, others: readonly Pod[]): Rejection | undefined {
  const allocatable = node.status.allocatable ?? node.status.capacity ?? {};
  const capacityOf = (name: string): Quantity => mustParseQuantity(String(allocatable[name] ?? '0'));
  const maxPods = capacityOf('pods').exactValue();
  if (others.length + 1 > maxPods) return outOf('pods', 1, others.length, maxPods);
  const wanted = podRequests(pod);
  // What the node knows nothing of is not asked of it.
  const names = [...wanted.keys()].filter((name) => allocatable[name] !== undefined || !isExtendedResourceName(name));
  for (const name of names.sort(byResource)) {
    const request = countedAmount(name, wanted.get(name)!);
    if (request <= 0) continue;
    const capacity = countedAmount(name, capacityOf(name));
    let used: Int64 = 0;
    for (const other of others) {
      const quantity = podRequests(other, { useStatusResources: true }).get(name);
      if (quantity) used = add(used, countedAmount(name, quantity));
    }
    if (request > subtract(capacity, used)) return outOf(name, request, used, capacity);
  }
  return undefined;
}

function outOf(name: string, requested: Int64, used: Int64, capacity: Int64): Rejection {
  return {
    reason: `OutOf${name}`,
    message: `Node didn't have enough resource: ${name}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
  };
}

/** In the order in which the scheduler's fit looks at them. */
function byResource(a: string, b: string): number {
  const order = ['cpu', 'memory', 'ephemeral-storage'];
  const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}
