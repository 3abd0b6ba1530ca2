// Whether a new pod makes sense beyond what any pod spec is asked.
// Behaviour: pkg/apis/core/validation/validation.go (ValidatePodCreate, validatePodMetadataAndSpec), Kubernetes v1.36.3.
import { type FieldError, forbidden } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import {
  validateAppArmorAnnotationsMatch,
  validatePodAnnotations,
  validateSeccompAnnotationsMatch,
} from '../pod-spec/validation/annotation.ts';
import { validateImageSpace } from '../pod-spec/validation/containers/container.ts';
import type { PodValidationOptions } from '../pod-spec/validation/options.ts';
import { validatePodSpec } from '../pod-spec/validation/pod-spec.ts';

const TOKEN_WITHOUT_ACCOUNT = 'must not be specified when serviceAccountName is not set';
const NO_EPHEMERAL_ON_CREATE = 'cannot be set on create';
const GATED = 'cannot be set until all schedulingGates have been cleared';

export const SPEC = FieldPath.of('spec');
export const ANNOTATIONS = FieldPath.of('metadata', 'annotations');

export function validatePodCreate(pod: Pod, options: PodValidationOptions): FieldError[] {
  const { spec, metadata } = pod;
  const errors = validatePodMetadataAndSpec(pod, options);
  if (spec.ephemeralContainers?.length) {
    errors.push(forbidden(SPEC.child('ephemeralContainers'), NO_EPHEMERAL_ON_CREATE));
  }
  if (spec.nodeName && spec.schedulingGates?.length) errors.push(forbidden(SPEC.child('nodeName'), GATED));
  validateSeccompAnnotationsMatch(metadata.annotations, spec, SPEC, errors);
  validateAppArmorAnnotationsMatch(metadata.annotations, spec, SPEC, errors);
  return errors;
}

/** Without the object's metadata proper, which every request validates. */
export function validatePodMetadataAndSpec({ spec, metadata }: Pod, options: PodValidationOptions): FieldError[] {
  const errors: FieldError[] = [];
  validatePodAnnotations(metadata.annotations, spec, ANNOTATIONS, options, errors);
  errors.push(...validatePodSpec(spec, metadata, SPEC, options));
  if (!spec.serviceAccountName) {
    spec.volumes?.forEach(({ projected }, i) => {
      projected?.sources?.forEach(({ serviceAccountToken }, j) => {
        if (!serviceAccountToken) return;
        const path = SPEC.child('volumes').index(i).child('projected', 'sources').index(j);
        errors.push(forbidden(path.child('serviceAccountToken'), TOKEN_WITHOUT_ACCOUNT));
      });
    });
  }
  for (const list of ['containers', 'initContainers'] as const) {
    spec[list]?.forEach((container, i) => {
      validateImageSpace(container, SPEC.child(list).index(i), errors);
    });
  }
  return errors;
}
