// The authorizer's functions: declared, so that expressions compile and are estimated; without a value to call them on.
// Behaviour: k8s.io/apiserver pkg/cel/library/authz.go, Kubernetes v1.36.3.
import { type FunctionDecl, fn, global, member } from './declaration.ts';

export const AUTHORIZER: readonly FunctionDecl[] = [
  fn('path', member('authorizer_path', 'authorizer, string -> pathcheck')),
  fn('group', member('authorizer_group', 'authorizer, string -> groupcheck')),
  fn('serviceAccount', member('authorizer_serviceaccount', 'authorizer, string, string -> authorizer')),
  fn('resource', member('groupcheck_resource', 'groupcheck, string -> resourcecheck')),
  fn('subresource', member('resourcecheck_subresource', 'resourcecheck, string -> resourcecheck')),
  fn('namespace', member('resourcecheck_namespace', 'resourcecheck, string -> resourcecheck')),
  fn('name', member('resourcecheck_name', 'resourcecheck, string -> resourcecheck')),
  fn(
    'check',
    member('pathcheck_check', 'pathcheck, string -> decision'),
    member('resourcecheck_check', 'resourcecheck, string -> decision'),
  ),
  fn('errored', member('decision_errored', 'decision -> bool')),
  fn('error', member('decision_error', 'decision -> string')),
  fn('allowed', member('decision_allowed', 'decision -> bool')),
  fn('reason', member('decision_reason', 'decision -> string')),
  fn('fieldSelector', member('authorizer_fieldselector', 'resourcecheck, string -> resourcecheck')),
  fn('labelSelector', member('authorizer_labelselector', 'resourcecheck, string -> resourcecheck')),
];

export const JSON_PATCH: readonly FunctionDecl[] = [
  fn(
    'jsonpatch.escapeKey',
    global('string_jsonpatch_escapeKey_string', 'string -> string', (key) =>
      (key as string).replace(/[/~]/g, (c) => (c === '/' ? '~1' : '~0')),
    ),
  ),
];
