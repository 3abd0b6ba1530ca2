// Warns of files in a volume that would hide each other: the same path twice, or one path within another.
// Behaviour: pkg/api/pod/warnings.go (warningsForOverlappingVirtualPaths), Kubernetes v1.36.3.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import type { Volume, VolumeProjection } from '../../../schema/generated/types/core-v1.ts';

/** A file and, in a projected volume, what it comes from. */
interface VirtualPath {
  readonly path: string;
  readonly source: string;
}

type Items = readonly { readonly path: string }[] | undefined;

export function overlappingPathWarnings(volumes: readonly Volume[]): string[] {
  const warnings: string[] = [];
  for (const { name, configMap, secret, downwardAPI, projected } of volumes) {
    const warn = (description: string, overlaps: readonly string[]) => {
      for (const overlap of overlaps) {
        warnings.push(`volume ${goQuote(name)} (${description}): overlapping paths: ${overlap}`);
      }
    };
    if (configMap?.items) warn(`ConfigMap ${goQuote(configMap.name ?? '')}`, overlaps(pathsOf(configMap.items, '')));
    if (secret?.items) warn(`Secret ${goQuote(secret.secretName ?? '')}`, overlaps(pathsOf(secret.items, '')));
    if (downwardAPI?.items) warn('DownwardAPI', overlaps(pathsOf(downwardAPI.items, '')));
    const sources = projected?.sources ?? [];
    for (const source of sources) {
      if (Object.keys(source).length === 0) {
        warnings.push(`volume ${goQuote(name)} (Projected) has no sources provided`);
      }
    }
    warn('Projected', overlaps(sources.flatMap(projectedPaths)));
  }
  return warnings;
}

function pathsOf(items: Items, source: string): readonly VirtualPath[] {
  return (items ?? []).map(({ path }) => ({ path, source }));
}

function projectedPaths(projection: VolumeProjection): readonly VirtualPath[] {
  const { configMap, secret, downwardAPI, serviceAccountToken, clusterTrustBundle, podCertificate } = projection;
  if (configMap?.items) return pathsOf(configMap.items, `ConfigMap ${goQuote(configMap.name ?? '')}`);
  if (secret?.items) return pathsOf(secret.items, `Secret ${goQuote(secret.name ?? '')}`);
  if (downwardAPI?.items) return pathsOf(downwardAPI.items, 'DownwardAPI');
  if (serviceAccountToken) return pathsOf([serviceAccountToken], 'ServiceAccountToken');
  if (clusterTrustBundle) {
    const name = clusterTrustBundle.name ?? clusterTrustBundle.signerName ?? '';
    return pathsOf([clusterTrustBundle], `ClusterTrustBundle ${goQuote(name)}`);
  }
  if (!podCertificate) return [];
  return [
    { path: podCertificate.certificateChainPath ?? '', source: 'PodCertificate chain' },
    { path: podCertificate.keyPath ?? '', source: 'PodCertificate key' },
    { path: podCertificate.credentialBundlePath ?? '', source: 'PodCertificate credential bundle' },
  ].filter(({ path }) => path !== '');
}

function overlaps(paths: readonly VirtualPath[]): readonly string[] {
  const found: string[] = [];
  const seen: VirtualPath[] = [];
  for (const { path, source } of paths) {
    const next = { path: path.replace(/\/+$/, ''), source };
    if (next.path !== '') {
      for (const other of seen) if (overlap(next.path, other.path)) found.push(`${text(next)} with ${text(other)}`);
    }
    seen.push(next);
  }
  return found;
}

function overlap(a: string, b: string): boolean {
  return b !== '' && (`${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`));
}

function text({ path, source }: VirtualPath): string {
  return source === '' ? goQuote(path) : `${goQuote(path)} (${source})`;
}
