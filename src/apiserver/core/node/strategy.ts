// How Nodes are created and updated.
// Behaviour: pkg/registry/core/node/strategy.go, Kubernetes v1.36.3.
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { warningsForCidr } from '../../../apimachinery/validation/ip.ts';
import type { Node, NodeSpec, NodeStatus } from '../../../schema/generated/types/core-v1.ts';
import type { Resource } from '../../resource.ts';
import { defaultNode } from './defaults.ts';
import { validateNode, validateNodeUpdate } from './validation.ts';

const CONFIG_SOURCE_REMOVED = 'spec.configSource: the feature is removed';
const EXTERNAL_ID_DEPRECATED = 'spec.externalID: this field is deprecated, and is unused by Kubernetes';

const POD_CIDRS = FieldPath.of('spec', 'podCIDRs');

export const nodeResource: Resource<Node> = {
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  singular: 'node',
  namespaced: false,
  shortNames: ['no'],
  strategy: {
    allowUnconditionalUpdate: true,
    applyDefaults: defaultNode,
    prepareForCreate: (node) => withoutConfig(withoutConfigSource(node)),
    validate: validateNode,
    warningsOnCreate: nodeWarnings,
    prepareForUpdate: (node, old) => {
      const updated = { ...node, status: old.status };
      return old.spec.configSource ? updated : withoutConfigSource(updated);
    },
    validateUpdate: (node, old, context) => [...validateNode(node, context), ...validateNodeUpdate(node, old)],
    warningsOnUpdate: nodeWarnings,
  },
  subresources: {
    status: {
      prepareForUpdate: (node, old) => {
        const updated = { ...node, spec: old.spec };
        return old.status.config ? updated : withoutConfig(updated);
      },
      validateUpdate: validateNodeUpdate,
    },
  },
};

function withoutConfigSource(node: Node): Node {
  if (!node.spec.configSource) return node;
  const { configSource: _, ...spec } = node.spec;
  return { ...node, spec: spec satisfies NodeSpec };
}

function withoutConfig(node: Node): Node {
  if (!node.status.config) return node;
  const { config: _, ...status } = node.status;
  return { ...node, status: status satisfies NodeStatus };
}

function nodeWarnings({ spec }: Node): readonly string[] {
  return [
    ...(spec.configSource ? [CONFIG_SOURCE_REMOVED] : []),
    ...(spec.externalID ? [EXTERNAL_ID_DEPRECATED] : []),
    ...(spec.podCIDRs ?? []).flatMap((cidr, i) => warningsForCidr(POD_CIDRS.index(i), cidr)),
  ];
}
