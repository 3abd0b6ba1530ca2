// Keeps the two fields that say what a claim's volume is filled from in step.
// Behaviour: pkg/api/persistentvolumeclaim/util.go, Kubernetes v1.36.3.
import type { PersistentVolumeClaimSpec, TypedLocalObjectReference } from '../../../schema/generated/types/core-v1.ts';
import type { FeatureGates } from '../../resource.ts';

export function prepareDataSources(
  spec: PersistentVolumeClaimSpec,
  old: PersistentVolumeClaimSpec | undefined,
  features: FeatureGates,
): PersistentVolumeClaimSpec {
  if (!spec.dataSource && !spec.dataSourceRef) return spec;
  const isForeign = spec.dataSourceRef?.namespace && !features.isEnabled('CrossNamespaceVolumeDataSource');
  const kept = isForeign && !old?.dataSourceRef ? withoutRef(spec) : spec;
  return withBothDataSources(withoutUnknownSource(kept, old));
}

/** Only claims and snapshots may stand in dataSource alone; anything else was always dropped silently. */
function withoutUnknownSource(
  spec: PersistentVolumeClaimSpec,
  old: PersistentVolumeClaimSpec | undefined,
): PersistentVolumeClaimSpec {
  if (old?.dataSource || old?.dataSourceRef || spec.dataSourceRef || !spec.dataSource) return spec;
  if (isClaimOrSnapshot(spec.dataSource)) return spec;
  const { dataSource: _, ...rest } = spec;
  return rest;
}

function isClaimOrSnapshot({ apiGroup = '', kind }: TypedLocalObjectReference): boolean {
  if (kind === 'PersistentVolumeClaim') return apiGroup === '';
  return kind === 'VolumeSnapshot' && apiGroup === 'snapshot.storage.k8s.io';
}

function withoutRef(spec: PersistentVolumeClaimSpec): PersistentVolumeClaimSpec {
  const { dataSourceRef: _, ...rest } = spec;
  return rest;
}

/** Copies whichever of the two is given to the other, unless it names a namespace. */
export function withBothDataSources(spec: PersistentVolumeClaimSpec): PersistentVolumeClaimSpec {
  const { dataSource, dataSourceRef } = spec;
  if (dataSource && !dataSourceRef) return { ...spec, dataSourceRef: reference(dataSource) };
  if (dataSourceRef && !dataSource && !dataSourceRef.namespace)
    return { ...spec, dataSource: reference(dataSourceRef) };
  return spec;
}

function reference({ apiGroup, kind, name }: TypedLocalObjectReference): TypedLocalObjectReference {
  return { kind, name, ...(apiGroup === undefined ? {} : { apiGroup }) };
}
