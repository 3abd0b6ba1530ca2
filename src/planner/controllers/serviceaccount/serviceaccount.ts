// Gives every active namespace its ServiceAccount `default`.
// Behaviour: pkg/controller/serviceaccount/serviceaccounts_controller.go, Kubernetes v1.36.3.
import { hasStatusCause } from '../../../apimachinery/status.ts';
import type { Namespace, ServiceAccount } from '../../../schema/generated/types/core-v1.ts';
import type { ControllerFactory } from '../../engine/controller.ts';

const DEFAULT_ACCOUNT = 'default';

export const serviceAccountController: ControllerFactory = () => ({
  name: 'serviceaccount-controller',
  watches: [
    { resource: 'namespaces', keys: ({ object }) => [object.metadata.name ?? ''] },
    {
      resource: 'serviceaccounts',
      keys: ({ type, object }) => (type === 'DELETED' ? [object.metadata.namespace ?? ''] : []),
    },
  ],
  sync(name, { client, reader }) {
    const namespace = reader.get<Namespace>('namespaces', undefined, name);
    if (namespace?.status.phase !== 'Active' || reader.get('serviceaccounts', name, DEFAULT_ACCOUNT)) return undefined;
    const answer = client.create<ServiceAccount>('serviceaccounts', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: DEFAULT_ACCOUNT, namespace: name },
    });
    if (answer.ok || answer.status.reason === 'AlreadyExists') return undefined;
    return hasStatusCause(answer.status, 'NamespaceTerminating') ? undefined : { retry: true };
  },
});
