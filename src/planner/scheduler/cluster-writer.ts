// The requests that plugins send while a pod is bound.
// Behaviour: pkg/scheduler/framework/api_calls, plugins/defaultbinder/default_binder.go, Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';
import type { Client } from '../../apiserver/server.ts';
import type { ClusterWriter, WriteOutcome } from './framework/plugin.ts';

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
    delete: (resource, namespace, name) => {
      client.delete(resource, { ...(namespace === undefined ? {} : { namespace }), name });
    },
    updateStatus: (resource, object) => outcome(client.updateStatus(resource, object)),
  };
}
