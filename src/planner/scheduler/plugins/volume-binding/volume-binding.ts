// Keeps a pod to nodes where its claims are, or can be, bound; binds them before the pod is.
// Behaviour: pkg/scheduler/framework/plugins/volumebinding/volume_binding.go, Kubernetes v1.36.3.
// Differs: there is no bind timeout; a claim that nobody binds leaves the pod waiting.
import { semanticDeepEqual } from '../../../../apimachinery/deep-equal.ts';
import { mustParseQuantity } from '../../../../apimachinery/quantity/quantity.ts';
import { MIGRATED_PLUGINS } from '../../../../apimachinery/well-known/annotations.ts';
import type { PersistentVolumeClaim } from '../../../../schema/generated/types/core-v1.ts';
import type {
  CSIDriver,
  CSINode,
  CSIStorageCapacity,
  StorageClass,
} from '../../../../schema/generated/types/storage-v1.ts';
import { PVCS } from '../../../../schema/resource-names.ts';
import { claimNameOf, hasVolumeFrom, whyNotForPod } from '../../../storage/claims-and-volumes.ts';
import { stateKey } from '../../framework/cycle-state.ts';
import type { ClusterEventWithHint } from '../../framework/events.ts';
import type { Int64 } from '../../framework/int64.ts';
import type { FilterPlugin, Handle, PreBindPlugin, PreFilterPlugin, ReservePlugin } from '../../framework/plugin.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import { errorStatus, SKIP, unschedulableAndUnresolvable } from '../../framework/status.ts';
import { type PodVolumeClaims, type PodVolumes, VolumeBinder } from './binder.ts';

const UNBOUND_IMMEDIATE = 'pod has unbound immediate PersistentVolumeClaims';

interface BindingState {
  readonly claims: PodVolumeClaims | undefined;
  readonly volumesByNode: Map<string, PodVolumes>;
  /** Set when a node is reserved: there is nothing left to bind. */
  allBound: boolean;
  isRequested: boolean;
}

const bindingState = stateKey<BindingState>('VolumeBinding');

export function makeVolumeBinding({ objects, snapshot }: Pick<Handle, 'objects' | 'snapshot'>) {
  const binder = new VolumeBinder(objects);
  const newState = (claims: PodVolumeClaims | undefined): BindingState => ({
    claims,
    volumesByNode: new Map(),
    allBound: false,
    isRequested: false,
  });

  const problemWithClaims = (pod: PodInfo): { readonly hasClaims: boolean; readonly problem?: string } => {
    let hasClaims = false;
    for (const volume of pod.spec.volumes ?? []) {
      const name = claimNameOf(pod, volume);
      if (name === undefined) continue;
      hasClaims = true;
      const claim = objects.get<PersistentVolumeClaim>(PVCS, pod.namespace, name);
      if (!claim)
        return {
          hasClaims,
          problem: volume.ephemeral
            ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`
            : `persistentvolumeclaim "${name}" not found`,
        };
      if (claim.status?.phase === 'Lost')
        return {
          hasClaims,
          problem: `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec.volumeName ?? ''}"`,
        };
      if (claim.metadata.deletionTimestamp !== undefined)
        return { hasClaims, problem: `persistentvolumeclaim "${name}" is being deleted` };
      const stranger = volume.ephemeral && whyNotForPod(pod, claim);
      if (stranger) return { hasClaims, problem: stranger };
    }
    return { hasClaims };
  };

  return {
    name: 'VolumeBinding',
    eventsToRegister: EVENTS,
    preFilter(state, pod) {
      const { hasClaims, problem } = problemWithClaims(pod);
      if (problem) return { status: unschedulableAndUnresolvable(problem) };
      if (!hasClaims) {
        state.write(bindingState, newState(undefined));
        return { status: SKIP };
      }
      const claims = binder.podVolumeClaims(pod);
      if ('error' in claims) return { status: errorStatus(claims.error) };
      if (claims.unboundImmediate.length > 0) return { status: unschedulableAndUnresolvable(UNBOUND_IMMEDIATE) };
      state.write(bindingState, newState(claims));
      return undefined;
    },
    admitsAnywhere(state) {
      const claims = state.read(bindingState)?.claims;
      return claims === undefined || binder.isBoundEverywhere(claims);
    },
    filter(state, _pod, { name, node }) {
      const data = state.read(bindingState);
      if (!data?.claims) return undefined;
      const found = binder.findPodVolumes(data.claims, node);
      if ('error' in found) return errorStatus(found.error);
      if ('reasons' in found) return unschedulableAndUnresolvable(...found.reasons);
      data.volumesByNode.set(name, found.volumes);
      return undefined;
    },
    reserve(state, pod, nodeName) {
      const data = state.read(bindingState);
      const volumes = data?.volumesByNode.get(nodeName);
      if (!data) return undefined;
      if (!volumes) {
        data.allBound = true;
        return undefined;
      }
      const assumed = binder.assumePodVolumes(pod, nodeName, volumes);
      data.allBound = assumed.allBound;
      data.volumesByNode.set(nodeName, assumed.volumes);
      return undefined;
    },
    unreserve(state, _pod, nodeName) {
      const volumes = state.read(bindingState)?.volumesByNode.get(nodeName);
      if (volumes) binder.revertAssumedPodVolumes(volumes);
    },
    preBindPreFlight(state) {
      return state.read(bindingState)?.allBound === false ? undefined : SKIP;
    },
    preBind(state, _pod, nodeName, writer) {
      const data = state.read(bindingState);
      const volumes = data?.volumesByNode.get(nodeName);
      if (!data || data.allBound) return undefined;
      if (!volumes) return errorStatus(`no pod volume found for node "${nodeName}"`);
      if (!data.isRequested) {
        data.isRequested = true;
        const refusal = binder.requestBindings(volumes, writer);
        if (refusal !== undefined) return errorStatus(refusal);
      }
      const node = snapshot.get(nodeName);
      if (!node) return errorStatus(`binding volumes: failed to get node "${nodeName}": node "${nodeName}" not found`);
      const outcome = binder.checkBindings(volumes, node.node);
      if (outcome === true) return undefined;
      return outcome === false ? 'wait' : errorStatus(`binding volumes: ${outcome.error}`);
    },
  } satisfies PreFilterPlugin & FilterPlugin & ReservePlugin & PreBindPlugin;
}

const EVENTS: readonly ClusterEventWithHint[] = [
  {
    resource: 'StorageClass',
    actions: ['Add', 'Update'],
    hint: (_pod, previous, object) => {
      const [before, after] = [previous as StorageClass | undefined, object as StorageClass]; // events of classes carry classes
      return !before || !semanticDeepEqual(before.allowedTopologies, after.allowedTopologies);
    },
  },
  {
    resource: 'PersistentVolumeClaim',
    actions: ['Add', 'Update'],
    hint: (pod, _previous, object) => hasVolumeFrom(pod, object),
  },
  { resource: 'PersistentVolume', actions: ['Add', 'Update'] },
  { resource: 'Node', actions: ['Add', 'UpdateNodeLabel'] },
  {
    resource: 'CSINode',
    actions: ['Add', 'Update'],
    hint: (_pod, previous, object) => {
      const migrated = (node: CSINode): string | undefined => node.metadata.annotations?.[MIGRATED_PLUGINS];
      // Events of CSINodes carry CSINodes.
      return previous === undefined || migrated(previous as CSINode) !== migrated(object as CSINode);
    },
  },
  {
    resource: 'CSIDriver',
    actions: ['Update'],
    hint: ({ spec }, previous, object) => {
      const [before, after] = [previous as CSIDriver, object as CSIDriver]; // events of drivers carry drivers
      return (
        (spec.volumes ?? []).some(({ csi }) => csi?.driver === after.metadata.name) &&
        before.spec.storageCapacity === true &&
        !after.spec.storageCapacity
      );
    },
  },
  {
    resource: 'CSIStorageCapacity',
    actions: ['Add', 'Update'],
    hint: (_pod, previous, object) => {
      if (previous === undefined) return true;
      // Events of capacities carry capacities.
      const [before, after] = [volumeLimit(previous as CSIStorageCapacity), volumeLimit(object as CSIStorageCapacity)];
      return after !== undefined && (before === undefined || after > before);
    },
  },
];

function volumeLimit({ maximumVolumeSize, capacity }: CSIStorageCapacity): Int64 | undefined {
  const limit = maximumVolumeSize ?? capacity;
  return limit === undefined ? undefined : mustParseQuantity(String(limit)).exactValue();
}
