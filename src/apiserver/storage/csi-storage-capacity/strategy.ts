// How CSIStorageCapacities are created and updated.
// Behaviour: pkg/registry/storage/csistoragecapacity/strategy.go, pkg/apis/storage/validation/validation.go,
// pkg/api/storage/util.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { type FieldError, invalid } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { mustParseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import { isDns1123Subdomain } from '../../../apimachinery/validation/names.ts';
import { FIELD_IMMUTABLE, IS_NEGATIVE } from '../../../apimachinery/validation/object-meta.ts';
import type { CSIStorageCapacity } from '../../../schema/generated/types/storage-v1.ts';
import { labelSelectorValue, validateLabelSelector } from '../../../selectors/label-selector-validation.ts';
import { deprecatedNodeLabelMessage } from '../../core/pod-spec/node-label-warnings.ts';
import type { Resource } from '../../resource.ts';

const TOPOLOGY = FieldPath.of('nodeTopology');
const CLASS = FieldPath.of('storageClassName');
const CAPACITY = FieldPath.of('capacity');

export const csiStorageCapacityResource: Resource<CSIStorageCapacity> = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIStorageCapacity',
  plural: 'csistoragecapacities',
  singular: 'csistoragecapacity',
  namespaced: true,
  strategy: {
    validate: (capacity) => validateCapacity(capacity, false),
    warningsOnCreate: labelWarnings,
    validateUpdate: (capacity, old) => [
      ...validateCapacity(capacity, validateLabelSelector(old.nodeTopology, {}, TOPOLOGY).length > 0),
      ...validateUnchanged(capacity, old),
    ],
    warningsOnUpdate: labelWarnings,
  },
};

function validateCapacity(
  { nodeTopology, storageClassName = '', capacity }: CSIStorageCapacity,
  allowInvalidLabelValueInSelector: boolean,
): readonly FieldError[] {
  const isNegative = capacity !== undefined && mustParseQuantity(capacity).sign() < 0;
  return [
    ...validateLabelSelector(nodeTopology, { allowInvalidLabelValueInSelector }, TOPOLOGY),
    ...isDns1123Subdomain(storageClassName).map((message) => invalid(CLASS, storageClassName, message)),
    ...(isNegative ? [invalid(CAPACITY, capacity, IS_NEGATIVE)] : []),
  ];
}

function validateUnchanged(capacity: CSIStorageCapacity, old: CSIStorageCapacity): readonly FieldError[] {
  const { nodeTopology, storageClassName } = capacity;
  return [
    ...(semanticDeepEqual(nodeTopology, old.nodeTopology)
      ? []
      : [invalid(TOPOLOGY, labelSelectorValue(nodeTopology), FIELD_IMMUTABLE)]),
    ...(storageClassName === old.storageClassName ? [] : [invalid(CLASS, storageClassName, FIELD_IMMUTABLE)]),
  ];
}

function labelWarnings({ nodeTopology }: CSIStorageCapacity): readonly string[] {
  const inExpressions = (nodeTopology?.matchExpressions ?? []).flatMap(({ key }, i) => {
    const message = deprecatedNodeLabelMessage(key);
    const path = TOPOLOGY.child('matchExpressions').index(i).child('key');
    return message === undefined ? [] : [`${path}: ${key} is ${message}`];
  });
  const inLabels = Object.keys(nodeTopology?.matchLabels ?? {}).flatMap((label) => {
    const message = deprecatedNodeLabelMessage(label);
    return message === undefined ? [] : [`${TOPOLOGY.child('matchLabels', label)}: ${message}`];
  });
  return [...inExpressions, ...inLabels];
}
