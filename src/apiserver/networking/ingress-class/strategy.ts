// How IngressClasses are created and updated.
// Behaviour: pkg/registry/networking/ingressclass/strategy.go, pkg/apis/networking/{v1/defaults,validation/validation}.go,
// Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import {
  type FieldError,
  forbidden,
  invalid,
  notSupported,
  required,
  tooLong,
} from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { byteLength } from '../../../apimachinery/go/utf8.ts';
import { isDns1123Label, isDomainPrefixedPath } from '../../../apimachinery/validation/names.ts';
import { validateImmutableField } from '../../../apimachinery/validation/object-meta.ts';
import type { IngressClass, IngressClassParametersReference } from '../../../schema/generated/types/networking-v1.ts';
import type { Resource } from '../../resource.ts';
import { withGeneration, withNextGeneration } from '../../strategies/generation.ts';
import { validateTypedReference } from '../typed-reference.ts';

const IN_NAMESPACE = "`parameters.scope` is set to 'Namespace'";
const IN_CLUSTER = "`parameters.scope` is set to 'Cluster'";
const MAX_CONTROLLER_LENGTH = 250;

const SPEC = FieldPath.of('spec');
const CONTROLLER = SPEC.child('controller');

const scopes = ['Cluster', 'Namespace'];

export const ingressClassResource: Resource<IngressClass> = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IngressClass',
  plural: 'ingressclasses',
  singular: 'ingressclass',
  namespaced: false,
  strategy: {
    allowUnconditionalUpdate: true,
    applyDefaults,
    prepareForCreate: (ingressClass) => withGeneration(ingressClass, 1),
    validate: validateIngressClass,
    prepareForUpdate: (ingressClass, old) =>
      semanticDeepEqual(ingressClass.spec, old.spec) ? ingressClass : withNextGeneration(ingressClass, old),
    validateUpdate: (ingressClass, old) => [
      ...validateImmutableField(ingressClass.spec.controller ?? '', old.spec.controller ?? '', CONTROLLER),
      ...validateIngressClass(ingressClass),
    ],
  },
};

function applyDefaults(ingressClass: IngressClass): IngressClass {
  const { parameters } = ingressClass.spec;
  if (!parameters || parameters.scope !== undefined) return ingressClass;
  return { ...ingressClass, spec: { ...ingressClass.spec, parameters: { ...parameters, scope: 'Cluster' } } };
}

function validateIngressClass({ spec }: IngressClass): readonly FieldError[] {
  const { controller = '', parameters } = spec;
  const errors: FieldError[] = [];
  if (byteLength(controller) > MAX_CONTROLLER_LENGTH) errors.push(tooLong(CONTROLLER, MAX_CONTROLLER_LENGTH));
  errors.push(...isDomainPrefixedPath(CONTROLLER, controller));
  if (parameters) validateParameters(parameters, SPEC.child('parameters'), errors);
  return errors;
}

function validateParameters(parameters: IngressClassParametersReference, path: FieldPath, errors: FieldError[]): void {
  validateTypedReference(parameters, path, errors);
  const { scope, namespace } = parameters;
  const namespacePath = path.child('namespace');
  if (scope === undefined) errors.push(required(path.child('scope'), ''));
  else if (!scopes.includes(scope)) errors.push(notSupported(path.child('scope'), scope, scopes));
  else if (scope === 'Cluster') {
    if (namespace !== undefined) errors.push(forbidden(namespacePath, IN_CLUSTER));
  } else if (namespace === undefined) errors.push(required(namespacePath, IN_NAMESPACE));
  else for (const message of isDns1123Label(namespace)) errors.push(invalid(namespacePath, namespace, message));
}
