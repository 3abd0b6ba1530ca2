// How StorageClasses are created and updated.
// Behaviour: pkg/registry/storage/storageclass/strategy.go, pkg/apis/storage/{v1/defaults,validation/validation}.go,
// pkg/api/storage/util.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import {
  duplicate,
  type FieldError,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { goMarshal } from '../../../apimachinery/go/json.ts';
import { validateLabelName } from '../../../apimachinery/validation/labels.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/object-meta.ts';
import { shownField } from '../../../schema/decode/given-empty.ts';
import type { TopologySelectorTerm } from '../../../schema/generated/types/core-v1.ts';
import type { StorageClass } from '../../../schema/generated/types/storage-v1.ts';
import { deprecatedNodeLabelMessage } from '../../core/pod-spec/node-label-warnings.ts';
import type { Resource } from '../../resource.ts';
import { validateParameters, validateProvisioner } from '../class-validation.ts';

const reclaimPolicies = ['Delete', 'Retain'];
const bindingModes = ['Immediate', 'WaitForFirstConsumer'];

const PROVISIONER = FieldPath.of('provisioner');
const PARAMETERS = FieldPath.of('parameters');
const RECLAIM_POLICY = FieldPath.of('reclaimPolicy');
const BINDING_MODE = FieldPath.of('volumeBindingMode');
const TOPOLOGIES = FieldPath.of('allowedTopologies');

export const storageClassResource: Resource<StorageClass> = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  singular: 'storageclass',
  namespaced: false,
  shortNames: ['sc'],
  strategy: {
    allowUnconditionalUpdate: true,
    applyDefaults: (storageClass) => ({
      ...storageClass,
      reclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      volumeBindingMode: storageClass.volumeBindingMode ?? 'Immediate',
    }),
    validate: validateStorageClass,
    warningsOnCreate: labelWarnings,
    validateUpdate: (storageClass, old) => [
      ...validateStorageClass(storageClass),
      ...validateUnchanged(storageClass, old),
    ],
    warningsOnUpdate: labelWarnings,
  },
};

function validateStorageClass(storageClass: StorageClass): readonly FieldError[] {
  const { provisioner = '', parameters, reclaimPolicy, volumeBindingMode: mode, allowedTopologies } = storageClass;
  const errors: FieldError[] = [];
  validateProvisioner(provisioner, PROVISIONER, errors);
  validateParameters(parameters, true, PARAMETERS, errors);
  if (reclaimPolicy && !reclaimPolicies.includes(reclaimPolicy)) {
    errors.push(notSupported(RECLAIM_POLICY, namedString(reclaimPolicy), reclaimPolicies));
  }
  if (mode === undefined) errors.push(required(BINDING_MODE, ''));
  else if (!bindingModes.includes(mode)) errors.push(notSupported(BINDING_MODE, namedString(mode), bindingModes));
  validateTopologies(allowedTopologies ?? [], errors);
  return errors;
}

function validateTopologies(topologies: readonly TopologySelectorTerm[], errors: FieldError[]): void {
  // Upstream compares with as many empty terms too as there are terms.
  const seen = topologies.map(() => '{}');
  topologies.forEach((term, i) => {
    const path = TOPOLOGIES.index(i).child('matchLabelExpressions');
    const meaning = validateTopologyTerm(term, path, errors);
    for (const other of seen) if (meaning === other) errors.push(duplicate(path, ''));
    seen.push(meaning);
  });
}

/** Answers with the values by key: terms that mean the same are duplicates whatever their order. */
function validateTopologyTerm(
  { matchLabelExpressions = [] }: TopologySelectorTerm,
  path: FieldPath,
  errors: FieldError[],
): string {
  const requirements: Record<string, readonly string[]> = {};
  matchLabelExpressions.forEach(({ key, values = [] }, i) => {
    const keyPath = path.index(i).child('key');
    const valuesPath = path.index(i).child('values');
    if (values.length === 0) errors.push(required(valuesPath, ''));
    const unique = new Set<string>();
    values.forEach((value, j) => {
      if (unique.has(value)) errors.push(duplicate(valuesPath.index(j), value));
      unique.add(value);
    });
    errors.push(...validateLabelName(key, keyPath));
    if (Object.hasOwn(requirements, key)) errors.push(duplicate(keyPath, key));
    requirements[key] = [...unique].sort();
  });
  return goMarshal(requirements);
}

function validateUnchanged(storageClass: StorageClass, old: StorageClass): readonly FieldError[] {
  const { parameters, provisioner, reclaimPolicy, volumeBindingMode } = storageClass;
  const isSame = semanticDeepEqual(parameters, old.parameters);
  return [
    ...(isSame ? [] : [invalid(PARAMETERS, shownField(storageClass, 'parameters'), FIELD_IMMUTABLE)]),
    ...(provisioner === old.provisioner ? [] : [invalid(PROVISIONER, provisioner, FIELD_IMMUTABLE)]),
    ...(reclaimPolicy === old.reclaimPolicy
      ? []
      : [invalid(RECLAIM_POLICY, namedString(reclaimPolicy), FIELD_IMMUTABLE)]),
    ...(volumeBindingMode === old.volumeBindingMode
      ? []
      : [invalid(BINDING_MODE, namedString(volumeBindingMode), FIELD_IMMUTABLE)]),
  ];
}

function labelWarnings({ allowedTopologies = [] }: StorageClass): readonly string[] {
  return allowedTopologies.flatMap(({ matchLabelExpressions = [] }, i) =>
    matchLabelExpressions.flatMap(({ key }, j) => {
      const message = deprecatedNodeLabelMessage(key);
      const path = TOPOLOGIES.index(i).child('matchLabelExpressions').index(j).child('key');
      return message === undefined ? [] : [`${path}: ${message}`];
    }),
  );
}
