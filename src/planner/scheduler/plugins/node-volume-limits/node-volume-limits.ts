// Keeps pods off nodes whose CSI drivers have as many volumes attached as they can.
// Behaviour: pkg/scheduler/framework/plugins/nodevolumelimits/csi.go, Kubernetes v1.36.3.
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../../../schema/generated/types/core-v1.ts';
import type { CSINode, StorageClass, VolumeAttachment } from '../../../../schema/generated/types/storage-v1.ts';
import { CSI_NODES, PVCS, PVS, VOLUME_ATTACHMENTS } from '../../../../schema/resource-names.ts';
import {
  claimClass,
  claimNameOf,
  hasVolumeFrom,
  STORAGE_CLASSES,
  whyNotForPod,
} from '../../../storage/claims-and-volumes.ts';
import {
  type CsiVolume,
  csiDriverOfProvisioner,
  csiVolumeOf,
  inlineCsiVolume,
  isInlineMigratable,
} from '../../../storage/csi-migration.ts';
import type { ClusterEventWithHint } from '../../framework/events.ts';
import type { FilterPlugin, Handle, PreFilterPlugin } from '../../framework/plugin.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import { errorStatus, SKIP, type Status, unschedulable, unschedulableAndUnresolvable } from '../../framework/status.ts';

const ERR_REASON_MAX_VOLUME_COUNT_EXCEEDED = 'node(s) exceed max volume count';

const EXCEEDED = unschedulable(ERR_REASON_MAX_VOLUME_COUNT_EXCEEDED);

/** Drivers by the unique name of the volume. */
type Attached = Map<string, string>;

export function makeNodeVolumeLimits({ objects }: Pick<Handle, 'objects'>) {
  /** Stands in for the handle of a volume that does not exist yet. */
  const provisionedVolume = (claim: PersistentVolumeClaim, csiNode: CSINode | undefined): CsiVolume | undefined => {
    const className = claimClass(claim);
    const storageClass =
      className === '' ? undefined : objects.get<StorageClass>(STORAGE_CLASSES, undefined, className);
    const driver = storageClass && csiDriverOfProvisioner(storageClass.provisioner, csiNode);
    return driver === undefined
      ? undefined
      : { driver, handle: `\u0000${claim.metadata.namespace}/${claim.metadata.name}` };
  };

  const volumeOfClaim = (claim: PersistentVolumeClaim, csiNode: CSINode | undefined): CsiVolume | undefined => {
    const name = claim.spec.volumeName ?? '';
    const volume = name === '' ? undefined : objects.get<PersistentVolume>(PVS, undefined, name);
    return volume ? csiVolumeOf(volume, csiNode) : provisionedVolume(claim, csiNode);
  };

  const addVolumes = (
    into: Attached,
    pod: PodInfo,
    csiNode: CSINode | undefined,
    isNew: boolean,
  ): Status | undefined => {
    for (const volume of pod.spec.volumes ?? []) {
      const name = claimNameOf(pod, volume);
      let found: CsiVolume | undefined;
      if (name === undefined) {
        const inline = inlineCsiVolume(volume, csiNode);
        if (typeof inline === 'string')
          return errorStatus(`converting volume(${volume.name}) from inline to csi: ${inline}`);
        found = inline;
      } else {
        if (name === '') return errorStatus('PersistentVolumeClaim had no name');
        const claim = objects.get<PersistentVolumeClaim>(PVCS, pod.namespace, name);
        if (!claim) {
          if (!isNew) continue;
          return unschedulableAndUnresolvable(
            `looking up PVC ${pod.namespace}/${name}: persistentvolumeclaim "${name}" not found`,
          );
        }
        const stranger = volume.ephemeral && whyNotForPod(pod, claim);
        if (stranger) return errorStatus(stranger);
        found = volumeOfClaim(claim, csiNode);
      }
      if (found?.driver && found.handle) into.set(`${found.driver}/${found.handle}`, found.driver);
    }
    return undefined;
  };

  const addAttachments = (into: Attached, nodeName: string): void => {
    for (const { spec } of objects.list<VolumeAttachment>(VOLUME_ATTACHMENTS)) {
      if (spec.nodeName !== nodeName || !spec.attacher || spec.source.persistentVolumeName === undefined) continue;
      const csi = objects.get<PersistentVolume>(PVS, undefined, spec.source.persistentVolumeName)?.spec.csi;
      if (csi) into.set(`${spec.attacher}/${csi.volumeHandle}`, spec.attacher);
    }
  };

  return {
    name: 'NodeVolumeLimits',
    eventsToRegister: EVENTS,
    preFilter: (_state, { spec }) =>
      (spec.volumes ?? []).some(
        (volume) => volume.persistentVolumeClaim || volume.ephemeral || isInlineMigratable(volume),
      )
        ? undefined
        : { status: SKIP },
    admitsAnywhere: (_state, pod) =>
      objects.list(CSI_NODES).length === 0 && addVolumes(new Map(), pod, undefined, true) === undefined,
    filter(_state, pod, nodeInfo) {
      const csiNode = objects.get<CSINode>(CSI_NODES, undefined, nodeInfo.name);
      const wanted: Attached = new Map();
      const problem = addVolumes(wanted, pod, csiNode, true);
      if (problem) return problem;
      const limits = volumeLimits(csiNode);
      if (wanted.size === 0 || limits.size === 0) return undefined;
      const attached: Attached = new Map();
      for (const other of nodeInfo.pods) {
        const trouble = addVolumes(attached, other, csiNode, false);
        if (trouble) return trouble;
      }
      for (const name of attached.keys()) wanted.delete(name);
      addAttachments(attached, nodeInfo.name);
      const counts = countByDriver(attached);
      for (const [driver, count] of countByDriver(wanted)) {
        const limit = limits.get(driver);
        if (limit !== undefined && (counts.get(driver) ?? 0) + count > limit) return EXCEEDED;
      }
      return undefined;
    },
  } satisfies PreFilterPlugin & FilterPlugin;
}

function volumeLimits(csiNode: CSINode | undefined): ReadonlyMap<string, number> {
  const limits = new Map<string, number>();
  for (const { name, allocatable } of csiNode?.spec.drivers ?? [])
    if (allocatable?.count !== undefined) limits.set(name, allocatable.count);
  return limits;
}

function countByDriver(volumes: Attached): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const driver of volumes.values()) counts.set(driver, (counts.get(driver) ?? 0) + 1);
  return counts;
}

const EVENTS: readonly ClusterEventWithHint[] = [
  { resource: 'CSINode', actions: ['Add'] },
  {
    resource: 'CSINode',
    actions: ['Update'],
    hint: (_pod, previous, object) => {
      const [before, after] = [volumeLimits(previous as CSINode), volumeLimits(object as CSINode)]; // events of CSINodes carry them
      return [...after].some(([driver, limit]) => limit > (before.get(driver) ?? 0));
    },
  },
  {
    resource: 'Pod',
    actions: ['Delete'],
    hint: (_pod, previous) => {
      const { spec, status } = previous as Pod; // events of pods carry pods
      if (!spec.nodeName && !status?.nominatedNodeName) return false;
      return (spec.volumes ?? []).some(
        (volume) => volume.persistentVolumeClaim || volume.ephemeral || isInlineMigratable(volume),
      );
    },
  },
  {
    resource: 'PersistentVolumeClaim',
    actions: ['Add'],
    hint: (pod, _previous, object) => hasVolumeFrom(pod, object),
  },
  {
    resource: 'VolumeAttachment',
    actions: ['Delete'],
    hint: ({ spec }, previous) => {
      const { attacher } = (previous as VolumeAttachment).spec; // events of attachments carry attachments
      return (spec.volumes ?? []).some(
        (volume) => volume.persistentVolumeClaim || isOfDriver(inlineCsiVolume(volume, ANY_CSI_NODE), attacher),
      );
    },
  },
];

function isOfDriver(volume: CsiVolume | string | undefined, driver: string): boolean {
  return typeof volume === 'object' && volume.driver === driver;
}

/** Migration is on for every node that has a CSINode at all. */
const ANY_CSI_NODE: CSINode = { apiVersion: 'storage.k8s.io/v1', kind: 'CSINode', metadata: {}, spec: { drivers: [] } };
