// The kubelets of all nodes, seen from the API: they report their node and bring the pods bound to it to life.
// Behaviour: pkg/kubelet/kubelet.go, Kubernetes v1.36.3, as far as the API shows it.
// Differs: heartbeats are not written; a node that answers counts as heard of at every moment (see controllers/nodelifecycle).
import type { ClusterReader } from '../../apiserver/cluster-reader.ts';
import type { StoreEvent } from '../../apiserver/store/store.ts';
import type { Node, Pod } from '../../schema/generated/types/core-v1.ts';
import { RESOURCE_CLAIMS } from '../../schema/resource-names.ts';
import { type ControllerFactory, keyFor, type SyncContext, type SyncResult, splitKey } from '../engine/controller.ts';
import { readyStatus } from '../objects/node-readiness.ts';
import { SHARED_CLAIMS } from '../resource-claims/named-claims.ts';
import { nodeAddresses } from './nodes/host-addresses.ts';
import { isReady, type NodeWorld, nodeStages } from './nodes/node-stages.ts';
import { isNotResponding } from './outcome.ts';
import { whyNotAdmitted } from './pods/admission.ts';
import { consumersOf, whyNotPrepared } from './pods/device-claims.ts';
import { PodAddresses, type Resident, type Residents } from './pods/pod-ips.ts';
import { isAtRest, podStages } from './pods/pod-stages.ts';
import type { PodWorld } from './pods/pod-world.ts';
import { type KubeletOptions, settingsOf } from './settings.ts';
import { StageRunner } from './stages.ts';

const NO_ADDRESSES = 'failed to allocate for range 0: no IP addresses available in range set';

/** Keeps nodes Ready, or silent where they are told to be. */
export const nodeKubelet: ControllerFactory<KubeletOptions> = (options) => {
  const settings = settingsOf(options);
  const runner = new StageRunner<Node, NodeWorld>(nodeStages);
  /** Nodes that were found not Ready: nothing here knows how to mend them. */
  const broken = new Set<string>();
  const seen = new Set<string>();

  return {
    name: 'kubelet',
    watches: [
      {
        resource: 'nodes',
        keys: (event) => {
          if (event.type !== 'DELETED' && changesNothing(event)) return [];
          return [event.object.metadata.name ?? ''];
        },
      },
    ],
    sync(name, context) {
      const node = context.reader.get<Node>('nodes', undefined, name);
      if (!node) {
        broken.delete(name);
        seen.delete(name);
        runner.forget(name);
        return undefined;
      }
      if (!seen.has(name)) {
        seen.add(name);
        const status = readyStatus(node);
        if (status !== undefined && status !== 'True' && !isNotResponding(node)) broken.add(name);
      } else if (isNotResponding(node) || isReady(node)) broken.delete(name);

      const step = runner.step(name, node, context.now, {
        now: context.now,
        settings,
        isBroken: () => broken.has(name),
      });
      if (step && 'wait' in step) return { requeueAfter: step.wait, routine: step.routine };
      if (step && 'write' in step && !context.client.updateStatus('nodes', step.write).ok) return { retry: true };
      return undefined;
    },
  };
};

/** Brings bound pods to life and to their end. */
export const podKubelet: ControllerFactory<KubeletOptions> = (options) => {
  const settings = settingsOf(options);
  const runner = new StageRunner<Pod, PodWorld>(podStages);
  const addresses = new PodAddresses(settings.fallbackPodCIDR);
  const sharesClaims = options.isFeatureEnabled(SHARED_CLAIMS);
  /** Pods without an address because their node has none left, by node. */
  const waiting = new Map<string, Set<string>>();

  const worldOf = (key: string, pod: Pod, { reader, now }: SyncContext): PodWorld => {
    const node = reader.get<Node>('nodes', undefined, pod.spec.nodeName ?? '');
    return {
      now,
      settings,
      node,
      isNodeSilent: node === undefined || isNotResponding(node),
      takeAddresses: (wanted) => {
        if (wanted.spec.hostNetwork) return node ? nodeAddresses(node) : [];
        return addresses.take(key, wanted.spec.nodeName ?? '', podCIDRs(node), (owner) => residentsOf(owner, reader));
      },
      whyNotAdmitted: (wanted) => {
        if (!node) return undefined;
        const { uid } = wanted.metadata;
        const others = reader
          .listByIndex<Pod>('pods', 'node', wanted.spec.nodeName ?? '')
          .filter((other) => other.metadata.uid !== uid && isUnfinished(other) && other.status.startTime !== undefined);
        return whyNotAdmitted(wanted, node, others);
      },
      whyNotPrepared: (wanted) => whyNotPrepared(wanted, reader, sharesClaims),
    };
  };

  /** Pods that run before anybody looks at them cost nothing: most of a described cluster. */
  const isNews = (pod: Pod): boolean =>
    !isAtRest(pod, settings) || (runner.hasWaiting && runner.isWaiting(keyFor(pod)));

  /** Of a pod that was deleted or has ended. */
  const noteLeaver = ({ type, object, previous }: StoreEvent, reader: ClusterReader): void => {
    if (type !== 'DELETED' && isUnfinished(object as Pod)) return;
    const pod = (type === 'DELETED' ? object : previous) as Pod | undefined;
    if (!pod?.status.podIP || !isUnfinished(pod)) return;
    const { nodeName, hostNetwork } = pod.spec;
    if (!nodeName || hostNetwork) return;
    const node = reader.get<Node>('nodes', undefined, nodeName);
    // With its node its addresses have gone already.
    if (!node) return;
    addresses.note(keyFor(pod), nodeName, podCIDRs(node), podIPsOf(pod));
  };

  return {
    name: 'kubelet',
    watches: [
      {
        resource: 'pods',
        keys: (event, reader) => {
          if (!concernsKubelet(event)) return [];
          noteLeaver(event, reader);
          return event.type === 'ADDED' && !isNews(event.object as Pod) ? [] : [keyFor(event.object)];
        },
      },
      { resource: RESOURCE_CLAIMS, keys: consumersOf },
      {
        resource: 'nodes',
        keys: ({ type, object, previous }, reader) => {
          const name = object.metadata.name ?? '';
          if (type === 'DELETED') addresses.forgetNode(name, podCIDRs(object as Node), residentsOf(name, reader));
          const before = previous as Node | undefined;
          const isSameNode = before && isNotResponding(before) === isNotResponding(object);
          if (isSameNode && podCIDRs(before).length > 0) return [];
          // A network that comes late is news to pods without an address.
          const isAwaited = isSameNode ? ({ status }: Pod) => !status.podIP : isNews;
          const pods = reader.listByIndex<Pod>('pods', 'node', name);
          return pods.filter((pod) => isUnfinished(pod) && isAwaited(pod)).map(keyFor);
        },
      },
    ],
    sync(key, context): SyncResult | undefined {
      const { namespace, name } = splitKey(key);
      const pod = context.reader.get<Pod>('pods', namespace, name);
      if (!pod?.spec.nodeName) {
        addresses.free(key);
        runner.forget(key);
        return undefined;
      }
      // It runs where it is known to be: the kubelet's own news, most of the time.
      if (addresses.holds(key) && !isNews(pod)) return undefined;
      const world = worldOf(key, pod, context);
      if (pod.status.podIP && !pod.spec.hostNetwork) {
        if (!isUnfinished(pod)) addresses.free(key);
        else if (world.node && !addresses.holds(key))
          addresses.claim(key, pod.spec.nodeName, podCIDRs(world.node), podIPsOf(pod));
      }
      const step = runner.step(key, pod, context.now, world);
      if (!step || 'idle' in step) return undefined;
      if ('wait' in step) return { requeueAfter: step.wait, routine: step.routine };
      if ('write' in step) {
        if (!context.client.updateStatus('pods', step.write).ok) return { retry: true };
        const { event } = step;
        if (event) context.recorder.event(pod, event.type, event.reason, event.message);
        return undefined;
      }
      if ('remove' in step) {
        context.client.delete('pods', { namespace, name }, { gracePeriodSeconds: 0, uid: pod.metadata.uid ?? '' });
        return undefined;
      }
      if (!pod.spec.hostNetwork && !(waiting.get(pod.spec.nodeName)?.has(key) ?? false)) {
        const message = `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox: ${NO_ADDRESSES}`;
        context.recorder.event(pod, 'Warning', 'FailedCreatePodSandBox', message);
        waiting.set(pod.spec.nodeName, (waiting.get(pod.spec.nodeName) ?? new Set()).add(key));
      }
      return { requeueAfter: SANDBOX_RETRY, routine: true };
    },
  };
};

/** Unfinished pods that have addresses of a node's pod network, or of the one that nodes without any share. */
function residentsOf(node: Parameters<Residents>[0], reader: ClusterReader): readonly Resident[] {
  const isShared = node === 'without network';
  const pods = isShared ? reader.list<Pod>('pods') : reader.listByIndex<Pod>('pods', 'node', node);
  const residents: Resident[] = [];
  for (const pod of pods) {
    const { nodeName, hostNetwork } = pod.spec;
    if (!nodeName || hostNetwork || !pod.status.podIP || !isUnfinished(pod)) continue;
    if (isShared) {
      const its = reader.get<Node>('nodes', undefined, nodeName);
      if (!its || podCIDRs(its).length > 0) continue;
    }
    residents.push({ podKey: keyFor(pod), node: nodeName, addresses: podIPsOf(pod) });
  }
  return residents;
}

/** The kubelet looks at a pod that could not start again with its next resync. */
const SANDBOX_RETRY = 15_000;

function changesNothing({ object, previous }: StoreEvent): boolean {
  if (!previous) return false;
  return (
    isNotResponding(previous) === isNotResponding(object) &&
    readyStatus(previous as Node) === readyStatus(object as Node)
  );
}

/** Pods that are or were bound; what others write into the status of a running pod is none of the kubelet's business. */
function concernsKubelet({ object, previous }: StoreEvent): boolean {
  const pod = object as Pod;
  return Boolean(pod.spec.nodeName || (previous as Pod | undefined)?.spec.nodeName);
}

function isUnfinished(pod: Pod): boolean {
  return pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed';
}

function podCIDRs(node: Node | undefined): readonly string[] {
  if (!node) return [];
  const { podCIDRs: all, podCIDR } = node.spec ?? {};
  return all?.length ? all : podCIDR ? [podCIDR] : [];
}

function podIPsOf({ status }: Pod): readonly string[] {
  return status.podIPs?.length ? status.podIPs.map(({ ip }) => ip ?? '') : status.podIP ? [status.podIP] : [];
}
