// The authorizer's functions: checks put together step by step, then asked of whoever knows the answer.
// Behaviour: k8s.io/apiserver pkg/cel/library/authz.go, Kubernetes v1.36.3.
import { isDns1123Label, isDns1123Subdomain } from '../../../apimachinery/names.ts';
import type { CelType } from '../values/types.ts';
import { CelError, type CelValue, KubernetesValue, noSuchOverload } from '../values/value.ts';
import { type FunctionDecl, fn, global, type Implementation, member, typeNamed } from './declaration.ts';

export interface Subject {
  readonly name: string;
  readonly groups: readonly string[];
}

export interface Check {
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

export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
  readonly error?: string;
}

export type Authorize = (check: Check) => Decision;

abstract class Receiver extends KubernetesValue {
  readonly type: CelType;
  constructor(type: string) {
    super();
    this.type = typeNamed(type);
  }
  equals(other: CelValue): boolean | CelError {
    return noSuchOverload(other);
  }
  toString(): string {
    return this.type.name;
  }
}

export class AuthorizerValue extends Receiver {
  readonly user: Subject;
  readonly authorize: Authorize;
  constructor(user: Subject, authorize: Authorize) {
    super('authorizer');
    this.user = user;
    this.authorize = authorize;
  }
}

class PathCheck extends Receiver {
  readonly by: AuthorizerValue;
  readonly path: string;
  constructor(by: AuthorizerValue, path: string) {
    super('pathcheck');
    this.by = by;
    this.path = path;
  }
}

class GroupCheck extends Receiver {
  readonly by: AuthorizerValue;
  readonly group: string;
  constructor(by: AuthorizerValue, group: string) {
    super('groupcheck');
    this.by = by;
    this.group = group;
  }
}

type Target = Omit<Check, 'user' | 'verb' | 'path'>;

export class ResourceCheck extends Receiver {
  readonly by: AuthorizerValue;
  readonly target: Target;
  constructor(by: AuthorizerValue, target: Target) {
    super('resourcecheck');
    this.by = by;
    this.target = target;
  }
}

class DecisionValue extends Receiver {
  readonly decision: Decision;
  constructor(decision: Decision) {
    super('decision');
    this.decision = decision;
  }
}

/** The arguments of a call fit its overload: the checker or the dispatcher saw to that. */
const on =
  <T>(call: (receiver: T, text: string) => CelValue): Implementation =>
  (receiver, text) =>
    call(receiver as T, text as string);

const narrowed = (field: keyof Target): Implementation =>
  on<ResourceCheck>(({ by, target }, text) => new ResourceCheck(by, { ...target, [field]: text }));

const said = (read: (decision: Decision) => CelValue): Implementation =>
  on<DecisionValue>(({ decision }) => read(decision));

function asServiceAccount(authorizer: CelValue, namespace: CelValue, name: CelValue): CelValue {
  const { authorize } = authorizer as AuthorizerValue;
  if (isDns1123Subdomain(name as string).length > 0) return new CelError('Invalid service account name');
  if (isDns1123Label(namespace as string).length > 0) return new CelError('Invalid service account namespace');
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
  return new AuthorizerValue({ name: `system:serviceaccount:${namespace}:${name}`, groups }, authorize);
}

export const AUTHORIZER: readonly FunctionDecl[] = [
  fn(
    'path',
    member(
      'authorizer_path',
      'authorizer, string -> pathcheck',
      on<AuthorizerValue>((by, path) =>
        path.trim() === '' ? new CelError('path must not be empty') : new PathCheck(by, path),
      ),
    ),
  ),
  fn(
    'group',
    member(
      'authorizer_group',
      'authorizer, string -> groupcheck',
      on<AuthorizerValue>((by, group) => new GroupCheck(by, group)),
    ),
  ),
  fn(
    'serviceAccount',
    member('authorizer_serviceaccount', 'authorizer, string, string -> authorizer', asServiceAccount as Implementation),
  ),
  fn(
    'resource',
    member(
      'groupcheck_resource',
      'groupcheck, string -> resourcecheck',
      on<GroupCheck>(({ by, group }, resource) =>
        resource.trim() === ''
          ? new CelError('resource must not be empty')
          : new ResourceCheck(by, { group, resource }),
      ),
    ),
  ),
  fn(
    'subresource',
    member('resourcecheck_subresource', 'resourcecheck, string -> resourcecheck', narrowed('subresource')),
  ),
  fn('namespace', member('resourcecheck_namespace', 'resourcecheck, string -> resourcecheck', narrowed('namespace'))),
  fn('name', member('resourcecheck_name', 'resourcecheck, string -> resourcecheck', narrowed('name'))),
  fn(
    'check',
    member(
      'pathcheck_check',
      'pathcheck, string -> decision',
      on<PathCheck>(({ by, path }, verb) => new DecisionValue(by.authorize({ user: by.user, verb: verb, path }))),
    ),
    member(
      'resourcecheck_check',
      'resourcecheck, string -> decision',
      on<ResourceCheck>(({ by, target }, verb) => new DecisionValue(by.authorize({ user: by.user, verb, ...target }))),
    ),
  ),
  fn(
    'errored',
    member(
      'decision_errored',
      'decision -> bool',
      said(({ error }) => error !== undefined),
    ),
  ),
  fn(
    'error',
    member(
      'decision_error',
      'decision -> string',
      said(({ error = '' }) => error),
    ),
  ),
  fn(
    'allowed',
    member(
      'decision_allowed',
      'decision -> bool',
      said(({ allowed }) => allowed),
    ),
  ),
  fn(
    'reason',
    member(
      'decision_reason',
      'decision -> string',
      said(({ reason }) => reason),
    ),
  ),
  // RBAC does not look at selectors.
  fn(
    'fieldSelector',
    member(
      'authorizer_fieldselector',
      'resourcecheck, string -> resourcecheck',
      on<ResourceCheck>((check) => check),
    ),
  ),
  fn(
    'labelSelector',
    member(
      'authorizer_labelselector',
      'resourcecheck, string -> resourcecheck',
      on<ResourceCheck>((check) => check),
    ),
  ),
];

export const JSON_PATCH: readonly FunctionDecl[] = [
  fn(
    'jsonpatch.escapeKey',
    global('string_jsonpatch_escapeKey_string', 'string -> string', (key) =>
      (key as string).replace(/[/~]/g, (c) => (c === '/' ? '~1' : '~0')),
    ),
  ),
];
