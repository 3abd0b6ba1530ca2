// Submitted objects that the API server took and the cluster removed again, so that no change is left of them.
import type { Diagnostic } from '../../apimachinery/diagnostic.ts';
import { resourceNameOf } from '../../apiserver/resource.ts';
import { locate, type Manifest } from '../../manifests/manifest.ts';
import { submittedKey } from '../changes/changes.ts';
import type { World } from '../world.ts';

export function removedAgain(
  { server, store }: World,
  since: number,
  manifests: readonly Manifest[],
  defaultNamespace: string,
): Diagnostic[] {
  const gone = new Map<string, string>();
  const events = store.events(since);
  if (events === 'expired') return [];
  for (const { type, resource, object, cause } of events)
    if (type === 'DELETED') gone.set(submittedKey(resource, object), cause.who);
  if (gone.size === 0) return [];
  return manifests.flatMap((manifest): Diagnostic[] => {
    const resource = server.options.catalog.byKind(manifest.apiVersion, manifest.kind);
    if (!resource) return [];
    const namespace = resource.namespaced ? (manifest.namespace ?? defaultNamespace) : undefined;
    const { name } = manifest;
    const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
    const who = gone.get(submittedKey(resourceNameOf(resource), { metadata }));
    if (who === undefined || who === 'user' || server.find(resource, namespace, name)) return [];
    return [
      {
        severity: 'warning',
        code: 'RemovedAgain',
        message: `was taken and then removed again by ${who}`,
        object: { apiVersion: manifest.apiVersion, kind: manifest.kind, ...metadata },
        source: locate(manifest),
        nextStep: 'Look at its owners and its time to live.',
      },
    ];
  });
}
