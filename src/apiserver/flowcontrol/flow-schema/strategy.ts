// How FlowSchemas are created and updated.
// Behaviour: pkg/registry/flowcontrol/flowschema/strategy.go, pkg/apis/flowcontrol/v1/defaults.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import type {
  FlowSchema,
  PolicyRulesWithSubjects,
  ResourcePolicyRule,
} from '../../../schema/generated/types/flowcontrol-v1.ts';
import { withGeneration, withNextGeneration } from '../../apps/generation.ts';
import type { Resource } from '../../resource.ts';
import { oldMetadata, validateConditions } from '../condition-validation.ts';
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
    canonicalize: withoutEmptyNamespaces,
  },
  subresources: {
    status: {
      prepareForUpdate: (schema, old) => ({ ...schema, metadata: oldMetadata(schema, old), spec: old.spec }),
      validateUpdate: ({ status }) => validateConditions(status),
    },
  },
};

function prepareForUpdate(given: FlowSchema, old: FlowSchema): FlowSchema {
  const schema = { ...given, status: old.status };
  return semanticDeepEqual(schema.spec, old.spec) ? schema : withNextGeneration(schema, old);
}

/** An empty list is no list once it has been stored. */
function withoutEmptyNamespaces(schema: FlowSchema): FlowSchema {
  const { rules } = schema.spec;
  if (!rules?.some(({ resourceRules }) => resourceRules?.some(hasEmptyNamespaces))) return schema;
  return { ...schema, spec: { ...schema.spec, rules: rules.map(withStoredNamespaces) } };
}

function withStoredNamespaces(rule: PolicyRulesWithSubjects): PolicyRulesWithSubjects {
  if (!rule.resourceRules) return rule;
  const resourceRules = rule.resourceRules.map((resourceRule) => {
    const { namespaces: _, ...rest } = resourceRule;
    return hasEmptyNamespaces(resourceRule) ? rest : resourceRule;
  });
  return { ...rule, resourceRules };
}

function hasEmptyNamespaces({ namespaces }: ResourcePolicyRule): boolean {
  return namespaces?.length === 0;
}
