// How the API server treats PodTemplates.
// Behaviour: pkg/registry/core/podtemplate/strategy.go, Kubernetes v1.36.3.
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { merge } from '../../../apimachinery/sharing.ts';
import { nameIsDnsSubdomain } from '../../../apimachinery/validation/object-meta.ts';
import type { PodTemplate } from '../../../schema/generated/types/core-v1.ts';
import type { FeatureGates, Resource, Strategy } from '../../resource.ts';
import { equalValues } from '../pod/spec-equality.ts';
import { defaultPodTemplate } from '../pod-spec/defaults.ts';
import { dropDisabledTemplateFields } from '../pod-spec/disabled-fields.ts';
import { podTemplateValidationOptions } from '../pod-spec/validation/options.ts';
import { validatePodTemplateSpec } from '../pod-spec/validation/pod-spec.ts';
import { podTemplateWarnings } from '../pod-spec/warnings.ts';

const TEMPLATE = FieldPath.of('template');

function validate(object: PodTemplate, old: PodTemplate | undefined, features: FeatureGates) {
  const options = podTemplateValidationOptions(object.template, old?.template, features);
  return validatePodTemplateSpec(object.template, TEMPLATE, options);
}

const strategy: Strategy<PodTemplate> = {
  applyDefaults: (object) => merge(object, { template: defaultPodTemplate(object.template) }),
  prepareForCreate: (object, { features }) => ({
    ...object,
    metadata: { ...object.metadata, generation: 1 },
    template: dropDisabledTemplateFields(object.template, undefined, features),
  }),
  validate: (object, { features }) => validate(object, undefined, features),
  warningsOnCreate: ({ template }) => podTemplateWarnings(template, TEMPLATE),
  prepareForUpdate(object, old, { features }) {
    const template = dropDisabledTemplateFields(object.template, old.template, features);
    const isSame = equalValues(template, old.template);
    const { generation = 0 } = old.metadata;
    return {
      ...object,
      metadata: isSame ? object.metadata : { ...object.metadata, generation: generation + 1 },
      template,
    };
  },
  validateUpdate: (object, old, { features }) => validate(object, old, features),
  warningsOnUpdate: (object, old) =>
    object.metadata.generation === old.metadata.generation ? [] : podTemplateWarnings(object.template, TEMPLATE),
  validateName: nameIsDnsSubdomain,
  allowUnconditionalUpdate: true,
};

export const podTemplateResource: Resource<PodTemplate> = {
  group: '',
  version: 'v1',
  kind: 'PodTemplate',
  plural: 'podtemplates',
  singular: 'podtemplate',
  namespaced: true,
  strategy,
};
