// Whether an update of a policy leaves what its expressions are checked against.
// Behaviour: pkg/apis/admissionregistration/validation/validation.go (ignoreValidatingAdmissionPolicyMatchConditions), Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../apimachinery/deep-equal.ts';

interface Conditioned {
  readonly paramKind?: object;
  readonly matchConditions?: readonly object[];
}

export function hasSameConditions(spec: Conditioned, old: Conditioned): boolean {
  return (
    semanticDeepEqual(spec.paramKind, old.paramKind) && semanticDeepEqual(spec.matchConditions, old.matchConditions)
  );
}
