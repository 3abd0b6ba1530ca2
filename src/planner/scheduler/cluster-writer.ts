// The requests that plugins send while a pod is bound.
// Behaviour: pkg/scheduler/framework/api_calls, plugins/defaultbinder/default_binder.go, Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';
import type { Client } from '../../apiserver/server.ts';
import { RESOURCE_CLAIMS } from '../../schema/resource-names.ts';
import { CLAIM_PROTECTION } from '../resource-claims/named-claims.ts';
import type { ClaimChange, ClusterWriter, WriteOutcome } from './framework/plugin.ts';

export function clusterWriter(client: Client): ClusterWriter {
  const outcome = <T extends KubeObject>(answer: ReturnType<Client['update']>): WriteOutcome<T> =>
    // The server answers with an object of the resource that was written.
    answer.ok
      ? { ok: true, object: answer.object as unknown as T }
      : { ok: false, message: answer.status.message ?? '' };
  return {
    bind: ({ name, namespace, uid }, nodeName) =>
      outcome(
        client.create<KubeObject>(
          'pods',
          {
            apiVersion: 'v1',
            kind: 'Binding',
            metadata: { name, namespace, uid },
            target: { kind: 'Node', name: nodeName },
          } as KubeObject,
          'binding',
        ),
      ),
    create: (resource, object) => outcome(client.create(resource, object)),
    update: (resource, object) => outcome(client.update(resource, object)),
    updateStatus: (resource, object) => outcome(client.updateStatus(resource, object)),
    changeClaim: (change) => changeClaim(change, client),
  };
}

/** Whether or not that is granted, the pod is tried again later. */
function changeClaim(change: ClaimChange, client: Client): void {
  const { claim } = change;
  const { namespace, name = '', uid, finalizers = [] } = claim.metadata;
  switch (change.kind) {
    case 'deallocate':
      client.updateStatus(RESOURCE_CLAIMS, { ...claim, status: {} });
      break;
    case 'delete': {
      const kept = finalizers.filter((finalizer) => finalizer !== CLAIM_PROTECTION);
      client.patch(RESOURCE_CLAIMS, { namespace, name }, { metadata: { uid, finalizers: kept } }, { type: 'merge' });
      client.delete(RESOURCE_CLAIMS, { namespace, name });
      break;
    }
    case 'unreserve': {
      const patch = { metadata: { uid }, status: { reservedFor: [{ $patch: 'delete', uid: change.consumer }] } };
      client.patch(RESOURCE_CLAIMS, { namespace, name }, patch, { type: 'strategic', subresource: 'status' });
    }
  }
}
