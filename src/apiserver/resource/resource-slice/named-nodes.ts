// For which nodes a slice or one of its devices is: the one it names, or those that it selects.
// Behaviour: pkg/apis/resource/validation/validation.go (validateResourceSliceSpec, validateDevice), Kubernetes v1.36.3.
import { type FieldError, invalid } from '../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../apimachinery/field-path.ts';
import { isDns1123Subdomain } from '../../../apimachinery/validation/names.ts';
import type { NodeSelector } from '../../../schema/generated/types/core-v1.ts';
import { validateNodeSelector } from '../../core/pod-spec/validation/placement/affinity.ts';

interface NamedNodes {
  readonly nodeName: string | undefined;
  readonly nodeSelector: NodeSelector | undefined;
}

/** The names of the two fields that are set, as messages write them. */
export function validateNamedNodes(
  { nodeName, nodeSelector }: NamedNodes,
  emptyName: string,
  path: FieldPath,
  errors: FieldError[],
): string[] {
  const set: string[] = [];
  const namePath = path.child('nodeName');
  if (nodeName === '') errors.push(invalid(namePath, nodeName, emptyName));
  else if (nodeName !== undefined) {
    set.push('`nodeName`');
    for (const message of isDns1123Subdomain(nodeName)) errors.push(invalid(namePath, nodeName, message));
  }
  if (nodeSelector) {
    set.push('`nodeSelector`');
    validateNodeSelector(nodeSelector, false, path.child('nodeSelector'), errors);
  }
  return set;
}
