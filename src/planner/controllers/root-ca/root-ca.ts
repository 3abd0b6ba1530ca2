// Puts the cluster's root certificate into a ConfigMap of every namespace.
// Behaviour: pkg/controller/certificates/rootcacertpublisher/publisher.go, Kubernetes v1.36.3.
import { hasStatusCause } from '../../../apimachinery/status.ts';
import type { ConfigMap, Namespace } from '../../../schema/generated/types/core-v1.ts';
import type { ControllerFactory } from '../../engine/controller.ts';

const ROOT_CA_CONFIG_MAP = 'kube-root-ca.crt';
const DESCRIPTION_ANNOTATION = 'kubernetes.io/description';
const DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. ' +
  'No other usage is guaranteed across distributions of Kubernetes clusters.';
/** Stands for a certificate that only the real cluster has. */
const PLACEHOLDER_CERTIFICATE = '-----BEGIN CERTIFICATE-----\n(known after apply)\n-----END CERTIFICATE-----\n';

export const rootCACertPublisher: ControllerFactory = () => {
  /** The certificate that the described cluster's own ConfigMaps hold, if there are any. */
  let certificate: string | undefined;
  const certificateIn = (object: unknown) => (object as ConfigMap).data?.['ca.crt'];
  return {
    name: 'root-ca-certificate-publisher-controller',
    watches: [
      {
        resource: 'configmaps',
        keys: ({ type, object, cause }) => {
          if (object.metadata.name !== ROOT_CA_CONFIG_MAP) return [];
          if (type === 'ADDED') {
            if (cause.who === 'inventory') certificate ??= certificateIn(object);
            return [];
          }
          return [object.metadata.namespace ?? ''];
        },
      },
      {
        resource: 'namespaces',
        keys: ({ type, object }) => {
          const isActive = (object as Namespace).status.phase === 'Active';
          return type === 'ADDED' || (type === 'MODIFIED' && isActive) ? [object.metadata.name ?? ''] : [];
        },
      },
    ],
    sync(namespace, { client, reader }) {
      const data = { 'ca.crt': certificate ?? PLACEHOLDER_CERTIFICATE };
      const existing = reader.get<ConfigMap>('configmaps', namespace, ROOT_CA_CONFIG_MAP);
      const annotations = { ...existing?.metadata.annotations, [DESCRIPTION_ANNOTATION]: DESCRIPTION };
      if (!existing) {
        if (!reader.get('namespaces', undefined, namespace)) return undefined;
        const answer = client.create<ConfigMap>('configmaps', {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: ROOT_CA_CONFIG_MAP, namespace, annotations },
          data,
        });
        if (answer.ok || answer.status.reason === 'NotFound') return undefined;
        return hasStatusCause(answer.status, 'NamespaceTerminating') ? undefined : { retry: true };
      }
      const keys = Object.keys(existing.data ?? {});
      const isSame = keys.length === 1 && existing.data?.['ca.crt'] === data['ca.crt'];
      if (isSame && existing.metadata.annotations?.[DESCRIPTION_ANNOTATION]) return undefined;
      return client.update('configmaps', { ...existing, metadata: { ...existing.metadata, annotations }, data }).ok
        ? undefined
        : { retry: true };
    },
  };
};
