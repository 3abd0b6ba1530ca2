// How CustomResourceDefinitions are created and updated.
// Behaviour: [apiextensions-apiserver]/pkg/registry/customresourcedefinition/{strategy,etcd}.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionStatus,
} from '../../../schema/generated/types/apiextensions-v1.ts';
import type { KubernetesVersion } from '../../../schema/layout.ts';
import type { Resource, StrategyContext } from '../../resource.ts';
import { withGeneration, withNextGeneration } from '../../strategies/generation.ts';
import { applyDefinitionDefaults } from './defaults.ts';
import { established, startDeletion } from './status.ts';
import { validateDefinition, validateDefinitionUpdate, validateStatus } from './validation.ts';
import { formatWarnings } from './warnings.ts';

const NO_STATUS: CustomResourceDefinitionStatus = { acceptedNames: { plural: '', kind: '' } };

export const customResourceDefinitionResource: Resource<CustomResourceDefinition> = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  singular: 'customresourcedefinition',
  namespaced: false,
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  strategy: {
    acceptsAnyFinalizer: true,
    allowUnconditionalUpdate: false,
    applyDefaults: applyDefinitionDefaults,
    prepareForCreate: (crd) => storingVersion(withGeneration({ ...crd, status: NO_STATUS }, 1)),
    validate: (crd, context) => validateDefinition(crd, versionOf(context)),
    warningsOnCreate: (crd) => formatWarnings(crd),
    prepareForUpdate: (crd, old) => storingVersion(withChangeCounted({ ...crd, status: old.status }, old)),
    validateUpdate: (crd, old, context) => validateDefinitionUpdate(crd, old, versionOf(context)),
    warningsOnUpdate: formatWarnings,
    startDeletion,
  },
  subresources: {
    status: {
      prepareForUpdate: (crd, old) => ({ ...crd, spec: old.spec }),
      validateUpdate: (crd) => validateStatus(crd.status),
    },
  },
  followUp: established,
};

function versionOf({ kubernetesVersion }: StrategyContext): KubernetesVersion {
  // The server was set up with a version that is known here.
  return kubernetesVersion as KubernetesVersion;
}

function withChangeCounted(crd: CustomResourceDefinition, old: CustomResourceDefinition): CustomResourceDefinition {
  if (semanticDeepEqual(crd.spec, old.spec)) return crd;
  return withNextGeneration(crd, old);
}

/** Notes that objects may be stored in the storage version from now on. */
function storingVersion(crd: CustomResourceDefinition): CustomResourceDefinition {
  const stored = crd.spec.versions?.find(({ storage }) => storage);
  const { storedVersions = [] } = crd.status;
  if (!stored || storedVersions.includes(stored.name)) return crd;
  return { ...crd, status: { ...crd.status, storedVersions: [...storedVersions, stored.name] } };
}
