// Fills in what a volume of a pod leaves out.
// Behaviour: pkg/apis/core/v1/{defaults,zz_generated.defaults}.go, Kubernetes v1.36.3.
import { mapList, merge } from '../../../apimachinery/sharing.ts';
import type { DownwardAPIVolumeFile, Volume, VolumeProjection } from '../../../schema/generated/types/core-v1.ts';
import { defaultPullPolicy } from './image-reference.ts';
import { roundResources } from './resource-rounding.ts';

const DEFAULT_FILE_MODE = 0o644;
const DEFAULT_TOKEN_EXPIRATION_SECONDS = 3600;

type Sources = Required<Omit<Volume, 'name'>>;
type SourceName = keyof Sources;

const sourceDefaults: { readonly [S in SourceName]?: (source: Sources[S]) => Sources[S] } = {
  hostPath: (source) => merge(source, { type: source.type ?? '' }),
  secret: withDefaultMode,
  configMap: withDefaultMode,
  iscsi: (source) => merge(source, { iscsiInterface: source.iscsiInterface || 'default' }),
  rbd: (source) =>
    merge(source, {
      pool: source.pool || 'rbd',
      user: source.user || 'admin',
      keyring: source.keyring || '/etc/ceph/keyring',
    }),
  downwardAPI: (source) => merge(withDefaultMode(source), { items: mapList(source.items, defaultDownwardFile) }),
  azureDisk: (source) =>
    merge(source, {
      cachingMode: source.cachingMode ?? 'ReadWrite',
      fsType: source.fsType ?? 'ext4',
      readOnly: source.readOnly ?? false,
      kind: source.kind ?? 'Shared',
    }),
  projected: (source) => merge(withDefaultMode(source), { sources: mapList(source.sources, defaultProjection) }),
  scaleIO: (source) =>
    merge(source, { storageMode: source.storageMode || 'ThinProvisioned', fsType: source.fsType || 'xfs' }),
  ephemeral: (source) => {
    const template = source.volumeClaimTemplate;
    if (!template) return source;
    const { spec } = template;
    const defaulted = merge(spec, {
      resources: roundResources(spec.resources),
      volumeMode: spec.volumeMode ?? 'Filesystem',
    });
    return merge(source, { volumeClaimTemplate: merge(template, { spec: defaulted }) });
  },
  image: (source) => merge(source, { pullPolicy: source.pullPolicy || defaultPullPolicy(source.reference) }),
};

/** A volume without a source is an empty directory. */
export function defaultVolume(volume: Volume): Volume {
  let next = volume;
  let hasSource = false;
  for (const key in volume) {
    if (key === 'name') continue;
    hasSource = true;
    const source = volume[key as SourceName];
    // Each function stands under the name of the source that it takes.
    const defaults = sourceDefaults[key as SourceName] as ((source: unknown) => unknown) | undefined;
    if (defaults && source) next = merge(next, { [key]: defaults(source) });
  }
  return hasSource ? next : { ...volume, emptyDir: {} };
}

function withDefaultMode<S extends { readonly defaultMode?: number }>(source: S): S {
  return source.defaultMode === undefined ? { ...source, defaultMode: DEFAULT_FILE_MODE } : source;
}

function defaultDownwardFile(file: DownwardAPIVolumeFile): DownwardAPIVolumeFile {
  const { fieldRef } = file;
  return merge(file, { fieldRef: fieldRef && merge(fieldRef, { apiVersion: fieldRef.apiVersion || 'v1' }) });
}

function defaultProjection(projection: VolumeProjection): VolumeProjection {
  const { downwardAPI, serviceAccountToken: token } = projection;
  return merge(projection, {
    downwardAPI: downwardAPI && merge(downwardAPI, { items: mapList(downwardAPI.items, defaultDownwardFile) }),
    serviceAccountToken:
      token && merge(token, { expirationSeconds: token.expirationSeconds ?? DEFAULT_TOKEN_EXPIRATION_SECONDS }),
  });
}
