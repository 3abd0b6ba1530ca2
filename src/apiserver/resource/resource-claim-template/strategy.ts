// How ResourceClaimTemplates are created and updated.
// Behaviour: pkg/registry/resource/resourceclaimtemplate/strategy.go, pkg/apis/resource/validation/validation.go,
// Kubernetes v1.36.3.
import { type FieldError, GoValue, invalid } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { goMarshalInOrder } from '../../../apimachinery/go/json.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/object-meta.ts';
import type { ResourceClaimTemplate } from '../../../schema/generated/types/resource-v1.ts';
import { equalValues } from '../../core/pod/spec-equality.ts';
import { validateTemplateMetadata } from '../../core/pod-spec/validation/volumes/volume-claim-template.ts';
import type { Resource, StrategyContext } from '../../resource.ts';
import { defaultClaimSpec } from '../resource-claim/defaults.ts';
import { validateAdminAccess, validateDeviceClaim } from '../resource-claim/spec-validation.ts';
import { internalClaimSpec } from '../resource-claim/spec-value.ts';

const SPEC = FieldPath.of('spec');

export const resourceClaimTemplateResource: Resource<ResourceClaimTemplate> = {
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'ResourceClaimTemplate',
  plural: 'resourceclaimtemplates',
  singular: 'resourceclaimtemplate',
  namespaced: true,
  strategy: {
    allowUnconditionalUpdate: true,
    applyDefaults: (template) => ({
      ...template,
      spec: { ...template.spec, spec: defaultClaimSpec(template.spec.spec) },
    }),
    validate: (template, context) => {
      const errors: FieldError[] = [];
      validateAdminAccess(template.spec.spec.devices, template.metadata.namespace, context.reader, errors);
      validateSpec(template, errors);
      return errors;
    },
    validateUpdate,
  },
};

function validateSpec({ spec }: ResourceClaimTemplate, errors: FieldError[]): void {
  validateTemplateMetadata(spec.metadata, SPEC.child('metadata'), errors);
  validateDeviceClaim(spec.spec.devices, SPEC.child('spec', 'devices'), errors);
}

function validateUpdate(
  template: ResourceClaimTemplate,
  old: ResourceClaimTemplate,
  _context: StrategyContext,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  validateSpec(template, errors);
  if (!equalValues(template.spec, old.spec)) errors.push(invalid(SPEC, specValue(template), FIELD_IMMUTABLE));
  return errors;
}

/** The internal spec: its metadata is embedded. */
function specValue({ spec }: ResourceClaimTemplate): GoValue {
  const { labels, annotations, ownerReferences, finalizers, managedFields, ...metadata } = spec.metadata;
  const value = {
    ...metadata,
    ...(labels ? { labels: new Map(Object.entries(labels)) } : {}),
    ...(annotations ? { annotations: new Map(Object.entries(annotations)) } : {}),
    ...(ownerReferences ? { ownerReferences } : {}),
    ...(finalizers ? { finalizers } : {}),
    ...(managedFields ? { managedFields } : {}),
    Spec: internalClaimSpec(spec.spec),
  };
  return new GoValue(goMarshalInOrder(value));
}
