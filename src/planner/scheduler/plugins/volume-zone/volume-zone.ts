// Keeps a pod to the zones and regions that its volumes' labels name.
// Behaviour: pkg/scheduler/framework/plugins/volumezone, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../../apimachinery/deep-equal.ts';
import { LABEL_TOPOLOGY_REGION, LABEL_TOPOLOGY_ZONE } from '../../../../apimachinery/well-known/labels.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../../../schema/generated/types/core-v1.ts';
import type { StorageClass } from '../../../../schema/generated/types/storage-v1.ts';
import { PVCS, PVS } from '../../../../schema/resource-names.ts';
import { LABEL_FAILURE_DOMAIN_REGION, LABEL_FAILURE_DOMAIN_ZONE } from '../../../../selectors/topology.ts';
import { claimClass, STORAGE_CLASSES } from '../../../storage/claims-and-volumes.ts';
import { stateKey } from '../../framework/cycle-state.ts';
import type { ClusterEventWithHint } from '../../framework/events.ts';
import type { FilterPlugin, Handle, PreFilterPlugin } from '../../framework/plugin.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import { SKIP, type Status, unschedulableAndUnresolvable } from '../../framework/status.ts';

const ERR_REASON_CONFLICT = 'node(s) had no available volume zone';

const CONFLICT = unschedulableAndUnresolvable(ERR_REASON_CONFLICT);

const TOPOLOGY_LABELS = [
  LABEL_FAILURE_DOMAIN_ZONE,
  LABEL_FAILURE_DOMAIN_REGION,
  LABEL_TOPOLOGY_ZONE,
  LABEL_TOPOLOGY_REGION,
];

const GA_LABEL: Readonly<Record<string, string>> = {
  [LABEL_FAILURE_DOMAIN_ZONE]: LABEL_TOPOLOGY_ZONE,
  [LABEL_FAILURE_DOMAIN_REGION]: LABEL_TOPOLOGY_REGION,
};

interface VolumeTopology {
  readonly key: string;
  readonly values: readonly string[];
}

const preFilterState = stateKey<readonly VolumeTopology[]>('PreFilterVolumeZone');

export function makeVolumeZone({ objects }: Pick<Handle, 'objects'>) {
  const topologiesOf = (pod: PodInfo): readonly VolumeTopology[] | Status => {
    const topologies: VolumeTopology[] = [];
    for (const name of claimNames(pod)) {
      if (name === '') return unschedulableAndUnresolvable('PersistentVolumeClaim had no name');
      const claim = objects.get<PersistentVolumeClaim>(PVCS, pod.namespace, name);
      if (!claim) return unschedulableAndUnresolvable(`persistentvolumeclaim "${name}" not found`);
      const volumeName = claim.spec.volumeName ?? '';
      if (volumeName === '') {
        const problem = whyUnbound(claim, objects);
        if (problem) return unschedulableAndUnresolvable(problem);
        continue;
      }
      const volume = objects.get<PersistentVolume>(PVS, undefined, volumeName);
      if (!volume) return unschedulableAndUnresolvable(`persistentvolume "${volumeName}" not found`);
      topologies.push(...volumeTopologies(volume));
    }
    return topologies;
  };
  return {
    name: 'VolumeZone',
    eventsToRegister: EVENTS,
    preFilter(state, pod) {
      const topologies = topologiesOf(pod);
      if ('code' in topologies) return { status: topologies };
      if (topologies.length === 0) return { status: SKIP };
      state.write(preFilterState, topologies);
      return undefined;
    },
    filter(state, _pod, { labels }) {
      // A node that does not say where it is takes any volume.
      if (!TOPOLOGY_LABELS.some((key) => labels[key] !== undefined)) return undefined;
      for (const { key, values } of state.read(preFilterState) ?? []) {
        const value = labels[key] ?? labels[GA_LABEL[key] ?? key];
        if (value === undefined || !values.includes(value)) return CONFLICT;
      }
      return undefined;
    },
  } satisfies PreFilterPlugin & FilterPlugin;
}

/** Ephemeral volumes are left to VolumeBinding. */
function claimNames({ spec }: PodInfo): readonly string[] {
  return (spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}

/** Nothing to complain about when the claim waits for its first consumer. */
function whyUnbound(claim: PersistentVolumeClaim, objects: Handle['objects']): string | undefined {
  const className = claimClass(claim);
  if (className === '') return 'PersistentVolumeClaim had no pv name and storageClass name';
  const storageClass = objects.get<StorageClass>(STORAGE_CLASSES, undefined, className);
  if (!storageClass) return `storageclass.storage.k8s.io "${className}" not found`;
  return (storageClass.volumeBindingMode ?? 'Immediate') === 'WaitForFirstConsumer'
    ? undefined
    : 'PersistentVolume had no name';
}

function volumeTopologies({ metadata }: PersistentVolume): readonly VolumeTopology[] {
  return TOPOLOGY_LABELS.flatMap((key) => {
    const values = metadata.labels?.[key]?.split('__').map((zone) => zone.trim());
    // A label with an empty part cannot be read and counts for nothing.
    return values === undefined || values.includes('') ? [] : [{ key, values }];
  });
}

const EVENTS: readonly ClusterEventWithHint[] = [
  {
    resource: 'StorageClass',
    actions: ['Add'],
    // Events of classes carry classes.
    hint: (_pod, _previous, object) => (object as StorageClass).volumeBindingMode === 'WaitForFirstConsumer',
  },
  { resource: 'Node', actions: ['Add', 'UpdateNodeLabel'] },
  {
    resource: 'PersistentVolumeClaim',
    actions: ['Add', 'Update'],
    hint: (pod, _previous, object) =>
      object?.metadata.namespace === pod.namespace && claimNames(pod).includes(object.metadata.name ?? ''),
  },
  {
    resource: 'PersistentVolume',
    actions: ['Add', 'Update'],
    hint: (_pod, previous, object) =>
      previous === undefined ||
      // Events of volumes carry volumes.
      !semanticDeepEqual(volumeTopologies(previous as PersistentVolume), volumeTopologies(object as PersistentVolume)),
  },
];
