// The authorizer's functions: checks put together step by step, then asked of whoever knows the answer.
// Behaviour: k8s.io/apiserver pkg/cel/library/authz.go, Kubernetes v1.36.3.
import { isDns1123Label, isDns1123Subdomain } from '../../../apimachinery/validation/names.ts';
import type { CelType } from '../values/types.ts';
import { CelError, type CelValue, KubernetesValue, noSuchOverload } from '../values/value.ts';
import { type FunctionDecl, fn, type Implementation, member, typeNamed } from './declaration.ts';

interface Subject {
  readonly name: string;
  readonly groups: readonly string[];
}

interface Check {
  readonly user: Subject;
  readonly verb: string;
  /** Set for a request that is not about a resource. */
  readonly path?: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
  readonly error?: string;
}

export type Authorize = (check: Check) => Decision;

/** A value that only its own functions can look into. */
abstract class Opaque<State> extends KubernetesValue {
  readonly type: CelType;
  readonly state: State;
  constructor(type: string, state: State) {
    super();
    this.type = typeNamed(type);
    this.state = state;
  }
  equals(other: CelValue): boolean | CelError {
    return noSuchOverload(other);
  }
  toString(): string {
    return this.type.name;
  }
}

interface Asking {
  readonly user: Subject;
  readonly authorize: Authorize;
}

export class AuthorizerValue extends Opaque<Asking> {
  constructor(user: Subject, authorize: Authorize) {
    super('authorizer', { user, authorize });
  }
}

class PathCheck extends Opaque<Asking & { readonly path: string }> {
  constructor(by: Asking, path: string) {
    super('pathcheck', { ...by, path });
  }
}

class GroupCheck extends Opaque<Asking & { readonly group: string }> {
  constructor(by: Asking, group: string) {
    super('groupcheck', { ...by, group });
  }
}

type Target = Omit<Check, 'user' | 'verb' | 'path'>;

export class ResourceCheck extends Opaque<Asking & { readonly target: Target }> {
  constructor({ user, authorize }: Asking, target: Target) {
    super('resourcecheck', { user, authorize, target });
  }
}

class DecisionValue extends Opaque<Decision> {
  constructor(decision: Decision) {
    super('decision', decision);
  }
}

/** A function of one overload. The arguments of a call fit it: the checker or the dispatcher saw to that. */
function method<State>(
  name: string,
  id: string,
  signature: string,
  call: (state: State, text: string) => CelValue,
): FunctionDecl {
  return fn(name, member(id, signature, of(call)));
}

const of =
  <State>(call: (state: State, text: string) => CelValue): Implementation =>
  (receiver, text) =>
    call((receiver as Opaque<State>).state, text as string);

const narrowedBy = (field: 'subresource' | 'namespace' | 'name'): FunctionDecl =>
  method(
    field,
    `resourcecheck_${field}`,
    'resourcecheck, string -> resourcecheck',
    ({ target, ...by }: ResourceCheck['state'], text) => new ResourceCheck(by, { ...target, [field]: text }),
  );

/** RBAC does not look at selectors. */
const selectedBy = (name: string, id: string): FunctionDecl =>
  fn(
    name,
    member(id, 'resourcecheck, string -> resourcecheck', (check) => check as ResourceCheck),
  );

const answered = (name: string, result: string, read: (decision: Decision) => CelValue): FunctionDecl =>
  method(name, `decision_${name}`, `decision -> ${result}`, read);

function asServiceAccount(authorizer: CelValue, namespace: CelValue, name: CelValue): CelValue {
  const { authorize } = (authorizer as AuthorizerValue).state;
  if (isDns1123Subdomain(name as string).length > 0) return new CelError('Invalid service account name');
  if (isDns1123Label(namespace as string).length > 0) return new CelError('Invalid service account namespace');
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
  return new AuthorizerValue({ name: `system:serviceaccount:${namespace}:${name}`, groups }, authorize);
}

export const AUTHORIZER: readonly FunctionDecl[] = [
  method('path', 'authorizer_path', 'authorizer, string -> pathcheck', (by: Asking, path) =>
    path.trim() === '' ? new CelError('path must not be empty') : new PathCheck(by, path),
  ),
  method(
    'group',
    'authorizer_group',
    'authorizer, string -> groupcheck',
    (by: Asking, group) => new GroupCheck(by, group),
  ),
  fn(
    'serviceAccount',
    member('authorizer_serviceaccount', 'authorizer, string, string -> authorizer', asServiceAccount as Implementation),
  ),
  method(
    'resource',
    'groupcheck_resource',
    'groupcheck, string -> resourcecheck',
    ({ group, ...by }: GroupCheck['state'], resource) =>
      resource.trim() === '' ? new CelError('resource must not be empty') : new ResourceCheck(by, { group, resource }),
  ),
  narrowedBy('subresource'),
  narrowedBy('namespace'),
  narrowedBy('name'),
  fn(
    'check',
    member(
      'pathcheck_check',
      'pathcheck, string -> decision',
      of(({ user, authorize, path }: PathCheck['state'], verb) => new DecisionValue(authorize({ user, verb, path }))),
    ),
    member(
      'resourcecheck_check',
      'resourcecheck, string -> decision',
      of(
        ({ user, authorize, target }: ResourceCheck['state'], verb) =>
          new DecisionValue(authorize({ user, verb, ...target })),
      ),
    ),
  ),
  answered('errored', 'bool', ({ error }) => error !== undefined),
  answered('error', 'string', ({ error = '' }) => error),
  answered('allowed', 'bool', ({ allowed }) => allowed),
  answered('reason', 'string', ({ reason }) => reason),
];

export const AUTHORIZER_SELECTORS: readonly FunctionDecl[] = [
  selectedBy('fieldSelector', 'authorizer_fieldselector'),
  selectedBy('labelSelector', 'authorizer_labelselector'),
];
