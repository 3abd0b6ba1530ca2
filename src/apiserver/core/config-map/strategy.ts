// How ConfigMaps are created and updated.
// Behaviour: pkg/registry/core/configmap/strategy.go, Kubernetes v1.36.3.
import type { ConfigMap } from '../../../schema/generated/types/core-v1.ts';
import type { Resource } from '../../resource.ts';
import { hasNullBytes, nullBytesAsEmpty } from './byte-values.ts';
import { validateConfigMap, validateConfigMapUpdate } from './validation.ts';

export const configMapResource: Resource<ConfigMap> = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  singular: 'configmap',
  namespaced: true,
  shortNames: ['cm'],
  strategy: {
    allowUnconditionalUpdate: true,
    applyDefaults: withoutNulls,
    validate: validateConfigMap,
    validateUpdate: validateConfigMapUpdate,
  },
};

/** A binary value of null is no bytes. */
function withoutNulls(configMap: ConfigMap): ConfigMap {
  const { binaryData } = configMap;
  if (!binaryData || !hasNullBytes(binaryData)) return configMap;
  return { ...configMap, binaryData: nullBytesAsEmpty(binaryData) };
}
