// Keeps pods apart that cannot share a disk, and claims with ReadWriteOncePod to one pod.
// Behaviour: pkg/scheduler/framework/plugins/volumerestrictions, Kubernetes v1.36.3.
import type { PersistentVolumeClaim, Pod, Volume } from '../../../../schema/generated/types/core-v1.ts';
import { PVCS } from '../../../../schema/resource-names.ts';
import { stateKey } from '../../framework/cycle-state.ts';
import type { ClusterEventWithHint } from '../../framework/events.ts';
import type { FilterPlugin, Handle, PreFilterPlugin } from '../../framework/plugin.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import { SKIP, unschedulable, unschedulableAndUnresolvable } from '../../framework/status.ts';

const ERR_REASON_DISK_CONFLICT = 'node(s) had no available disk';
const ERR_REASON_READ_WRITE_ONCE_POD_CONFLICT =
  'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod';

const DISK_CONFLICT = unschedulable(ERR_REASON_DISK_CONFLICT);
const ONCE_POD_CONFLICT = unschedulable(ERR_REASON_READ_WRITE_ONCE_POD_CONFLICT);

class RestrictionState {
  readonly #oncePodClaims: ReadonlySet<string>;
  #conflicts: number;

  constructor(oncePodClaims: ReadonlySet<string>, conflicts: number) {
    this.#oncePodClaims = oncePodClaims;
    this.#conflicts = conflicts;
  }

  get hasConflict(): boolean {
    return this.#conflicts > 0;
  }

  clone(): RestrictionState {
    return new RestrictionState(this.#oncePodClaims, this.#conflicts);
  }

  update({ spec }: PodInfo, delta: 1 | -1): void {
    for (const { persistentVolumeClaim } of spec.volumes ?? [])
      if (persistentVolumeClaim && this.#oncePodClaims.has(persistentVolumeClaim.claimName)) this.#conflicts += delta;
  }
}

const preFilterState = stateKey<RestrictionState>('PreFilterVolumeRestrictions');

export function makeVolumeRestrictions({ objects, snapshot }: Pick<Handle, 'objects' | 'snapshot'>) {
  return {
    name: 'VolumeRestrictions',
    eventsToRegister: EVENTS,
    preFilter(state, { spec, namespace }) {
      const volumes = spec.volumes ?? [];
      const oncePodClaims = new Set<string>();
      for (const { persistentVolumeClaim } of volumes) {
        if (!persistentVolumeClaim) continue;
        const { claimName } = persistentVolumeClaim;
        const claim = objects.get<PersistentVolumeClaim>(PVCS, namespace, claimName);
        if (!claim) return { status: unschedulableAndUnresolvable(`persistentvolumeclaim "${claimName}" not found`) };
        if (claim.spec.accessModes?.includes('ReadWriteOncePod')) oncePodClaims.add(claimName);
      }
      let conflicts = 0;
      for (const name of oncePodClaims) if (snapshot.isPvcUsedByPods(`${namespace}/${name}`)) conflicts += 1;
      if (conflicts === 0 && !volumes.some(isExclusiveDisk)) return { status: SKIP };
      state.write(preFilterState, new RestrictionState(oncePodClaims, conflicts));
      return undefined;
    },
    addPod(state, _pod, added) {
      state.read(preFilterState)?.update(added, 1);
      return undefined;
    },
    removePod(state, _pod, removed) {
      state.read(preFilterState)?.update(removed, -1);
      return undefined;
    },
    filter(state, { spec }, { pods }) {
      if (conflictsWithAny(spec.volumes ?? [], pods)) return DISK_CONFLICT;
      return state.read(preFilterState)?.hasConflict ? ONCE_POD_CONFLICT : undefined;
    },
  } satisfies PreFilterPlugin & FilterPlugin;
}

function isExclusiveDisk({ gcePersistentDisk, awsElasticBlockStore, rbd, iscsi }: Volume): boolean {
  return Boolean(gcePersistentDisk ?? awsElasticBlockStore ?? rbd ?? iscsi);
}

function conflictsWithAny(volumes: readonly Volume[], pods: readonly Pick<PodInfo, 'spec'>[]): boolean {
  const disks = volumes.filter(isExclusiveDisk);
  return (
    disks.length > 0 &&
    pods.some(({ spec }) => spec.volumes?.some((other) => disks.some((disk) => conflicts(disk, other))))
  );
}

/** The same disk may be used twice only by readers; an EBS volume not even by them. */
function conflicts(a: Volume, b: Volume): boolean {
  const [gce, otherGce] = [a.gcePersistentDisk, b.gcePersistentDisk];
  if (gce && otherGce && gce.pdName === otherGce.pdName && !(gce.readOnly && otherGce.readOnly)) return true;
  const [ebs, otherEbs] = [a.awsElasticBlockStore, b.awsElasticBlockStore];
  if (ebs && otherEbs && ebs.volumeID === otherEbs.volumeID) return true;
  const [iscsi, otherIscsi] = [a.iscsi, b.iscsi];
  if (iscsi && otherIscsi && iscsi.iqn === otherIscsi.iqn && !(iscsi.readOnly && otherIscsi.readOnly)) return true;
  const [rbd, otherRbd] = [a.rbd, b.rbd];
  if (!rbd || !otherRbd || (rbd.readOnly && otherRbd.readOnly)) return false;
  const sharesMonitor = rbd.monitors?.some((monitor) => otherRbd.monitors?.includes(monitor)) ?? false;
  return sharesMonitor && (rbd.pool ?? '') === (otherRbd.pool ?? '') && rbd.image === otherRbd.image;
}

const EVENTS: readonly ClusterEventWithHint[] = [
  {
    resource: 'Pod',
    actions: ['Delete'],
    hint: (pod, previous) => {
      const deleted = previous as Pod; // events of pods carry pods
      if (deleted.metadata.namespace !== pod.namespace) return false;
      if (conflictsWithAny(pod.spec.volumes ?? [], [{ spec: deleted.spec }])) return true;
      const claims = new Set(
        (pod.spec.volumes ?? []).flatMap((volume) => volume.persistentVolumeClaim?.claimName ?? []),
      );
      return (deleted.spec.volumes ?? []).some((volume) => claims.has(volume.persistentVolumeClaim?.claimName ?? ''));
    },
  },
  { resource: 'Node', actions: ['Add'] },
  {
    resource: 'PersistentVolumeClaim',
    actions: ['Add'],
    hint: (pod, _previous, object) =>
      object?.metadata.namespace === pod.namespace &&
      (pod.spec.volumes ?? []).some((volume) => volume.persistentVolumeClaim?.claimName === object.metadata.name),
  },
];
