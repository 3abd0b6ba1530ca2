// Fills in what a volume of a pod leaves out.
// Behaviour: pkg/apis/core/v1/{defaults,zz_generated.defaults}.go, Kubernetes v1.36.3.
import type { DownwardAPIVolumeFile, Volume, VolumeProjection } from '../../../schema/generated/types/core-v1.ts';
import { defaultPullPolicy } from './image-reference.ts';
import { roundResources } from './resource-rounding.ts';

const DEFAULT_FILE_MODE = 0o644;
const DEFAULT_TOKEN_EXPIRATION_SECONDS = 3600;

type Sources = Required<Omit<Volume, 'name'>>;
type SourceName = keyof Sources;

const sourceDefaults: { readonly [S in SourceName]?: (source: Sources[S]) => Sources[S] } = {
  hostPath: (source) => ({ ...source, type: source.type ?? '' }),
  secret: withDefaultMode,
  configMap: withDefaultMode,
  iscsi: (source) => ({ ...source, iscsiInterface: source.iscsiInterface || 'default' }),
  rbd: (source) => ({
    ...source,
    pool: source.pool || 'rbd',
    user: source.user || 'admin',
    keyring: source.keyring || '/etc/ceph/keyring',
  }),
  downwardAPI: (source) => ({
    ...withDefaultMode(source),
    ...(source.items ? { items: source.items.map(defaultDownwardFile) } : {}),
  }),
  azureDisk: (source) => ({
    ...source,
    cachingMode: source.cachingMode ?? 'ReadWrite',
    fsType: source.fsType ?? 'ext4',
    readOnly: source.readOnly ?? false,
    kind: source.kind ?? 'Shared',
  }),
  projected: (source) => ({
    ...withDefaultMode(source),
    ...(source.sources ? { sources: source.sources.map(defaultProjection) } : {}),
  }),
  scaleIO: (source) => ({
    ...source,
    storageMode: source.storageMode || 'ThinProvisioned',
    fsType: source.fsType || 'xfs',
  }),
  ephemeral: (source) => {
    const template = source.volumeClaimTemplate;
    if (!template) return source;
    const { spec } = template;
    const defaulted = {
      ...spec,
      resources: roundResources(spec.resources),
      volumeMode: spec.volumeMode ?? 'Filesystem',
    };
    return { ...source, volumeClaimTemplate: { ...template, spec: defaulted } };
  },
  image: (source) => ({ ...source, pullPolicy: source.pullPolicy || defaultPullPolicy(source.reference) }),
};

/** A volume without a source is an empty directory. */
export function defaultVolume(volume: Volume): Volume {
  let next: Volume | undefined;
  let hasSource = false;
  for (const key in volume) {
    if (key === 'name') continue;
    hasSource = true;
    const source = volume[key as SourceName];
    // Each function stands under the name of the source that it takes.
    const defaults = sourceDefaults[key as SourceName] as ((source: unknown) => unknown) | undefined;
    if (defaults && source) next = { ...(next ?? volume), [key]: defaults(source) };
  }
  return next ?? (hasSource ? volume : { ...volume, emptyDir: {} });
}

function withDefaultMode<S extends { readonly defaultMode?: number }>(source: S): S {
  return { ...source, defaultMode: source.defaultMode ?? DEFAULT_FILE_MODE };
}

function defaultDownwardFile(file: DownwardAPIVolumeFile): DownwardAPIVolumeFile {
  const { fieldRef } = file;
  return fieldRef ? { ...file, fieldRef: { ...fieldRef, apiVersion: fieldRef.apiVersion || 'v1' } } : file;
}

function defaultProjection(projection: VolumeProjection): VolumeProjection {
  const { downwardAPI, serviceAccountToken: token } = projection;
  return {
    ...projection,
    ...(downwardAPI?.items
      ? { downwardAPI: { ...downwardAPI, items: downwardAPI.items.map(defaultDownwardFile) } }
      : {}),
    ...(token
      ? {
          serviceAccountToken: {
            ...token,
            expirationSeconds: token.expirationSeconds ?? DEFAULT_TOKEN_EXPIRATION_SECONDS,
          },
        }
      : {}),
  };
}
