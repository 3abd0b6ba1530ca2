// `kubectl set subject`: whom a role is bound to.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/set/set_subject.go, Kubernetes v1.36.3.
import { compareBytes } from '../../../../apimachinery/go/json.ts';
import { namespaceOf, type ParsedArguments } from '../../arguments.ts';
import { KubectlError } from '../../outcome.ts';
import type { Found } from '../../select-objects.ts';
import { isMutable, type MutableJson, objectName } from '../mutated-patch.ts';
import type { Setter } from './setter.ts';

const RBAC = 'rbac.authorization.k8s.io';
const BINDINGS = ['RoleBinding', 'ClusterRoleBinding'];
const ERR_NOBODY = 'you must specify at least one value of user, group or serviceaccount';
const ERR_ACCOUNT = 'serviceaccount must be <namespace>:<name>';
const ERR_NOT_A_BINDING = 'setting subjects is only supported for RoleBinding/ClusterRoleBinding';

export function setSubject(given: ParsedArguments): Setter {
  return {
    words: given.arguments.slice(1),
    operation: 'subjects updated',
    failure: 'failed to patch subjects to rolebinding:',
    check: (found) => check(given, found),
    change(object, found) {
      if (found.resource.group !== RBAC || !BINDINGS.includes(found.resource.kind))
        return [`${objectName(found)} ${ERR_NOT_A_BINDING}\n`];
      const list = object['subjects'];
      const existing = Array.isArray(list) ? list.filter(isMutable) : [];
      const added = subjects(given).filter((one) => !existing.some((other) => isSame(one, other)));
      if (added.length > 0) object['subjects'] = [...existing, ...added];
      return [];
    },
  };
}

/** kubectl looks at its flags once it has the objects. */
function check(given: ParsedArguments, found: readonly Found[]): void {
  if (given.flag('all') && given.has('selector'))
    throw new KubectlError('cannot set --all and --selector at the same time');
  const accounts = given.list('serviceaccount');
  if (given.list('user').length + given.list('group').length + accounts.length === 0)
    throw new KubectlError(ERR_NOBODY);
  for (const account of accounts) {
    const [namespace, name, ...more] = account.split(':');
    if (!name || more.length > 0) throw new KubectlError(ERR_ACCOUNT);
    if (namespace === '' && found.some(({ resource }) => resource.kind === 'ClusterRoleBinding'))
      throw new KubectlError(`${ERR_ACCOUNT}, namespace must be specified`);
  }
}

function subjects(given: ParsedArguments): readonly MutableJson[] {
  const each = (flag: string): readonly string[] => [...new Set(given.list(flag))].sort(compareBytes);
  return [
    ...each('user').map((name) => ({ kind: 'User', apiGroup: RBAC, name })),
    ...each('group').map((name) => ({ kind: 'Group', apiGroup: RBAC, name })),
    ...each('serviceaccount').map((account) => {
      const [namespace = '', name = ''] = account.split(':');
      return { kind: 'ServiceAccount', name, namespace: namespace || namespaceOf(given) };
    }),
  ];
}

function isSame(a: MutableJson, b: MutableJson): boolean {
  return ['kind', 'apiGroup', 'name', 'namespace'].every((field) => (a[field] ?? '') === (b[field] ?? ''));
}
