// Describes a node: its state, and what the pods on it ask for.
// Behaviour: staging/src/k8s.io/kubectl/pkg/describe/describe.go (describeNode, describeNodeResource), Kubernetes v1.36.3.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { goSorted } from '../../../apimachinery/go/sort.ts';
import { parseQuantity, Quantity } from '../../../apimachinery/quantity/quantity.ts';
import type { Lease } from '../../../schema/generated/types/coordination-v1.ts';
import type { Node, Pod } from '../../../schema/generated/types/core-v1.ts';
import { taintText } from '../../../selectors/toleration.ts';
import { nodeRoles } from '../get/nodes.ts';
import { since } from '../get/printer.ts';
import { describer, findEvents, longTime, type Surroundings, writeEvents, writeMeta } from './describer.ts';
import { type Amounts, podLimits, podRequests, sum } from './pod-resources.ts';
import type { DescriptionWriter } from './writer.ts';

const LEASE_NAMESPACE = 'kube-node-lease';
const STANDARD = new Set(['cpu', 'memory', 'ephemeral-storage', 'pods', 'storage']);

export const describeNode = describer<Node>((w, node, around) => {
  const { spec, status, metadata } = node;
  const name = metadata.name ?? '';
  w.line(0, 'Name:', name);
  w.line(0, 'Roles:', nodeRoles(node).join(',') || '<none>');
  writeMeta(w, node);
  w.line(0, 'CreationTimestamp:', longTime(metadata.creationTimestamp));
  const taints = goSorted(
    spec.taints ?? [],
    (a, b) => compareBytes(`${a.effect},${a.key}`, `${b.effect},${b.key}`) < 0,
  );
  w.list('Taints', taints.map(taintText));
  w.line(0, 'Unschedulable:', spec.unschedulable ?? false);
  writeLease(w, name, around);
  if (status.conditions?.length) {
    w.write(0, 'Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage\n');
    w.line(1, '----', '------', '-----------------', '------------------', '------', '-------');
    for (const c of status.conditions) {
      const times = [longTime(c.lastHeartbeatTime), longTime(c.lastTransitionTime)].map((time) => `${time} `);
      w.line(1, `${c.type} `, `${c.status} `, ...times, `${c.reason ?? ''} `, c.message ?? '');
    }
  }
  w.write(0, 'Addresses:\n');
  for (const { type, address } of status.addresses ?? []) w.line(1, `${type}:`, address);
  writeAmounts(w, 'Capacity', status.capacity);
  writeAmounts(w, 'Allocatable', status.allocatable);
  writeSystem(w, node);
  const pods = around
    .list<Pod>('Pod')
    .filter((pod) => pod.spec.nodeName === name && pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed');
  writePods(w, node, pods, around);
  // The kubelet's events carry the name of the node for its uid.
  const reference = { name, namespace: '', kind: 'Node' };
  const events = findEvents({ ...reference, ...(metadata.uid ? { uid: metadata.uid } : {}) }, around);
  writeEvents(w, [...events, ...findEvents({ ...reference, uid: name }, around)], around);
});

function writeLease(w: DescriptionWriter, name: string, around: Surroundings): void {
  const lease = around
    .list<Lease>('Lease.coordination.k8s.io', LEASE_NAMESPACE)
    .find(({ metadata }) => metadata.name === name);
  if (!lease) {
    w.line(0, 'Lease:', `Failed to get lease: leases.coordination.k8s.io "${name}" not found`);
    return;
  }
  w.write(0, 'Lease:\n');
  w.line(1, 'HolderIdentity:', lease.spec.holderIdentity ?? '<unset>');
  w.line(1, 'AcquireTime:', lease.spec.acquireTime ? longTime(lease.spec.acquireTime) : '<unset>');
  w.line(1, 'RenewTime:', lease.spec.renewTime ? longTime(lease.spec.renewTime) : '<unset>');
}

function writeAmounts(w: DescriptionWriter, title: string, list: Readonly<Record<string, string>> | undefined): void {
  const names = Object.keys(list ?? {}).sort(compareBytes);
  if (names.length === 0) return;
  w.write(0, `${title}:\n`);
  for (const name of names) w.line(1, `${name}:`, list![name]!);
}

function writeSystem(w: DescriptionWriter, { spec, status }: Node): void {
  const info = status.nodeInfo;
  w.write(0, 'System Info:\n');
  w.line(1, 'Machine ID:', info?.machineID ?? '');
  w.line(1, 'System UUID:', info?.systemUUID ?? '');
  w.line(1, 'Boot ID:', info?.bootID ?? '');
  w.line(1, 'Kernel Version:', info?.kernelVersion ?? '');
  w.line(1, 'OS Image:', info?.osImage ?? '');
  w.line(1, 'Operating System:', info?.operatingSystem ?? '');
  w.line(1, 'Architecture:', info?.architecture ?? '');
  w.line(1, 'Container Runtime Version:', info?.containerRuntimeVersion ?? '');
  w.line(1, 'Kubelet Version:', info?.kubeletVersion ?? '');
  if (spec.podCIDR) w.line(0, 'PodCIDR:', spec.podCIDR);
  if (spec.podCIDRs?.length) w.line(0, 'PodCIDRs:', spec.podCIDRs.join(','));
  if (spec.providerID) w.line(0, 'ProviderID:', spec.providerID);
}

function writePods(w: DescriptionWriter, node: Node, pods: readonly Pod[], { now }: Surroundings): void {
  const { capacity, allocatable: given } = node.status;
  const allocatable = given && Object.keys(given).length > 0 ? given : (capacity ?? {});
  const share = (amounts: Amounts, name: string): string => {
    const amount = amounts.get(name) ?? Quantity.zero();
    return `${amount} (${percent(amount, allocatable[name], name === 'cpu')}%)`;
  };
  w.line(0, 'Non-terminated Pods:', `(${pods.length} in total)`);
  w.line(1, 'Namespace', 'Name', '', 'CPU Requests', 'CPU Limits', 'Memory Requests', 'Memory Limits', 'Age');
  w.line(1, '---------', '----', '', '------------', '----------', '---------------', '-------------', '---');
  let requests: Amounts = new Map();
  let limits: Amounts = new Map();
  for (const pod of pods) {
    const asked = podRequests(pod, { useStatus: true });
    const limit = podLimits(pod, { useStatus: true });
    const shares = [share(asked, 'cpu'), share(limit, 'cpu'), share(asked, 'memory'), share(limit, 'memory')];
    const { namespace = '', name = '', creationTimestamp } = pod.metadata;
    w.line(1, namespace, name, '', ...shares, since(creationTimestamp, now));
    requests = sum(requests, podRequests(pod, { useStatus: false }));
    limits = sum(limits, podLimits(pod, { useStatus: false }));
  }
  w.write(0, 'Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)\n');
  w.line(1, 'Resource', 'Requests', 'Limits');
  w.line(1, '--------', '--------', '------');
  const names = Object.keys(allocatable).sort(compareBytes);
  const shared = ['cpu', 'memory', 'ephemeral-storage', ...names.filter((name) => name.startsWith('hugepages-'))];
  for (const name of shared) w.line(1, name, share(requests, name), share(limits, name));
  for (const name of names) {
    if (STANDARD.has(name) || name.startsWith('hugepages-')) continue;
    w.line(1, name, String(requests.get(name) ?? Quantity.zero()), String(limits.get(name) ?? Quantity.zero()));
  }
}

function percent(amount: Quantity, of: string | undefined, isMilli: boolean): number {
  const whole = parseQuantity(of ?? '0') ?? Quantity.zero();
  const [part, all] = isMilli ? [amount.milliValue(), whole.milliValue()] : [amount.value(), whole.value()];
  return all === 0 ? 0 : Math.trunc((part / all) * 100);
}
