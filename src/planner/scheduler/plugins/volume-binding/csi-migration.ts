// Volumes of drivers that used to be built in, as the CSI drivers that took over see them.
// Behaviour: staging/src/k8s.io/csi-translation-lib/plugins, plugins/nodevolumelimits/utils.go, Kubernetes v1.36.3.
// Differs: only what scheduling looks at is translated: driver, handle and topology; azure-file and vsphere volumes are not,
// for the scheduler never asks about them.
import type {
  NodeSelectorTerm,
  PersistentVolume,
  PersistentVolumeSpec,
  Volume,
} from '../../../../schema/generated/types/core-v1.ts';
import type { CSINode } from '../../../../schema/generated/types/storage-v1.ts';
import {
  LABEL_FAILURE_DOMAIN_REGION,
  LABEL_FAILURE_DOMAIN_ZONE,
  LABEL_TOPOLOGY_REGION,
  LABEL_TOPOLOGY_ZONE,
} from '../../../../selectors/topology.ts';

interface Migration {
  /** The provisioner's name before. */
  readonly inTree: string;
  readonly driver: string;
  /** The label that the driver puts on nodes instead of the zone. */
  readonly topologyKey?: string;
  readonly handleOf: (source: Sources, zones: readonly string[]) => string | undefined;
}

type Sources = Pick<
  PersistentVolumeSpec & Volume,
  'awsElasticBlockStore' | 'gcePersistentDisk' | 'azureDisk' | 'cinder' | 'portworxVolume'
>;

const MULTI_ZONE_DELIMITER = '__';
const UNSPECIFIED = 'UNSPECIFIED';

const MIGRATIONS: readonly Migration[] = [
  {
    inTree: 'kubernetes.io/aws-ebs',
    driver: 'ebs.csi.aws.com',
    topologyKey: 'topology.ebs.csi.aws.com/zone',
    // `aws://ZONE/vol-…`
    handleOf: ({ awsElasticBlockStore }) => awsElasticBlockStore?.volumeID.split('/').at(-1),
  },
  {
    inTree: 'kubernetes.io/gce-pd',
    driver: 'pd.csi.storage.gke.io',
    topologyKey: 'topology.gke.io/zone',
    handleOf: ({ gcePersistentDisk: disk }, zones) => {
      if (!disk) return undefined;
      const place = zones.length > 1 ? `regions/${regionOf(zones)}` : `zones/${zones[0] || UNSPECIFIED}`;
      return `projects/${UNSPECIFIED}/${place}/disks/${disk.pdName}`;
    },
  },
  {
    inTree: 'kubernetes.io/azure-disk',
    driver: 'disk.csi.azure.com',
    handleOf: ({ azureDisk }) => azureDisk?.diskURI,
  },
  {
    inTree: 'kubernetes.io/cinder',
    driver: 'cinder.csi.openstack.org',
    topologyKey: 'topology.cinder.csi.openstack.org/zone',
    handleOf: ({ cinder }) => cinder?.volumeID,
  },
  {
    inTree: 'kubernetes.io/portworx-volume',
    driver: 'pxd.portworx.com',
    handleOf: ({ portworxVolume }) => portworxVolume?.volumeID,
  },
];

/** `us-central1-b` lies in `us-central1`. */
function regionOf(zones: readonly string[]): string {
  return (zones[0] ?? '').split('-').slice(0, -1).join('-');
}

export interface CsiVolume {
  readonly driver: string;
  readonly handle: string;
}

function migrationOf(
  source: Sources,
  zones: readonly string[] = [],
): (CsiVolume & { readonly migration: Migration }) | undefined {
  for (const migration of MIGRATIONS) {
    const handle = migration.handleOf(source, zones);
    if (handle !== undefined) return { migration, driver: migration.driver, handle };
  }
  return undefined;
}

export function isInlineMigratable(volume: Volume): boolean {
  return migrationOf(volume) !== undefined || volume.azureFile !== undefined || volume.vsphereVolume !== undefined;
}

/** An inline volume as a CSI volume on a node; undefined when it is none there. */
export function inlineCsiVolume(volume: Volume, csiNode: CSINode | undefined): CsiVolume | undefined {
  return csiNode && migrationOf(volume);
}

/** A volume as a CSI volume on a node; undefined when it is none there. */
export function csiVolumeOf({ metadata, spec }: PersistentVolume, csiNode: CSINode | undefined): CsiVolume | undefined {
  if (spec.csi) return { driver: spec.csi.driver, handle: spec.csi.volumeHandle };
  const zone = metadata.labels?.[LABEL_FAILURE_DOMAIN_ZONE] || metadata.labels?.[LABEL_TOPOLOGY_ZONE] || '';
  return csiNode && migrationOf(spec, zone.split(MULTI_ZONE_DELIMITER));
}

/** The driver that provisions for a class; undefined when nothing does on this node. */
export function csiDriverOfProvisioner(provisioner: string, csiNode: CSINode | undefined): string | undefined {
  if (provisioner === 'kubernetes.io/azure-file' || provisioner === 'kubernetes.io/vsphere-volume') return undefined;
  const migration = MIGRATIONS.find(({ inTree }) => inTree === provisioner);
  if (!migration) return provisioner;
  return csiNode && migration.driver;
}

const ANN_MIGRATED_PLUGINS = 'storage.alpha.kubernetes.io/migrated-plugins';

/** The volume with its topology in the driver's terms, where the node says that the driver has taken over. */
export function translateForNode(volume: PersistentVolume, csiNode: CSINode | undefined): PersistentVolume {
  const found = migrationOf(volume.spec);
  const migrated = csiNode?.metadata.annotations?.[ANN_MIGRATED_PLUGINS]?.split(',') ?? [];
  if (!found?.migration.topologyKey || !migrated.includes(found.migration.inTree)) return volume;
  return withDriverTopology(volume, found.migration.topologyKey);
}

function withDriverTopology(volume: PersistentVolume, topologyKey: string): PersistentVolume {
  const terms = volume.spec.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  const labels = volume.metadata.labels ?? {};
  const isUsed = (key: string): boolean =>
    terms.some(({ matchExpressions = [] }) => matchExpressions.some((expression) => expression.key === key));
  const candidates = [LABEL_TOPOLOGY_ZONE, LABEL_FAILURE_DOMAIN_ZONE];
  const zoneLabel =
    candidates.find(isUsed) ?? candidates.find((key) => labels[key] !== undefined) ?? LABEL_TOPOLOGY_ZONE;
  let next: readonly NodeSelectorTerm[] = terms;
  if (isUsed(zoneLabel)) next = next.map((term) => renamed(term, zoneLabel, topologyKey));
  else {
    const zones = (labels[zoneLabel] ?? '')
      .split(MULTI_ZONE_DELIMITER)
      .map((zone) => zone.trim())
      .filter((zone) => zone !== '');
    if (zones.length > 0) {
      const expression = { key: topologyKey, operator: 'In', values: [...new Set(zones)].sort() };
      const present = next.length > 0 ? next : [{}];
      next = present.map((term) => ({ ...term, matchExpressions: [...(term.matchExpressions ?? []), expression] }));
    }
  }
  if (zoneLabel === LABEL_FAILURE_DOMAIN_ZONE)
    next = next.map((term) => renamed(term, LABEL_FAILURE_DOMAIN_REGION, LABEL_TOPOLOGY_REGION));
  if (next === terms) return volume;
  return { ...volume, spec: { ...volume.spec, nodeAffinity: { required: { nodeSelectorTerms: next } } } };
}

function renamed(term: NodeSelectorTerm, from: string, to: string): NodeSelectorTerm {
  const expressions = (term.matchExpressions ?? []).map((item) => (item.key === from ? { ...item, key: to } : item));
  return { ...term, matchExpressions: expressions };
}
