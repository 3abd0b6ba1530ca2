// What expressions that write JSON patches have beside the usual functions.
// Behaviour: k8s.io/apiserver pkg/cel/library/jsonpatch.go, Kubernetes v1.36.3.
import { type FunctionDecl, fn, global } from './declaration.ts';

export const JSON_PATCH_FUNCTIONS: readonly FunctionDecl[] = [
  fn(
    'jsonpatch.escapeKey',
    global('string_jsonpatch_escapeKey_string', 'string -> string', (key) =>
      (key as string).replace(/[/~]/g, (c) => (c === '/' ? '~1' : '~0')),
    ),
  ),
];
