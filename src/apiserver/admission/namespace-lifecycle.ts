// Nothing comes into a namespace that is missing or being deleted, and the system's own namespaces stay.
// Behaviour: [apiserver]/pkg/admission/plugin/namespace/lifecycle/admission.go, Kubernetes v1.36.3.
import { forbidden, notFound, withCause } from '../../apimachinery/status.ts';
import type { Namespace } from '../../schema/generated/types/core-v1.ts';
import { groupResourceOf } from '../resource.ts';
import type { AdmissionPlugin } from './chain/plugin.ts';
import { refuseWith, subjectName } from './chain/refusal.ts';

const NAME = 'NamespaceLifecycle';
const IMMORTAL: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public']);
const MAY_NOT_BE_DELETED = 'this namespace may not be deleted';
const TERMINATING_CAUSE = 'NamespaceTerminating';

export const namespaceLifecycle: AdmissionPlugin = {
  name: NAME,
  operations: ['CREATE', 'UPDATE', 'DELETE'],
  mutate(attributes, { reader }) {
    const { operation, resource, namespace, name } = attributes;
    if (resource.group === '' && resource.plural === 'namespaces') {
      if (operation !== 'DELETE' || !IMMORTAL.has(name)) return undefined;
      return refuseWith(forbidden(groupResourceOf(attributes.resource), name, MAY_NOT_BE_DELETED), NAME);
    }
    if (!namespace || operation === 'DELETE') return undefined;
    // Whether one may do something is answered for any namespace, so that nobody learns which exist.
    if (resource.group === 'authorization.k8s.io' && resource.plural === 'localsubjectaccessreviews') return undefined;
    const found = reader.get<Namespace>('namespaces', undefined, namespace);
    if (!found) return refuseWith(notFound({ group: '', resource: 'namespaces' }, namespace), NAME);
    if (operation !== 'CREATE' || found.status.phase !== 'Terminating') return undefined;
    const status = forbidden(
      groupResourceOf(attributes.resource),
      subjectName(attributes),
      `unable to create new content in namespace ${namespace} because it is being terminated`,
    );
    const message = `namespace ${namespace} is being terminated`;
    return refuseWith(withCause(status, { reason: TERMINATING_CAUSE, message, field: 'metadata.namespace' }), NAME);
  },
};
