// Kinds that the API server does not serve itself: an APIService sends them to another server, which cannot be asked offline.
// Behaviour: k8s.io/kube-aggregator/pkg/apiserver/apiservice_controller.go, Kubernetes v1.36.3.
import type { Diagnostic } from '../../apimachinery/diagnostic.ts';
import type { ClusterReader } from '../../apiserver/cluster-reader.ts';
import { locate, type Manifest } from '../../manifests/manifest.ts';
import type { APIService } from '../../schema/generated/types/apiregistration-v1.ts';

/** The APIService behind a manifest's API version, if it leads to another server. */
export function aggregatedBy({ apiVersion }: Pick<Manifest, 'apiVersion'>, reader: ClusterReader): string | undefined {
  const slash = apiVersion.indexOf('/');
  if (slash < 0) return undefined;
  const name = `${apiVersion.slice(slash + 1)}.${apiVersion.slice(0, slash)}`;
  const found = reader.get<APIService>('apiservices.apiregistration.k8s.io', undefined, name);
  return found?.spec.service ? name : undefined;
}

/** Nobody judged the object: neither refused nor vouched for. */
export function notJudged(manifest: Manifest, apiService: string): Diagnostic {
  const { apiVersion, kind, namespace, name } = manifest;
  return {
    severity: 'warning',
    code: 'NotJudged',
    message: `${kind} (${apiVersion}) is served by the server behind APIService ${apiService}, which cannot be asked: the object is not judged and left out`,
    object: { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), name },
    source: locate(manifest, 'kind'),
  };
}
