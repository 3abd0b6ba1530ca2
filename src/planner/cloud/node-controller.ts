// Tells new nodes what machine they are, then lets pods onto them.
// Behaviour: cloud-provider/controllers/node/node_controller.go, Kubernetes v1.36.3.
// Differs: addresses are looked at once, not every five minutes: a description does not change.
import { semanticDeepEqual } from '../../apimachinery/deep-equal.ts';
import { parseIp } from '../../apimachinery/ip-address.ts';
import type { Node, NodeAddress } from '../../schema/generated/types/core-v1.ts';
import { type ControllerFactory, type SyncContext, watchSelf } from '../engine/controller.ts';
import { type CloudOptions, type Instance, instanceOf } from './description.ts';

const UNINITIALIZED = 'node.cloudprovider.kubernetes.io/uninitialized';
const PROVIDED_NODE_IP = 'alpha.kubernetes.io/provided-node-ip';
/** Labels of old, and what they are called now. */
const RENAMED = [
  ['failure-domain.beta.kubernetes.io/zone', 'topology.kubernetes.io/zone'],
  ['failure-domain.beta.kubernetes.io/region', 'topology.kubernetes.io/region'],
  ['beta.kubernetes.io/instance-type', 'node.kubernetes.io/instance-type'],
] as const;
const KUBERNETES_LABEL = /(^|\.)(kubernetes|k8s)\.io\//;

export const cloudNodeController: ControllerFactory<CloudOptions> = ({ cloud }) => ({
  name: 'cloud-node-controller',
  watches: cloud ? [watchSelf('nodes')] : [],
  sync(key, context) {
    const node = context.reader.get<Node>('nodes', undefined, key);
    if (!node || !cloud) return undefined;
    if (!node.spec.taints?.some((taint) => taint.key === UNINITIALIZED)) return renameLabels(node, context);
    const instance = instanceOf(node, cloud);
    if (!instance) return undefined;
    return initialize(node, instance, context) ? undefined : { retry: true };
  },
});

function initialize(node: Node, instance: Instance, { client, recorder }: SyncContext): boolean {
  const { addresses: described = [] } = instance;
  const addresses = addressesFor(node, described);
  if (!addresses) return false;
  const taints = (node.spec.taints ?? []).filter((taint) => taint.key !== UNINITIALIZED);
  const { taints: _taints, ...spec } = node.spec;
  const answer = client.update<Node>('nodes', {
    ...node,
    metadata: { ...node.metadata, labels: labelsFor(node, instance) },
    spec: { ...spec, providerID: spec.providerID || instance.providerID, ...(taints.length > 0 ? { taints } : {}) },
  });
  if (!answer.ok) return false;
  if (described.length > 0 && !sameAddresses(answer.object.status.addresses ?? [], addresses))
    client.updateStatus('nodes', { ...answer.object, status: { ...answer.object.status, addresses } });
  recorder.event(node, 'Normal', 'Synced', 'Node synced successfully');
  return true;
}

function labelsFor({ metadata }: Node, { instanceType, zone, region, labels = {} }: Instance): Record<string, string> {
  const found = [zone, region, instanceType];
  const next: Record<string, string> = { ...metadata.labels };
  for (const [i, names] of RENAMED.entries()) if (found[i]) for (const name of names) next[name] = found[i];
  for (const [name, value] of Object.entries(labels))
    if (!KUBERNETES_LABEL.test(name) && next[name] === undefined) next[name] = value;
  return next;
}

/** What the cloud knows, the host name that the kubelet set, and of each kind only what the node was told to use; undefined when that is none of them. */
function addressesFor(node: Node, described: readonly NodeAddress[]): readonly NodeAddress[] | undefined {
  const hostNames = described.some(({ type }) => type === 'Hostname')
    ? []
    : (node.status.addresses ?? []).filter(({ type }) => type === 'Hostname');
  const all = [...described, ...hostNames];
  const wanted = node.metadata.annotations?.[PROVIDED_NODE_IP];
  if (wanted === undefined) return all;
  const enforced: NodeAddress[] = [];
  for (const text of wanted.split(',')) {
    const ip = parseIp(text.trim());
    const matching = all.filter(({ address }) => ip && semanticDeepEqual(parseIp(address), ip));
    if (matching.length === 0) return undefined;
    enforced.push(...matching);
  }
  const kinds = new Set(enforced.map(({ type }) => type));
  return [...enforced, ...all.filter(({ type }) => !kinds.has(type))];
}

function sameAddresses(a: readonly NodeAddress[], b: readonly NodeAddress[]): boolean {
  const byType = new Map(a.map(({ type, address }) => [type, address]));
  return a.length === b.length && b.every(({ type, address }) => byType.get(type) === address);
}

function renameLabels(node: Node, { client }: SyncContext) {
  const labels: Record<string, string> = { ...node.metadata.labels };
  let isChanged = false;
  for (const [old, current] of RENAMED) {
    const value = labels[old];
    if (value === undefined || labels[current] === value) continue;
    labels[current] = value;
    isChanged = true;
  }
  if (!isChanged || client.update('nodes', { ...node, metadata: { ...node.metadata, labels } }).ok) return undefined;
  return { retry: true };
}
