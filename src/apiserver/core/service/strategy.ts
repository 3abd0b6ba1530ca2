// How Services are created and updated.
// Behaviour: pkg/registry/core/service/{strategy.go,storage/storage.go}, Kubernetes v1.36.3.
import { type FieldError, invalid } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { isDns1035Label } from '../../../apimachinery/validation/names.ts';
import { nameIsDnsLabel } from '../../../apimachinery/validation/object-meta.ts';
import type { Service } from '../../../schema/generated/types/core-v1.ts';
import type { Resource, StrategyContext } from '../../resource.ts';
import { beginCreate, beginUpdate } from './allocation/allocation.ts';
import { defaultService } from './defaults.ts';
import { withoutTypeDependentFields } from './type-fields.ts';
import { validateServiceStatusUpdate, validateServiceUpdate } from './update-validation.ts';
import { validateService } from './validation.ts';
import { serviceStatusWarnings, serviceWarnings } from './warnings.ts';

export const serviceResource: Resource<Service> = {
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  singular: 'service',
  namespaced: true,
  shortNames: ['svc'],
  categories: ['all'],
  strategy: {
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: true,
    validateName: nameIsDnsLabel,
    applyDefaults: defaultService,
    beginCreate,
    prepareForCreate: (service) => ({ ...service, status: { loadBalancer: {} } }),
    validate: (service, context) => [...nameErrors(service, context), ...validateService(service, undefined, context)],
    warningsOnCreate: serviceWarnings,
    beginUpdate,
    prepareForUpdate: (service, old) => withoutTypeDependentFields({ ...service, status: old.status }, old),
    validateUpdate: validateServiceUpdate,
    warningsOnUpdate: serviceWarnings,
    canonicalize: withoutUnusedTrafficPolicy,
  },
  subresources: {
    status: {
      prepareForUpdate: (service, old) => ({ ...service, spec: old.spec }),
      validateUpdate: validateServiceStatusUpdate,
      warningsOnUpdate: serviceStatusWarnings,
    },
  },
};

/** Before 1.36 a name began with a letter, as a DNS-1035 label does. */
function nameErrors({ metadata: { name = '' } }: Service, { features }: StrategyContext): readonly FieldError[] {
  if (features.isEnabled('RelaxedServiceNameValidation') || nameIsDnsLabel(name, false).length > 0) return [];
  return isDns1035Label(name).map((message) => invalid(FieldPath.of('metadata', 'name'), name, message));
}

/** Nothing routes to an ExternalName: its policy is not shown when read. */
function withoutUnusedTrafficPolicy(service: Service): Service {
  const { type, internalTrafficPolicy } = service.spec;
  if (type !== 'ExternalName' || internalTrafficPolicy === undefined) return service;
  const { internalTrafficPolicy: _, ...spec } = service.spec;
  return { ...service, spec };
}
