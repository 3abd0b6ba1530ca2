// What is said about node labels that have been replaced by others, wherever a selector names them.
// Behaviour: pkg/api/node/util.go, Kubernetes v1.36.3.
import { childOf, type FieldPath } from '../../../apimachinery/field-path.ts';
import { isValidLabelValue } from '../../../apimachinery/validation/names.ts';
import type { NodeSelectorTerm } from '../../../schema/generated/types/core-v1.ts';

const deprecatedLabels: ReadonlyMap<string, string> = new Map([
  ['beta.kubernetes.io/arch', 'deprecated since v1.14; use "kubernetes.io/arch" instead'],
  ['beta.kubernetes.io/os', 'deprecated since v1.14; use "kubernetes.io/os" instead'],
  ['failure-domain.beta.kubernetes.io/region', 'deprecated since v1.17; use "topology.kubernetes.io/region" instead'],
  ['failure-domain.beta.kubernetes.io/zone', 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead'],
  ['beta.kubernetes.io/instance-type', 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead'],
  ['app.kubernetes.io/created-by', 'deprecated since v1.9'],
  ['scheduler.alpha.kubernetes.io/preferAvoidPods', 'deprecated since v1.22; use Taints and Tolerations instead'],
  ['node-role.kubernetes.io/master', 'use "node-role.kubernetes.io/control-plane" instead'],
]);

export function deprecatedNodeLabelMessage(label: string): string | undefined {
  return deprecatedLabels.get(label);
}

/** GetWarningsForNodeSelectorTerm; `checkValues` also tells values that no label can have. */
export function nodeSelectorTermWarnings(
  { matchExpressions }: NodeSelectorTerm,
  checkValues: boolean,
  path: FieldPath | undefined,
): string[] {
  const warnings: string[] = [];
  matchExpressions?.forEach(({ key, values }, i) => {
    const expressionPath = childOf(path, 'matchExpressions').index(i);
    const message = deprecatedLabels.get(key);
    if (message !== undefined) warnings.push(`${expressionPath.child('key')}: ${key} is ${message}`);
    if (!checkValues) return;
    values?.forEach((value, j) => {
      for (const wrong of isValidLabelValue(value)) {
        warnings.push(`${expressionPath.child('values').index(j)}: ${value} is invalid, ${wrong}`);
      }
    });
  });
  return warnings;
}
