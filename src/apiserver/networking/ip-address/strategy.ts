// How IPAddresses, which stand for the cluster IPs of Services, are created and updated.
// Behaviour: pkg/registry/networking/ipaddress/strategy.go, pkg/apis/networking/validation/validation.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { type FieldError, GoValue, invalid, required } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { goMarshalInOrder } from '../../../apimachinery/go/json.ts';
import { isValidIp } from '../../../apimachinery/validation/ip.ts';
import { isDns1123Subdomain, isPathSegmentName } from '../../../apimachinery/validation/names.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/object-meta.ts';
import type { IPAddress, ParentReference } from '../../../schema/generated/types/networking-v1.ts';
import type { Resource } from '../../resource.ts';
import { validateRequiredSegment } from '../typed-reference.ts';

const PARENT_REF = FieldPath.of('spec', 'parentRef');

export const ipAddressResource: Resource<IPAddress> = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IPAddress',
  plural: 'ipaddresses',
  singular: 'ipaddress',
  namespaced: false,
  shortNames: ['ip'],
  strategy: {
    allowUnconditionalUpdate: true,
    validateName: (name) => isValidIp(undefined, name).map(({ detail }) => detail),
    validate: validateParent,
    validateUpdate: (address, old) => [...validateParent(address), ...validateSameParent(address, old)],
  },
};

function validateParent({ spec: { parentRef } }: IPAddress): readonly FieldError[] {
  if (!parentRef) return [required(PARENT_REF, '')];
  const errors: FieldError[] = [];
  const { group = '', resource, name, namespace = '' } = parentRef;
  if (group !== '') {
    for (const message of isDns1123Subdomain(group)) errors.push(invalid(PARENT_REF.child('group'), group, message));
  }
  validateRequiredSegment(resource, PARENT_REF.child('resource'), errors);
  validateRequiredSegment(name, PARENT_REF.child('name'), errors);
  if (namespace !== '') {
    for (const message of isPathSegmentName(namespace)) {
      errors.push(invalid(PARENT_REF.child('namespace'), namespace, message));
    }
  }
  return errors;
}

function validateSameParent({ spec }: IPAddress, old: IPAddress): readonly FieldError[] {
  if (semanticDeepEqual(spec.parentRef, old.spec.parentRef)) return [];
  return [invalid(PARENT_REF, parentValue(spec.parentRef), FIELD_IMMUTABLE)];
}

function parentValue(parent: ParentReference | undefined): GoValue {
  if (!parent) return new GoValue('null');
  const { group = '', resource = '', namespace = '', name = '' } = parent;
  return new GoValue(goMarshalInOrder({ Group: group, Resource: resource, Namespace: namespace, Name: name }));
}
