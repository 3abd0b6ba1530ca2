// Columns of roles, bindings, service accounts and certificate signing requests.
// Behaviour: pkg/printers/internalversion/printers.go, pkg/apis/rbac/helpers.go (SubjectsStrings), Kubernetes v1.36.3.
import type { KubeObject } from '../../../apimachinery/object.ts';
import { humanDuration } from '../../../apimachinery/time/duration.ts';
import type { CertificateSigningRequest } from '../../../schema/generated/types/certificates-v1.ts';
import type { ClusterRoleBinding, RoleBinding } from '../../../schema/generated/types/rbac-v1.ts';
import { ageOf, NONE, tablePrinter } from './printer.ts';

const BINDING_COLUMNS = 'Name|Role|Age|Users+|Groups+|ServiceAccounts+';

/** Roles have no printer of their own; their creation time stands as it is stored. */
export const rolePrinter = tablePrinter<KubeObject>('Name|Created At', ({ metadata }) => [
  metadata.name ?? '',
  metadata.creationTimestamp ?? '',
]);

export const bindingPrinter = tablePrinter<RoleBinding | ClusterRoleBinding>(BINDING_COLUMNS, (object, now) => {
  const names = (kind: string): string =>
    (object.subjects ?? [])
      .filter((subject) => subject.kind === kind)
      .map(({ name, namespace }) => (kind !== 'ServiceAccount' ? name : `${namespace ?? ''}/${name}`))
      .join(', ');
  return [
    object.metadata.name ?? '',
    `${object.roleRef.kind}/${object.roleRef.name}`,
    ageOf(object, now),
    names('User'),
    names('Group'),
    names('ServiceAccount'),
  ];
});

export const certificateSigningRequestPrinter = tablePrinter<CertificateSigningRequest>(
  'Name|Age|SignerName|Requestor|RequestedDuration|Condition',
  (object, now) => [
    object.metadata.name ?? '',
    ageOf(object, now),
    object.spec.signerName || NONE,
    object.spec.username ?? '',
    object.spec.expirationSeconds !== undefined ? humanDuration(object.spec.expirationSeconds * 1000) : NONE,
    certificateState(object),
  ],
);

export function certificateState({ status }: CertificateSigningRequest): string {
  const has = (type: string): boolean => status.conditions?.some((condition) => condition.type === type) ?? false;
  const decision = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  return `${decision}${has('Failed') ? ',Failed' : ''}${status.certificate ? ',Issued' : ''}`;
}
