// The requests that plugins send while a pod is bound.
// Behaviour: pkg/scheduler/framework/api_calls, plugins/defaultbinder/default_binder.go, Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';
import type { Client } from '../../apiserver/server.ts';
import { RESOURCE_CLAIMS } from '../../schema/resource-names.ts';
import { CLAIM_PROTECTION } from '../resource-claims/named-claims.ts';
import type { ClaimChange, ClusterWriter, WriteOutcome } from './framework/plugin.ts';
import type { PodInfo } from './framework/pod-info.ts';

export function clusterWriter(client: Client): ClusterWriter {
  return new ClientWriter(client);
}

/** One for each pod that is bound. */
class ClientWriter implements ClusterWriter {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  bind({ name, namespace, uid }: PodInfo, nodeName: string): WriteOutcome {
    const binding = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, namespace, uid },
      target: { kind: 'Node', name: nodeName },
    };
    return outcomeOf(this.#client.create<KubeObject>('pods', binding as KubeObject, 'binding'));
  }

  create<T extends KubeObject>(resource: string, object: T): WriteOutcome<T> {
    return outcomeOf(this.#client.create(resource, object));
  }

  update<T extends KubeObject>(resource: string, object: T): WriteOutcome<T> {
    return outcomeOf(this.#client.update(resource, object));
  }

  updateStatus<T extends KubeObject>(resource: string, object: T): WriteOutcome<T> {
    return outcomeOf(this.#client.updateStatus(resource, object));
  }

  changeClaim(change: ClaimChange): void {
    changeClaim(change, this.#client);
  }
}

function outcomeOf<T extends KubeObject>(answer: ReturnType<Client['update']>): WriteOutcome<T> {
  // The server answers with an object of the resource that was written.
  return answer.ok
    ? { ok: true, object: answer.object as unknown as T }
    : { ok: false, message: answer.status.message ?? '' };
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
