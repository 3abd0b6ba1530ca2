// How FlowSchemas are created and updated.
// Behaviour: pkg/registry/flowcontrol/flowschema/strategy.go, pkg/apis/flowcontrol/v1/defaults.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import type { FlowSchema } from '../../../schema/generated/types/flowcontrol-v1.ts';
import type { Resource } from '../../resource.ts';
import { withGeneration, withNextGeneration } from '../../strategies/generation.ts';
import { oldMetadata, validateConditions } from '../condition-validation.ts';
import { withDanglingCondition } from './dangling.ts';
import { validateFlowSchema } from './validation.ts';

const DEFAULT_PRECEDENCE = 1000;

export const flowSchemaResource: Resource<FlowSchema> = {
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: 'FlowSchema',
  plural: 'flowschemas',
  singular: 'flowschema',
  namespaced: false,
  strategy: {
    allowUnconditionalUpdate: true,
    applyDefaults: (schema) =>
      schema.spec.matchingPrecedence
        ? schema
        : { ...schema, spec: { ...schema.spec, matchingPrecedence: DEFAULT_PRECEDENCE } },
    prepareForCreate: (schema) => withGeneration({ ...schema, status: {} }, 1),
    validate: validateFlowSchema,
    prepareForUpdate,
    validateUpdate: validateFlowSchema,
  },
  subresources: {
    status: {
      prepareForUpdate: (schema, old) => ({ ...schema, metadata: oldMetadata(schema, old), spec: old.spec }),
      validateUpdate: ({ status }) => validateConditions(status),
    },
  },
  followUp: withDanglingCondition,
};

function prepareForUpdate(given: FlowSchema, old: FlowSchema): FlowSchema {
  const schema = { ...given, status: old.status };
  return semanticDeepEqual(schema.spec, old.spec) ? schema : withNextGeneration(schema, old);
}
