// Volumes of drivers that used to be built in, as the CSI drivers that took over see them.
// Behaviour: staging/src/k8s.io/csi-translation-lib/plugins, plugins/nodevolumelimits/utils.go, Kubernetes v1.36.3.
// Differs: only what scheduling looks at is translated: driver, handle and topology; azure-file and vsphere volumes are not,
// for the scheduler never asks about them. Volume ids of EBS are not checked.
import { MIGRATED_PLUGINS } from '../../apimachinery/well-known/annotations.ts';
import { LABEL_TOPOLOGY_REGION, LABEL_TOPOLOGY_ZONE } from '../../apimachinery/well-known/labels.ts';
import type {
  NodeSelectorTerm,
  PersistentVolume,
  PersistentVolumeSpec,
  Volume,
} from '../../schema/generated/types/core-v1.ts';
import type { CSINode } from '../../schema/generated/types/storage-v1.ts';
import { LABEL_FAILURE_DOMAIN_REGION, LABEL_FAILURE_DOMAIN_ZONE } from '../../selectors/topology.ts';

interface Migration {
  /** The provisioner's name before. */
  readonly inTree: string;
  readonly driver: string;
  /** The label that the driver puts on nodes instead of the zone. */
  readonly topologyKey?: string;
  readonly handleOf: (source: Sources, zones: readonly string[]) => string | undefined;
  /** Why a volume cannot be handed over. */
  readonly problemOf?: (source: Sources, zones: readonly string[]) => string | undefined;
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
    problemOf: (_source, zones) => (zones.length > 1 ? whyNoRegion(zones) : undefined),
  },
  {
    inTree: 'kubernetes.io/azure-disk',
    driver: 'disk.csi.azure.com',
    handleOf: ({ azureDisk }) => azureDisk?.diskURI,
    problemOf: ({ azureDisk }) => {
      const kind = azureDisk?.kind;
      return kind && kind.toLowerCase() !== 'managed' ? `kind(${kind}) is not supported in csi migration` : undefined;
    },
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

function whyNoRegion(zones: readonly string[]): string | undefined {
  const odd = zones.find((zone) => zone.split('-').length !== 3);
  if (odd !== undefined)
    return `failed to get region from zones: zone in unexpected format, expected: {locale}-{region}-{zone}, got: ${odd}`;
  const regions = [...new Set(zones.map((zone) => regionOf([zone])))].sort();
  if (regions.length === 1) return undefined;
  const list = regions.map((region) => `${region}:{}`).join(' ');
  return `failed to get region from zones: multiple or no regions gotten from zones, got: map[${list}]`;
}

export interface CsiVolume {
  readonly driver: string;
  readonly handle: string;
}

interface Migrated extends CsiVolume {
  readonly migration: Migration;
  readonly problem: string | undefined;
}

function migrationOf(source: Sources, zones: readonly string[] = []): Migrated | undefined {
  for (const migration of MIGRATIONS) {
    const handle = migration.handleOf(source, zones);
    if (handle === undefined) continue;
    return { migration, driver: migration.driver, handle, problem: migration.problemOf?.(source, zones) };
  }
  return undefined;
}

export function migrationOfVolume({ metadata, spec }: PersistentVolume): Migrated | undefined {
  const zone = metadata.labels?.[LABEL_FAILURE_DOMAIN_ZONE] || metadata.labels?.[LABEL_TOPOLOGY_ZONE] || '';
  return migrationOf(spec, zone.split(MULTI_ZONE_DELIMITER));
}

export function isInlineMigratable(volume: Volume): boolean {
  return migrationOf(volume) !== undefined || volume.azureFile !== undefined || volume.vsphereVolume !== undefined;
}

/** Whether a node with CSI drivers cannot tell what an inline volume is to them. */
export function isInconvertible(volume: Volume): boolean {
  return volume.azureDisk !== undefined && migrationOf(volume)?.problem !== undefined;
}

/** An inline volume as a CSI volume on a node; undefined when it is none there, a text when it cannot be one. */
export function inlineCsiVolume(volume: Volume, csiNode: CSINode | undefined): CsiVolume | string | undefined {
  const found = csiNode && migrationOf(volume);
  return found?.problem ?? found;
}

/** A volume as a CSI volume on a node; undefined when it is none there. */
export function csiVolumeOf(volume: PersistentVolume, csiNode: CSINode | undefined): CsiVolume | undefined {
  const { csi } = volume.spec;
  if (csi) return { driver: csi.driver, handle: csi.volumeHandle };
  const found = csiNode && migrationOfVolume(volume);
  // A volume that cannot be handed over does not count.
  return found?.problem === undefined ? found : undefined;
}

/** The driver that provisions for a class; undefined when nothing does on this node. */
export function csiDriverOfProvisioner(provisioner: string, csiNode: CSINode | undefined): string | undefined {
  if (provisioner === 'kubernetes.io/azure-file' || provisioner === 'kubernetes.io/vsphere-volume') return undefined;
  const migration = MIGRATIONS.find(({ inTree }) => inTree === provisioner);
  if (!migration) return provisioner;
  return csiNode && migration.driver;
}

/**
 * The volume with its topology in the driver's terms, where the node says that the driver has taken over; a text when the
 * driver cannot.
 */
export function translateForNode(volume: PersistentVolume, csiNode: CSINode | undefined): PersistentVolume | string {
  const found = migrationOfVolume(volume);
  const migrated = csiNode?.metadata.annotations?.[MIGRATED_PLUGINS]?.split(',') ?? [];
  if (!found || !migrated.includes(found.migration.inTree)) return volume;
  const { topologyKey } = found.migration;
  if (found.problem !== undefined) return `could not translate pv: ${found.problem}`;
  return topologyKey === undefined ? volume : withDriverTopology(volume, topologyKey);
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
