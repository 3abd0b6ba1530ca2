// How VolumeAttributesClasses are created and updated.
// Behaviour: pkg/registry/storage/volumeattributesclass/strategy.go, pkg/apis/storage/validation/validation.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { type FieldError, forbidden } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import type { VolumeAttributesClass } from '../../../schema/generated/types/storage-v1.ts';
import type { Resource } from '../../resource.ts';
import { validateParameters, validateProvisioner } from '../class-validation.ts';

const DRIVER_CHANGED = 'updates to driverName are forbidden.';
const PARAMETERS_CHANGED = 'updates to parameters are forbidden.';

const DRIVER_NAME = FieldPath.of('driverName');
const PARAMETERS = FieldPath.of('parameters');

export const volumeAttributesClassResource: Resource<VolumeAttributesClass> = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttributesClass',
  plural: 'volumeattributesclasses',
  singular: 'volumeattributesclass',
  namespaced: false,
  shortNames: ['vac'],
  strategy: {
    allowUnconditionalUpdate: true,
    validate: validateClass,
    validateUpdate: (next, old) => [
      ...(next.driverName === old.driverName ? [] : [forbidden(DRIVER_NAME, DRIVER_CHANGED)]),
      ...(semanticDeepEqual(next.parameters, old.parameters) ? [] : [forbidden(PARAMETERS, PARAMETERS_CHANGED)]),
      ...validateClass(next),
    ],
  },
};

function validateClass({ driverName = '', parameters }: VolumeAttributesClass): readonly FieldError[] {
  const errors: FieldError[] = [];
  validateProvisioner(driverName, DRIVER_NAME, errors);
  validateParameters(parameters, false, PARAMETERS, errors);
  return errors;
}
