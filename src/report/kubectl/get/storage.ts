// Columns of volumes, claims, classes and what CSI drivers publish.
// Behaviour: pkg/printers/internalversion/printers.go, pkg/apis/core/v1/helper/helpers.go, Kubernetes v1.36.3.
import { BETA_STORAGE_CLASS } from '../../../apimachinery/well-known/annotations.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../../schema/generated/types/core-v1.ts';
import type {
  CSIDriver,
  CSINode,
  StorageClass,
  VolumeAttachment,
  VolumeAttributesClass,
} from '../../../schema/generated/types/storage-v1.ts';
import { ageOf, NONE, tablePrinter, UNSET } from './printer.ts';

const DEFAULT_ANNOTATIONS = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];
const MODES: readonly (readonly [string, string])[] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

/** `RWO,ROX`, in a fixed order. */
export function accessModesText(modes: readonly string[] | undefined): string {
  return MODES.filter(([mode]) => modes?.includes(mode))
    .map(([, short]) => short)
    .join(',');
}

export function storageClassOf(object: PersistentVolume | PersistentVolumeClaim): string {
  return object.metadata.annotations?.[BETA_STORAGE_CLASS] ?? object.spec.storageClassName ?? '';
}

export function isDefaultStorageClass({ metadata }: StorageClass): boolean {
  return DEFAULT_ANNOTATIONS.some((name) => metadata.annotations?.[name] === 'true');
}

export const persistentVolumePrinter = tablePrinter<PersistentVolume>(
  'Name|Capacity|Access Modes|Reclaim Policy|Status|Claim|StorageClass|VolumeAttributesClass|Reason|Age|VolumeMode+',
  (object, now) => {
    const { spec, status, metadata } = object;
    return [
      metadata.name ?? '',
      spec.capacity?.['storage'] ?? '0',
      accessModesText(spec.accessModes),
      spec.persistentVolumeReclaimPolicy ?? '',
      metadata.deletionTimestamp ? 'Terminating' : (status.phase ?? ''),
      spec.claimRef ? `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}` : '',
      storageClassOf(object),
      spec.volumeAttributesClassName ?? UNSET,
      status.reason ?? '',
      ageOf(object, now),
      spec.volumeMode ?? UNSET,
    ];
  },
);

export const persistentVolumeClaimPrinter = tablePrinter<PersistentVolumeClaim>(
  'Name|Status|Volume|Capacity|Access Modes|StorageClass|VolumeAttributesClass|Age|VolumeMode+',
  (object, now) => {
    const { spec, status, metadata } = object;
    const isBound = Boolean(spec.volumeName);
    return [
      metadata.name ?? '',
      metadata.deletionTimestamp ? 'Terminating' : (status.phase ?? ''),
      spec.volumeName ?? '',
      isBound ? (status.capacity?.['storage'] ?? '0') : '',
      isBound ? accessModesText(status.accessModes) : '',
      storageClassOf(object),
      spec.volumeAttributesClassName ?? UNSET,
      ageOf(object, now),
      spec.volumeMode ?? UNSET,
    ];
  },
);

export const storageClassPrinter = tablePrinter<StorageClass>(
  'Name|Provisioner|ReclaimPolicy|VolumeBindingMode|AllowVolumeExpansion|Age',
  (object, now) => [
    `${object.metadata.name}${isDefaultStorageClass(object) ? ' (default)' : ''}`,
    object.provisioner,
    object.reclaimPolicy ?? 'Delete',
    object.volumeBindingMode ?? 'Immediate',
    object.allowVolumeExpansion ?? false,
    ageOf(object, now),
  ],
);

export const volumeAttributesClassPrinter = tablePrinter<VolumeAttributesClass>(
  'Name|DriverName|Age',
  (object, now) => [object.metadata.name ?? '', object.driverName, ageOf(object, now)],
);

export const volumeAttachmentPrinter = tablePrinter<VolumeAttachment>(
  'Name|Attacher|PV|Node|Attached|Age',
  (object, now) => [
    object.metadata.name ?? '',
    object.spec.attacher,
    object.spec.source.persistentVolumeName ?? '',
    object.spec.nodeName,
    object.status.attached,
    ageOf(object, now),
  ],
);

export const csiNodePrinter = tablePrinter<CSINode>('Name|Drivers|Age', (object, now) => [
  object.metadata.name ?? '',
  object.spec.drivers?.length ?? 0,
  ageOf(object, now),
]);

export const csiDriverPrinter = tablePrinter<CSIDriver>(
  'Name|AttachRequired|PodInfoOnMount|StorageCapacity|TokenRequests|RequiresRepublish|Modes|Age',
  (object, now) => [
    object.metadata.name ?? '',
    object.spec.attachRequired ?? true,
    object.spec.podInfoOnMount ?? false,
    object.spec.storageCapacity ?? false,
    object.spec.tokenRequests?.map(({ audience }) => audience).join(',') ?? UNSET,
    object.spec.requiresRepublish ?? false,
    (object.spec.volumeLifecycleModes ?? []).join(',') || NONE,
    ageOf(object, now),
  ],
);
