// How CSINodes, which say what drivers a node has, are created and updated.
// Behaviour: pkg/registry/storage/csinode/strategy.go, pkg/apis/storage/validation/validation.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { duplicate, type FieldError, GoValue, invalid, required } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { goMarshalInOrder } from '../../../apimachinery/go/json.ts';
import { byteLength } from '../../../apimachinery/go/utf8.ts';
import { isQualifiedName } from '../../../apimachinery/validation/names.ts';
import { FIELD_IMMUTABLE, validateNonnegativeField } from '../../../apimachinery/validation/object-meta.ts';
import { shownField } from '../../../schema/decode/given-empty.ts';
import type { CSINode, CSINodeDriver } from '../../../schema/generated/types/storage-v1.ts';
import { validateCsiDriverName } from '../../core/pod-spec/validation/volumes/volume-source.ts';
import type { FeatureGates, Resource } from '../../resource.ts';

const MAX_NODE_ID_LENGTH = 256;
const NODE_ID_TOO_LONG = `must be ${MAX_NODE_ID_LENGTH} characters or less`;

const DRIVERS = FieldPath.of('spec', 'drivers');

export const csiNodeResource: Resource<CSINode> = {
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSINode',
  plural: 'csinodes',
  singular: 'csinode',
  namespaced: false,
  strategy: {
    validate: validateDrivers,
    validateUpdate: (node, old, { features }) => [
      ...validateDrivers(node),
      ...validateSameDrivers(node, old, features),
    ],
  },
};

function validateDrivers({ spec: { drivers = [] } }: CSINode): readonly FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  drivers.forEach((driver, i) => {
    validateDriver(driver, names, DRIVERS.index(i), errors);
    names.add(driver.name);
  });
  return errors;
}

function validateDriver(
  { name, nodeID = '', allocatable, topologyKeys = [] }: CSINodeDriver,
  names: ReadonlySet<string>,
  path: FieldPath,
  errors: FieldError[],
): void {
  const idPath = path.child('nodeID');
  validateCsiDriverName(name, path.child('name'), errors);
  if (nodeID === '') errors.push(required(idPath, ''));
  if (byteLength(nodeID) > MAX_NODE_ID_LENGTH) errors.push(invalid(idPath, nodeID, NODE_ID_TOO_LONG));
  if (allocatable?.count !== undefined) {
    errors.push(...validateNonnegativeField(allocatable.count, path.child('allocatable', 'count')));
  }
  if (names.has(name)) errors.push(duplicate(path.child('name'), name));
  const keys = new Set<string>();
  for (const key of topologyKeys) {
    if (key === '') errors.push(required(path, ''));
    if (keys.has(key)) errors.push(duplicate(path, key));
    keys.add(key);
    for (const message of isQualifiedName(key)) errors.push(invalid(path, key, message));
  }
}

/** Drivers may come and go, but what is said of one stays. */
function validateSameDrivers({ spec }: CSINode, old: CSINode, features: FeatureGates): readonly FieldError[] {
  const compared = (driver: CSINodeDriver): CSINodeDriver => {
    const { allocatable: _, ...rest } = driver;
    return features.isEnabled('MutableCSINodeAllocatableCount') ? rest : driver;
  };
  return (old.spec.drivers ?? []).flatMap((oldDriver) =>
    (spec.drivers ?? []).flatMap((given) => {
      const driver = compared(given);
      const isSame = driver.name !== oldDriver.name || semanticDeepEqual(driver, compared(oldDriver));
      return isSame ? [] : [invalid(DRIVERS, driverValue(driver), FIELD_IMMUTABLE)];
    }),
  );
}

function driverValue(driver: CSINodeDriver): GoValue {
  const { name, nodeID, allocatable } = driver;
  const value = {
    Name: name,
    NodeID: nodeID,
    TopologyKeys: shownField(driver, 'topologyKeys'),
    Allocatable: allocatable ? { Count: allocatable.count ?? null } : null,
  };
  return new GoValue(goMarshalInOrder(value));
}
