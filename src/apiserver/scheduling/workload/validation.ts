// Whether a Workload may be stored; once it is, neither its controller nor its templates change.
// Behaviour: pkg/apis/scheduling/{validation/validation.go,v1alpha2/zz_generated.validations.go}, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { type FieldError, GoValue, invalid, required, tooMany } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { goStruct } from '../../../apimachinery/go/json.ts';
import { isDns1123Label, isDns1123Subdomain, isPathSegmentName } from '../../../apimachinery/validation/names.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/object-meta.ts';
import type { PodGroupTemplate, Workload } from '../../../schema/generated/types/scheduling-v1alpha2.ts';
import { validateFormat, validateGatedFields, validateName, validatePolicy, validateUnique } from '../group-fields.ts';

const MAX_TEMPLATES = 8;

const CONTROLLER = FieldPath.of('spec', 'controllerRef');
const TEMPLATES = FieldPath.of('spec', 'podGroupTemplates');

export function validateWorkload({ spec }: Workload): readonly FieldError[] {
  const { controllerRef, podGroupTemplates = [] } = spec;
  const errors: FieldError[] = [];
  if (controllerRef) {
    const { apiGroup, kind, name } = controllerRef;
    if (apiGroup) validateFormat(apiGroup, isDns1123Subdomain, CONTROLLER.child('apiGroup'), errors);
    validateName(kind, isPathSegmentName, CONTROLLER.child('kind'), errors);
    validateName(name, isPathSegmentName, CONTROLLER.child('name'), errors);
  }
  if (!validateCount(podGroupTemplates, errors)) return errors;
  validateUnique(podGroupTemplates, templateValue, TEMPLATES, errors);
  podGroupTemplates.forEach((template, i) => {
    const path = TEMPLATES.index(i);
    validateName(template.name, isDns1123Label, path.child('name'), errors);
    validatePolicy(template.schedulingPolicy, path.child('schedulingPolicy'), errors);
    validateGatedFields(template, path, errors);
  });
  return errors;
}

function validateCount({ length }: readonly PodGroupTemplate[], errors: FieldError[]): boolean {
  if (length > MAX_TEMPLATES) errors.push(tooMany(TEMPLATES, length, MAX_TEMPLATES));
  if (length === 0) errors.push(required(TEMPLATES, ''));
  return length > 0 && length <= MAX_TEMPLATES;
}

export function validateWorkloadUpdate({ spec }: Workload, old: Workload): readonly FieldError[] {
  const errors: FieldError[] = [];
  const immutable = (path: FieldPath): void => {
    errors.push(invalid(path, new GoValue('null'), FIELD_IMMUTABLE));
  };
  if (!semanticDeepEqual(spec.controllerRef, old.spec.controllerRef)) immutable(CONTROLLER);
  if (!semanticDeepEqual(spec.podGroupTemplates, old.spec.podGroupTemplates)) {
    immutable(TEMPLATES);
    validateCount(spec.podGroupTemplates ?? [], errors);
  }
  return errors;
}

function templateValue({ name, schedulingPolicy, schedulingConstraints, ...rest }: PodGroupTemplate): unknown {
  const { resourceClaims, disruptionMode, priorityClassName, priority } = rest;
  return goStruct({
    name,
    schedulingPolicy,
    schedulingConstraints: schedulingConstraints ?? null,
    ...(resourceClaims ? { resourceClaims } : {}),
    ...(disruptionMode === undefined ? {} : { disruptionMode }),
    ...(priorityClassName === undefined ? {} : { priorityClassName }),
    ...(priority === undefined ? {} : { priority }),
  });
}
