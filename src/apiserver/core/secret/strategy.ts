// How Secrets are created and updated.
// Behaviour: pkg/registry/core/secret/strategy.go, pkg/apis/core/v1/{defaults,conversion}.go, Kubernetes v1.36.3.
import { encodeBase64 } from '../../../schema/decode/base64.ts';
import type { Secret } from '../../../schema/generated/types/core-v1.ts';
import type { Resource } from '../../resource.ts';
import { hasNullBytes, nullBytesAsEmpty } from '../config-map/byte-values.ts';
import { validateSecret, validateSecretUpdate } from './validation.ts';
import { secretWarnings } from './warnings.ts';

export const secretResource: Resource<Secret> = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  singular: 'secret',
  namespaced: true,
  strategy: {
    allowUnconditionalUpdate: true,
    applyDefaults,
    validate: validateSecret,
    warningsOnCreate: secretWarnings,
    validateUpdate: validateSecretUpdate,
    warningsOnUpdate: secretWarnings,
  },
};

/** The type, and the write-only stringData merged into data. */
function applyDefaults(secret: Secret): Secret {
  const typed = secret.type ? secret : { ...secret, type: 'Opaque' };
  const { stringData, ...rest } = typed;
  const given = rest.data && hasNullBytes(rest.data) ? nullBytesAsEmpty(rest.data) : rest.data;
  if (!stringData) return given && given !== rest.data ? { ...typed, data: given } : typed;
  const data = { ...given };
  for (const key of Object.keys(stringData)) data[key] = encodeBase64([...utf8.encode(stringData[key])]);
  return { ...rest, data };
}

const utf8 = new TextEncoder();
