// What is wrong with a label selector in a field.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go, Kubernetes v1.36.3.
import { type ErrorPath, type FieldError, forbidden, GoValue, invalid, required } from '../apimachinery/field-error.ts';
import { childOf } from '../apimachinery/field-path.ts';
import { goJsonString, goStruct } from '../apimachinery/go/json.ts';
import { validateLabelName, validateLabels } from '../apimachinery/validation/labels.ts';
import { isValidLabelValue } from '../apimachinery/validation/names.ts';
import type { LabelSelector, LabelSelectorRequirement } from './label-selector.ts';

export interface LabelSelectorValidationOptions {
  /** For updates of objects that already have such a value. */
  readonly allowInvalidLabelValueInSelector?: boolean;
  readonly allowUnknownOperatorInRequirement?: boolean;
}

const VALUES_REQUIRED = "must be specified when `operator` is 'In' or 'NotIn'";
const VALUES_FORBIDDEN = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
const UNKNOWN_OPERATOR = 'not a valid selector operator';

export function validateLabelSelector(
  selector: LabelSelector | undefined | null,
  options: LabelSelectorValidationOptions,
  path: ErrorPath,
): readonly FieldError[] {
  if (selector === undefined || selector === null) return [];
  const errors = [...validateLabels(selector.matchLabels, childOf(path, 'matchLabels'))];
  const expressions = childOf(path, 'matchExpressions');
  (selector.matchExpressions ?? []).forEach((requirement, i) => {
    errors.push(...validateLabelSelectorRequirement(requirement, options, expressions.index(i)));
  });
  return errors;
}

function validateLabelSelectorRequirement(
  requirement: LabelSelectorRequirement,
  options: LabelSelectorValidationOptions,
  path: ErrorPath,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const values = requirement.values ?? [];
  const valuesPath = childOf(path, 'values');
  switch (requirement.operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) errors.push(required(valuesPath, VALUES_REQUIRED));
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0) errors.push(forbidden(valuesPath, VALUES_FORBIDDEN));
      break;
    default:
      if (!options.allowUnknownOperatorInRequirement) {
        errors.push(
          invalid(childOf(path, 'operator'), new GoValue(goJsonString(requirement.operator ?? '')), UNKNOWN_OPERATOR),
        );
      }
  }
  errors.push(...validateLabelName(requirement.key ?? '', childOf(path, 'key')));
  if (!options.allowInvalidLabelValueInSelector) {
    values.forEach((value, i) => {
      for (const message of isValidLabelValue(value)) errors.push(invalid(valuesPath.index(i), value, message));
    });
  }
  return errors;
}

export function labelSelectorHasInvalidLabelValue(selector: LabelSelector | undefined | null): boolean {
  return (selector?.matchExpressions ?? []).some((requirement) =>
    (requirement.values ?? []).some((value) => isValidLabelValue(value).length > 0),
  );
}

/** A selector as the bad value of an error: the field order of the Go struct, empty fields left out. */
export function labelSelectorValue(selector: LabelSelector | undefined | null): unknown {
  if (selector === undefined || selector === null) return null;
  const labels = Object.keys(selector.matchLabels ?? {}).length === 0 ? undefined : selector.matchLabels;
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values }) =>
    goStruct({ key, operator, values: (values ?? []).length === 0 ? undefined : values }),
  );
  return goStruct({ matchLabels: labels, matchExpressions: expressions.length === 0 ? undefined : expressions });
}
