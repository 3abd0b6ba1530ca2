// How DeviceClasses are created and updated.
// Behaviour: pkg/registry/resource/deviceclass/strategy.go, pkg/apis/resource/validation/validation.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { type FieldError, invalid } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import type { DeviceClass, DeviceClassConfiguration } from '../../../schema/generated/types/resource-v1.ts';
import { isExtendedResourceName } from '../../core/pod-spec/resource-names.ts';
import type { FeatureGates, Resource, StrategyContext } from '../../resource.ts';
import { withGeneration, withNextGeneration } from '../../strategies/generation.ts';
import { validateConfiguration, validateSelectors } from '../device-validation.ts';
import { validateList } from '../lists.ts';
import { MAX_CONFIGS } from '../resource-claim/spec-validation.ts';

const NOT_EXTENDED = 'must be a valid extended resource name';

const SPEC = FieldPath.of('spec');

export const deviceClassResource: Resource<DeviceClass> = {
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'DeviceClass',
  plural: 'deviceclasses',
  singular: 'deviceclass',
  namespaced: false,
  strategy: {
    allowUnconditionalUpdate: true,
    prepareForCreate: (deviceClass, { features }) =>
      withGeneration(withEnabledFields(deviceClass, undefined, features), 1),
    validate: (deviceClass) => validateDeviceClass(deviceClass, undefined),
    prepareForUpdate,
    validateUpdate: validateDeviceClass,
  },
};

function withEnabledFields(
  deviceClass: DeviceClass,
  old: DeviceClass | undefined,
  features: FeatureGates,
): DeviceClass {
  const { extendedResourceName: name, ...spec } = deviceClass.spec;
  if (name === undefined || features.isEnabled('DRAExtendedResource')) return deviceClass;
  return old?.spec.extendedResourceName === undefined ? { ...deviceClass, spec } : deviceClass;
}

function prepareForUpdate(given: DeviceClass, old: DeviceClass, { features }: StrategyContext): DeviceClass {
  const deviceClass = withEnabledFields(given, old, features);
  return semanticDeepEqual(deviceClass.spec, old.spec) ? deviceClass : withNextGeneration(deviceClass, old);
}

/** Parameters that were there before are taken as they are. */
function validateDeviceClass({ spec }: DeviceClass, old: DeviceClass | undefined): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { selectors, config, extendedResourceName: name } = spec;
  const sameConfig = old !== undefined && semanticDeepEqual(config, old.spec.config);
  validateSelectors(selectors, SPEC.child('selectors'), errors);
  const configuration = (item: DeviceClassConfiguration, path: FieldPath) => {
    validateConfiguration(item, sameConfig, path, errors);
  };
  validateList(config, MAX_CONFIGS, configuration, SPEC.child('config'), errors);
  if (name !== undefined && !isExtendedResourceName(name)) {
    errors.push(invalid(SPEC.child('extendedResourceName'), name, NOT_EXTENDED));
  }
  return errors;
}
