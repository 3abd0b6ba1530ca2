// Whether a Lease may be stored.
// Behaviour: pkg/apis/coordination/validation/validation.go (ValidateLeaseSpec), Kubernetes v1.36.3.
import { type FieldError, forbidden, invalid, namedString, notSupported } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { isQualifiedName } from '../../../apimachinery/validation/names.ts';
import type { Lease } from '../../../schema/generated/types/coordination-v1.ts';

const NOT_POSITIVE = 'must be greater than 0';
const NEGATIVE = 'must be greater than or equal to 0';
const NEEDS_STRATEGY = 'may only be specified if `strategy` is defined';

const SPEC = FieldPath.of('spec');
/** Upstream names the field twice. */
const STRATEGY = FieldPath.of('spec', 'strategy', 'strategy');

const strategies = ['OldestEmulationVersion'];

export function validateLease({ spec }: Lease): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { leaseDurationSeconds, leaseTransitions, strategy, preferredHolder } = spec;
  if (leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0) {
    errors.push(invalid(SPEC.child('leaseDurationSeconds'), leaseDurationSeconds, NOT_POSITIVE));
  }
  if (leaseTransitions !== undefined && leaseTransitions < 0) {
    errors.push(invalid(SPEC.child('leaseTransitions'), leaseTransitions, NEGATIVE));
  }
  if (strategy !== undefined) validateCoordinatedStrategy(strategy, errors);
  if (preferredHolder && !strategy) errors.push(forbidden(SPEC.child('preferredHolder'), NEEDS_STRATEGY));
  return errors;
}

function validateCoordinatedStrategy(strategy: string, errors: FieldError[]): void {
  if (strategy.includes('/')) {
    for (const message of isQualifiedName(strategy)) errors.push(invalid(STRATEGY, namedString(strategy), message));
  } else if (!strategies.includes(strategy)) {
    errors.push(notSupported(STRATEGY, namedString(strategy), strategies));
  }
}
