// A new node starts with the not-ready taint, so that nothing is scheduled there before its condition is known.
// Behaviour: plugin/pkg/admission/nodetaint/admission.go, Kubernetes v1.36.3.
import type { Node } from '../../schema/generated/types/core-v1.ts';
import type { AdmissionPlugin } from './chain/plugin.ts';
import { subjectOf } from './chain/subject.ts';

const NOT_READY = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

export const taintNodesByCondition: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  operations: ['CREATE'],
  resources: ['nodes'],
  mutate(attributes) {
    const node = subjectOf<Node>(attributes, { plural: 'nodes' });
    const taints = node?.spec.taints ?? [];
    if (!node || taints.some(({ key, effect }) => key === NOT_READY.key && effect === NOT_READY.effect))
      return undefined;
    return { ...node, spec: { ...node.spec, taints: [...taints, NOT_READY] } };
  },
};
