// Whether a PodGroup may be stored; once it is, nothing of its spec changes.
// Behaviour: pkg/apis/scheduling/{validation/validation.go,v1alpha2/zz_generated.validations.go}, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { type FieldError, forbidden, GoValue, invalid, tooMany } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { goStruct } from '../../../apimachinery/go/json.ts';
import { validateConditions } from '../../../apimachinery/validation/conditions.ts';
import { isDns1123Label, isDns1123Subdomain } from '../../../apimachinery/validation/names.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/object-meta.ts';
import type {
  PodGroup,
  PodGroupResourceClaimStatus,
  PodGroupTemplateReference,
} from '../../../schema/generated/types/scheduling-v1alpha2.ts';
import type { StrategyContext } from '../../resource.ts';
import {
  gateOf,
  validateFormat,
  validateGatedFields,
  validateName,
  validatePolicy,
  validateUnion,
  validateUnique,
} from '../group-fields.ts';

const UNKNOWN_CLAIM = 'must match the name of an entry in `spec.resourceClaims`';
const MAX_CLAIMS = 4;

const SPEC = FieldPath.of('spec');
const STATUSES = FieldPath.of('status', 'resourceClaimStatuses');

export function validatePodGroup({ spec }: PodGroup): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (spec.podGroupTemplateRef) {
    validateTemplateRef(spec.podGroupTemplateRef, SPEC.child('podGroupTemplateRef'), errors);
  }
  validatePolicy(spec.schedulingPolicy, SPEC.child('schedulingPolicy'), errors);
  validateGatedFields(spec, SPEC, errors);
  return errors;
}

function validateTemplateRef({ workload }: PodGroupTemplateReference, path: FieldPath, errors: FieldError[]): void {
  validateUnion({ workload }, ['workload'], path, errors);
  if (!workload) return;
  const workloadPath = path.child('workload');
  validateName(workload.workloadName, isDns1123Subdomain, workloadPath.child('workloadName'), errors);
  validateName(workload.podGroupTemplateName, isDns1123Label, workloadPath.child('podGroupTemplateName'), errors);
}

const FIELDS = [
  'podGroupTemplateRef',
  'schedulingPolicy',
  'schedulingConstraints',
  'resourceClaims',
  'disruptionMode',
  'priorityClassName',
  'priority',
] as const;

/** A field whose gate is off, but which the stored group has, may stay or go; it cannot become something else. */
export function validatePodGroupUpdate(
  { spec }: PodGroup,
  old: PodGroup,
  { features }: StrategyContext,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const field of FIELDS) {
    if (semanticDeepEqual(spec[field], old.spec[field])) continue;
    const path = SPEC.child(field);
    const isGated = field !== 'podGroupTemplateRef' && field !== 'schedulingPolicy' && field !== 'resourceClaims';
    if (isGated && !features.isEnabled(gateOf(field))) {
      if (spec[field] !== undefined) errors.push(forbidden(path, ''));
      continue;
    }
    errors.push(invalid(path, new GoValue('null'), FIELD_IMMUTABLE));
    if (field === 'resourceClaims' && (spec.resourceClaims?.length ?? 0) > MAX_CLAIMS) {
      errors.push(tooMany(path, spec.resourceClaims?.length ?? 0, MAX_CLAIMS));
    }
  }
  return errors;
}

export function validatePodGroupStatus({ spec, status }: PodGroup, old: PodGroup): readonly FieldError[] {
  const errors = [...validateConditions(status.conditions, FieldPath.of('status', 'conditions'))];
  const statuses = status.resourceClaimStatuses ?? [];
  const claims = new Set((spec.resourceClaims ?? []).map(({ name }) => name));
  statuses.forEach(({ name }, i) => {
    if (!claims.has(name)) errors.push(invalid(STATUSES.index(i).child('name'), name, UNKNOWN_CLAIM));
  });
  if (semanticDeepEqual(statuses, old.status.resourceClaimStatuses ?? [])) return errors;
  if (statuses.length > MAX_CLAIMS) {
    errors.push(tooMany(STATUSES, statuses.length, MAX_CLAIMS));
    return errors;
  }
  validateUnique(statuses, claimStatusValue, STATUSES, errors);
  statuses.forEach(({ resourceClaimName }, i) => {
    if (resourceClaimName === undefined) return;
    validateFormat(resourceClaimName, isDns1123Subdomain, STATUSES.index(i).child('resourceClaimName'), errors);
  });
  return errors;
}

function claimStatusValue({ name, resourceClaimName }: PodGroupResourceClaimStatus): unknown {
  return goStruct({ name, ...(resourceClaimName === undefined ? {} : { resourceClaimName }) });
}
